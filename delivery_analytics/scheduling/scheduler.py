"""Unattended runs: wait until they are due, run them one at a time, make up for missed ones.

Each run is a process of its own, so that nothing it does can end the schedule. When the
machine was off over several of its times, the run is made up for once.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import tzlocal

from delivery_analytics.model.files import from_note, write_whole
from delivery_analytics.model.lookup import mistake
from delivery_analytics.scheduling.cron import Cron

STATE = ".schedule.json"  # in reports: when each line was last run for
GRACE = 20.0  # seconds that a run has to end when the schedule is stopped
SET_BACK = timedelta(hours=1)  # of the clock; less is a correction

Say = Callable[[str], None]


def zone_of(name: str) -> tzinfo:
    """Return a time zone by its name, such as Asia/Almaty; empty is the machine's own."""
    if not name:
        # With its changes of the clock, which the offset of today does not know.
        return tzlocal.get_localzone()
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise mistake("no-zone", name=name) from None


@dataclass
class Schedule:
    """What is to be run when, and what was.

    Parameters
    ----------
    commands
        Each is what follows ``delivery`` on the command line; run in order.
    reports
        The folder of editions; the schedule remembers its last time there.
    say
        Called with a line for whoever reads the schedule's output.
    now
        The clock.
    """

    cron: Cron
    zone: tzinfo
    commands: Sequence[Sequence[str]]
    workspace: str
    reports: Path
    say: Say
    now: Callable[[tzinfo], datetime] = datetime.now
    _running: subprocess.Popen[bytes] | None = None
    _stopping: threading.Event = field(default_factory=threading.Event)
    _starting: threading.Lock = field(default_factory=threading.Lock)

    def missed(self) -> datetime | None:
        """Return the last time that was due and was not run for, if there is one.

        A schedule that never ran has missed nothing.
        """
        now, last = self.now(self.zone), self._last()
        if last is None:
            return None
        if last > now + SET_BACK:
            self.say(f"The clock was set back: the last run was for {last:%Y-%m-%d %H:%M}")
            return None
        due, missed = self.cron.after(last), None
        while due <= now:
            missed, due = due, self.cron.after(due)
        return missed

    def run(self, due: datetime | None = None) -> int:
        """Run every command, and return the first exit code that was not 0."""
        due = due or self.now(self.zone)
        codes = [self._one(command) for command in self.commands if not self._stopping.is_set()]
        if not self._stopping.is_set():
            self._remember(due)
        return next((code for code in codes if code), 0)

    def serve(self, *, at_once: bool = False) -> None:
        """Wait and run until told to stop by SIGTERM or SIGINT; run `at_once` if asked.

        A run that is under way is ended as well: the next publish goes on from what it
        had finished.
        """
        with self._signals():
            due, running = self._first(at_once), None
            # One long wait stands still while a laptop sleeps, and does not see a clock that
            # is put forward; so it looks again and again.
            while not self._stopping.wait(0.5):
                now = self.now(self.zone)
                if due > now:
                    continue
                due = self.cron.after(now)
                if running and running.is_alive():
                    self._told("skipped: the run before is still going")
                    continue
                running = threading.Thread(target=self.run)
                running.start()
            self._told("stops")
            self._end()
            if running:
                running.join()

    def _first(self, at_once: bool) -> datetime:
        """Return when to run first: now, where it is asked for or was missed."""
        now, missed = self.now(self.zone), self.missed()
        if missed:
            self._told(f"makes up for {missed:%Y-%m-%d %H:%M}, which was missed")
        if self._last() is None:
            self._remember(now)
        due = self.cron.after(now)
        self._told(f"next run {due:%Y-%m-%d %H:%M %Z}")
        return now if missed or at_once else due

    def stop(self, *_: Any) -> None:
        """Let `serve` return."""
        self._stopping.set()

    @contextlib.contextmanager
    def _signals(self) -> Any:
        signs = signal.SIGTERM, signal.SIGINT
        before = {sign: signal.signal(sign, self.stop) for sign in signs}
        try:
            yield
        finally:
            for sign, handler in before.items():
                signal.signal(sign, handler)

    def _one(self, command: Sequence[str]) -> int:
        shown, begun = " ".join(command), time.monotonic()
        self._told(f"begins {shown}")
        line = [sys.executable, "-m", "delivery_analytics", "--workspace", self.workspace]
        with self._starting:
            if self._stopping.is_set():
                return 0
            self._running = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [*line, *command],
                stdin=subprocess.DEVNULL,
                cwd=self.workspace,
                start_new_session=True,
            )
        code = self._running.wait()
        self._running = None
        self._told(f"ended {shown} with {code} after {time.monotonic() - begun:.0f} s")
        return code

    def _end(self) -> None:
        """End the run that is under way, with all it started."""
        with self._starting:  # whatever begins now sees that it is to stop
            running = self._running
        if running is None or running.poll() is not None:
            return
        running.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            running.wait(GRACE)
        if sys.platform == "win32":
            running.kill()
        else:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGKILL)

    def _told(self, what: str) -> None:
        self.say(f"{self.now(self.zone):%Y-%m-%d %H:%M:%S} {what}")

    def _last(self) -> datetime | None:
        with contextlib.suppress(ValueError, KeyError):
            last = from_note(self.reports / STATE)[self._key()]
            return datetime.fromisoformat(last).astimezone(self.zone)
        return None

    def _remember(self, moment: datetime) -> None:
        known = from_note(self.reports / STATE)
        known[self._key()] = moment.isoformat(timespec="seconds")
        self.reports.mkdir(parents=True, exist_ok=True)
        write_whole(self.reports / STATE, json.dumps(known, indent=1).encode())

    def _key(self) -> str:
        """Two schedules of one workspace remember each their own."""
        return " | ".join([self.cron.text, *(" ".join(command) for command in self.commands)])
