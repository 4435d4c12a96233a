"""A line of cron, such as ``0 6 * * MON``: when it is due, and how others write it.

It is read, and its times found, by `cronsim`, which does both as Debian's cron does.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cronsim import CronSim, CronSimError
from cronsim.cronsim import RANGES, Field

from delivery_analytics.errors import DefinitionError
from delivery_analytics.model.lookup import mistake

WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
# What each field is, and what is expected there.
_FIELDS = {
    Field.MINUTE: ("minute", "0 to 59"),
    Field.HOUR: ("hour", "0 to 23"),
    Field.DAY: ("day of the month", "1 to 31"),
    Field.MONTH: ("month", "1 to 12 or JAN to DEC"),
    Field.DOW: ("weekday", "0 to 7 or SUN to SAT, and Sunday is 0"),
}
_WORDS = {"@hourly": "0 * * * *", "@daily": "0 0 * * *"}
_WORDS |= {"@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *"}


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

    def after(self, moment: datetime) -> datetime:
        """Return the first time it is due after `moment`, in the zone of `moment`.

        In spring a time that the clock skips is due at the end of what it skips. In autumn
        a time that comes twice is due once, unless the line means every minute or hour.
        """
        times = CronSim(_fields(self.text), moment)
        # In the hour that comes again, what was due the first time is past.
        return next(due for due in times if due.timestamp() > moment.timestamp())


def parse(text: str) -> Cron:
    """Return what a line of cron says.

    Raises
    ------
    DefinitionError
        Naming the field that cannot be read, and what is expected there.
    """
    fields = _fields(text).split()
    if len(fields) != len(_FIELDS):
        raise mistake("cron-fields", text=text, n=len(fields))
    minutes, hours, days, months, weekdays = map(_values, _FIELDS, fields)
    try:
        either = not CronSim(" ".join(fields), datetime(2025, 1, 1, tzinfo=UTC)).day_and
    except CronSimError:
        message = f"'{text}' is never due: no such month has day {days[0]}"
        raise DefinitionError(message) from None
    weekdays = tuple(sorted({day % 7 for day in weekdays}))
    return Cron(text.strip(), minutes, hours, days, months, weekdays, either)


def _fields(text: str) -> str:
    return _WORDS.get(text.strip().lower(), text)


def _values(kind: Field, field: str) -> tuple[int, ...]:
    values: set[Any] = set()
    for part in field.split(","):
        try:
            fitting = kind.parse(part.upper())
        except CronSimError:
            fitting = set()
        # Nobody else knows its signs for a last day (L) and a third Friday (FRI#3).
        if not fitting or not fitting <= set(RANGES[kind]):
            what, expected = _FIELDS[kind]
            raise mistake("cron-field", part=part, what=what, expected=expected)
        values |= fitting
    return tuple(sorted(values))
