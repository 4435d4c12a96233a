"""What files tell of a unit that has no definitions yet: its regions, and what it measures."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from delivery_analytics.describing import outside
from delivery_analytics.describing.draft import Option, Question
from delivery_analytics.describing.kinds import QUESTIONS, Evidence, Kinds, lexicon, tried
from delivery_analytics.describing.registers import register_of
from delivery_analytics.describing.roles import Roles, roles_of
from delivery_analytics.describing.tables import FoundTable, find_tables
from delivery_analytics.errors import DefinitionError
from delivery_analytics.loading.form_rows import is_total_word, total_words
from delivery_analytics.loading.units import sized
from delivery_analytics.model import periods
from delivery_analytics.parsing.matching import KnownNames, bare, fold
from delivery_analytics.parsing.parse import clean, is_missing, shortened
from delivery_analytics.parsing.parse_periods import period
from delivery_analytics.spreadsheets import Book

_LISTED = 6  # values of a column, in a question
_NONE = Option("none", "none of them", {})
# Asks a person, by file and sheet, until the check takes the answer; "" leaves it open.
Ask = Callable[[str, str, Question, Callable[[str], object]], str]


@dataclass(frozen=True)
class NewIndicator:
    """What files measure, as they call it; `unit` and `direction` are "" until known."""

    name: str
    code: str = ""
    unit: str = ""
    direction: str = ""
    frequency: str = "annual"


class _Seen(NamedTuple):
    """A table, the sector and the file it is of."""

    sector: str
    file: str
    table: FoundTable


@dataclass
class Survey:
    """Looks at the files of new sectors, and asks what they do not say.

    Attributes
    ----------
    regions, nation
        The names of its regions, as the files have them, and what else the nation is called.
    indicators
        Sector → what it measures.
    """

    kinds: Kinds
    ask: Ask
    regions: list[str] = field(default_factory=list)
    nation: list[str] = field(default_factory=list)
    indicators: dict[str, list[NewIndicator]] = field(default_factory=dict)
    _asked: dict[tuple[str, ...], str] = field(default_factory=dict)

    def look(self, books: Iterable[tuple[str, Book]]) -> None:
        """Find what the files of each sector are about: first the regions, in all of them."""
        seen = [
            _Seen(sector, book.file, table)
            for sector, book in books
            for grid in book.sheets
            if grid.visible
            for table in find_tables(grid, self.kinds)
        ]
        for one in sorted(seen, key=lambda one: "region" not in self._roles(one).taken):
            self._regions_of(one)
        kinds = self._each_of("", "kind", self.regions, QUESTIONS["kind"]["options"])
        kept = dict(zip(self.regions, kinds, strict=True))
        self.nation = [name for name, kind in kept.items() if kind == "nation"]
        for one in seen:
            self._indicators_of(one)
        self.regions = [name for name, kind in kept.items() if kind == "region"]
        units = dict.fromkeys(key for _, key in self.kinds.units.listed)
        for sector in self.indicators:
            self._given(sector, "unit", dict.fromkeys(units, ""))
            self._given(sector, "direction", QUESTIONS["direction"]["options"])

    def _roles(self, one: _Seen) -> Roles:
        named = tuple((name, name) for name in self.regions)
        known = KnownNames("region", self.kinds.names["region"].listed + named)
        kinds = replace(self.kinds, names={**self.kinds.names, "region": known}, known={})
        cells = {column: one.table.cells(column) for column in one.table.evidence}
        evidence = {column: Evidence.of(kinds, held) for column, held in cells.items()}
        return roles_of(replace(one.table, evidence=evidence), kinds, {})

    def _put(self, one: _Seen, question: Question, key: tuple[str, ...]) -> str:
        """Ask once for all tables that are headed alike."""
        if key not in self._asked:
            answer = self.ask(one.file, one.table.grid.sheet, question, question.answered)
            self._asked[key] = question.answered(answer).name if answer else ""
        return self._asked[key]

    # Regions

    def _regions_of(self, one: _Seen) -> None:
        roles = self._roles(one)
        if "region" not in roles.taken and register_of(roles):
            return  # of milestones and the like, which need have none
        if "region" in roles.taken:
            self._add_regions(one.table.cells(roles.taken["region"]))
        elif not any("region" in across.gives for across in roles.across):
            names = {**_texts(roles), **_headings(roles)}
            options = (*(Option(n, _listed(v), {}) for n, v in names.items()), _NONE)
            text = "which of these are its regions?"
            question = Question("regions", text, options, len(one.table.figures))
            answer = names and self._put(one, question, ("regions", *names))
            self._add_regions(names.get(answer, ()) if answer else ())

    def _add_regions(self, values: Iterable[object]) -> None:
        known = {fold(name) for name in self.regions}
        for value in values:
            name = bare(clean(value))
            is_nation = self.kinds.names["region"].key_of(name)
            is_none = is_missing(name) or name.isdecimal() or is_total_word(name, total_words())
            if not (is_none or is_nation or fold(name) in known):
                known.add(fold(name))
                self.regions.append(name)

    # Indicators

    def _indicators_of(self, one: _Seen) -> None:
        roles = self._roles(one)
        has_lines = any("line" in roles.fields(column) for column in one.table.headings)
        if has_lines or register_of(roles):
            return  # spending, milestones and the like are of none
        frequency, found = _frequency(roles), self.indicators.setdefault(one.sector, [])
        known = {fold(name) for each in found for name in (each.name, each.code)}
        for new in self._measured(one, roles):
            if fold(new.name) not in known:
                known.add(fold(new.name))
                found.append(replace(new, frequency=frequency))

    def _measured(self, one: _Seen, roles: Roles) -> Iterator[NewIndicator]:
        texts, heads = _texts(roles), _headings(roles)
        if "indicator" in roles.taken:
            yield from self._of_column(roles, roles.taken["indicator"])
            return
        said = [text for text in outside.texts_beside(one.table) if _is_name(text)][-3:]
        options = [Option(n, f"its values: {_listed(v)}", {}) for n, v in texts.items()]
        options += [Option(n, f"each: {_listed(v)}", {}) for n, v in heads.items()]
        options += [Option(text, "it is called so", {}) for text in dict.fromkeys(said)]
        options += [Option("none", "nothing: it is no table of indicators", {})]
        asked, count = ("indicator", "what is measured?"), len(one.table.figures)
        question = Question(*asked, tuple(options), count, "text")
        own = [] if texts or heads else [one.file, *said]
        answer = self._put(one, question, ("indicator", *texts, *heads, *own))
        if answer in heads:
            for name in heads[answer]:
                yield NewIndicator(clean(name), unit=self._unit([clean(name)]))
        elif answer in texts:
            column = next(c for c in roles.free() if roles.heading(c) == answer)
            yield from self._of_column(roles, column)
        elif answer not in ("", "none"):
            yield NewIndicator(answer, unit=self._unit([answer, *said]))

    def _of_column(self, roles: Roles, column: int) -> Iterator[NewIndicator]:
        """Yield what a column names; a column beside that says the same makes it a code."""
        table, taken = roles.table, roles.taken
        codes = names = table.cells(column)
        others = [c for c in table.evidence if c not in {*taken.values(), *table.figures}]
        alike = [c for c in others if _pairs(codes, table.cells(c))]
        for other in sorted(alike, key=lambda c: "indicator" not in roles.fields(c))[:1]:
            both = codes, table.cells(other)  # codes are shorter
            codes, names = sorted(both, key=lambda cells: sum(len(clean(v)) for v in cells))
        units = table.cells(taken["unit"]) if "unit" in taken else [None] * len(codes)
        for code, name, unit in dict.fromkeys(zip(codes, names, units, strict=True)):
            called, own = clean(name), clean(unit)
            if called and not is_total_word(called, total_words()):
                counted = self._unit([own, called]) or sized(own)[1] or own
                yield NewIndicator(called, clean(code) if names is not codes else "", counted)

    def _unit(self, said: Sequence[str]) -> str:
        found = (each.unit for each in outside.units_said(self.kinds, said))
        return next(filter(None, found), "")

    def _given(self, sector: str, name: str, among: Mapping[str, str]) -> None:
        """Ask for the unit, or the direction, of a sector's indicators that have none."""
        found = self.indicators[sector]
        lacking = [one for one in found if not getattr(one, name)]
        given = iter(self._each_of(sector, name, [one.name for one in lacking], among))
        self.indicators[sector] = [
            one if getattr(one, name) else replace(one, **{name: next(given)}) for one in found
        ]

    def _each_of(
        self, where: str, name: str, things: Sequence[str], among: Mapping[str, str]
    ) -> list[str]:
        """Ask one thing of each of several; "" of each where it is left open.

        `among` are the answers, each with what it means.
        """
        if not things:
            return []
        first, second, *_ = among
        numbered = "; ".join(f"{n} {thing}" for n, thing in enumerate(things, 1))
        example = f"{first} for all, or 1={second}, {first} for the rest"
        told = f"what is the {name} of {numbered}? Such as {example}"
        options = tuple(Option(one, meant, {}) for one, meant in among.items())
        question = Question(name, told, options, len(things), "text")

        def each(answer: str) -> list[str]:
            return _each(question.answered(answer).name, len(things), name, among)

        answer = self.ask(where, "", question, each)
        return each(answer) if answer else [""] * len(things)


