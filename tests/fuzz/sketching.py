"""A sheet of a random shape while it is drawn: its columns and lines, and what is said of it."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, field
from datetime import timedelta

from delivery_analytics.model.sheet_definitions import CellField, Wide
from delivery_analytics.spreadsheets.addresses import Position
from tests.fuzz import truth as truths
from tests.fuzz.truth import FIELDS, Key, Truth, spelt, split

HEADINGS = {
    "indicator": ("Показатель", "Indicator", "Көрсеткіш"),
    "region": ("Регион", "Region", "Өңір"),
    "period": ("Период", "Period", "Кезең"),
    "line": ("Статья", "Budget line"),
    "due_on": ("Срок", "Due on"),
    "milestone": ("Веха", "Milestone"),
    "value": ("Факт", "Actual value"),
    "target": ("План", "Target"),
    "plan": ("План", "Planned"),
    "actual": ("Исполнено", "Spent"),
    "expected_on": ("Ожидается", "Expected on"),
    "completed_on": ("Выполнено", "Completed on"),
    "unit": ("Ед. изм.", "Unit"),
    "year": ("Год", "Year"),
    "part": ("Квартал или месяц", "Part of the year"),
    "level": ("Уровень", "Level"),
}


@dataclass(eq=False)
class Cell:
    """What is written in one cell; `holds` names the figure of the truth that it is."""

    value: object
    style: str = ""
    holds: tuple[Key, str] | None = None
    raised: str = ""
    is_formula: bool = False


@dataclass(eq=False)
class Column:
    """A column of the table: the field it is of, or the key and the figure its heading gives."""

    name: str
    heads: list[object]
    gives: dict[str, str] = field(default_factory=dict)
    hidden: bool = False


@dataclass(eq=False)
class Line:
    """A row of the table: of data where it has meanings."""

    meanings: dict[str, str] = field(default_factory=dict)
    cells: dict[Column, Cell] = field(default_factory=dict)
    hidden: bool = False


@dataclass(eq=False)
class Sketch:
    """A sheet being drawn.

    Attributes
    ----------
    said
        What the definition says of the sheet.
    places
        Key field → how the sheet gives it: a column, across, a section, once for all …
    heads
        How the headings of each level of `columns` reach: merged, blank or repeated.
    doubtful
        Keys whose figures may be set aside; all the others must be stored.
    merged
        First and last line and column of merged cells.
    """

    seed: int
    truth: Truth
    text: bool
    said: dict[str, object]
    places: dict[str, str]
    columns: list[Column]
    lines: list[Line]
    heads: list[str]
    name: str = ""
    title: list[object] = field(default_factory=list)
    doubtful: set[Key] = field(default_factory=set)
    merged: list[tuple[Line, Line, Column]] = field(default_factory=list)
    transposed: bool = False
    corner: Position = (0, 0)
    junk: bool = False
    csv: dict[str, str] = field(default_factory=dict)
    features: list[str] = field(default_factory=list)

    @property
    def data(self) -> list[Line]:
        return [line for line in self.lines if line.meanings]

    @property
    def figures(self) -> list[Cell]:
        """The cells that hold a figure."""
        cells = (cell for line in self.data for cell in line.cells.values())
        return [cell for cell in cells if cell.holds and cell.value is not None]

    def keys(self, *how: str) -> list[Column]:
        """Return the columns of key fields given as `how` says."""
        return [c for c in self.columns if self.places.get(c.name) in how]

    def doubt(self, unsure: Line | Cell) -> None:
        """Let a figure, or all of a line, be set aside."""
        cells = [unsure] if isinstance(unsure, Cell) else unsure.cells.values()
        self.doubtful |= {cell.holds[0] for cell in cells if cell.holds}

    def is_doubtful(self, line: Line) -> bool:
        """Say whether any figure of a line may be set aside."""
        return any(c.holds and c.holds[0] in self.doubtful for c in line.cells.values())

    def true(self, cell: Cell) -> object:
        assert cell.holds
        return self.truth.records[cell.holds[0]][cell.holds[1]]


def sketch(seed: int) -> Sketch:
    """Return a plain sheet of a random shape: truth, columns, lines and their definition."""
    dice = random.Random(seed)
    text = dice.random() < 0.3
    places, alone = _places(dice)
    truth = truths.drawn(dice, alone)
    places = {name: places[name] for name in truth.fields}
    if truth.table == "milestones":
        places = {"milestone": "columns"}
    if places.get("period") == "join" and "-" not in truth.meanings["period"][0]:
        places["period"] = "columns"
    if not {"columns", "join"} & set(places.values()):
        places[dice.choice([f for f in places if f not in alone] or [*places])] = "columns"
    made = Sketch(seed, truth, text, _said(truth, seed), places, [], [], [], f"s{seed:06}")
    _columns(dice, made)
    _lines(dice, made)
    for name in truth.fields:
        how = places[name]
        _once(dice, made, name, how)
    return made


def _places(dice: random.Random) -> tuple[dict[str, str], frozenset[str]]:
    """Return how each field is given, and those that have one meaning for it."""
    fields = list(dict.fromkeys(itertools.chain(*FIELDS.values())))
    places = {name: dice.choice(("columns", "columns", "across")) for name in fields}
    if dice.random() < 0.25:
        places[dice.choice(fields[:4])] = "section"
    if dice.random() < 0.15:
        places["period"] = "join"
    if dice.random() < 0.3:
        name = dice.choice(fields[:4])
        places[name] = dice.choice(("constants", "cells", "file_name"))
    if dice.random() < 0.15:
        places[dice.choice(fields[:4])] = "at"
    once = {"constants", "cells", "file_name"}
    return places, frozenset(name for name, how in places.items() if how in once)


def _said(truth: Truth, seed: int) -> dict[str, object]:
    """Return what every sheet says; each its own day, so that none contradicts another."""
    day = truths.DAY + timedelta(days=seed % 1000)
    constants: dict[str, object] = {"reported_on": day}
    if truth.table == "targets":
        constants = {"set_on": day, "kind": "final"}
    if truth.table == "spending":
        constants["unit"] = "KZT"
    return {"table": truth.table, "constants": constants, "columns": {}, "header": 0}


def _columns(dice: random.Random, made: Sketch) -> None:
    truth, said = made.truth, made.said
    across = [name for name, how in made.places.items() if how == "across"]
    dice.shuffle(across)
    levels = [*across, *(["figure"] if len(truth.figures) > 1 else [])] if across else []
    is_split = "period" in across and dice.random() < 0.4 and "-" in truth.meanings["period"][0]
    depth = max(len(levels) + is_split, 1)
    named: dict[str, tuple[str, ...]] = {}
    for name, how in [*made.places.items()]:
        parts = {"columns": [name], "at": [name], "join": ["year", "part"]}.get(how, [])
        for part in parts:
            made.places.setdefault(part, how)
            heads: list[object] = [None] * depth
            if how == "at":
                said.setdefault("at", {})[part] = ""  # type: ignore[union-attr,call-overload]
            else:
                named[part] = HEADINGS[part]
                heads[dice.choice((0, depth - 1))] = _heading(dice, HEADINGS[part])
            made.columns.append(Column(part, heads))
        if how == "join":
            said["join"] = {"period": ("year", "part")}
    if not across:
        for figure in truth.figures:
            named[figure] = HEADINGS[figure]
            made.columns.append(
                Column(figure, [_heading(dice, HEADINGS[figure])], {"": figure})
            )
        if dice.random() < 0.5:
            dice.shuffle(made.columns)
    else:
        spellings: dict[tuple[str, str], object] = {}
        for combination in itertools.product(*(truth.meanings[name] for name in across)):
            gives = dict(zip(across, combination, strict=True))
            for figure in truth.figures:
                heads = []
                for name, meaning in gives.items():
                    if name == "period" and is_split:
                        heads += split(meaning)
                        continue
                    shown = spelt(
                        dice, name, meaning, text=made.text or truth.table == "spending"
                    )
                    if name in ("due_on", "line"):
                        shown = _labelled(name, meaning)
                    heads.append(spellings.setdefault((name, meaning), shown))
                if len(truth.figures) > 1:
                    heads.append(HEADINGS[figure][0])
                made.columns.append(Column(figure, heads, {**gives, "": figure}))
        values = {figure: HEADINGS[figure] for figure in truth.figures}
        only = {"value": truth.figures[0]} if len(truth.figures) == 1 else {"values": values}
        labels = {
            name: {meaning: (_labelled(name, meaning),) for meaning in truth.meanings[name]}
            for name in across
            if name in ("due_on", "line")
        }
        said["wide"] = Wide(tuple(across), labels=labels, **only)
    said["columns"], said["header_rows"] = named, depth
    made.heads = [dice.choice(("merged", "blank", "repeated")) for _ in range(depth)]


def _labelled(name: str, meaning: str) -> str:
    """Return the heading of a field that has labels."""
    return f"к концу {meaning[:4]} г." if name == "due_on" else meaning


def _heading(dice: random.Random, words: tuple[str, ...]) -> str:
    """Return one of a heading's words, written more or less well."""
    word = dice.choice(words)
    return dice.choice((word, word, word.upper(), f"{word}:", f" {word} ", f"{word}¹⁾"))


