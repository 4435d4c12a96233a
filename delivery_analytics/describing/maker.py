"""Write the keys of a drafted layout from the roles of its table's columns."""

import re
from pathlib import PurePath
from typing import Any

from delivery_analytics.describing import outside
from delivery_analytics.describing.breakdowns import dividing, keep_question
from delivery_analytics.describing.draft import LEAVE, Draft, Option, Question
from delivery_analytics.describing.kinds import QUESTIONS, ROLE_NAMES, Sent, tried
from delivery_analytics.describing.registers import KEYS
from delivery_analytics.describing.roles import CLOSE, Roles
from delivery_analytics.loading.units import is_money, sized
from delivery_analytics.model.schema import TABLES
from delivery_analytics.parsing.parse import clean, number, shortened
from delivery_analytics.spreadsheets.addresses import letters

_DIGITS = re.compile(r"\d[\d.\-_]*\d")
_SPECIAL = re.compile(r"([\[*?])")
_UNGROUPED = re.compile(r"(?<![\d.,])\d{4}")
_DOUBTFUL = re.compile(r"[.,' ]\d{3}(?!\d)")


class Maker:
    """Writes one ``[[sheet]]`` key by key, each with why.

    `said` are the texts beside the table, `figures` counts its cells of figures.
    """

    def __init__(self, sent: Sent, roles: Roles, register: str = "") -> None:
        self.roles, self.table = roles, (table := roles.table)
        self.registry, self.sector, self.book, self.kinds = sent
        self.body: dict[str, Any] = {}
        self.why: dict[str, list[str]] = {}
        self.questions = roles.questions
        self.said = outside.texts_beside(table)
        self.labels = [table.label(column) for column in table.headings]
        self.figures = sum(table.evidence[column].filled for column in table.figures)
        self.tidy = register or self._table()
        if self.tidy == "spending" and "indicator" not in roles.taken:
            self._line()

    def _table(self) -> str:
        """Return the table that the sheet's rows go to."""
        if "kind" in self.roles.taken and "due_on" in self.roles.taken:
            return "targets"
        column = self.roles.taken.get("indicator", -1)
        if column in self.table.evidence and self.table.evidence[column].kinds["indicator"]:
            return "observations"
        both = {"value", "target"} <= {*self.roles.taken, *self._measures()}
        is_headed = any("line" in self.roles.fields(c) for c in self.table.headings)
        is_said = bool({"plan", "actual"} & self.roles.said.keys())
        is_spending = is_said or (both and (is_headed or self.currencies()))
        return "spending" if is_spending else "observations"

    def _line(self) -> None:
        """Take the column that names most lines; ask where another names nearly as many."""
        held, roles = self.table.evidence, self.roles
        names = [c for c in roles.free() if held[c].share("text") >= CLOSE]
        most = max((len(held[c].values) for c in names), default=0)
        best = [c for c in names if len(held[c].values) >= CLOSE * most]
        if len(best) == 1:
            roles.give("indicator", best[0], f"{most} names")
        elif best:
            roles.ask_column("line", best)

    def _measures(self) -> set[str]:
        parts = [clean(part) for one in self.roles.across for part in one.rest]
        return {self._measure(part) for part in parts}

    def _measure(self, part: str) -> str:
        fields = self.kinds.fields(part) & {"value", "target", "spent"}
        names = {"value" if name == "spent" else name for name in fields}
        return names.pop() if len(names) == 1 else ""

    def currencies(self) -> list[str]:
        """Return the texts beside the table that say which money its figures are."""
        money = {unit.id for unit in self.registry.units.values() if unit.kind == "money"}
        said = outside.units_said(self.kinds, [*self.said, *self.labels])
        found = [one.text for one in said if one.unit in money]
        parts = outside.parts_of([*self.said, *self.labels])
        words = [word for part in parts for word in (part, *part.split())]
        return found or [word for word in words if is_money(sized(word)[1])][:1]

    def field(self, name: str) -> str:
        """Return what a role is called in the table."""
        return str(ROLE_NAMES["called"].get(self.tidy, {}).get(name, name))

    def draft(self) -> Draft:
        """Return what was written so far."""
        why = {key: tuple(lines) for key, lines in self.why.items()}
        fields = {column: self.field(name) for name, column in self.roles.taken.items()}
        fields |= {one.column: "across" for one in self.roles.across}
        draft = Draft(self.table, self.body, why, self.roles.left_out, fields)
        return draft.asking(self.questions)

    def write(self, key: str, value: Any, *why: str) -> None:
        """Write a key, and why it says so."""
        self.body[key] = value
        self.why.setdefault(key, []).extend(line for line in why if line)

    def constant(self, name: str, value: Any, why: str) -> None:
        """Write a field that is one for the whole table."""
        constants = {**self.body.get("constants", {}), self.field(name): value}
        self.write("constants", constants, f"{self.field(name)}: {why}")

    def ask(
        self, name: str, options: list[Option] | dict[str, str], *, of: str = "", **values: str
    ) -> None:
        """Ask for a field of the whole table, or to leave the table out.

        Of a mapping each is a constant for the field, with what it means. The text, which may
        name `values`, and what else may be answered are in ``questions.toml``, there as `of`.
        """
        field, asked = self.field(name), QUESTIONS[of or name]
        if isinstance(options, dict):
            pairs = options.items()
            options = [Option(k, meant, {"constants": {field: k}}) for k, meant in pairs]
        text, own = asked["text"].format(**values), asked.get("own", "")
        own = "" if name in ROLE_NAMES["closed"] else own
        question = Question(name, text, (*options, LEAVE), self.figures, own, field)
        self.questions.append(question)

    def has(self, name: str) -> bool:
        """Say whether a role is a column's, or gives headings, or is asked of columns."""
        across = {one for column in self.roles.across for one in column.gives}
        asked = {question.id for question in self.questions}
        both = {f"column-{name}", f"column-{self.field(name)}"}
        return name in {*self.roles.taken, *across} or bool(both & asked)

    def place(self, *, alone: bool) -> None:
        """Write where the table lies; `alone` where no other is on its sheet."""
        table, file = self.table, self.book.file
        one_row_per = TABLES[self.tidy].one_row_per
        self.write("table", self.tidy, f"{self.tidy}: one row per {one_row_per}")
        name = PurePath(_SPECIAL.sub(r"[\1]", file))
        pattern = _DIGITS.sub("*", name.stem) + name.suffix
        opened = f"the digits of '{file}' were opened: check that no other file is meant"
        self.write("files", [pattern], opened if "*" in pattern else "")
        if self.book.format not in ("csv", "tsv"):
            self.write("sheets", [_SPECIAL.sub(r"[\1]", table.grid.sheet)])
        rows = f"rows {table.data_row + 1} to {table.last + 1} are the body"
        self.write("header", table.heading + 1, f"{rows}; the heading stands over it")
        if table.heading_rows > 1:
            self.write("header_rows", table.heading_rows)
        if not alone:
            ends = ((table.top, table.left), (table.bottom - 1, table.right))
            area = ":".join(table.grid.address(*end) for end in ends)
            self.write("area", area, "other tables are on the sheet: look again when it grows")
        if table.grid.turned:
            self.write("transpose", True, "the fields are named in a column")

    def wide(self) -> None:
        """Write what the headings over the figures give."""
        across = self.roles.across
        if not across:
            return
        by = list(across[0].gives)
        meant = dict.fromkeys(" ".join(one.gives.values()) for one in across)
        why = f"{len(across)} headings give a {' and a '.join(by)}: {', '.join(meant)}"
        named: dict[str, list[str]] = {}
        for part in dict.fromkeys(clean(part) for one in across for part in one.rest):
            if name := self._measure(part):
                named.setdefault(self.field(name), []).append(part)
        value = self.field("value")
        wide: dict[str, Any] = {"by": by, "value": value}
        if named and all(one.rest for one in across):
            wide = {"by": by, "values": dict(sorted(named.items()))}
            self._leave_measures({word for words in named.values() for word in words})
        elif len(across) > len(meant):
            self._ask_measure(by, value)
        if by == ["assessor"]:
            headed = {one.gives["assessor"]: [self.roles.heading(one.column)] for one in across}
            wide["labels"] = {"assessor": headed}
        self.write("wide", wide, shortened(why, 300))

    def _leave_measures(self, known: set[str]) -> None:
        """Leave out by name what is neither a figure nor its target, such as a percentage."""
        for one in list(self.roles.across):
            if not known & {clean(part) for part in one.rest}:
                self.roles.across.remove(one)
                self.roles.leave_out(one.column, "neither the figure nor its target")

    def _ask_measure(self, by: list[str], value: str) -> None:
        words = dict.fromkeys(clean(one.rest[0]) for one in self.roles.across if one.rest)
        options = []
        for word in words:
            wide = {"by": by, "value": None, "values": {value: [word]}}
            changes = {"wide": wide, "ignore": [other for other in words if other != word]}
            options.append(Option(word, "the figure; the others are left out", changes))
        self.ask("measure", options, by=by[0])

    def columns(self) -> None:
        """Write the columns that have a role; leave out those the table has no field for."""
        roles = self.roles
        known = {*TABLES[self.tidy].fields, "year", "part"}
        for name in [name for name in roles.taken if self.field(name) not in known]:
            roles.leave_out(roles.taken.pop(name), f"{self.tidy} keep no {name}")
        self._percents()
        if "part" in roles.taken:
            self.write("join", {"period": ["year", "part"]})
        taken = {self.field(name): column for name, column in roles.taken.items()}
        headed = {name: roles.heading(column) for name, column in taken.items()}
        columns = {name: [label] for name, label in headed.items() if label}
        if columns:
            self.write("columns", columns, *roles.why.values())
        if at := {name: letters(taken[name]) for name, label in headed.items() if not label}:
            self.write("at", at, "these columns have no heading")
        if merged := [name for name, column in taken.items() if self._is_merged_down(column)]:
            self.write("fill", merged, "cells are merged downwards")

    def _percents(self) -> None:
        """Take the percentages of figures that are read, to be checked."""
        fields = {column: self.field(name) for name, column in self.roles.taken.items()}
        for column, (part, of, change) in self.roles.percents.items():
            if {part, of} <= fields.keys() and column in self.roles.left_out:
                name = f"percent_{letters(column)}"
                rule = {"part": fields[part], "of": fields[of], "change": change}
                told = f"{self.roles.left_out.pop(column)}: it is checked, and not stored"
                self.write("recompute", {**self.body.get("recompute", {}), name: rule}, told)
                self.roles.taken[name] = column

    def _is_merged_down(self, column: int) -> bool:
        rows = range(self.table.data_row, self.table.last + 1)
        return any(
            left <= column <= right and top in rows and bottom > top
            for top, left, bottom, right in self.table.grid.merged
        )

    def section(self, name: str, kinds: tuple[str, ...]) -> bool:
        """Say whether texts alone in their rows, over blocks of the body, give a field."""
        rows = self.table.grid.rows[self.table.data_row - 1 : self.table.last + 1]
        alone = [[value for value in cells if value is not None] for cells in rows]
        texts = [clean(cells[0]) for cells in alone if len(cells) == 1]
        named = [text for text in texts if {*kinds} & self.kinds.kinds(text)]
        if not named or "section" in self.body:
            return False
        shown = ", ".join(f"'{shortened(text, 60)}'" for text in named[:3])
        told = f"{len(named)} texts alone in their row: {shown}"
        self.write("section", self.field(name), told)
        return True

    def by_file_name(self, name: str) -> bool:
        """Say whether a part of the file's name is a code; its place is written then."""
        parts = PurePath(self.book.file).stem.split("_")
        coded = [part for part in parts if part in self.kinds.names[name].known]
        if len(coded) != 1 or not any(map(str.isdigit, coded[0])):
            return False
        before, _, after = self.book.file.partition(coded[0])
        pattern = rf"^{re.escape(before)}(?P<{name}>[^_]+){re.escape(after)}$"
        self.write("file_name", pattern, f"the file's name has the {name}'s code, {coded[0]}")
        self.write("files", [_SPECIAL.sub(r"[\1]", before) + "*" + after])
        return True

    def left_over(self) -> None:
        """Name every column that is left, and ask of those that divide what is counted."""
        roles = self.roles
        no_keys = ("value", "target", "commitment", "comment", "unit", "illustrative")
        keys = [column for name, column in roles.taken.items() if name not in no_keys]
        # Which rows are alike is not known before it is known what the figures are.
        is_open = self.tidy in KEYS or any(q.id == "column-value" for q in self.questions)
        if divided := [] if is_open else dividing(roles, keys):
            blank = {}
            region = roles.taken.get("region")
            if region is not None and self.table.evidence[region].filled < len(self.table.rows):
                blank = {"region": self.registry.country_id}
            divides = self.tidy == "observations" and roles.tree is None
            asked = keep_question(roles, divided, blank, divides=divides)
            self.questions.insert(0, asked)
        for column in divided:
            roles.leave_out(column, "asked, whether it divides them")
        for column in roles.free():
            held = self.table.evidence[column]
            what = "figures" if column in self.table.figures else "cells"
            roles.leave_out(column, f"{held.filled} {what} of no field")
        for column, held in self.table.evidence.items():
            if not (held.filled or column in roles.left_out) and column in self.table.headings:
                roles.leave_out(column, "blank")
        named = [c for c, why in roles.left_out.items() if ": asked, " not in why]
        ignored = dict.fromkeys(filter(None, map(roles.heading, named)))
        if ignored:
            self.write("ignore", [*ignored])

    def decimal(self) -> None:
        """Write the decimal mark, where only under one of them all texts are figures."""
        values = (v for c in self.table.figures for v in self.table.evidence[c].values)
        written = (value for value in values if isinstance(value, str))
        texts = {clean(text) for text in written if "text number" in self.kinds.kinds(text)}
        doubtful = sorted(t for t in texts if _DOUBTFUL.search(t) and not _is_number(t))
        is_plain = any(map(_UNGROUPED.search, texts))  # then no mark divides thousands
        for mark, other in (".,", ",.") if doubtful else ():
            if is_plain and any(other in text for text in doubtful):
                continue
            proof = next((text for text in sorted(texts) if not _is_number(text, other)), "")
            if proof and all(_is_number(text, mark) for text in texts):
                why = f"'{proof}' is a figure only so, and '{doubtful[0]}' "
                self.write("decimal", mark, why + "could be read two ways")


def _is_number(text: str, decimal: str = "auto") -> bool:
    return tried(number, text, decimal=decimal, percent=True, suffixes=True) is not None
