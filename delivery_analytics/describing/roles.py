"""What each column of a table is for, with the evidence; what no column says is asked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from delivery_analytics.describing.arithmetic import Percent, percents, tree_levels
from delivery_analytics.describing.draft import Option, Question, entries
from delivery_analytics.describing.kinds import QUESTIONS, ROLE_NAMES, Kinds, lexicon, tried
from delivery_analytics.describing.tables import FoundTable, is_running
from delivery_analytics.errors import DefinitionError
from delivery_analytics.model.schema import TABLES
from delivery_analytics.parsing.heading_words import joined, parted, together, unworded
from delivery_analytics.parsing.matching import fold
from delivery_analytics.parsing.parse import clean, shortened
from delivery_analytics.parsing.parse_periods import period
from delivery_analytics.spreadsheets.addresses import letters

CLOSE = 0.8  # of the best: a second choice that is as good, or nearly
_SURE = 0.5  # of a column's cells
_KEYS = ("region", "indicator", "period")
_AXES = ("period", "region", "indicator")
# Fields of tables of figures: a column that is headed as one of them is hardly another.
_OF_FIGURES = (TABLES[name] for name in ("observations", "targets", "spending"))
_RIVALS = {"year", "part", "spent"}.union(*((*t.needs, *t.may) for t in _OF_FIGURES))
_FIGURES = ("value", "target", "spent", "commitment")
_ENTRIES = ROLE_NAMES["answered"]


@dataclass(frozen=True)
class Across:
    """A column of figures whose heading gives fields: a period, a region, an indicator.

    `rest` is what else the heading says.
    """

    column: int
    gives: Mapping[str, str]
    rest: tuple[object, ...]


@dataclass
class Roles:
    """The columns of one table while they are given roles.

    Attributes
    ----------
    taken
        Field → its column.
    left_out
        Column → why nothing is read of it.
    why
        Field → what was counted.
    known
        Question → what was answered before.
    percents
        Column → of which others of its row it is the percentage.
    tree
        The column of a tree's levels, and what shows it.
    said
        What was answered of several figures at once.
    """

    table: FoundTable
    kinds: Kinds
    known: Mapping[str, str] = field(default_factory=dict)
    across: list[Across] = field(default_factory=list)
    taken: dict[str, int] = field(default_factory=dict)
    left_out: dict[int, str] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    percents: Mapping[int, Percent] = field(default_factory=dict)
    tree: tuple[int, str] | None = None
    said: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for column, parts in self.table.headings.items():
            if any({"year", "period"} & {*self.kinds.kinds(part)} for part in parts):
                continue  # 1 and 2 under a year are figures
            if column in self.table.evidence and is_running(self.table.cells(column)):
                self.leave_out(column, "a running number, 1, 2, 3 …")

    def free(self) -> list[int]:
        """Return the columns that hold something and have no role yet."""
        used = {*self.taken.values(), *self.left_out, *(one.column for one in self.across)}
        headed = (c for c in self.table.evidence if c in self.table.headings and c not in used)
        return [column for column in headed if self.table.evidence[column].filled]

    def give(self, name: str, column: int, why: str) -> None:
        """Give a field its column, and say why."""
        self.taken[name] = column
        self.why[name] = f"{self.named(column)}: {why}"

    def leave_out(self, column: int, why: str) -> None:
        """Read nothing of a column, and say why."""
        self.left_out[column] = f"{self.named(column)}: {why}"

    def settle(self, name: str, columns: Sequence[int], why: str) -> None:
        """Give a field the one column that can be its own; of several ask which it is."""
        if len(columns) == 1:
            self.give(name, columns[0], why)
        elif columns:
            self.ask_column(name, columns)

    def fields(self, column: int) -> frozenset[str]:
        """Return what the heading of a column says it is for: its lowest part, or the whole."""
        lowest = clean(self.table.headings[column][-1])
        return self.kinds.fields(self.table.label(column)) or self.kinds.fields(lowest)

    def take(self, name: str, kinds: Sequence[str], *, words_needed: bool = False) -> None:
        """Give a field the column that fits it best; name the other where two fit alike."""
        scores: dict[int, float] = {}
        for column in self.free():
            said = self.fields(column)
            share = self.table.evidence[column].share(*kinds)
            factor = 1.3 if name in said else 0.3 if said & _RIVALS else 1.0
            # A column that is headed so is taken though no name in it is known: left out, it
            # would make its figures those of another region, or of the whole country.
            if name in said and name in _KEYS and self.table.evidence[column].kinds["text"]:
                share = max(share, _SURE)
            if share * factor >= _SURE and (name in said or not words_needed):
                scores[column] = share * factor
        if not scores:
            return
        ranked = sorted(scores, key=lambda column: -scores[column])
        best = ranked[0]
        alike = [c for c in ranked[1:] if scores[c] >= CLOSE * scores[best]]
        self.give(name, best, self._evidence(best, kinds))
        if alike:
            self.ask_column(name, [best, *alike])

    def ask_column(self, name: str, columns: Sequence[int]) -> None:
        """Ask which of several columns a field is read of; the others are left out.

        Of figures several may be answered: ``plan = A, actual = B, cumulative = yes``.
        """
        answer = self.known.get(f"column-{name}", "")
        if name == "value" and "=" in answer:
            self._take_said(columns, answer)
            return
        best = columns[0]
        alike = [c for c in columns[1:] if self._says_the_same(best, c, name)]
        for column in alike:
            self.leave_out(column, f"the same as {self.named(best)}")
        columns = [column for column in columns if column not in alike]
        if alike and len(columns) == 1:
            self.taken[name] = best
            return
        options = []
        for column in columns:
            others = [self.heading(c) for c in columns if c != column]
            changes = {"columns": {name: [self.heading(column)]}, "ignore": others}
            options.append(Option(self.heading(column), self._seen(column), changes))
            self.leave_out(column, f"asked, whether it is the {name}")
        self.taken.pop(name, None)
        options.append(Option("leave", "none: leave this table out", None))
        text, own = QUESTIONS["column"]["text"].format(name=name), QUESTIONS["column"]["own"]
        own = own if name == "value" and len(columns) > 1 else ""
        cells = sum(self.table.evidence[column].filled for column in columns)
        asked = Question(f"column-{name}", text, tuple(options), cells, own, "figures")
        self.questions.append(asked)

    def _take_said(self, columns: Sequence[int], answer: str) -> None:
        """Take the columns of figures that an answer names, by their headings."""
        self.said = entries(answer)
        called = {fold(self.heading(column)): column for column in self.free()}
        for name, heading in self.said.items():
            column = called.get(fold(heading))
            if name in _ENTRIES and column is not None:
                self.give(_ENTRIES[name], column, "answered")
            elif name != "cumulative":
                there = ", ".join(map(self.heading, columns))
                raise DefinitionError(f"'{name} = {heading}' is no figure. There are {there}")
        for column in columns:
            if column not in self.taken.values():
                self.leave_out(column, "no figure of these, as answered")

    def _says_the_same(self, one: int, other: int, name: str) -> bool:
        """Say whether two columns name one thing in each row, as a code and a name do."""
        names = self.kinds.names.get(name)
        pairs = set(zip(self.table.cells(one), self.table.cells(other), strict=True))
        if names is None:
            return all(a == b for a, b in pairs)
        return all(names.key_of(clean(a)) == names.key_of(clean(b)) for a, b in pairs)

    def heading(self, column: int) -> str:
        """Return the words that a column's heading is declared by; "" where it has none."""
        parts = self.table.headings.get(column)
        if not parts:
            return ""
        lowest = clean(parts[-1])
        others = [clean(p[-1]) for c, p in self.table.headings.items() if c != column]
        return lowest if lowest not in others else self.table.label(column)

    def named(self, column: int) -> str:
        return f"{letters(column)} '{shortened(self.table.label(column), 60)}'"

    def _seen(self, column: int) -> str:
        values = [clean(value) for value in list(self.table.evidence[column].values)[:3]]
        return f"{letters(column)}, such as {', '.join(shortened(text, 30) for text in values)}"

    def _evidence(self, column: int, kinds: Sequence[str]) -> str:
        held = self.table.evidence[column]
        count = max(held.kinds[kind] for kind in kinds)
        wanted = [v for v in held.values if not {*kinds, "none"} & self.kinds.kinds(v)]
        unlike = f"; not {', '.join(repr(shortened(clean(v), 40)) for v in wanted[:3])}"
        said = f"{count} of {held.filled} cells are {' or '.join(kinds)}"
        return f"{said}{unlike if wanted else ''}"


