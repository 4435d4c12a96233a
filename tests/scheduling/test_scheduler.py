"""What is due runs once, at its time, whatever happened in between; others can do it too."""

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as Xml
from zoneinfo import ZoneInfo

import pytest
import tzlocal
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from delivery_analytics.cli.main import app
from delivery_analytics.errors import DefinitionError
from delivery_analytics.scheduling import exports, scheduler
from delivery_analytics.scheduling.cron import WEEKDAYS, parse
from delivery_analytics.scheduling.scheduler import Schedule, zone_of

ALMATY, BERLIN = ZoneInfo("Asia/Almaty"), ZoneInfo("Europe/Berlin")
MONDAYS = parse("0 6 * * MON")


def at(text, zone=ALMATY):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("text", "moment", "due"),
    [
        ("0 6 * * MON", "2025-01-31T12:00", "2025-02-03T06:00"),
        ("0 6 * * 1", "2025-01-31T12:00", "2025-02-03T06:00"),
        ("0 6 * * 0", "2025-01-31T12:00", "2025-02-02T06:00"),
        ("0 6 * * 7", "2025-01-31T12:00", "2025-02-02T06:00"),
        ("0 6 * * SAT-SUN", "2025-01-31T12:00", None),
        ("0 6 * * 5-7", "2025-01-31T12:00", "2025-02-01T06:00"),
        ("*/20 8-9 * * *", "2025-01-31T08:41", "2025-01-31T09:00"),
        ("30 7 1,15 * *", "2025-02-01T07:30", "2025-02-15T07:30"),
        ("0 6 13 * FRI", "2025-06-07T00:00", "2025-06-13T06:00"),
        ("0 6 12 * FRI", "2025-06-07T00:00", "2025-06-12T06:00"),
        ("0 0 29 FEB *", "2025-03-01T00:00", "2028-02-29T00:00"),
        ("@monthly", "2025-01-31T12:00", "2025-02-01T00:00"),
        ("5 4 * jan-mar/2 *", "2025-01-31T12:00", "2025-03-01T04:05"),
    ],
)
def test_a_line_is_due_when_cron_says(text, moment, due):
    if due is None:
        with pytest.raises(DefinitionError, match="is no weekday"):
            parse(text)
    else:
        assert parse(text).after(at(moment)) == at(due)


@given(
    st.sampled_from(["*", "0", "*/20", "5,50"]),
    st.sampled_from(["*", "6", "*/6", "8-10"]),
    st.sampled_from(["*", "1", "10-12", "*/9"]),
    st.sampled_from(["*", "2", "JAN,MAR"]),
    st.sampled_from(["*", "0", "1-5", "SUN", "7", "*/3"]),
    st.datetimes(datetime(2024, 1, 1), datetime(2026, 1, 1)),
)
def test_no_time_that_fits_is_passed_over_and_none_that_does_not_is_taken(
    minute, hour, day, month, weekday, moment
):
    cron = parse(f"{minute} {hour} {day} {month} {weekday}")
    moment = moment.replace(tzinfo=UTC)
    due = cron.after(moment)

    def fits(one):
        by_day = one.day in cron.days
        by_weekday = (one.weekday() + 1) % 7 in cron.weekdays
        both = "*" in (day[0], weekday[0])
        either = by_day and by_weekday if both else by_day or by_weekday
        times = one.minute in cron.minutes and one.hour in cron.hours
        return either and times and one.month in cron.months

    assert fits(due)
    step = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
    for _ in range(2000):
        if step >= due:
            break
        assert not fits(step)
        step += timedelta(minutes=1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0 6 * *", "has 4 fields. Expected five"),
        ("60 6 * * *", "'60' is no minute. Expected 0 to 59"),
        ("0 6 * * MONDAY", "'MONDAY' is no weekday. Expected 0 to 7 or SUN to SAT"),
        ("0 6 * 13 *", "'13' is no month"),
        ("0 6-5 * * *", "'6-5' is no hour"),
        ("*/0 * * * *", r"'\*/0' is no minute"),
        ("0 6 L * *", "'L' is no day of the month"),
        ("0 6 * * FRI#3", "'FRI#3' is no weekday"),
        ("0 6 31 FEB *", "is never due: no such month has day 31"),
        ("every monday morning at six", "'every' is no minute"),
    ],
)
def test_a_wrong_line_is_told_with_the_field_that_is_wrong(text, said):
    with pytest.raises(DefinitionError, match=said):
        parse(text)


