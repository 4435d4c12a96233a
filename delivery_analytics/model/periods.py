"""Reporting periods as SDMX text, and the days they begin and end.

``2026`` is a year, ``2026-S1`` a half-year, ``2026-Q2`` a quarter, ``2026-06`` a month.
The text sorts, joins and prints as it is; this module is the arithmetic on it.
"""

import calendar
import re
from datetime import date

import pandas as pd

ANNUAL, HALF_YEARLY, QUARTERLY, MONTHLY = "annual", "half_yearly", "quarterly", "monthly"
MONTHS_IN = {ANNUAL: 12, HALF_YEARLY: 6, QUARTERLY: 3, MONTHLY: 1}
_FORM = re.compile(r"(\d{4})(?:-(?:S([12])|Q([1-4])|(0[1-9]|1[0-2])))?")


def _split(period: str) -> tuple[int, str, int]:
    """Return the year, the frequency, and the period's place in the year from 1."""
    match = _FORM.fullmatch(period)
    if not match:
        raise ValueError(
            f"{period!r} is not a reporting period. Expected 2026, 2026-S1, 2026-Q2 or 2026-06"
        )
    year, half, quarter, month = match.groups()
    for frequency, place in ((HALF_YEARLY, half), (QUARTERLY, quarter), (MONTHLY, month)):
        if place:
            return int(year), frequency, int(place)
    return int(year), ANNUAL, 1


def _join(year: int, frequency: str, place: int) -> str:
    form = {ANNUAL: "", HALF_YEARLY: f"-S{place}", QUARTERLY: f"-Q{place}"}
    return f"{year:04d}{form.get(frequency, f'-{place:02d}')}"


def is_period(text: str) -> bool:
    """Say whether `text` is a period in SDMX form."""
    return _FORM.fullmatch(text) is not None


def frequency(period: str) -> str:
    """Return ``annual``, ``half_yearly``, ``quarterly`` or ``monthly``."""
    return _split(period)[1]


def year(period: str) -> int:
    """Return the calendar year the period lies in."""
    return _split(period)[0]


def start(period: str) -> date:
    """Return the period's first day."""
    in_year, freq, place = _split(period)
    return date(in_year, (place - 1) * MONTHS_IN[freq] + 1, 1)


def end(period: str) -> date:
    """Return the period's last day."""
    in_year, freq, place = _split(period)
    month = place * MONTHS_IN[freq]
    return date(in_year, month, calendar.monthrange(in_year, month)[1])


def shift(period: str, steps: int) -> str:
    """Return the period `steps` later; earlier where `steps` is negative."""
    in_year, freq, place = _split(period)
    per_year = 12 // MONTHS_IN[freq]
    index = in_year * per_year + place - 1 + steps
    return _join(index // per_year, freq, index % per_year + 1)


def containing(day: date, freq: str) -> str:
    """Return the period of frequency `freq` that `day` lies in."""
    return _join(day.year, freq, (day.month - 1) // MONTHS_IN[freq] + 1)


def span(first: str, last: str) -> list[str]:
    """Return every period from `first` to `last`, both included and of one frequency."""
    if frequency(first) != frequency(last):
        raise ValueError(f"{first} and {last} are periods of different lengths")
    periods = [first]
    while start(periods[-1]) < start(last):
        periods.append(shift(periods[-1], 1))
    return periods


def ends(periods: pd.Series) -> pd.Series:
    """Return each period's last day, aligned with `periods`, as ``datetime64[us]``."""
    known = {period: pd.Timestamp(end(period)) for period in periods.unique()}
    return periods.map(known).astype("datetime64[us]")