def roles_of(table: FoundTable, kinds: Kinds, known: Mapping[str, str] | None = None) -> Roles:
    """Return the roles of a table's columns, as far as cells and headings tell them."""
    roles = Roles(table, kinds, known or {})
    roles.take("kind", ("promise",), words_needed=True)
    _across(roles)
    by = {name for one in roles.across for name in one.gives}
    for name in ("region", "indicator"):
        if name not in by:
            roles.take(name, (name,))
    if "period" not in by and "kind" not in roles.taken:
        _periods(roles)
    if "kind" in roles.taken:
        roles.take("due_on", ("day",), words_needed=True)
        roles.take("illustrative", ("text",), words_needed=True)
    roles.take("reported_on", ("day",), words_needed=True)
    roles.take("unit", ("unit", "text"), words_needed=True)
    roles.take("budget", ("text",), words_needed=True)
    if not roles.across:
        figures = [column for column in roles.free() if column in table.figures]
        roles.tree = tree_levels(table, figures)
        roles.percents = percents(table, figures)
        _figures(roles)
    return roles


def _across(roles: Roles) -> None:
    """Find what the headings over the figures give: periods, regions, indicators."""
    table = roles.table
    columns = [c for c in table.headings if c not in roles.left_out and _may_hold(table, c)]
    labels = [held for c, held in table.evidence.items() if c not in table.figures]
    own = {
        name
        for name, kinds in (("period", ("year", "period")), ("region", ("region",)))
        if any(held.share(*kinds) >= CLOSE and held.filled > 1 for held in labels)
    }
    headed = lexicon()["fields"].items()
    measures = [word for word, fields in headed if not fields.isdisjoint(_FIGURES)]
    given: dict[int, tuple[dict[str, str], list[object]]] = {}
    for column in columns:
        gives, rest = {}, parted(table.headings[column], measures)
        for name in (n for n in _AXES if n not in own):
            for used, meant in _meanings(roles.kinds, name, unworded(rest, measures)):
                gives[name] = meant
                rest = [part for part in rest if part not in used]
                break
        given[column] = gives, rest
    named = [name for name in _AXES if _is_axis(name, [gives for gives, _ in given.values()])]
    roles.across = [
        Across(column, {name: gives[name] for name in named}, tuple(rest))
        for column, (gives, rest) in given.items()
        if named and set(named) <= gives.keys()
    ]