def test_six_in_almaty_is_one_at_night_in_greenwich():
    due = MONDAYS.after(at("2025-01-31T12:00"))

    assert due.utcoffset() == timedelta(hours=5)
    assert due.astimezone(UTC).hour == 1


@pytest.mark.parametrize("line", ["30 2 * * *", "30 2 1-31 * SUN"])
@pytest.mark.parametrize("day", ["2025-03-30", "2025-10-26"])
def test_where_the_clock_changes_a_day_still_has_one_run(day, line):
    moment, runs = at(f"{day}T00:00", BERLIN) - timedelta(days=1), []
    for _ in range(4):
        moment = parse(line).after(moment)
        runs.append((moment.date() - at(day).date()).days)

    assert runs == [-1, 0, 1, 2]


def test_what_is_due_every_hour_is_due_in_the_hour_that_comes_twice_as_well():
    moment = at("2025-10-26T01:30", BERLIN)
    runs = [moment := parse("30 * * * *").after(moment) for _ in range(3)]

    assert [one.astimezone(UTC).hour for one in runs] == [0, 1, 2]


def test_who_begins_to_wait_in_the_hour_that_comes_twice_does_not_run_again():
    moment = datetime(2025, 10, 26, 2, 10, tzinfo=BERLIN, fold=1)

    assert parse("30 2 * * *").after(moment) == at("2025-10-27T02:30", BERLIN)


def test_the_machines_own_zone_knows_when_its_clock_changes(monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Berlin")
    tzlocal.reload_localzone()
    try:
        zone = zone_of("")
    finally:
        monkeypatch.undo()
        tzlocal.reload_localzone()
    june = parse("0 6 1 6 *").after(at("2025-01-05T12:00", zone))

    assert june == at("2025-06-01T06:00", BERLIN)


def test_a_zone_that_does_not_exist_is_named():
    with pytest.raises(DefinitionError, match="There is no time zone 'Mars/Base'"):
        zone_of("Mars/Base")
    assert zone_of("").utcoffset(None) is not None


@pytest.fixture
def waiting(tmp_path):
    """Make a schedule whose clock stands, whose runs are noted and take no time."""

    def make(now, commands=(["publish"],), codes=None):
        said, ran = [], []
        one = Schedule(MONDAYS, ALMATY, commands, "w", tmp_path, said.append, lambda _: at(now))
        one._one = lambda command: (ran.append(command), (codes or [0]).pop(0))[1]
        return one, said, ran

    return make


def test_ten_missed_times_are_made_up_for_once(waiting):
    first, *_ = waiting("2025-01-06T06:00")
    first.run(at("2025-01-06T06:00"))
    later, _, ran = waiting("2025-03-18T09:00")

    assert later.missed() == at("2025-03-17T06:00")
    later.run(later.missed())
    assert later.missed() is None
    assert ran == [["publish"]]


def test_a_laptop_that_slept_over_five_weeks_runs_once_when_it_wakes(tmp_path):
    shift, ran, said = [timedelta()], [], []

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + shift[0]

    one = Schedule(MONDAYS, ALMATY, [["publish"]], ".", tmp_path, said.append, Clock.now)
    one._one = lambda command: (ran.append(command), 0)[1]

    def sleep():
        shift[0] = timedelta(weeks=5)
        deadline = time.monotonic() + 10
        while not ran and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.7)  # time enough for another, were there one
        one.stop()

    asleep = threading.Timer(0.3, sleep)
    asleep.start()
    one.serve()
    asleep.join()

    assert ran == [["publish"]]


def test_what_is_told_to_stop_before_it_began_does_not_begin(tmp_path):
    said = []
    one = Schedule(MONDAYS, ALMATY, [["publish"]], str(tmp_path), tmp_path, said.append)
    one._told = lambda text: (said.append(text), one.stop())

    assert one.run() == 0
    assert one._running is None
    assert said == ["begins publish"]
    assert one._last() is None