def _each(answer: str, count: int, what: str, among: Iterable[str]) -> list[str]:
    """Return what an answer such as ``1=decrease, increase`` says of each; of a rest, too."""
    own: dict[str, str] = {}
    rest = ""
    for part in answer.split(","):
        number, equals, value = (text.strip() for text in part.rpartition("="))
        if what != "unit" and value not in among:
            raise DefinitionError(f"'{value}' is no {what}. Expected {', '.join(among)}")
        own, rest = (own | {number: value}, rest) if equals else (own, value)
    given = [own.get(str(number), rest) for number in range(1, count + 1)]
    unknown = own.keys() - set(map(str, range(1, count + 1)))
    if unknown or "" in given:
        raise DefinitionError(f"'{answer}' does not say the {what} of each from 1 to {count}")
    return given


def _texts(roles: Roles) -> dict[str, Sequence[object]]:
    """Return the columns of texts that have no role: heading → values."""
    held, figures = roles.table.evidence, roles.table.figures
    texts = (c for c in roles.free() if held[c].kinds["text"] > held[c].filled / 2)
    named = (c for c in texts if c not in figures and "comment" not in roles.fields(c))
    return {roles.heading(column): [*held[column].values] for column in named}


def _headings(roles: Roles) -> dict[str, Sequence[object]]:
    """Return what stands over the figures, where it is neither a period nor a plan."""
    across = {one.column for one in roles.across}
    headed = [c for c in roles.table.figures if c in roles.table.headings and c not in across]
    over = [c for c in headed if not roles.fields(c)]
    beside = [clean(part) for one in roles.across for part in one.rest]
    rest = [text for text in beside if not roles.kinds.fields(text)]
    names = [name for name in dict.fromkeys([*rest, *map(roles.heading, over)]) if name]
    return {"headings": names} if names else {}


