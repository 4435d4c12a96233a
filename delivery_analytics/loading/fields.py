"""Read one field of all records: names, periods, days, figures, texts, words, flags."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import repeat
from typing import Any

import numpy as np

from delivery_analytics.errors import Severity
from delivery_analytics.loading import as_declared
from delivery_analytics.loading.columns import Columns, Figures, moments, to_15_digits
from delivery_analytics.loading.context import Context, Field
from delivery_analytics.loading.records import RecordColumn, Records
from delivery_analytics.loading.remarks import Remark, told
from delivery_analytics.model.schema import TABLES
from delivery_analytics.parsing import parse
from delivery_analytics.parsing.matching import fold
from delivery_analytics.parsing.parse import ParseError, Reading, clean
from delivery_analytics.spreadsheets.addresses import Position

Reader = Callable[[Any, Any], Reading]  # of a raw value and the record's variant

_ALWAYS_WARNED = ("cell.missing", "cell.bounded", "cell.mark-unknown", "cell.name-unknown")
# In a text file nothing else can be: that a figure is text is no remark there.
_TYPED_AS_TEXT = ("cell.number-as-text", "cell.date-as-text")


@dataclass(frozen=True)
class Tables:
    """The tables that a sheet's records make, a row a record, and what there is to say."""

    columns: dict[str, Columns]
    remarks: list[Remark]