def test_what_ran_at_its_time_is_not_missed(waiting):
    one, *_ = waiting("2025-01-06T06:00")
    one.run()
    again, *_ = waiting("2025-01-13T05:59")

    assert again.missed() is None


def test_a_schedule_that_never_ran_has_missed_nothing(waiting):
    assert waiting("2025-03-18T09:00")[0].missed() is None


def test_a_clock_that_was_set_back_runs_nothing_and_says_so(waiting):
    one, *_ = waiting("2025-03-18T09:00")
    one.run()
    back, said, _ = waiting("2025-01-01T09:00")

    assert back.missed() is None
    assert said == ["The clock was set back: the last run was for 2025-03-18 09:00"]


def test_two_schedules_of_a_workspace_remember_each_their_own(waiting):
    waiting("2025-01-06T06:00")[0].run()
    other, *_ = waiting("2025-03-18T09:00", commands=(["pack", "stocktake"],))

    assert other.missed() is None


def test_a_run_that_fails_stops_no_other_and_its_code_is_kept(waiting):
    one, _, ran = waiting("2025-01-06T06:00", (["load"], ["publish"]), [3, 0])

    assert one.run() == 3
    assert ran == [["load"], ["publish"]]


def test_a_damaged_memory_is_as_none(waiting, tmp_path):
    (tmp_path / scheduler.STATE).write_text("{half")

    assert waiting("2025-03-18T09:00")[0].missed() is None


