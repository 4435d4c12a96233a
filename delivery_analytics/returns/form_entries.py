"""What a blank return offers in its lists, and what its cells accept."""

from collections.abc import Sequence
from typing import Any

from delivery_analytics.model import periods
from delivery_analytics.model.languages import LANGUAGES
from delivery_analytics.model.registry import Indicator, Sector
from delivery_analytics.parsing.matching import KnownNames, indicator_names
from delivery_analytics.wording.wording import Wording

_LEAST, _MOST = -1e300, 1e300
_FIRST_YEAR, _LAST_YEAR = 2020, 2035  # of the list of periods, where none is expected


def accepted(cell: str, low: str, high: str, none: str) -> str:
    is_within = f"AND(ISNUMBER({cell}),{cell}>={low},{cell}<={high})"
    return f"=OR({is_within},ISNUMBER(MATCH({cell},{none},0)))"


def bounds(low: float | None, high: float | None) -> tuple[float, float]:
    """Return between what a figure is accepted: no further than a workbook can count."""
    least = _LEAST if low is None else min(max(low, _LEAST), _MOST)
    return least, _MOST if high is None else min(max(high, _LEAST), _MOST)


def bounds_text(low: float | None, high: float | None) -> tuple[str, str]:
    """Return these bounds as a formula has them."""
    least, most = bounds(low, high)
    return f"{least:.15G}", f"{most:.15G}"


def name_or_id(thing: Any, known: KnownNames, words: Wording) -> str:
    """Return a thing's name where that means nothing else, or its id."""
    name = words.name(thing.name)
    return name if known.known.get(name) == thing.id else str(thing.id)


def code_of(sector: Sector, indicator: Indicator) -> str:
    """Return the indicator's code where it has one that means nothing else, or its id."""
    known = indicator_names(sector).known
    return indicator.code if known.get(indicator.code) == indicator.id else indicator.id


def names_of(indicator: Indicator, language: str) -> str:
    """Return the indicator's names, one a line, the reader's language first."""
    order = sorted(LANGUAGES, key=lambda one: one != language)
    names = (indicator.name[one] for one in order if one in indicator.name)
    return "\n".join(dict.fromkeys(names))


def period_asked(period: str, frequency: str) -> str:
    """Return the last period of `frequency` that has ended when `period` ends."""
    end = periods.end(period)
    found = periods.containing(end, frequency)
    return found if periods.end(found) <= end else periods.shift(found, -1)


def periods_offered(frequency: str, period: str) -> Sequence[str]:
    """Return the periods to choose from: of three years about the one expected, or of many."""
    first, last = _FIRST_YEAR, _LAST_YEAR
    if period:
        first, last = periods.year(period) - 2, periods.year(period) + 1
    days = periods.start(f"{first:04d}-01"), periods.end(f"{last:04d}-12")
    return periods.span(*(periods.containing(day, frequency) for day in days))