def _lines(dice: random.Random, made: Sketch) -> None:
    truth = made.truth
    down = [name for name in truth.fields if made.places[name] != "across"]
    sections = [name for name in truth.fields if made.places[name] == "section"][:1]
    order = list(itertools.product(*(truth.meanings[name] for name in down)))
    if dice.random() < 0.4:
        dice.shuffle(order)
    if sections:
        made.said["section"] = sections[0]
        order.sort(key=lambda key: key[down.index(sections[0])])
    last = ""
    for key in order:
        meanings = dict(zip(down, key, strict=True))
        line = Line(meanings)
        for column in made.columns:
            if "" in column.gives:
                full = meanings | column.gives
                record = tuple(full[name] for name in truth.fields)
                if record in truth.records:
                    holds = (record, column.gives[""])
                    line.cells[column] = Cell(truth.records[record][holds[1]], holds=holds)
            elif column.name in ("year", "part"):
                line.cells[column] = Cell(split(meanings["period"])[column.name == "part"])
            else:
                is_text = made.text or truth.table == "spending"
                shown = spelt(dice, column.name, meanings[column.name], text=is_text)
                line.cells[column] = Cell(shown)
        filled = [cell for cell in line.cells.values() if cell.value is not None]
        if not any(cell.holds for cell in filled) or len(filled) == 1:
            continue  # a text alone is a caption
        if sections and meanings[sections[0]] != last:
            last = meanings[sections[0]]
            caption = spelt(dice, sections[0], last, text=True)
            made.lines.append(Line({}, {made.columns[0]: Cell(caption)}))
        made.lines.append(line)


def _once(dice: random.Random, made: Sketch, name: str, how: str) -> None:
    """Give a field that the table does not repeat."""
    if how not in ("constants", "cells", "file_name"):
        return
    [meaning] = made.truth.meanings[name]
    shown = str(spelt(dice, name, meaning, text=True))
    if how == "constants":
        made.said["constants"][name] = meaning  # type: ignore[index]
    elif how == "file_name":
        made.name += f"_{shown}"
        made.said["file_name"] = rf"^s\d+_(?P<{name}>.+)\.\w+$"
    else:
        made.title += [f"Отчёт: {shown}"]
        made.said["cells"] = {name: CellField("A1", r"Отчёт: (.+)")}