SERVED = """
import sys
from datetime import datetime, timedelta
from pathlib import Path
from delivery_analytics.scheduling import scheduler
from delivery_analytics.scheduling.cron import parse
Popen = scheduler.subprocess.Popen
def child(line, **options):
    return Popen([sys.executable, "-c", sys.argv[2]], **options)
scheduler.subprocess.Popen = child
one = scheduler.Schedule(parse("0 0 1 1 *"), scheduler.zone_of("Asia/Almaty"), [["publish"]], ".",
    Path(sys.argv[1]), lambda text: print(text, flush=True))
one.serve(at_once=True)
print("ended", flush=True)
"""
LASTING = """
import os, subprocess, sys, time
child = subprocess.Popen(["sleep", "600"])
print("runs", os.getpid(), child.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_schedule_that_is_told_to_stop_ends_its_run_and_itself(tmp_path, how):
    served = subprocess.Popen(
        [sys.executable, "-c", SERVED, str(tmp_path), LASTING],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    lines = iter(served.stdout.readline, "")
    running = next(line for line in lines if line.startswith("runs")).split()[1:]
    served.send_signal(how)
    rest = list(lines)

    assert served.wait(20) == 0
    assert rest[-1] == "ended\n"
    assert any("stops" in line for line in rest)
    assert not [pid for pid in running if _alive(int(pid))]


def _alive(pid):
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            if Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] == "Z":
                return False
        except FileNotFoundError:
            return False
        time.sleep(0.02)
    return True


def test_the_first_start_waits_and_remembers_since_when(tmp_path):
    served = subprocess.Popen(
        [
            *(sys.executable, "-m", "delivery_analytics", "--workspace", str(tmp_path)),
            *("schedule", "--cron", "0 0 1 1 *", "--timezone", "Asia/Almaty"),
        ],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    line = served.stdout.readline()
    served.terminate()
    served.wait(20)
    known = json.loads((tmp_path / "reports" / scheduler.STATE).read_text())

    assert "next run " in line
    assert "-01-01 00:00 +05" in line
    assert served.returncode == 0
    assert list(known) == ["0 0 1 1 * | publish"]


WORKSPACE = Path("/srv/Отчёты 100% 'new'")
COMMANDS = [["publish", "--language", "ru,kk"], ["pack", "stocktake"]]


def test_the_line_for_cron_is_read_by_a_shell_as_it_was_meant():
    text = exports.cron(MONDAYS, "Asia/Almaty", WORKSPACE, COMMANDS)
    line = text.splitlines()[-1]
    fields, command = line.split(None, 5)[:5], line.split(None, 5)[5]

    assert "CRON_TZ=Asia/Almaty" in text
    assert parse(" ".join(fields)) == MONDAYS
    assert "%" not in command.replace(r"\%", "")
    words = shlex.split(command.replace(r"\%", "%"))
    assert words[:2] == ["cd", str(WORKSPACE)]
    first = shlex.join(exports.words(WORKSPACE, COMMANDS[0])).replace("%", r"\%")
    assert f"&& {{ {first}; " in command
    assert words[-2:] == [str(WORKSPACE / "reports" / "schedule.log"), "2>&1"]


@pytest.mark.parametrize(
    "text",
    [
        "0 6 * * MON",
        "30 7 1,15 * *",
        "0 6 13 * FRI",
        "*/20 8-10 * JAN-MAR 1-5",
        "0 6 */9 * SUN",
    ],
)
def test_systemd_is_due_when_the_line_is(text):
    analyse = shutil.which("systemd-analyze")
    if not analyse:
        pytest.skip("systemd-analyze is not installed: its calendar cannot be asked")
    cron = parse(text)
    lines = exports._calendar(cron, "UTC")
    base = at("2025-01-31T12:00", UTC)
    found = set()
    for line in lines:
        since = f"--base-time={base:%Y-%m-%d %H:%M:%S UTC}"
        asked = subprocess.run(
            [analyse, "calendar", "--iterations=12", since, line],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "TZ": "UTC", "LC_ALL": "C"},
        ).stdout
        for told in asked.splitlines():
            if "UTC" in told and ("elapse" in told or "Iteration" in told or "Iter" in told):
                stamp = told.split(": ", 1)[1].strip()
                found.add(datetime.strptime(stamp, "%a %Y-%m-%d %H:%M:%S UTC"))
    expected, moment = [], base
    for _ in range(12):
        moment = cron.after(moment)
        expected.append(moment.replace(tzinfo=None))

    assert expected == sorted(found)[:12]


def test_systemd_finds_nothing_wrong_with_the_units(tmp_path):
    analyse = shutil.which("systemd-analyze")
    if not analyse:
        pytest.skip("systemd-analyze is not installed: the units cannot be verified")
    workspace = tmp_path / "Отчёты 100%"
    workspace.mkdir()
    text = exports.systemd(MONDAYS, "Asia/Almaty", workspace, COMMANDS)
    service, timer = text.split("# /etc/systemd/system/delivery.timer")
    (tmp_path / "delivery.service").write_text(service)
    (tmp_path / "delivery.timer").write_text(timer)
    done = subprocess.run(
        [
            analyse,
            "verify",
            str(tmp_path / "delivery.service"),
            str(tmp_path / "delivery.timer"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    about = [line for line in done.stderr.splitlines() if "delivery." in line]

    assert about == []


@pytest.mark.skipif(sys.platform == "win32", reason="cron's shell is that of POSIX")
def test_cron_runs_every_command_and_keeps_what_all_of_them_say(tmp_path, monkeypatch):
    workspace = tmp_path / "Отчёты 100%"
    (workspace / "reports").mkdir(parents=True)
    program = tmp_path / "a python"
    program.write_text('#!/bin/sh\necho "$4 says $5 in $PWD"; exit 5\n', encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    text = exports.cron(MONDAYS, "", workspace, [["publish"], ["pack"]])
    command = text.split(None, 5)[5].replace(r"\%", "%")
    done = subprocess.run(["/bin/sh", "-c", command], check=False)
    said = (workspace / "reports" / "schedule.log").read_text(encoding="utf-8")

    assert done.returncode == 5
    assert said.splitlines() == [
        f"{workspace} says {one} in {workspace}" for one in ("publish", "pack")
    ]


def test_a_unit_runs_as_who_printed_it_and_names_its_folder_as_it_is(monkeypatch):
    for name, line in [("aigul", "User=aigul"), ("root", "# User=delivery")]:
        monkeypatch.setattr("getpass.getuser", lambda name=name: name)
        text = exports.systemd(MONDAYS, "", Path("/srv/a $b 100%"), COMMANDS)

        assert line in text.splitlines()
    assert "WorkingDirectory=/srv/a $b 100%%" in text.splitlines()
    assert 'ReadWritePaths="/srv/a $b 100%%"' in text.splitlines()
    assert '--workspace "/srv/a $$b 100%%" publish' in text


TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("0 6 * * *", ["ScheduleByDay"]),
        ("0 6 * * MON", ["ScheduleByWeek"]),
        ("0 6,18 1 * *", ["ScheduleByMonth", "ScheduleByMonth"]),
        ("0 6 1 * MON", ["ScheduleByMonth", "ScheduleByWeek"]),
        ("0 6 * JAN MON", ["ScheduleByMonthDayOfWeek"]),
    ],
)
def test_a_task_of_windows_says_the_same(tmp_path, text, kinds):
    written = exports.windows(parse(text), "", WORKSPACE, COMMANDS)
    path = tmp_path / "task.xml"
    path.write_text(written, encoding=exports.ENCODINGS["windows"])
    root = Xml.parse(path).getroot()
    triggers = root.findall(f"{TASK}Triggers/{TASK}CalendarTrigger")
    actions = root.findall(f"{TASK}Actions/{TASK}Exec")

    assert [one[2].tag.removeprefix(TASK) for one in triggers] == kinds
    assert triggers[0].findtext(f"{TASK}StartBoundary") == "2025-01-01T06:00:00"
    assert actions[0].findtext(f"{TASK}Command") == sys.executable
    assert f'"{WORKSPACE}" publish' in actions[0].findtext(f"{TASK}Arguments")
    assert len(actions) == 2


@pytest.mark.parametrize(
    ("text", "zone", "said"),
    [
        ("* * * * *", "", "1440 times a day"),
        ("0 6 */9 * SUN", "", "no days that fit both ways"),
        ("0 6 * * *", "Asia/Almaty", "machine's own time"),
    ],
)
def test_what_windows_cannot_say_is_refused(text, zone, said):
    with pytest.raises(DefinitionError, match=said):
        exports.windows(parse(text), zone, WORKSPACE, COMMANDS)


def test_the_file_for_airflow_runs_the_commands_one_after_the_other(monkeypatch):
    text = exports.airflow(MONDAYS, "Asia/Almaty", WORKSPACE, COMMANDS)
    ran, options = [], {}

    class Moment:
        @staticmethod
        def datetime(*day, tz):
            return (*day, tz)

    def dag(**given):
        options.update(given)
        return lambda function: function

    class Sdk:
        pass

    Sdk.dag, Sdk.task = staticmethod(dag), staticmethod(lambda function: function)
    monkeypatch.setitem(sys.modules, "pendulum", Moment)
    monkeypatch.setitem(sys.modules, "airflow", Sdk)
    monkeypatch.setitem(sys.modules, "airflow.sdk", Sdk)
    codes = [75, 5]

    def run(line, **_):
        ran.append(line)
        return subprocess.CompletedProcess(line, codes[len(ran) - 1])

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(RuntimeError, match=r"The commands ended with \[75, 5\]"):
        exec(compile(text, "dag.py", "exec"), {})

    assert ran == [exports.words(WORKSPACE, one) for one in COMMANDS]
    assert options["schedule"] == "0 6 * * MON"
    assert options["catchup"] is False
    assert options["max_active_runs"] == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--cron", "x"], "has 1 fields"),
        (["--run", "status"], "'status' cannot be scheduled. Expected one of: publish, pack"),
        (["--run", "publish 'x"], "is no command"),
        (["--run", "publish --langauge ru"], "cannot be scheduled: No such option: --langauge"),
        (["--run", "report"], "cannot be scheduled: Missing parameter: notebook"),
        (["--run", "pack"], "cannot be scheduled: Missing parameter: name"),
        (["--run", "load --help"], "only helps"),
        (["--print", "launchd"], "There is no schedule 'launchd'. There are: cron, systemd"),
    ],
)
def test_a_wrong_wish_is_told_in_a_sentence(arguments, said):
    run = CliRunner().invoke(app, ["schedule", *arguments])

    assert isinstance(run.exception, DefinitionError)
    assert said in str(run.exception)


def test_a_printed_schedule_can_be_written_to_a_file_in_its_encoding(tmp_path):
    out = tmp_path / "task.xml"
    run = CliRunner().invoke(app, ["schedule", "--print", "windows", "--out", str(out)])

    assert run.exit_code == 0
    assert out.read_bytes()[:2] in (b"\xff\xfe", b"\xfe\xff")
    assert len(WEEKDAYS) == 7
