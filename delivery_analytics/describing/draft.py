"""A drafted layout: what it says of the sheet, why, what is left out, what is asked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any

from delivery_analytics.describing.kinds import QUESTIONS
from delivery_analytics.describing.tables import FoundTable
from delivery_analytics.model.definitions import Indicator
from delivery_analytics.model.lookup import mistake
from delivery_analytics.model.sheet_definitions import Sheet
from delivery_analytics.parsing.matching import fold
from delivery_analytics.parsing.parse import ParseError
from delivery_analytics.parsing.parse_days import day
from delivery_analytics.spreadsheets.addresses import letters

MOST_ASKED = 5
_ENTRY = re.compile(r"[,;]\s*(?=[^,;=]+=)")
_BARE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True)
class Option:
    """An answer: how it is called, what it means, and what it changes of the sheet.

    Without `changes` the table is left out.
    """

    name: str
    meaning: str
    changes: Mapping[str, Any] | None


LEAVE = Option("leave", "leave this table out", None)


@dataclass(frozen=True)
class Question:
    """What only a person can say; `cells` are the figures that the answer is about.

    Attributes
    ----------
    own
        ``day``, ``indicator`` or what else any answer is taken of, for the field `of`.
    """

    id: str
    text: str
    options: tuple[Option, ...]
    cells: int = 0
    own: str = ""
    of: str = ""

    def answered(self, answer: str) -> Option:
        """Return the option that an answer names, by its number, its name or of its own.

        Raises
        ------
        DefinitionError
            Naming the answers there are.
        """
        called = {str(number): option for number, option in enumerate(self.options, 1)}
        called |= {option.name: option for option in self.options}
        if answer in called:
            return called[answer]
        if self.own and (changes := self._own(answer)) is not None:
            return Option(answer, answer, changes)
        names = ", ".join(f"{n} '{option.name}'" for n, option in enumerate(self.options, 1))
        names = (names or "none") + (f", or any {self.own}" if self.own else "")
        raise mistake("no-answer", answer=answer, asked=self, names=names)

    def met(self, answer: str) -> dict[str, str]:
        """Return what an answer says of the marks that are asked; {} where of others only."""
        asked = entries(self.options[0].name)
        return {mark: held for mark, held in entries(answer).items() if mark in asked}

    def _own(self, answer: str) -> dict[str, Any] | None:
        """Return what an answer changes that is none of the options; None if it is none."""
        if self.of in ("keep", "figures"):
            rules = [{"column": [k], "among": [v]} for k, v in entries(answer).items()]
            return ({"keep": rules} if self.of == "keep" else {}) if rules else None
        if self.of == "marks":
            known = {meant for one in self.options for meant in entries(one.name).values()}
            met = self.met(answer)
            return {"marks": met} if met and known.issuperset(met.values()) else None
        try:
            one = day(answer, order="dmy").value if self.own == "day" else answer
            if self.of == "encoding":
                return {"encoding": answer} if "".encode(answer) == b"" else None
        except (ParseError, LookupError):
            return None
        return {"constants": {self.of: one}}


def question_of(
    name: str, cells: int, changes: Mapping[str, Mapping[str, Any]], **values: object
) -> Question:
    """Return a question of ``questions.toml`` with those answers that `changes` has.

    Parameters
    ----------
    changes
        Answer → what it changes of the sheet.
    values
        What the question's text names in braces.
    """
    meant = QUESTIONS[name]["options"]
    options = tuple(Option(one, meant[one], made) for one, made in changes.items())
    return Question(name, QUESTIONS[name]["text"].format(**values), options, cells)


def entries(answer: str) -> dict[str, str]:
    """Return an answer that has several, as ``plan = A, actual = B``; {} if it has none."""
    pairs = (entry.partition("=") for entry in _ENTRY.split(answer) if "=" in entry)
    return {name.strip(): text.strip() for name, _, text in pairs}


@dataclass(frozen=True)
class Draft:
    """How one table may be read.

    Attributes
    ----------
    body
        The keys of its ``[[sheet]]``.
    why
        Key → what was counted, and what did not fit.
    left_out
        Column → why nothing is read of it.
    fields
        Column → what it is read as; ``across`` where its heading gives fields.
    refused
        Why there is no draft of it.
    told
        What the check found: the account of the figures, and lines to paste.
    """

    table: FoundTable
    body: Mapping[str, Any] = field(default_factory=dict)
    why: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    left_out: Mapping[int, str] = field(default_factory=dict)
    fields: Mapping[int, str] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    answered: tuple[str, ...] = ()
    refused: str = ""
    told: tuple[str, ...] = ()

    @property
    def is_ready(self) -> bool:
        """Say whether it may be loaded: nothing is asked, and it was not refused."""
        return not self.questions and not self.refused

    def answer(self, known: Mapping[str, str]) -> Draft:
        """Return the draft with its questions answered, as far as answers are `known`."""
        draft = self
        for question in self.questions:
            told = known.get(question.id)
            if told is None or draft.refused:
                continue
            if question.of != "marks" or not entries(told) or question.met(told):
                draft = draft._answered(question, question.answered(told))
        return draft

    def _answered(self, question: Question, option: Option) -> Draft:
        done = (*self.answered, question.id)
        if option.changes is None:
            reason = f"left out, as answered to '{question.id}'"
            return replace(self, refused=reason, questions=(), answered=done)
        said = f"answered: {question.text} {option.meaning}"
        why = {key: (*self.why.get(key, ()), said) for key in option.changes}
        rest = tuple(one for one in self.questions if one.id != question.id)
        body = merged(self.body, option.changes)
        return replace(self, body=body, why={**self.why, **why}, questions=rest, answered=done)

    def asking(self, questions: Iterable[Question]) -> Draft:
        """Return the draft with further questions, those about most figures first."""
        # Of several marks some may have been answered, of an earlier file or before.
        known = {one.id for one in self.questions} | {*self.answered} - {"marks"}
        new = {one.id: one for one in questions if one.id not in known}
        both = sorted([*self.questions, *new.values()], key=lambda one: -one.cells)
        return replace(self, questions=tuple(both))


def merged(body: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return a sheet with keys changed: tables are put together, lists made longer."""
    out = dict(body)
    for key, value in changes.items():
        old = out.get(key)
        if isinstance(value, Mapping) and isinstance(old, Mapping):
            out[key] = merged(old, value)
        elif isinstance(value, list) and isinstance(old, list) and key != "files":
            out[key] = [*old, *(one for one in value if one not in old)]
        elif value is None:
            out.pop(key, None)
        else:
            out[key] = value
    return out