def _is_axis(name: str, given: Sequence[Mapping[str, str]]) -> bool:
    """Say whether enough of the headings give a field; one region alone may be a caption."""
    meant = [gives[name] for gives in given if name in gives]
    return len(meant) >= 0.5 * len(given) and len({*meant}) > (name == "region")


def _may_hold(table: FoundTable, column: int) -> bool:
    """Say whether a column holds figures, or nothing yet."""
    held = table.evidence.get(column)
    return column in table.figures or (held is not None and held.kinds["none"] == held.filled)


def _meanings(
    kinds: Kinds, name: str, parts: list[object]
) -> Iterator[tuple[list[object], str]]:
    """Yield the parts of a heading that mean a field, and what they mean."""
    if name != "period":
        found = ((part, kinds.names[name].key_of(clean(part))) for part in parts)
        yield from (([part], key) for part, key in found if key)
        return
    for used in together(parts):
        part = used[0] if len(used) == 1 else joined(used)
        read = tried(period, part.rstrip(": ") if isinstance(part, str) else part)
        if read is not None:
            yield used, str(read)


def _periods(roles: Roles) -> None:
    """Find the column of periods, or those of years and of their quarters or months."""
    table = roles.table
    parts = [c for c in roles.free() if table.evidence[c].share("part") >= CLOSE]
    years = [c for c in roles.free() if table.evidence[c].share("year") >= CLOSE]
    if len(parts) == 1 and len(years) == 1:
        roles.taken |= {"year": years[0], "part": parts[0]}
        roles.why["period"] = f"{roles.named(years[0])} and {roles.named(parts[0])} together"
        return
    roles.take("period", ("year", "period"))
    column = roles.taken.get("period", -1)
    is_day = column >= 0 and table.evidence[column].share("day") >= CLOSE
    if is_day and "period" not in roles.fields(column):  # any column of month ends
        roles.ask_column("period", [column])


def _figures(roles: Roles) -> None:
    """Find the columns of figures by their headings; of several that none names, ask."""
    held = roles.table.evidence
    free = [c for c in roles.free() if c in roles.table.figures]
    free = [c for c in free if held[c].share("day") < _SURE and c != (roles.tree or [-1])[0]]
    free = [c for c in free if not roles.fields(c) & {*_KEYS}] or free
    named: dict[str, list[int]] = {}
    for column in free:
        for name in roles.fields(column) & {*_FIGURES}:
            # Words such as "исполнено" say both.
            named.setdefault("value" if name == "spent" else name, []).append(column)
    for name, columns in named.items():
        roles.settle(name, sorted({*columns}), "by its heading")
    for column, (part, of, _) in roles.percents.items():
        if column in free and column in roles.free():
            told = f"a percentage by '{roles.heading(part)}' and '{roles.heading(of)}'"
            roles.leave_out(column, told)
    rest = [c for c in free if c in roles.free()]
    if "value" in named or not rest:
        return
    if len(rest) == 1 and roles.table.label(rest[0]) == "":
        roles.give("value", rest[0], "the only column of figures")
    else:
        roles.ask_column("value", [c for c in rest if len(held[c].values) > 1] or rest)
