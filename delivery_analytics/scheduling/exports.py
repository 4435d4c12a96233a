"""The same schedule for the machine's own: cron, systemd, Windows, Airflow.

Texts to be looked at and put in place by whoever runs the machine; nothing is installed.
"""

import getpass
import shlex
import subprocess
import sys
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path
from string import Template
from xml.sax.saxutils import escape

import jinja2

from delivery_analytics.errors import DefinitionError
from delivery_analytics.model.lookup import mistake
from delivery_analytics.scheduling.cron import WEEKDAYS, Cron

MOST_TRIGGERS = 48  # Windows takes no more in one task
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
    lines = (" ".join(map(_unit_word, words(workspace, one))) for one in commands)
    starts = "\n".join(f"ExecStart={line}" for line in lines)
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
    times = (",".join(f"{one:02}" for one in many) for many in (due.hours, due.minutes))
    end = f"{':'.join(times)}:00" + (f" {zone}" if zone else "")
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
        raise mistake("windows-zone")
    times = list(product(due.hours, due.minutes))
    kinds = _windows_days(due)
    if len(times) * len(kinds) > MOST_TRIGGERS:
        raise mistake("windows-times", text=due.text, n=len(times), most=MOST_TRIGGERS)
    lines = [words(workspace, one) for one in commands]
    text = (TEMPLATES / "windows.xml.j2").read_text(encoding="utf-8")
    template = jinja2.Template(text, keep_trailing_newline=True)
    runs = [(escape(one[0]), escape(subprocess.list2cmdline(one[1:]))) for one in lines]
    folder, when = escape(str(workspace)), {"due": due, "times": times, "kinds": kinds}
    return str(template.render(runs=runs, folder=folder, **when))


def _windows_days(due: Cron) -> list[str]:
    """Return the kinds of days that the template has; where either is enough, two."""
    every_month = len(due.months) == 12
    if not (due.either or due.every_day or due.every_weekday):
        raise DefinitionError(f"Windows has no days that fit both ways, as '{due.text}' wants")
    if due.every_day and due.every_weekday and every_month:
        return ["every day"]
    of_months = ["days of months"] if due.either or due.every_weekday else []
    of_weeks = ["weekdays" if every_month else "weekdays of months"]
    return of_months if due.every_weekday else of_months + of_weeks


def airflow(due: Cron, zone: str, workspace: Path, commands: Sequence[Sequence[str]]) -> str:
    """Return a file for Airflow's folder of DAGs, for its versions 2 and 3."""
    runs = ",\n    ".join(repr(words(workspace, one)) for one in commands)
    when = {"cron": repr(due.text), "zone": repr(zone or "UTC")}
    return _filled("airflow.txt", runs=runs, folder=repr(str(workspace)), **when)


ENCODINGS = {"windows": "utf-16"}  # the others are in utf-8
FORMS: dict[str, Callable[[Cron, str, Path, Sequence[Sequence[str]]], str]]
FORMS = {form.__name__: form for form in (cron, systemd, windows, airflow)}
