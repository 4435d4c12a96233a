"""What senders do to a sheet: totals, merges, blanks, marks, hidden parts, styles, scale words."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable

from delivery_analytics.model.sheet_definitions import Keep
from tests.fuzz.sketching import HEADINGS, Cell, Column, Line, Sketch
from tests.fuzz.truth import INDICATORS, UNITS

TOTALS = (
    "Итого",
    "Всего по стране",
    "Total",
    "Барлығы",
    "Жиыны:",
    "Итого, в том числе",
    "Average",
)
MARKS = ("*", "**", "¹⁾", " ²", " p", " (r)", "[p]", " b", " [low]", "e")
MISSING = ("н/д", "-", "…", "x", "n/a", "жоқ", "[c]", ":")
STYLES = ("0.0", "#,##0.00", '0.0"%"', '0.0" млн"', "#,##0,", "[Red]0;-0", "[$-419]0.0")
SPACES = (" ", "\u00a0", "\u202f", "")
_EITHER = re.compile(
    r"[1-9]\d{0,2}[.,]\d{3}\D*"
)  # two numbers at once, where no mark is agreed

Feature = Callable[[Sketch, random.Random], object]


def scale(made: Sketch, dice: random.Random) -> None:
    if made.truth.table != "milestones":
        made.said["scale"] = 1000.0
        for cell in made.figures:
            cell.value /= 1000


def units(made: Sketch, dice: random.Random) -> None:
    """Give each line's unit: the agreed one, thousands of it, or another."""
    if (
        made.truth.table not in ("observations", "targets")
        or made.places["indicator"] == "across"
    ):
        return
    column = Column("unit", [HEADINGS["unit"][0], *[None] * (len(made.heads) - 1)])
    made.columns.insert(dice.choice((0, len(made.columns))), column)
    made.said["columns"]["unit"] = HEADINGS["unit"]  # type: ignore[index]
    for line in made.data:
        unit = UNITS[INDICATORS[line.meanings["indicator"]].unit]
        shown = dice.choice((unit.id, *unit.name.values(), *unit.symbol.values()))
        cells = [cell for cell in line.cells.values() if cell.holds and cell.value is not None]
        if unit.kind != "percent" and "scale" not in made.said and dice.random() < 0.3:
            shown = dice.choice(("тыс. ", "мың ", "thousand ", "тысяч ")) + shown
            for cell in cells:
                cell.value /= 1000
        elif dice.random() < 0.06:
            shown = dice.choice(("мешков", "дюжин", None))
            made.doubt(line)
            for cell in cells if shown else ():
                cell.value *= 3
        line.cells[column] = Cell(shown)


def percent_style(made: Sketch, dice: random.Random) -> None:
    """Show percentages in percent style, most of them or all."""
    share = dice.choice((1.0, 0.7))
    for cell in _of_percent(made) if not made.text and "scale" not in made.said else ():
        if dice.random() < share:
            cell.value, cell.style = (
                round(made.true(cell) / 100, 10),
                dice.choice(("0%", "0.0%")),
            )
    _doubt_small_percentages(made)


def percent_text(made: Sketch, dice: random.Random) -> None:
    for cell in _of_percent(made):
        if dice.random() < 0.5 and not cell.style and "scale" not in made.said:
            cell.value = f"{cell.value}".replace(".", _mark(made)) + dice.choice(("%", " %"))
    _doubt_small_percentages(made)


def numbers_as_text(made: Sketch, dice: random.Random) -> None:
    """Type figures as text, grouped by spaces, with the decimal mark that is agreed or none."""
    if made.truth.table != "milestones":
        made.said["decimal"] = dice.choice(("auto", ",", "."))
    for cell in _plain(made):
        if dice.random() < 0.5:
            whole, _, rest = f"{cell.value!r}".partition(".")
            if "e" in rest:
                continue
            grouped = f"{int(whole):,}".replace(",", dice.choice(SPACES))
            cell.value = grouped if rest == "0" else grouped + _mark(made) + rest


def marks(made: Sketch, dice: random.Random) -> None:
    for cell in _plain(made):
        if dice.random() < 0.15:
            cell.value = f"{cell.value:.15g}".replace(".", _mark(made)) + dice.choice(MARKS)
            made.doubt(cell)


