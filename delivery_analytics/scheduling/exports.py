"""The same schedule for the machine's own: cron, systemd, Windows, Airflow.

Texts to be looked at and put in place by whoever runs the machine; nothing is installed.
"""

from __future__ import annotations

import getpass
import shlex
import subprocess
import sys
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path
from string import Template
from xml.sax.saxutils import escape

from delivery_analytics.errors import DefinitionError
from delivery_analytics.scheduling.cron import WEEKDAYS, Cron

MOST_TRIGGERS = 48  # Windows takes no more in one task
_DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
TEMPLATES = Path(__file__).parents[1] / "templates" / "schedule"


def _filled(name: str, **values: str) -> str:
    return Template((TEMPLATES / name).read_text(encoding="utf-8")).substitute(values)


def words(workspace: Path, command: Sequence[str]) -> list[str]:
    """Return the command line of one run, each word by itself."""
    return [sys.executable, "-m", "delivery_analytics", "--workspace", str(workspace), *command]


def cron(due: Cron, zone: str, workspace: Path, commands: Sequence[Sequence[str]]) -> str:
    """Return lines for ``crontab -e``."""
    runs = " ".join(f"{shlex.join(words(workspace, one))};" for one in commands)
    log = shlex.quote(str(workspace / "reports" / "schedule.log"))
    # Cron ends a command at a per cent sign.
    line = f"cd {shlex.quote(str(workspace))} && {{ {runs} }} >> {log} 2>&1"
    line = line.replace("%", r"\%")
    own = f"# In the time of {zone}; a cron that does not know CRON_TZ uses the machine's.\n"
    return f"{own}CRON_TZ={zone}\n{due.text} {line}\n" if zone else f"{due.text} {line}\n"


def systemd(due: Cron, zone: str, workspace: Path, commands: Sequence[Sequence[str]]) -> str:
    """Return a service and its timer, one after the other, each under its file's name."""
    starts = "\n".join(
        "ExecStart=" + " ".join(_unit_word(word) for word in words(workspace, one))
        for one in commands
    )
    calendar = "\n".join(f"OnCalendar={one}" for one in _calendar(due, zone))
    folder = str(workspace).replace("%", "%%")
    user = "# User=delivery" if _user() == "root" else f"User={_user()}"
    return _filled("systemd.txt", user=user, starts=starts, folder=folder, calendar=calendar)


def _user() -> str:
    """Return who prints the unit, and so is to run it."""
    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):  # a number without a name
        return "root"


def _unit_word(word: str) -> str:
    escapes = {"\\": "\\\\", '"': '\\"', "%": "%%", "$": "$$"}
    quoted = "".join(escapes.get(letter, letter) for letter in word)
    return f'"{quoted}"' if set(" \t'\"") & set(word) else quoted


def _calendar(due: Cron, zone: str) -> list[str]:
    """Return the times as systemd writes them; where either day is enough, two lines."""
    months = "*" if len(due.months) == 12 else ",".join(f"{one:02}" for one in due.months)
    days = "*" if due.every_day else ",".join(f"{one:02}" for one in due.days)
    names = ",".join(WEEKDAYS[one].capitalize() for one in due.weekdays)
    hours, minutes = (
        ",".join(f"{one:02}" for one in many) for many in (due.hours, due.minutes)
    )
    end = f"{hours}:{minutes}:00" + (f" {zone}" if zone else "")
    if due.either:
        return [f"*-{months}-{days} {end}", f"{names} *-{months}-* {end}"]
    return [f"{'' if due.every_weekday else names + ' '}*-{months}-{days} {end}"]


def windows(due: Cron, zone: str, workspace: Path, commands: Sequence[Sequence[str]]) -> str:
    """Return a task for ``schtasks /Create /XML task.xml /TN Delivery``; its file is in UTF-16.

    Raises
    ------
    DefinitionError
        When Windows cannot say it: more than 48 times a day and kind of day, or another
        time zone than the machine's.
    """
    if zone:
        raise DefinitionError(
            "Windows runs tasks in the machine's own time. Leave out --timezone"
        )
    times = list(product(due.hours, due.minutes))
    kinds = _windows_days(due)
    if len(times) * len(kinds) > MOST_TRIGGERS:
        raise DefinitionError(
            f"'{due.text}' is {len(times)} times a day, and a task of Windows has at most "
            f"{MOST_TRIGGERS}. Name fewer minutes or hours"
        )
    triggers = "".join(
        f"    <CalendarTrigger><StartBoundary>2025-01-01T{hour:02}:{minute:02}:00"
        f"</StartBoundary><Enabled>true</Enabled>{kind}</CalendarTrigger>\n"
        for hour, minute in times
        for kind in kinds
    )
    actions = "".join(
        f"    <Exec><Command>{escape(line[0])}</Command>"
        f"<Arguments>{escape(subprocess.list2cmdline(line[1:]))}</Arguments>"
        f"<WorkingDirectory>{escape(str(workspace))}</WorkingDirectory></Exec>\n"
        for line in (words(workspace, one) for one in commands)
    )
    return _filled("windows.xml", triggers=triggers, actions=actions)


def _windows_days(due: Cron) -> list[str]:
    """Return the kinds of days as Windows writes them; where either is enough, two."""
    months = "".join(f"<{_MONTHS[one - 1]} />" for one in due.months)
    weekdays = "".join(f"<{_DAYS[one]} />" for one in due.weekdays)
    every_month = len(due.months) == 12
    kinds = []
    if not (due.either or due.every_day or due.every_weekday):
        raise DefinitionError(f"Windows has no days that fit both ways, as '{due.text}' wants")
    if due.every_day and due.every_weekday and every_month:
        return ["<ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>"]
    if due.either or due.every_weekday:
        days = "".join(f"<Day>{one}</Day>" for one in due.days)
        kinds.append(
            f"<ScheduleByMonth><DaysOfMonth>{days}</DaysOfMonth><Months>{months}</Months>"
            "</ScheduleByMonth>"
        )
    if not due.every_weekday and every_month:
        kinds.append(
            f"<ScheduleByWeek><WeeksInterval>1</WeeksInterval><DaysOfWeek>{weekdays}"
            "</DaysOfWeek></ScheduleByWeek>"
        )
    elif not due.every_weekday:
        weeks = "".join(f"<Week>{one}</Week>" for one in ("1", "2", "3", "4", "Last"))
        kinds.append(
            f"<ScheduleByMonthDayOfWeek><Weeks>{weeks}</Weeks><DaysOfWeek>{weekdays}"
            f"</DaysOfWeek><Months>{months}</Months></ScheduleByMonthDayOfWeek>"
        )
    return kinds


def airflow(due: Cron, zone: str, workspace: Path, commands: Sequence[Sequence[str]]) -> str:
    """Return a file for Airflow's folder of DAGs, for its versions 2 and 3."""
    runs = ",\n    ".join(repr(words(workspace, one)) for one in commands)
    return _filled(
        "airflow.txt",
        runs=runs,
        cron=repr(due.text),
        zone=repr(zone or "UTC"),
        folder=repr(str(workspace)),
    )


ENCODINGS = {"windows": "utf-16"}  # the others are in utf-8
FORMS: dict[str, Callable[[Cron, str, Path, Sequence[Sequence[str]]], str]] = {
    "cron": cron,
    "systemd": systemd,
    "windows": windows,
    "airflow": airflow,
}