def _pairs(codes: Sequence[object], names: Sequence[object]) -> bool:
    """Say whether two columns go together, as a code and its name do."""
    pairs = {*zip(codes, names, strict=True)}
    return codes is not names and len({*codes}) == len({*names}) == len(pairs)


def _is_name(text: str) -> bool:
    is_day = any(word in fold(text) for word in lexicon()["says"]["as_of"])
    is_note = not text[:1].isalnum()
    return sum(map(str.isalpha, text)) > 3 and len(text) < 120 and not (is_day or is_note)


def _listed(values: Sequence[object]) -> str:
    more = f" … {len(values)} in all" if len(values) > _LISTED else ""
    return ", ".join(shortened(clean(value), 40) for value in values[:_LISTED]) + more


def _frequency(roles: Roles) -> str:
    """Return the frequency of most periods of a table; annual where it has none."""
    given = (one.gives.get("period") for one in roles.across)
    texts: Iterable[object] = [*filter(None, given)]
    if "part" in roles.taken:
        texts = (f"{clean(part)} 2024" for part in roles.table.cells(roles.taken["part"]))
    elif "period" in roles.taken:
        texts = roles.table.cells(roles.taken["period"])
    read = (tried(period, text) for text in texts)
    counted = Counter(periods.frequency(one) for one in read if one)
    return counted.most_common(1)[0][0] if counted else "annual"
