"""The shapes of the returns: figures by region, by year, and one a row."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from books import Page, Value
from facts import COUNTRY, Facts, comma, day, decimals, number, table

SOURCE_RU = "Источник: Бюро национальной статистики."
SOURCE_EN = "Source: Bureau of National Statistics."
WORDS = {
    "region": {"en": "Region", "ru": "Регион", "kk": "Өңір"},
    "months": {
        "ru": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
        "kk": "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша "
        "желтоқсан",
        "en": "January February March April May June July August September October November "
        "December",
    },
}


@dataclass(frozen=True)
class Return:
    """One file that a ministry sends, and what it holds in words."""

    path: str
    pages: tuple[Page, ...]
    holds: str
    reported: str


def month(period: str, language: str) -> str:
    """Return a month as people write it in a table."""
    name = WORDS["months"][language].split()[int(period[5:]) - 1]
    return f"{period[:4]} жылғы {name}" if language == "kk" else f"{name} {period[:4]}"


def by_region(
    page: Page,
    facts: Facts,
    *,
    row: int,
    blocks: Sequence[tuple[str, Sequence[str]]],
    language: str,
    heads: Sequence[str],
    captions: Sequence[str] = (),
    nation: bool = False,
    year: str = "{}",
    as_text: Collection[str] = (),
    changed: dict[tuple[str, str], str] | None = None,
) -> None:
    """Lay regions down and years across; several indicators stand side by side.

    Parameters
    ----------
    row
        Where the heading begins.
    blocks
        Each indicator with its years.
    heads
        Headings of the first columns; with two of them the rows are numbered.
    captions
        Headings that are merged over each block, and over all blocks where there are more.
    as_text
        Regions whose figures are sent as text with a decimal comma.
    changed
        Figures that are sent other than they are, by region and year.
    """
    over_all = len(captions) > len(blocks)
    top = row + bool(captions) + over_all
    for column, text in enumerate(heads):
        page.merge(row, column, top, column, text)
    left = len(heads)
    if over_all:
        width = sum(len(years) for _, years in blocks)
        page.merge(row, left, row, left + width - 1, captions[-1])
    regions = [COUNTRY] if nation else []
    regions += sorted({r for indicator, _ in blocks for r in facts.regions(indicator)})
    for place, (indicator, years) in enumerate(blocks):
        if captions:
            page.merge(top - 1, left, top - 1, left + len(years) - 1, captions[place])
            page.heights[top - 1] = 48
        known = [
            facts.figures.get((indicator, r), {}).get(y, "") for r in regions for y in years
        ]
        digits = decimals([text for text in known if text])
        for offset, period in enumerate(years):
            page.put(top, left + offset, year.format(period), "head")
            for line, region in enumerate(regions, start=top + 1):
                text = (changed or {}).get(
                    (region, period), facts.figures.get((indicator, region), {}).get(period, "")
                )
                value: tuple[Value, str] = (None, "any")
                if text:
                    read = comma if region in as_text else number
                    value = read(text, decimals=digits)
                page.put(line, left + offset, *value)
        left += len(years)
    for line, region in enumerate(regions, start=top + 1):
        if len(heads) > 1:
            page.put(line, 0, None if region == COUNTRY else line - top - nation, "centre")
        page.put(line, len(heads) - 1, facts.name(region, language), "text")
    page.widths |= {len(heads) - 1: 34} | ({0: 6} if len(heads) > 1 else {})
    page.widths |= dict.fromkeys(range(len(heads), left), 14)


def by_year(
    page: Page,
    facts: Facts,
    *,
    row: int,
    indicators: Sequence[str],
    years: Sequence[str],
    language: str,
    heads: Sequence[str],
    missing: str = "",
    year: str = "{}",
) -> None:
    """Lay indicators down, with their units, and years across."""
    page.line(row, [*heads, *(year.format(period) for period in years)], "head")
    for line, indicator in enumerate(indicators, start=row + 1):
        page.line(
            line, [facts.name(indicator, language), facts.unit(indicator, language)], "text"
        )
        known = facts.figures[indicator, COUNTRY]
        digits = decimals([known[period] for period in years if period in known])
        for column, period in enumerate(years, start=len(heads)):
            text = known.get(period)
            cell = number(text, decimals=digits) if text else (missing or None, "centre")
            page.put(line, column, *cell)
    page.widths |= {0: 62, 1: 24} | dict.fromkeys(range(2, 2 + len(years)), 9)
    page.wide = True


def one_a_row(
    page: Page, *, row: int, heads: Sequence[str], rows: Sequence[Sequence[Value]]
) -> None:
    """Lay one figure a row."""
    page.line(row, heads, "head")
    for line, values in enumerate(rows, start=row + 1):
        for column, value in enumerate(values):
            page.put(line, column, value, _style(value))
    page.widths |= dict.fromkeys(range(len(heads)), 16) | {0: 48}


def _style(value: Value) -> str:
    if isinstance(value, str) or value is None:
        return "text"
    return "any" if isinstance(value, int | float) else "day"


def nation_rows(
    facts: Facts, indicator: str, language: str, sent: dict[int, str]
) -> list[list[Value]]:
    """Return the nation's figures, one a row, each year on the day it was first sent."""
    rows: list[list[Value]] = []
    for period in facts.years(indicator, until=max(sent)):
        year = min(last for last in sent if int(period) <= last)
        value, _ = number(facts.figures[indicator, COUNTRY][period])
        rows.append(
            [
                facts.name(indicator, language),
                facts.name(COUNTRY, language),
                int(period),
                value,
                facts.unit(indicator, language),
                day(sent[year]),
                None,
            ]
        )
    return rows


def said(indicator: str) -> list[dict[str, str]]:
    """Return what was said in public of an indicator."""
    return [row for row in table("published.csv") if row["indicator_id"] == indicator]


def said_rows(facts: Facts, indicator: str, language: str, remark: str) -> list[list[Value]]:
    """Return what was said in public, one a row."""
    return [
        [
            facts.name(indicator, language),
            facts.name(COUNTRY, language),
            int(row["period"]),
            float(row["value"]),
            facts.unit(indicator, language),
            day(row["reported_on"]),
            remark or None,
        ]
        for row in said(indicator)
    ]


def iso(shown: str) -> str:
    """Return a day as the tables write it, from the way that titles do."""
    return "-".join(reversed(shown.split(".")))