def raised(made: Sketch, dice: random.Random) -> None:
    for cell in _plain(made) if not made.text else ():
        if dice.random() < 0.15:
            cell.value, cell.raised = f"{cell.value:.15g}".replace(".", _mark(made)), "1"
            made.doubt(cell)


def missing(made: Sketch, dice: random.Random) -> None:
    for line in made.data:
        for cell in line.cells.values():
            if cell.holds and cell.value is None:
                cell.value = dice.choice(MISSING[:4])


def broken(made: Sketch, dice: random.Random) -> None:
    for cell in _plain(made) if not made.text else ():
        if dice.random() < 0.1:
            cell.value, cell.is_formula = dice.choice(("#REF!", "#DIV/0!")), True
            made.doubt(cell)


def formulas(made: Sketch, dice: random.Random) -> None:
    for cell in _plain(made):
        cell.is_formula = dice.random() < 0.4


def styles(made: Sketch, dice: random.Random) -> None:
    for cell in _plain(made):
        cell.style = cell.style or dice.choice(STYLES)


def names_untidy(made: Sketch, dice: random.Random) -> None:
    """Write names with other spaces and a footnote mark."""
    columns = [c for c in made.keys("columns", "at") if c.name in ("region", "indicator")]
    for line, column in itertools.product(made.data, columns):
        cell = line.cells[column]
        text = str(cell.value).replace(" ", dice.choice((" ", "  ", "\u00a0")))
        cell.value = dice.choice((text, f" {text} ", text.upper(), f"{text}*", f"{text} 1)"))


def names_mapped(made: Sketch, dice: random.Random) -> None:
    for column in made.keys("columns", "at"):
        if column.name == "region":
            sent = {f"рег. {n}": m for n, m in enumerate(made.truth.meanings["region"], 1)}
            made.said["map"] = {"region": sent}
            for line in made.data:
                word = next(w for w, m in sent.items() if m == line.meanings["region"])
                line.cells[column] = Cell(word)


def unsure(made: Sketch, dice: random.Random) -> None:
    """Let figures be set aside that can be read in two ways."""
    for cell in made.figures:
        # A text file's figures are all text: with three decimals they can be two numbers.
        text = cell.value if isinstance(cell.value, str) else repr(cell.value) * made.text
        if made.said.get("decimal", "auto") == "auto" and _EITHER.fullmatch(text):
            made.doubt(cell)
        # Beside a target a share can be a percentage.
        if "target" in made.truth.figures and (made.true(cell) or 2) <= 1:
            made.doubt(cell)


def more_columns(made: Sketch, dice: random.Random) -> None:
    """Add columns that nobody asked for: numbers of the rows, remarks, growth, sums."""
    for words in dice.sample(("№ п/п", "Комментарий", "Темп роста", "Итого", "Всего"), 2):
        column = Column("", [words, *[None] * (len(made.heads) - 1)])
        place = 0 if words == "№ п/п" else len(made.columns)
        made.columns.insert(place, column)
        for number, line in enumerate(made.data, 1):
            sums: object = float(number) if words == "№ п/п" else round(dice.uniform(1, 999), 1)
            line.cells[column] = Cell("уточнено, 2" if words == "Комментарий" else sums)


def tree(made: Sketch, dice: random.Random) -> None:
    """Mix in children, told by their level, of which none is kept."""
    column = Column("", [HEADINGS["level"][0], *[None] * (len(made.heads) - 1)])
    made.columns.append(column)
    made.said["keep"] = (Keep(HEADINGS["level"], ("1",)),)
    for line in made.data:
        line.cells[column] = Cell("1")
        if dice.random() < 0.3:
            child = _beside(made, line) | {column: Cell("2")}
            made.lines.insert(made.lines.index(line) + 1, Line({}, child))


def twins(made: Sketch, dice: random.Random) -> None:
    """Say a line again, the same or with other figures."""
    for line in dice.sample(made.data, min(len(made.data), 1)):
        same = dice.random() < 0.5
        again = dict(line.cells) if same else _beside(made, line)
        made.lines.insert(made.lines.index(line) + 1, Line({}, again))
        if not same:
            made.doubt(line)


