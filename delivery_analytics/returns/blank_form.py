"""A blank return for a sector: the standard layout, with lists to choose from.

What is filled in as the form says is read without a remark. The sheets beside the table
are not read: see `GUIDE` and `LISTS`.
"""

import io
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from delivery_analytics.errors import DefinitionError
from delivery_analytics.model import periods
from delivery_analytics.model.files import write_whole
from delivery_analytics.model.forms import FORMS, LISTS_TITLE, RETURN, BlankReturn
from delivery_analytics.model.lookup import check, mistake
from delivery_analytics.model.reference import fields_of
from delivery_analytics.model.registers import REGISTERED
from delivery_analytics.model.registry import Indicator, Registry, Sector
from delivery_analytics.model.schema import COUNT, DAY, NUMBER, TEXT
from delivery_analytics.parsing.matching import field_names
from delivery_analytics.parsing.parse_days import EARLIEST, LATEST
from delivery_analytics.report import theme
from delivery_analytics.returns import form_entries as entries
from delivery_analytics.returns.form_guide import (
    NO_FIGURE,
    NOT_APPLICABLE,
    add_guide,
    field_note,
)
from delivery_analytics.spreadsheets.addresses import address, letters
from delivery_analytics.wording.wording import open_wording
from delivery_analytics.writers import text_width
from delivery_analytics.writers.office_charts import AUTHOR
from delivery_analytics.writers.xlsx.sheets import DIGIT, FONT_SIZE, SAFE, BookWriter, cut

LISTS = "Lists"
MORE_ROWS = 1_000  # below the prefilled ones
_CREATED = datetime(1980, 1, 1)  # noqa: DTZ001 - always the same, for the same bytes
_TITLE, _MESSAGE = 32, 255  # characters Excel shows beside a cell
_WIDEST_CODE, _WIDTHS = 32, {"indicator": 14, "unit": 20, "period": 13}
_LONG = ("indicator_name", "comment", "title", "text")
_NAMED = {"region": "regions", "programme": "programmes", **REGISTERED}  # of which ids


def form(
    registry: Registry,
    sector_id: str,
    *,
    table: str = "observations",
    period: str = "",
    regions: Sequence[str] = (),
    language: str = "en",
    send_to: str = "",
) -> bytes:
    """Return a blank return as a workbook. The same arguments give the same bytes.

    Parameters
    ----------
    table
        The tidy table that it fills, of `forms.FORMS`.
    period
        The period expected. An indicator of another frequency is asked for the last
        period of its own that has ended by then.
    regions
        Ids of the regions that have a row each, under every indicator; ``["all"]`` are all
        but the country itself.
    language
        Of headings, units, regions and messages; the instructions are in every language.
    send_to
        Whom the return goes to, as its instructions name it.

    Raises
    ------
    DefinitionError
        If there is no such sector, table, region or language, the table's rows are of no
        region or period, or `period` is none.
    """
    sector = registry.sector(sector_id)
    words = open_wording(language, registry.workspace)
    check("blank return", table, FORMS)
    asked = FORMS[table].asked
    for given, name in ((period, "period"), (regions, "region")):
        if given and name not in asked:
            raise DefinitionError(f"A row of {table} has no {name}. Leave out --{name}")
    if period and not (periods.is_period(period) and EARLIEST.year <= int(period[:4])):
        raise mistake("no-period-asked", period=period)
    if [*regions] == ["all"]:
        nation = registry.country_id
        regions = [r.id for r in registry.regions.values() if r.id != nation and not r.parent]
    for one in regions:
        registry.check("region", one)
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, SAFE) as workbook:
        workbook.set_properties({"author": AUTHOR, "created": _CREATED})
        book = BookWriter(workbook, words)
        _Form(book, registry, sector, FORMS[table], period).write(regions, send_to)
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


