"""A blank return for a sector: the standard layout, with lists to choose from.

What is filled in as the form says is read without a remark. The sheets beside the table
are not read: see `GUIDE` and `LISTS`.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from delivery_analytics.errors import DefinitionError
from delivery_analytics.model import periods
from delivery_analytics.model.files import write_whole
from delivery_analytics.model.registry import LANGUAGES, Indicator, Registry, Sector
from delivery_analytics.parsing.matching import indicator_names, region_names
from delivery_analytics.parsing.parse_days import EARLIEST, LATEST
from delivery_analytics.report import theme
from delivery_analytics.returns.form_guide import FIELDS, RETURN, TABLE, add_guide, field_note
from delivery_analytics.spreadsheets.addresses import address, letters
from delivery_analytics.wording.wording import open_wording
from delivery_analytics.writers import text_width
from delivery_analytics.writers.office_charts import AUTHOR, FONT
from delivery_analytics.writers.xlsx.sheets import DIGIT, FONT_SIZE, BookWriter, cut

LISTS = "Lists"
NO_FIGURE = ("н/д", "нет данных", "деректер жоқ", "n/a", "–")
NOT_APPLICABLE = "x"
MORE_ROWS = 1_000  # below the prefilled ones
_FIRST_YEAR, _LAST_YEAR = 2020, 2035  # of the list of periods, where none is expected
_CREATED = datetime(1980, 1, 1)  # noqa: DTZ001 - always the same, for the same bytes
_LEAST, _MOST = -1e300, 1e300
_TITLE, _MESSAGE = 32, 255  # characters Excel shows beside a cell
_WIDEST_CODE = 32
_WIDTHS = {
    "indicator": 14,
    "indicator_name": 44,
    "unit": 20,
    "region": 26,
    "period": 13,
    "target": 13,
    "value": 13,
    "reported_on": 14,
    "comment": 40,
}
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_format_properties": {"font_name": FONT, "font_size": FONT_SIZE},
}


def form(
    registry: Registry,
    sector_id: str,
    *,
    period: str = "",
    language: str = "en",
    send_to: str = "",
) -> bytes:
    """Return a blank return as a workbook. The same arguments give the same bytes.

    Parameters
    ----------
    period
        The period expected. An indicator of another frequency is asked for the last
        period of its own that has ended by then.
    language
        Of headings, units, regions and messages; the instructions are in every language.
    send_to
        Whom the return goes to, as its instructions name it.

    Raises
    ------
    DefinitionError
        If there is no such sector or language, or `period` is none.
    """
    sector = registry.sector(sector_id)
    words = open_wording(language)
    if period and not (periods.is_period(period) and EARLIEST.year <= int(period[:4])):
        raise DefinitionError(
            f"'{period}' is no reporting period. Expected 2024, 2024-S1, 2024-Q2 or 2024-06"
        )
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, _OPTIONS) as workbook:
        workbook.set_properties({"author": AUTHOR, "created": _CREATED})
        _Form(BookWriter(workbook, words), registry, sector, period).write(send_to)
    return stream.getvalue()


def write(content: bytes, path: Path) -> None:
    """Write a form to `path`, where no file may be: it could be one that was filled in.

    Raises
    ------
    DefinitionError
        If there is a file, or no folder to write it to.
    """
    if path.suffix.lower() != ".xlsx":
        raise DefinitionError(f"{path}: the form is a workbook. Expected .xlsx")
    if path.exists():
        raise DefinitionError(f"{path} is there already. Name another file with --out")
    if not path.parent.is_dir():
        raise DefinitionError(f"There is no folder {path.parent}")
    write_whole(path, content)


@dataclass(frozen=True)
class _List:
    """Texts to choose from, and where on the hidden sheet they stand."""

    texts: tuple[str, ...]
    source: str


class _Form:
    """One form being written."""

    def __init__(
        self, book: BookWriter, registry: Registry, sector: Sector, period: str
    ) -> None:
        self.book, self.words = book, book.words
        self.registry, self.sector, self.period = registry, sector, period
        self.page = book.workbook.add_worksheet(self._called(TABLE))
        self.columns = {name: place for place, name in enumerate(FIELDS)}
        self.indicators = [one for one in sector.indicators if not one.retired]
        self.codes = {one.id: _code(sector, one) for one in self.indicators}
        self.lists: dict[str, _List] = {}

    def write(self, send_to: str) -> None:
        """Write the table, the instructions and the lists."""
        add_guide(
            self.book,
            self.registry,
            self.sector,
            send_to=send_to,
            no_figure=NO_FIGURE,
            not_applicable=NOT_APPLICABLE,
        )
        self._write_lists()
        self._head()
        for row, indicator in enumerate(self.indicators, 1):
            self._row(row, indicator)
        self._further(len(self.indicators) + 1)
        self._protect()

    def _called(self, text: str) -> str:
        return self.words.in_context(RETURN, text)

    # The table

    def _format(self, **properties: Any) -> Any:
        return self.book.format(border=1, border_color=theme.MID_GREY, **properties)

    def _head(self) -> None:
        style = self._format(
            bold=True, font_color=theme.PAPER, bg_color=theme.DARK_BLUE, valign="vcenter"
        )
        for name, place in self.columns.items():
            self.page.write_string(0, place, self._called(FIELDS[name]), style)
            self.page.write_comment(
                0, place, field_note(name), {"author": AUTHOR, "x_scale": 2.2, "y_scale": 1.6}
            )
        self.page.set_row(0, 24)

    def _row(self, row: int, indicator: Indicator) -> None:
        """Write one indicator's row: what is known is locked, what is asked for is not."""
        language = self.words.language
        unit = self.registry.units[indicator.unit]
        locked = self._format(bg_color=theme.RULE_GREY, text_wrap=True)
        names = _names(indicator, language)
        self._text(row, "indicator", self.codes[indicator.id], locked)
        self._text(row, "indicator_name", names, locked)
        self._text(row, "unit", self.words.name(unit.name), locked)
        for name in ("region", "period", "target", "value", "reported_on", "comment"):
            style = self._format(**_input(name))
            self.page.write_blank(row, self.columns[name], None, style)
        if self.period:
            asked = _asked(self.period, indicator.frequency)
            self._text(row, "period", asked, self._format(**_input("period")))
        self._choose("region", row, row, "region")
        self._choose("unit", row, row, "unit")
        self._choose("period", row, row, indicator.frequency)
        for name in ("target", "value"):
            self._bound(name, row, indicator)
        self._day(row, row)
        room = (_WIDTHS["indicator_name"] - 3) * DIGIT
        lines = text_width.count_lines(names, room, FONT_SIZE)
        self.page.set_row(row, max(lines, 2) * FONT_SIZE * 1.4 + 2)

    def _text(self, row: int, name: str, text: str, style: Any) -> None:
        self.page.write_string(row, self.columns[name], cut(text), style)

    def _further(self, first: int) -> None:
        """Let rows be added below, for regions and for other periods."""
        last = first + MORE_ROWS - 1
        longest = max(map(len, self.codes.values()), default=0) + 2
        widths = {**_WIDTHS, "indicator": min(max(longest, _WIDTHS["indicator"]), _WIDEST_CODE)}
        for name, place in self.columns.items():
            self.page.set_column(place, place, widths[name], self.book.format(**_input(name)))
        for name in ("unit", "region", "period"):
            self._choose(name, first, last, name)
        self._choose("indicator", first, last, "code")
        code, table = f"$A{first + 1}", self.lists["bounds"].source
        for name in ("target", "value"):
            cell = address(first, self.columns[name])
            low, high = (f"VLOOKUP({code},{table},{place},FALSE)" for place in (2, 3))
            self._number(name, first, last, _within(cell, low, high, self._none()))
        self._day(first, last)

    # What may be entered

    def _validate(self, name: str, first: int, last: int, **rule: Any) -> None:
        place = self.columns[name]
        self.page.data_validation(first, place, last, place, {"ignore_blank": True, **rule})

    def _choose(self, name: str, first: int, last: int, listed: str) -> None:
        self._validate(
            name,
            first,
            last,
            validate="list",
            source="=" + self.lists[listed].source,
            error_title=self.words("Not in the list")[:_TITLE],
            error_message=self.words("Choose a value from the list.")[:_MESSAGE],
        )

    def _bound(self, name: str, row: int, indicator: Indicator) -> None:
        low, high = indicator.plausible
        cell = address(row, self.columns[name])
        rule = _within(cell, _bounds(low, _LEAST), _bounds(high, _MOST), self._none())
        self._number(name, row, row, rule, self._hint(indicator))

    def _number(self, name: str, first: int, last: int, rule: str, hint: str = "") -> None:
        message = self.words(
            "Enter a number that this indicator can be, or one of the words for no figure."
        )
        options = {"input_title": self._called(FIELDS[name]), "input_message": hint}
        self._validate(
            name,
            first,
            last,
            validate="custom",
            value=rule,
            error_title=self.words("Not such a number")[:_TITLE],
            error_message=message[:_MESSAGE],
            **(options if hint else {}),
        )

    def _hint(self, indicator: Indicator) -> str:
        """Return what the figure is of: the unit, and between what it can be."""
        unit = self.registry.units[indicator.unit]
        low, high = indicator.plausible
        lines = [self.words("Unit: {unit}", unit=self.words.name(unit.name))]
        if low is not None and math.isfinite(low):
            lines.append(self.words("Not below {n}", n=self._figure(low)))
        if high is not None and math.isfinite(high):
            lines.append(self.words("Not above {n}", n=self._figure(high)))
        lines.append(self.words("No figure: {words}", words=", ".join(NO_FIGURE[:3])))
        return "\n".join(lines)[:_MESSAGE]

    def _figure(self, figure: float) -> str:
        return self.words.number(figure, 6, strip=True)

    def _none(self) -> str:
        return self.lists["none"].source

    def _day(self, first: int, last: int) -> None:
        self._validate(
            "reported_on",
            first,
            last,
            validate="date",
            criteria="between",
            minimum=EARLIEST,
            maximum=LATEST,
            error_title=self.words("Not a date")[:_TITLE],
            error_message=self.words("Enter a date such as 31.12.2024.")[:_MESSAGE],
        )

    # Lists, and the sheet as a whole

    def _write_lists(self) -> None:
        page = self.book.workbook.add_worksheet(LISTS)
        page.hide()
        indicators, language = self.indicators, self.words.language
        units = dict.fromkeys(indicator.unit for indicator in indicators)
        frequencies = list(dict.fromkeys(one.frequency for one in indicators))
        by_frequency: dict[str, Sequence[str]] = {
            name: _periods(name, self.period) for name in frequencies
        }
        bounds = [one.plausible for one in indicators]
        columns: dict[str, Iterable[object]] = {
            "region": _regions(self.registry, language),
            "unit": [self.words.name(self.registry.units[one].name) for one in units],
            **by_frequency,
            "period": [text for texts in by_frequency.values() for text in texts],
            "none": [*NO_FIGURE, NOT_APPLICABLE],
            "code": self.codes.values(),
            "lowest": [_LEAST if low is None else max(low, _LEAST) for low, _ in bounds],
            "highest": [_MOST if high is None else min(high, _MOST) for _, high in bounds],
        }
        for place, (name, held) in enumerate(columns.items()):
            values = list(held)
            page.write_string(0, place, name)
            for row, value in enumerate(values, 1):
                page.write(row, place, value)
            last = len(values) + 1
            source = f"{LISTS}!${letters(place)}$2:${letters(place)}${last}"
            self.lists[name] = _List(tuple(map(str, values)), source)
            if name == "code":
                end = letters(place + 2)
                table = f"{LISTS}!${letters(place)}$2:${end}${last}"
                self.lists["bounds"] = _List((), table)
        page.protect()

    def _protect(self) -> None:
        """Lock headings and codes without a password, and let the sheet be worked with."""
        allowed = ("format_cells", "format_columns", "format_rows", "sort", "autofilter")
        self.page.protect("", dict.fromkeys(allowed, True))
        self.page.freeze_panes(1, 2)
        self.page.ignore_errors({"number_stored_as_text": "A1:I5000"})
        self.page.set_landscape()
        self.page.set_paper(9)
        self.page.fit_to_pages(1, 0)
        self.page.repeat_rows(0)
        self.page.activate()


