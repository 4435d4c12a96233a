"""Where each cell of a sketch comes to lie, and the file that it makes."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import xlsxwriter

from delivery_analytics.model.sheet_definitions import Sheet
from delivery_analytics.spreadsheets.addresses import Position, address, letters
from tests.fuzz.sketching import Cell, Sketch
from tests.fuzz.truth import Key


@dataclass
class Drawn:
    """A sheet laid out: what lies where, and how it is declared."""

    sketch: Sketch
    sheet: Sheet
    cells: dict[Position, Cell]
    merged: list[tuple[int, int, int, int]]
    hidden_rows: set[int]
    hidden_columns: set[int]
    at: dict[tuple[Key, str], list[Position]]
    near: dict[Key, set[Position]]

    @property
    def file(self) -> str:
        return f"{self.sketch.name}.{'csv' if self.sketch.text else 'xlsx'}"

    def write(self, folder: Path) -> Path:
        path = folder / self.file
        path.write_bytes(self._csv()) if self.sketch.text else self._xlsx(path)
        return path

    def grid(self) -> list[list[object]]:
        """Return the cells' values row by row."""
        height, width = (max(at[n] for at in self.cells) + 1 for n in (0, 1))
        blank = Cell(None)
        return [
            [self.cells.get((row, column), blank).value for column in range(width)]
            for row in range(height)
        ]

    def texts(self) -> list[list[str]]:
        """Return what a text file says in each cell."""
        return [[self._text(value) for value in row] for row in self.grid()]

    def _text(self, value: object) -> str:
        if isinstance(value, date):
            return f"{value:%d.%m.%Y}"
        text = "" if value is None else repr(value) if isinstance(value, float) else str(value)
        has_comma = isinstance(value, float) and self.sketch.said.get("decimal") == ","
        return text.replace(".", ",") if has_comma else text

    def _csv(self) -> bytes:
        target = io.StringIO()
        csv.writer(target, delimiter=self.sketch.csv.get("delimiter", ",")).writerows(
            self.texts()
        )
        return target.getvalue().encode(self.sketch.csv.get("encoding", "utf-8"))

    def _xlsx(self, path: Path) -> None:
        with xlsxwriter.Workbook(path) as book:
            page = book.add_worksheet("Данные")
            day = book.add_format({"num_format": "dd.mm.yyyy"})
            raised = book.add_format({"font_script": 1})
            plain = book.add_format({"bold": True})
            styles = {
                style: book.add_format({"num_format": style})
                for style in {cell.style for cell in self.cells.values()}
            }
            for area in self.merged:
                page.merge_range(*area, "")
            for (row, column), cell in self.cells.items():
                style = styles[cell.style] if cell.style else None
                if cell.raised:
                    page.write_rich_string(
                        row, column, plain, str(cell.value), raised, cell.raised
                    )
                elif cell.is_formula:
                    page.write_formula(row, column, "=N(0)", style, cell.value)
                elif isinstance(cell.value, date):
                    page.write_datetime(row, column, cell.value, day)
                elif isinstance(cell.value, str):
                    page.write_string(row, column, cell.value, style)
                elif cell.value is not None:
                    page.write_number(row, column, cell.value, style)
            for row in self.hidden_rows:
                page.set_row(row, None, None, {"hidden": True})
            for column in self.hidden_columns:
                page.set_column(column, column, None, None, {"hidden": True})


def lay_out(made: Sketch) -> Drawn:
    """Return where each cell comes to lie, and the definition that says so."""
    depth, said = len(made.heads), dict(made.said)
    top, left = made.corner
    title = len(made.title)
    if made.transposed:
        left += title
    else:
        top += title

    def place(row: int, column: int) -> Position:
        return (top + column, left + row) if made.transposed else (top + row, left + column)

    cells: dict[Position, Cell] = {(n, 0): Cell(text) for n, text in enumerate(made.title)}
    merged = []
    near: dict[Key, set[Position]] = {}
    for level, how in enumerate(made.heads):
        for number, column in enumerate(made.columns):
            shown, before = column.heads[level], made.columns[number - 1] if number else None
            goes_on = (
                before is not None and "" in column.gives and "" in before.gives
                and level < depth - 1 and column.heads[: level + 1] == before.heads[: level + 1]
            )  # fmt: skip
            if goes_on and how != "repeated":
                if how == "merged":
                    merged[-1][1] = place(level, number)
                continue
            if shown is not None:
                cells[place(level, number)] = Cell(shown)
            merged.append([place(level, number), place(level, number)])
    at: dict[tuple[Key, str], list[Position]] = {}
    rows = {line: depth + number for number, line in enumerate(made.lines)}
    for line, row in rows.items():
        for number, column in enumerate(made.columns):
            cell = line.cells.get(column)
            if cell is None:
                continue
            cells[place(row, number)] = cell
            if cell.holds:
                at.setdefault(cell.holds, []).append(place(row, number))
                around = near.setdefault(cell.holds[0], set())
                around |= {place(n, number) for n in range(depth)}
                around |= {place(row, n) for n in range(len(made.columns))}
    numbers = {column: number for number, column in enumerate(made.columns)}
    for first, last, column in made.merged:
        merged.append([place(rows[f], numbers[column]) for f in (first, last)])
    hidden_lines = {place(row, 0) for line, row in rows.items() if line.hidden}
    hidden_columns = {place(0, numbers[column]) for column in made.columns if column.hidden}
    across, down = (
        (hidden_lines, hidden_columns) if made.transposed else (hidden_columns, hidden_lines)
    )
    if "at" in said:
        of = {c.name: (top if made.transposed else left) + numbers[c] for c in made.columns}
        said["at"] = {name: letters(of[name]) for name in said["at"]}  # type: ignore[attr-defined]
    if said["header"]:
        said["header"] = (left if made.transposed else top) + 1
    end = place(depth + len(made.lines) - 1, len(made.columns) - 1)
    if made.junk:
        said["area"] = f"{address(top, left)}:{address(*end)}"
        for row in range(top, end[0] + 3):
            cells[row, end[1] + 2] = Cell(float(row * 7 + 1))
        cells[end[0] + 2, left] = Cell("Справочно: 12")
    if made.transposed:
        said["transpose"] = True
    drawn = Drawn(
        made, None, cells,  # type: ignore[arg-type]
        [(*a, *b) for a, b in merged if a != b],
        {row for row, _ in down}, {column for _, column in across}, at, near,
    )  # fmt: skip
    drawn.sheet = Sheet(files=(drawn.file,), **said)  # type: ignore[arg-type]
    return drawn