class _Form:
    """One form being written."""

    def __init__(
        self,
        book: BookWriter,
        registry: Registry,
        sector: Sector,
        form: BlankReturn,
        period: str,
    ) -> None:
        self.book, self.words = book, book.words
        self.registry, self.sector, self.period = registry, sector, period
        self.form, self.names = form, field_names(registry, sector)
        self.page = book.workbook.add_worksheet(self._called(form.sheet))
        self.indicators = [one for one in sector.indicators if one.is_owed]
        self.codes = {one.id: entries.code_of(sector, one) for one in self.indicators}
        self.kinds = {field.name: field.kind for field in fields_of(form.table)}
        self.asked = {
            name: asked
            for name, asked in form.asked.items()
            if name != "programme" or registry.programmes
        }
        self.columns = {name: place for place, name in enumerate(self.asked)}
        self.lists: dict[str, str] = {}

    def write(self, regions: Sequence[str], send_to: str) -> None:
        """Write the table, the instructions and the lists."""
        around = self.registry.workspace
        add_guide(self.book, self.sector, self.form, around, send_to=send_to)
        self._write_lists()
        self._head()
        places = [self.registry.regions[one] for one in regions]
        known = self.names["region"]
        named = [entries.name_or_id(one, known, self.words) for one in places] or [""]
        figures = self.form.table == "observations"
        blocks = self.indicators if figures else [None] if regions else []
        for place, indicator in enumerate(blocks):
            self._rows(1 + place * len(named), named, indicator)
        self._further(1 + len(blocks) * len(named))
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
            field = self.asked[name]
            self.page.write_string(0, place, self._called(field.heading), style)
            note = field_note(field, self.registry.workspace)
            size = {"x_scale": 2.2, "y_scale": 1.6}
            self.page.write_comment(0, place, note, {"author": AUTHOR, **size})
        self.page.set_row(0, 24)

    def _rows(
        self, first: int, regions: Sequence[str], indicator: Indicator | None = None
    ) -> None:
        """Write a row a region: what is known is locked, what is asked for is not."""
        fixed, typed = dict[str, str](), {"period": self.period}
        if indicator:
            unit = self.registry.units[indicator.unit]
            fixed = {
                "indicator": self.codes[indicator.id],
                "indicator_name": entries.names_of(indicator, self.words.language),
                "unit": self.words.name(unit.name),
            }
            if self.period:
                typed["period"] = entries.period_asked(self.period, indicator.frequency)
        last = first + len(regions) - 1
        for row, region in enumerate(regions, first):
            known = fixed | ({"region": region} if region else {})
            self._row(row, known, typed)
        self._validated(first, last, indicator)

    def _row(self, row: int, known: Mapping[str, str], typed: Mapping[str, str]) -> None:
        locked = self._format(bg_color=theme.RULE_GREY, text_wrap=True)
        for name, place in self.columns.items():
            style = locked if name in known else self._format(**self._input(name))
            text = cut(known.get(name) or typed.get(name, ""))
            self.page.write(row, place, text or None, style)
        room = (self._width("indicator_name") - 3) * DIGIT
        lines = text_width.count_lines(known.get("indicator_name", ""), room, FONT_SIZE)
        self.page.set_row(row, max(lines, 2) * FONT_SIZE * 1.4 + 2)

    def _further(self, first: int) -> None:
        """Let rows be added below, for regions and for other periods."""
        for name, place in self.columns.items():
            style = self.book.format(**self._input(name))
            self.page.set_column(place, place, self._width(name), style)
        self._validated(first, first + MORE_ROWS - 1)

    def _width(self, name: str) -> int:
        if name == "indicator":
            longest = max(map(len, self.codes.values()), default=0) + 2
            return min(max(longest, _WIDTHS[name]), _WIDEST_CODE)
        kind = self.kinds.get(name, TEXT)
        usual = 44 if name in _LONG else 26 if kind == TEXT else 14
        return _WIDTHS.get(name, usual)

    def _input(self, name: str) -> dict[str, Any]:
        """Return the format of a cell to be filled in; text stays as it is typed."""
        kind = self.kinds.get(name, TEXT)
        if kind in (NUMBER, COUNT):
            return {"locked": False, "align": "right"}
        if kind == DAY:
            return {"locked": False, "num_format": "dd.mm.yyyy", "align": "left"}
        return {"locked": False, "num_format": "@", "text_wrap": name in _LONG}

    # What may be entered

    def _validated(self, first: int, last: int, indicator: Indicator | None = None) -> None:
        """Hold rows to what can be entered; figures to what their indicator can be."""
        for name in self.columns:
            kind = self.kinds.get(name, TEXT)
            if name in self.lists and not (indicator and name == "indicator"):
                own = name == "period" and indicator
                self._choose(name, first, last, own.frequency if own else name)
            elif kind == DAY:
                self._day(name, first, last)
            elif kind in (NUMBER, COUNT):
                self._figure(name, first, last, indicator)

    def _validate(self, name: str, first: int, last: int, told: str, **rule: Any) -> None:
        """Hold cells to a rule; `told` is the code of what a wrong entry is answered with."""
        place = self.columns[name]
        texts = {
            "error_title": self.words.code("entry_title", told)[:_TITLE],
            "error_message": self.words.code("entry_asked", told)[:_MESSAGE],
        }
        options = {"ignore_blank": True, **rule, **texts}
        self.page.data_validation(first, place, last, place, options)

    def _choose(self, name: str, first: int, last: int, listed: str) -> None:
        held = "warning" if name in REGISTERED else "stop"  # others stay as sent
        rule = {"source": "=" + self.lists[listed], "error_type": held}
        self._validate(name, first, last, "list", validate="list", **rule)

    def _figure(
        self, name: str, first: int, last: int, indicator: Indicator | None = None
    ) -> None:
        """Hold cells to numbers, or the words for none; of an indicator, to its bounds."""
        cell, is_bound = address(first, self.columns[name]), self.form.table == "observations"
        (low, high), options = entries.bounds_text(None, None), {}
        if is_bound:
            code, table = f"$A{first + 1}", self.lists["bounds"]
            low, high = (f"VLOOKUP({code},{table},{place},FALSE)" for place in (2, 3))
        if indicator:
            low, high = entries.bounds_text(*indicator.plausible)
            heading = self._called(self.asked[name].heading)
            options = {"input_title": heading, "input_message": self._hint(indicator)}
        value = entries.accepted(cell, low, high, self.lists["none"])
        told = "bound" if is_bound else "number"
        self._validate(name, first, last, told, validate="custom", value=value, **options)

    def _hint(self, indicator: Indicator) -> str:
        """Return what the figure is of: the unit, and between what it can be."""
        unit = self.registry.units[indicator.unit]
        low, high = indicator.plausible
        lines = [self.words("Unit: {unit}", unit=self.words.name(unit.name))]
        if low is not None and math.isfinite(low):
            lines.append(self.words("Not below {n}", n=self.words.number(low, 6, strip=True)))
        if high is not None and math.isfinite(high):
            lines.append(self.words("Not above {n}", n=self.words.number(high, 6, strip=True)))
        lines.append(self.words("No figure: {words}", words=", ".join(NO_FIGURE[:3])))
        return "\n".join(lines)[:_MESSAGE]

    def _day(self, name: str, first: int, last: int) -> None:
        rule = {"criteria": "between", "minimum": EARLIEST, "maximum": LATEST}
        self._validate(name, first, last, "day", validate="date", **rule)

    # Lists, and the sheet as a whole

    def _write_lists(self) -> None:
        page = self.book.workbook.add_worksheet(LISTS)
        page.hide()
        for place, (name, values) in enumerate(self._listed().items()):
            if place == 0:
                page.write_string(0, 0, self._called(LISTS_TITLE))
            for row, value in enumerate(values, 1):
                page.write(row, place, value)
            if values:
                area = f"{LISTS}!${letters(place)}$2:${{}}${len(values) + 1}"
                self.lists[name] = area.format(letters(place))
                if name == "indicator":
                    self.lists["bounds"] = area.format(letters(place + 2))
        page.protect()

    def _listed(self) -> dict[str, Sequence[object]]:
        """Return what there is to choose from, by the field or what else it is for."""
        of_figures, registry = self.form.table == "observations", self.registry
        units: Iterable[str] = (
            unit.id.upper() for unit in registry.units.values() if unit.kind == "money"
        )
        frequencies: Iterable[str] = ("annual", "quarterly", "monthly")
        if of_figures:
            units = (self.words.name(registry.units[one.unit].name) for one in self.indicators)
            frequencies = (one.frequency for one in self.indicators)
        by_frequency = {
            one: entries.periods_offered(one, self.period) for one in dict.fromkeys(frequencies)
        }
        bounds = [entries.bounds(*one.plausible) for one in self.indicators]
        named = {name: getattr(registry, kept) for name, kept in _NAMED.items()}
        return {
            **{
                name: [
                    entries.name_or_id(one, self.names[name], self.words)
                    for one in known.values()
                ]
                for name, known in named.items()
            },
            "unit": [*dict.fromkeys(units)],
            **by_frequency,
            "period": [text for texts in by_frequency.values() for text in texts],
            **{key: [*map(self._called, a.among)] for key, a in self.asked.items() if a.among},
            "none": [*NO_FIGURE, NOT_APPLICABLE],
            "indicator": [*self.codes.values()],
            "lowest": [low for low, _ in bounds],
            "highest": [high for _, high in bounds],
        }

    def _protect(self) -> None:
        """Lock headings and codes without a password, and let the sheet be worked with."""
        allowed = ("format_cells", "format_columns", "format_rows", "sort", "autofilter")
        self.page.protect("", dict.fromkeys(allowed, True))
        self.page.freeze_panes(1, 2)
        columns = f"A1:{letters(len(self.columns) - 1)}5000"
        self.page.ignore_errors({"number_stored_as_text": columns})
        self.page.set_landscape()
        self.page.set_paper(9)
        self.page.fit_to_pages(1, 0)
        self.page.repeat_rows(0)
        self.page.activate()