def _input(name: str) -> dict[str, Any]:
    """Return the format of a cell to be filled in; text stays as it is typed."""
    if name in ("target", "value"):
        return {"locked": False, "align": "right"}
    if name == "reported_on":
        return {"locked": False, "num_format": "dd.mm.yyyy", "align": "left"}
    wraps = name in ("comment", "indicator_name")
    return {"locked": False, "num_format": "@", "text_wrap": wraps}


def _within(cell: str, low: str, high: str, none: str) -> str:
    return (
        f"=OR(AND(ISNUMBER({cell}),{cell}>={low},{cell}<={high}),"
        f"ISNUMBER(MATCH({cell},{none},0)))"
    )


def _bounds(bound: float | None, default: float) -> str:
    value = default if bound is None else min(max(bound, _LEAST), _MOST)
    return f"{value:.15G}"


def _code(sector: Sector, indicator: Indicator) -> str:
    """Return the indicator's code where it has one that means nothing else, or its id."""
    known = indicator_names(sector).known
    return indicator.code if known.get(indicator.code) == indicator.id else indicator.id


def _names(indicator: Indicator, language: str) -> str:
    """Return the indicator's names, one a line, the reader's language first."""
    order = sorted(LANGUAGES, key=lambda one: one != language)
    names = (indicator.name[one] for one in order if one in indicator.name)
    return "\n".join(dict.fromkeys(names))


def _regions(registry: Registry, language: str) -> list[str]:
    """Return each region by its name where that means nothing else, or by its code."""
    known = region_names(registry).known
    words = open_wording(language)
    named = ((r.id, words.name(r.name)) for r in registry.regions.values())
    return [name if known.get(name) == key else key for key, name in named]


def _asked(period: str, frequency: str) -> str:
    """Return the last period of `frequency` that has ended when `period` ends."""
    end = periods.end(period)
    found = periods.containing(end, frequency)
    return found if periods.end(found) <= end else periods.shift(found, -1)


def _periods(frequency: str, period: str) -> Sequence[str]:
    """Return the periods to choose from: of three years about the one expected, or of many."""
    first, last = _FIRST_YEAR, _LAST_YEAR
    if period:
        first, last = periods.year(period) - 2, periods.year(period) + 1
    start, end = (f"{first:04d}-01", f"{last:04d}-12")
    return periods.span(
        periods.containing(periods.start(start), frequency),
        periods.containing(periods.end(end), frequency),
    )
