"""A line of cron, such as ``0 6 * * MON``: when it is due, and how others write it.

Cron counts Sunday as 0, the library that waits for us counts Monday as 0; so weekdays
pass between them by name. And where a line restricts both the day of the month and the
weekday, cron means either, the library both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger

from delivery_analytics.errors import DefinitionError

WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
MONTHS = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)
_FIELDS = (
    ("minute", 0, 59),
    ("hour", 0, 23),
    ("day of the month", 1, 31),
    ("month", 1, 12),
    ("weekday", 0, 7),
)
_PART = re.compile(r"^(?:\*|(\w+)(?:-(\w+))?)(?:/(\d+))?$")
_WORDS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
}


class _NotTwice(OrTrigger):  # type: ignore[misc]
    """As `OrTrigger`, but not again in the hour that the clock repeats in autumn."""

    def get_next_fire_time(self, before: datetime | None, now: datetime) -> datetime | None:
        due: datetime | None = super().get_next_fire_time(before, now)
        while due is not None and due.fold:
            due = super().get_next_fire_time(due, due)
        return due


@dataclass(frozen=True)
class Cron:
    """When something is due.

    Attributes
    ----------
    minutes, hours, days, months, weekdays
        Every value that fits, in order. Sunday is 0.
    either
        Whether a day fits by its number or by its weekday, and not only by both. As cron
        has it: where neither field begins with a star.
    """

    text: str
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]
    either: bool

    @property
    def every_day(self) -> bool:
        """Whether the day of the month does not matter."""
        return len(self.days) == 31

    @property
    def every_weekday(self) -> bool:
        """Whether the weekday does not matter."""
        return len(self.weekdays) == len(WEEKDAYS)

    def trigger(self, zone: tzinfo) -> BaseTrigger:
        """Return what APScheduler waits for, in the time of `zone`.

        In spring a time that the clock skips is run for an hour later. In autumn a time
        that comes twice is run for once, unless the line means every hour.
        """
        common = {
            "minute": _list(self.minutes),
            "hour": _list(self.hours),
            "month": _list(self.months),
            "second": 0,
            "timezone": zone,
        }
        names = ",".join(WEEKDAYS[day] for day in self.weekdays)
        days = _list(self.days)
        kinds = [{"day": days, "day_of_week": names}]
        if self.either:
            kinds = [{"day": days}, {"day_of_week": names}]
        every_hour = len(self.hours) == 24
        joined = OrTrigger if every_hour else _NotTwice
        return joined([CronTrigger(**kind, **common) for kind in kinds])

    def after(self, moment: datetime) -> datetime:
        """Return the first time it is due after `moment`, in the zone of `moment`."""
        assert moment.tzinfo is not None
        due: datetime = self.trigger(moment.tzinfo).get_next_fire_time(moment, moment)
        return due


def parse(text: str) -> Cron:
    """Return what a line of cron says.

    Raises
    ------
    DefinitionError
        Naming the field that cannot be read, and what is expected there.
    """
    fields = _WORDS.get(text.strip().lower(), text).split()
    if len(fields) != len(_FIELDS):
        raise DefinitionError(
            f"'{text}' has {len(fields)} fields. Expected five: minute, hour, day of the "
            "month, month, weekday, such as '0 6 * * MON'"
        )
    values = [
        _values(field, what, low, high)
        for field, (what, low, high) in zip(fields, _FIELDS, strict=True)
    ]
    minutes, hours, days, months, weekdays = values
    cron = Cron(
        text.strip(),
        minutes,
        hours,
        days,
        months,
        tuple(sorted({day % 7 for day in weekdays})),
        either=not fields[2].startswith("*") and not fields[4].startswith("*"),
    )
    longest = max(
        29 if month == 2 else 30 if month in (4, 6, 9, 11) else 31 for month in months
    )
    if not cron.either and min(days) > longest:
        raise DefinitionError(f"'{text}' is never due: no such month has day {min(days)}")
    return cron


def _values(field: str, what: str, low: int, high: int) -> tuple[int, ...]:
    found: set[int] = set()
    for part in field.split(","):
        match = _PART.match(part)
        if not match:
            raise _wrong(part, what, low, high)
        first, last, step = match[1], match[2], int(match[3] or 1)
        start = low if first is None else _number(first, what, low, high)
        if last is not None:
            end = _number(last, what, low, high)
        else:
            end = high if first is None or match[3] else start
        if step < 1 or end < start:
            raise _wrong(part, what, low, high)
        found.update(range(start, end + 1, step))
    return tuple(sorted(found))


def _number(text: str, what: str, low: int, high: int) -> int:
    names: Sequence[str] = {"month": ["", *MONTHS], "weekday": WEEKDAYS}.get(what, ())
    if text.lower()[:3] in names and text.isalpha() and len(text) == 3:
        return names.index(text.lower())
    if text.isdigit() and low <= int(text) <= high:
        return int(text)
    raise _wrong(text, what, low, high)


def _wrong(text: str, what: str, low: int, high: int) -> DefinitionError:
    names = {"month": " or JAN to DEC", "weekday": " or SUN to SAT, and Sunday is 0"}
    return DefinitionError(
        f"'{text}' is no {what}. Expected {low} to {high}{names.get(what, '')}; several with "
        "commas, a range such as 1-5, or */2"
    )


def _list(values: Sequence[int]) -> str:
    return ",".join(map(str, values))