@dataclass(frozen=True)
class FieldReader:
    """Reads the fields of one sheet's records.

    `broken` are the records of which it was told already that a cell of theirs holds an
    error or no result.
    """

    records: Records
    context: Context
    broken: frozenset[int] = frozenset()

    def __len__(self) -> int:
        return len(self.records)

    def has(self, name: str) -> bool:
        """Say whether the sheet has a field, in its cells or beside them."""
        return name in self.records.fields

    def table(
        self,
        name: str,
        source: str,
        columns: Mapping[str, Any],
        *,
        checks: Iterable[Remark] = (),
    ) -> Tables:
        """Return the table that `columns` make, each a field or one value for all rows.

        Where it comes from, and whether it is illustrative, is read as the contract has it.

        `source` is the field whose cell stands for the row's; `checks` are remarks that
        come after those of the fields.
        """
        contract, given = TABLES[name].columns, dict(columns)
        if "illustrative" in contract.keys() - columns.keys():
            given["illustrative"] = self.flags("illustrative")
        held = {n: c.values if isinstance(c, Field) else c for n, c in given.items()}
        if "sector_id" in contract:
            held["sector_id"] = self.context.sector_id
        held["source_id"] = self.context.source_id
        held["source_cell"] = self.records.cells(source)
        fields = [column for column in given.values() if isinstance(column, Field)]
        remarks = [remark for field in fields for remark in field.remarks]
        return Tables({name: Columns(len(self), held)}, [*remarks, *checks])

    def field(self, name: str, reader: Reader, **more: Any) -> Field:
        """Read a field as `readings` does, which takes the same parameters."""
        readings, remarks = self.readings(name, reader, **more)
        read = [reading or Reading(None) for reading in readings]
        return Field([r.value for r in read], remarks, [r.status for r in read])

    def readings(
        self,
        name: str,
        reader: Reader,
        *,
        variants: Iterable[Any] = repeat(None),
        note: Severity = "warning",
    ) -> tuple[list[Reading | None], list[Remark]]:
        """Read a field of every record, once for every distinct content.

        Parameters
        ----------
        reader
            Called with the raw value and the record's variant; raises `ParseError`.
        variants
            What the reading depends on beside the value, such as a frequency.
        note
            The severity of a reading that had to be interpreted.

        Returns
        -------
        tuple
            The readings, aligned with the records, ``None`` where the value could not be
            read; and what there is to remark.
        """
        column = self.records.field(name)
        keys = list(zip(map(type, column.values), column.values, variants, strict=False))
        outcomes = {key: _outcome(reader, key) for key in set(keys)}
        is_plain = not any(isinstance(one, ParseError) or one.code for one in outcomes.values())
        if is_plain and not self._empty_by_error:
            return [outcomes[key] for key in keys], []  # type: ignore[misc]
        readings: list[Reading | None] = []
        remarks = []
        for index, key in enumerate(keys):
            outcome = outcomes[key]
            if key[1] is None and self._is_told(column, index):
                readings.append(None)
            elif isinstance(outcome, ParseError):
                readings.append(None)
                remarks.append(self._refused(outcome, name, index))
            else:
                readings.append(outcome)
                code = outcome.code
                if code and not self._is_usual(outcome):
                    severity = "warning" if code in _ALWAYS_WARNED else note
                    remarks.append(Remark(code, outcome.message, name, index, severity))
        return readings, remarks

    @cached_property
    def _empty_by_error(self) -> frozenset[Position]:
        """The cells that are blank to us because they hold an error, or no result."""
        return self.records.grid.uncached | self.records.grid.errors.keys()

    def _is_told(self, column: RecordColumn, index: int) -> bool:
        """Say whether a blank cell was told already, as the error that it holds."""
        at = (self.records.rows[index], column.column(index))
        return at in self._empty_by_error and index in self.broken

    def _is_usual(self, reading: Reading) -> bool:
        is_plain = reading.code in _TYPED_AS_TEXT and reading.status == "normal"
        return self.records.grid.text and is_plain

    @cached_property
    def _covered(self) -> Mapping[Position, Position]:
        """The cells that are blank because a merged cell covers them."""
        return self.records.grid.covered()

    def _is_covered(self, name: str, index: int) -> bool:
        """Say whether a record's field lies under a merged cell."""
        return (self.records.rows[index], self.records.column(name, index)) in self._covered

    def _refused(self, error: ParseError, name: str, index: int) -> Remark:
        """Return what sets a record aside; a key that is blank under a merged cell says so."""
        if error.code == "cell.missing-key" and self._is_covered(name, index):
            return _merged(name, index)
        return Remark(error.code, str(error), name, index)

    def _merged(self, name: str) -> Iterator[Remark]:
        """Refuse what a cell merged downwards covers of a field that may be blank."""
        for index, row in enumerate(self.records.rows if self._covered else ()):
            at = (row, self.records.column(name, index))
            if (
                self._covered.get(at, at)[0] != row
                and not self.records.field(name).values[index]
            ):
                yield _merged(name, index)

    def keys(self, name: str, *, note: Severity = "warning") -> Field:
        """Read the names that a record cannot do without."""
        names, marks = self.context.names[name], self.context.sheet.marks
        return self.field(name, lambda value, _: names.find(value, marks), note=note)

    def regions(self) -> Field:
        """Read the region; a sheet where no row names one speaks of the country."""
        country, names = self.context.registry.country_id, self.context.names["region"]
        if "region" not in self.records.named:
            return self._names_or("region", country, parse.is_unfilled)

        def find(value: Any, _: Any) -> Reading:
            if parse.is_unfilled(value):
                raise ParseError(*self.blank_among("region", country))
            return names.find(value, self.context.sheet.marks)

        return self.field("region", find, note="note")

    def blank_among(self, name: str, example: str) -> tuple[str, str]:
        """Say that a field is blank that other rows of the sheet fill in."""
        return told("blank_among", name=name, example=example)

    def optional_names(self, name: str) -> Field:
        """Read names that may be left out."""
        return self._names_or(name, "", parse.is_missing)

    def _names_or(self, name: str, default: str, is_absent: Callable[[str], bool]) -> Field:
        names, marks = self.context.names[name], self.context.sheet.marks

        def find(value: Any, _: Any) -> Reading:
            text = clean(value)
            return Reading(default) if is_absent(text) else names.find(text, marks)

        read = self.field(name, find, note="note")
        return replace(read, remarks=[*read.remarks, *self._merged(name)])

    def periods(self, frequencies: Iterable[str] = repeat("")) -> Field:
        """Read the period, of the length that each record's frequency is; "" takes any."""
        sheet = self.context.sheet
        period = as_declared.period_reader(sheet)

        def find(value: Any, frequency: str) -> Reading:
            if not parse.is_unfilled(value):
                return period(value, frequency=frequency)
            raise ParseError(*told("empty", what="period"))

        # A period in a heading was already read there, and is no surprise in every record.
        columns = self.records.field("period").columns
        in_cells = not isinstance(columns, int) or columns >= 0
        declared = sheet.wide is not None or sheet.cumulative
        note: Severity = "note" if declared or not in_cells else "warning"
        return self.field("period", find, variants=frequencies, note=note)

    def days(self, name: str, *, required: bool = False) -> Field:
        """Read days; NaT where there is none. A deadline may be given as a period."""
        read_day = as_declared.day_reader(self.context.sheet, name)
        missing = as_declared.missing_words(self.context.sheet)

        def find(value: Any, _: Any) -> Reading:
            absent = isinstance(value, str) and parse.is_missing(clean(value), missing)
            reading = Reading(None) if absent else read_day(value)
            if reading.value is None:
                if required:
                    raise ParseError(*told("empty", what=f"day ({name})"))
                return Reading(None)
            return reading

        read = self.field(name, find)
        return replace(read, values=moments(read.values))

    def numbers(
        self,
        name: str,
        percent: Sequence[bool] = (),
        *,
        required: bool = False,
        optional: bool = False,
        factors: Figures | None = None,
    ) -> Field:
        """Read figures, scaled to the unit, and the observation status of each.

        Parameters
        ----------
        percent
            Of each record, whether its unit is a percentage; by default none is.
        optional
            A blank cell is no gap, and nobody is told of it.
        factors
            What each record's unit multiplies its figures by, beside the sheet's `scale`.
        """
        if not self.has(name):
            return Field(np.full(len(self), math.nan), status=["missing"] * len(self))
        column, styled = self.records.fields[name], self.records.shown_as_percent(name)
        scale = self.context.sheet.scale * (np.ones(len(self)) if factors is None else factors)
        if set(map(type, column.values)) <= {float, int} and not any(styled):
            figures = np.asarray(column.values, dtype="float64")
            if np.isfinite(figures).all():
                usual = Field(figures, status=["normal"] * len(self))
                return self._scaled(name, usual, scale)
        # Where the mark is agreed with the sender, figures typed as text are no surprise.
        note: Severity = "warning" if self.context.sheet.decimal == "auto" else "note"
        wants = percent or [False] * len(self)
        variants = zip(wants, styled, (scale != 1).tolist(), strict=True)
        find = self._figure_reader(required=required, optional=optional)
        readings, remarks = self.readings(name, find, variants=variants, note=note)
        figures = np.array([r.value if r else math.nan for r in readings], dtype="float64")
        status = [r.status if r else "missing" for r in readings]
        return self._scaled(name, Field(figures, remarks, status), scale)

    def _figure_reader(self, *, required: bool, optional: bool) -> Reader:
        number = as_declared.number_reader(self.context.sheet)

        def find(value: Any, variant: tuple[bool, bool, bool]) -> Reading:
            if optional and value is None:
                return Reading(math.nan, status="missing")
            wants_percent, has_percent, multiplied = variant
            if has_percent and isinstance(value, int | float) and not isinstance(value, bool):
                if not wants_percent:
                    raise ParseError(*told("percent_of_no_unit", figure=value))
                return Reading(round(value * 100, 10))
            reading = number(value, percent=wants_percent, multiplied=multiplied)
            if required and math.isnan(reading.value):
                raise ParseError(*told("empty", what="figure"))
            return reading

        return find

    def _scaled(self, name: str, read: Field, scale: Figures) -> Field:
        """Return figures as whole units, where the sheet counts in thousands or so."""
        figures, remarks = read.values, [*read.remarks]
        # The sheet's scale is of plain numbers: percent style is a scale of its own.
        if self.context.sheet.scale != 1:
            in_style = np.array(self.records.in_percent_style(name), dtype=bool)
            for index in np.flatnonzero(in_style & np.isfinite(figures)):
                scale[index] = 1
                message = told("percent_not_scaled", figure=figures[index])
                remarks.append(Remark(*message, name, int(index), "warning"))
        with np.errstate(over="ignore"):
            scaled = to_15_digits(figures * scale, scale)
        for index in np.flatnonzero(np.isinf(scaled)):
            message = told("too_large", figure=clean(figures[index]), scale=scale[index])
            remarks.append(Remark(*message, name, int(index)))
        return replace(read, values=scaled, remarks=remarks)

    def parts_of_key(self, name: str, example: str = "…") -> Field:
        """Read texts that a sheet may leave out, but not in some of its rows."""
        if name not in self.records.named:
            return self.texts(name)

        def find(value: Any, _: Any) -> Reading:
            if parse.is_unfilled(value):
                raise ParseError(*self.blank_among(name, example))
            return Reading(clean(value))

        return self.field(name, find)

    def texts(self, name: str, *, required: bool = False) -> Field:
        """Read texts, "" where there is none."""

        def find(value: Any, _: Any) -> Reading:
            text = clean(value)
            if required and parse.is_unfilled(text):
                raise ParseError(*told("empty", what=name))
            if parse.has_control(value):
                return Reading(text, *told("not_typed", text=parse.shortened(text, 80)))
            return Reading(text)

        field = self.field(name, find)
        return replace(field, remarks=[*field.remarks, *self._merged(name)])

    def coded(self, name: str, meanings: Mapping[str, str], *, optional: bool = False) -> Field:
        """Read a word among few: a target's kind, a control's type."""
        known = {word: meaning for meaning, words in meanings.items() for word in words.split()}

        def find(value: Any, _: Any) -> Reading:
            first = fold(clean(value)).split(" ")[0]
            if first in known:
                return Reading(known[first])
            if optional and parse.is_missing(first):
                return Reading("")
            if not first:
                raise ParseError(*told("empty", what=name))
            raise ParseError(*told("none_of", text=clean(value), words=", ".join(meanings)))

        return self.field(name, find)

    def flags(self, name: str) -> Field:
        """Read yes and no; a blank cell is no."""
        return self.field(name, lambda value, _: parse.flag(value))


def _merged(name: str, index: int) -> Remark:
    return Remark(*told("merged", name=name), name, index)


def _outcome(reader: Reader, key: tuple[type, Any, Any]) -> Reading | ParseError:
    try:
        return reader(key[1], key[2])
    except ParseError as error:
        return error