def as_toml(draft: Draft) -> str:
    """Return a draft as a ``[[sheet]]`` with its evidence above each line."""
    return "\n".join(_lines(draft)) + "\n"


def _lines(draft: Draft) -> Iterator[str]:
    if draft.refused:
        yield comment(f"no layout: {draft.refused}")
        return
    yield "[[sheet]]"
    for key in (one.name for one in fields(Sheet) if one.name in draft.body):
        yield from map(comment, draft.why.get(key, ()))
        yield f"{key} = {toml_value(draft.body[key])}"
    for column, reason in draft.left_out.items():
        yield comment(f"Left out: {letters(column)}, {reason}")
    for number, one in enumerate(draft.questions, 1):
        yield comment(f"Question {number}, {one.id} ({one.cells} cells): {one.text}")
        for option in one.options:
            yield comment(f"  {option.name}: {option.meaning} → {_consequence(option)}")
    if draft.questions:
        asked = {one.id: [option.name for option in one.options] for one in draft.questions}
        yield f"ask = {toml_value(asked)}"
    yield from map(comment, draft.told)


def _consequence(option: Option) -> str:
    changes = {} if option.changes is None else option.changes
    told = "; ".join(f"{key} = {toml_value(held)}" for key, held in changes.items())
    return "leaves this table out" if option.changes is None else told or "as drafted"


def comment(line: str) -> str:
    """Return a line of TOML that only a person reads; no text of a sheet can end it."""
    return "# " + "".join(c if c.isprintable() else " " for c in line)


def toml_value(value: object) -> str:
    """Return a value as TOML writes it on one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        literal = "\\" in value and "'" not in value and value.isprintable()
        return f"'{value}'" if literal else _quoted(value)
    if isinstance(value, Mapping):
        keys = {key: key if _BARE.fullmatch(key) else _quoted(key) for key in value}
        pairs = (f"{keys[key]} = {toml_value(held)}" for key, held in value.items())
        return f"{{ {', '.join(pairs)} }}" if value else "{}"
    if isinstance(value, Sequence):
        return f"[{', '.join(map(toml_value, value))}]"
    return value.isoformat() if isinstance(value, date) else repr(value)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def nearest(indicators: Iterable[Indicator], texts: Iterable[str]) -> list[Indicator]:
    """Return the indicators whose names are nearest to any of the texts, nearest first."""
    from difflib import SequenceMatcher

    folded = [fold(text)[:200] for text in texts if text]

    def likeness(one: Indicator) -> float:
        names = map(fold, (*one.name.values(), *one.aliases))
        pairs = (SequenceMatcher(None, a, b).ratio() for a in names for b in folded)
        return max(pairs, default=0.0)

    return sorted(indicators, key=likeness, reverse=True)