def totals(made: Sketch, dice: random.Random) -> None:
    """Sum the lines, under a total's word among their first cells."""
    named = [c for c in made.columns[:3] if "" not in c.gives and c.name not in ("", "unit")]
    if not named or not made.data:
        return
    made.said["check_totals"] = dice.random() < 0.5 and made.truth.table != "milestones"
    for place in dice.sample((0, len(made.lines) // 2, len(made.lines)), dice.randint(1, 2)):
        cells = {c: Cell(float(dice.randint(1, 10**6))) for c in made.columns if "" in c.gives}
        cells[dice.choice(named)] = Cell(dice.choice(TOTALS))
        made.lines.insert(place, Line({}, cells))


def captions(made: Sketch, dice: random.Random) -> None:
    if "section" not in made.said:
        text = dice.choice(("Северные регионы", "Раздел II", "II. Объекты 2023 года"))
        place = dice.randint(0, len(made.lines))
        made.lines.insert(place, Line({}, {made.columns[0]: Cell(text)}))


def numbering(made: Sketch, dice: random.Random) -> None:
    letters = dice.choice(("", "АБВ", "AB"))[: len(made.columns) - 1]
    form = dice.choice(("{}", "({})"))
    counted = [*letters, *map(form.format, range(1, len(made.columns) - len(letters) + 1))]
    cells = dict(zip(made.columns, map(Cell, counted), strict=True))
    if len(cells) >= 3:
        made.lines.insert(0, Line({}, cells))


def heading_again(made: Sketch, dice: random.Random) -> None:
    place = dice.randint(1, len(made.lines))
    for level in range(len(made.heads)):
        cells = {c: Cell(c.heads[level]) for c in made.columns if c.heads[level] is not None}
        if len(cells) > 1:
            made.lines.insert(place + level, Line({}, cells))


def blanks(made: Sketch, dice: random.Random) -> None:
    for _ in range(dice.randint(1, 3)):
        made.lines.insert(dice.randint(1, len(made.lines)), Line())


def notes(made: Sketch, dice: random.Random) -> None:
    texts = (
        "Примечание: данные за 2023 год уточнены",
        "* предварительные",
        "Источник: 12 отчётов",
    )
    made.lines += [Line(), Line({}, {made.columns[0]: Cell(dice.choice(texts))})]


def merged(made: Sketch, dice: random.Random) -> None:
    _once_a_block(made, dice, is_merged=not made.text)


def outlined(made: Sketch, dice: random.Random) -> None:
    _once_a_block(made, dice, is_merged=False)


def _once_a_block(made: Sketch, dice: random.Random, *, is_merged: bool) -> None:
    """Write a key only in the first of the lines that share it, declared or not."""
    columns = made.keys("columns", "at", "join")
    if not columns or made.truth.table == "milestones" or "fill" in made.said or made.merged:
        return
    column = dice.choice(columns)
    declared = dice.random() < 0.5
    if declared:
        made.said["fill"] = (column.name,)
    meaning = {"year": "period", "part": "period"}.get(column.name, column.name)
    runs = itertools.groupby(made.lines, key=lambda line: _shared(line, meaning, column))
    for shared, run in [(shared, list(run)) for shared, run in runs]:
        # What is said twice and set aside here would be kept there.
        unsure = not declared and any(map(made.is_doubtful, run))
        if not shared or len(run) < 2 or unsure:
            continue
        for line in run[1:]:
            line.cells[column] = Cell(None)
            if not declared:
                made.doubt(line)
        if is_merged:
            made.merged.append((run[0], run[-1], column))


def _shared(line: Line, meaning: str, column: Column) -> object:
    value = line.meanings.get(meaning, "")
    if column.name == "year":
        return value[:4]
    return value


def hidden_lines(made: Sketch, dice: random.Random) -> None:
    made.said["hidden_rows"] = dice.choice(("read", "skip"))
    lines = [line for line in made.data if not made.is_doubtful(line)] if not made.text else []
    for line in dice.sample(lines, min(len(lines), 2)):
        line.hidden = True
        if made.said["hidden_rows"] == "skip":
            made.doubt(line)


def hidden_columns(made: Sketch, dice: random.Random) -> None:
    if not made.text:
        dice.choice(made.columns).hidden = True


def titles(made: Sketch, dice: random.Random) -> None:
    made.title += ["Сведения за 2024 год", "по состоянию на 20.01.2026", "тысяч единиц"][
        : dice.randint(1, 3)
    ]


def header_declared(made: Sketch, dice: random.Random) -> None:
    made.said["header"] = 1


def on_its_side(made: Sketch, dice: random.Random) -> None:
    made.transposed = "at" not in made.said


def in_an_area(made: Sketch, dice: random.Random) -> None:
    made.corner, made.junk = (dice.randint(0, 3), dice.randint(0, 3)), True


def dialect(made: Sketch, dice: random.Random) -> None:
    """Write text files as the programs of three countries do."""
    made.csv = {
        "delimiter": dice.choice((",", ";", "\t")),
        "encoding": dice.choice(("utf-8", "utf-8-sig", "utf-16", "cp1251")),
    }
    heads = [head for column in made.columns for head in column.heads]
    cells = [cell.value for line in made.lines for cell in line.cells.values()]
    text = "".join(map(str, (*made.title, *heads, *cells)))
    if text.encode("cp1251", "ignore").decode("cp1251") != text:
        made.csv["encoding"] = made.csv["encoding"].replace("cp1251", "utf-8")


def _beside(made: Sketch, line: Line) -> dict[Column, Cell]:
    """Return the cells of a line with figures that are not true, where nothing is unsure."""
    return {
        column: Cell(cell.value * 3 + 2, cell.style)
        if isinstance(cell.value, float) and cell.holds and cell.holds[0] not in made.doubtful
        else Cell(cell.value, cell.style, None, cell.raised, cell.is_formula)
        for column, cell in line.cells.items()
    }


def _doubt_small_percentages(made: Sketch) -> None:
    """Allow that a plain number is set aside that could be a share beside percentages."""
    for cell in made.figures:
        if _is_percent(cell) and made.true(cell) <= 2:
            made.doubt(cell)


def _of_percent(made: Sketch) -> list[Cell]:
    return [cell for cell in _plain(made) if _is_percent(cell)]


def _is_percent(cell: Cell) -> bool:
    units = {i.id: i.unit for i in INDICATORS.values()}
    return bool(cell.holds) and units.get(cell.holds[0][0]) == "percent"


def _plain(made: Sketch) -> list[Cell]:
    """Return the figures that are still numbers, and not shown otherwise."""
    return [c for c in made.figures if isinstance(c.value, float) and "%" not in c.style]


def _mark(made: Sketch) -> str:
    return {"auto": ",", "": ","}.get(
        str(made.said.get("decimal", "")), str(made.said.get("decimal"))
    )


# In the order they are put on; how often each is.
FEATURES: dict[Feature, float] = {
    scale: 0.15, units: 0.3, percent_style: 0.3, numbers_as_text: 0.3, percent_text: 0.2,
    marks: 0.15, raised: 0.1, missing: 0.6, broken: 0.1, formulas: 0.2, styles: 0.3,
    names_untidy: 0.2, names_mapped: 0.15, unsure: 1, more_columns: 0.25, tree: 0.1, twins: 0.1,
    totals: 0.35, captions: 0.2, blanks: 0.3, merged: 0.25, outlined: 0.15, heading_again: 0.15,
    numbering: 0.15, notes: 0.3, hidden_lines: 0.2, hidden_columns: 0.15, titles: 0.4,
    header_declared: 0.4, on_its_side: 0.12, in_an_area: 0.15, dialect: 0.6,
}  # fmt: skip


def decorate(made: Sketch, off: frozenset[str] = frozenset()) -> Sketch:
    """Put features on a sheet, each by dice of its own, so that one can be left out alone."""
    for feature, often in FEATURES.items():
        dice = random.Random(f"{made.seed} {feature.__name__}")
        if dice.random() < often and feature.__name__ not in off and made.data:
            feature(made, dice)
            made.features.append(feature.__name__)
    return made
