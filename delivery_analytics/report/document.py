"""What a report is made of: its blocks, which know no format."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import pandas as pd

from delivery_analytics.report.figure import Column, Figure
from delivery_analytics.report.own_table import as_shown


@dataclass(frozen=True)
class Heading:
    """A heading; the report's own title is level 1."""

    text: str
    level: int = 2

    def _repr_html_(self) -> str:
        return f"<h{self.level}>{html.escape(self.text)}</h{self.level}>"


@dataclass(frozen=True)
class Text:
    """A paragraph; `strong` are the phrases of it that stand out, as they follow in it."""

    text: str
    strong: tuple[str, ...] = ()

    @property
    def runs(self) -> list[tuple[str, bool]]:
        """The text in pieces, each with whether it stands out."""
        pieces, rest = [], self.text
        for phrase in filter(None, self.strong):
            before, found, after = rest.partition(phrase)
            if found:
                pieces += [(before, False), (phrase, True)]
                rest = after
        return [piece for piece in (*pieces, (rest, False)) if piece[0]]

    def _repr_html_(self) -> str:
        return f"<p>{_marked_up(self)}</p>"


@dataclass(frozen=True)
class Bullets:
    """A list of points, numbered from `first` where there is one; a point may be a list."""

    items: tuple[Text | Bullets, ...]
    first: int | None = None

    @property
    def lines(self) -> list[Text]:
        """Every point as a paragraph; those of a list within a list begin with a dash."""
        lines: list[Text] = []
        number = self.first
        for item in self.items:
            if isinstance(item, Bullets):
                lines += [replace(one, text=f"– {one.text}") for one in item.lines]
            elif number is None:
                lines.append(item)
            else:
                lines.append(replace(item, text=f"{number}. {item.text}"))
                number += 1
        return lines

    def _repr_html_(self) -> str:
        return "".join(line._repr_html_() for line in self.lines)


@dataclass(frozen=True)
class Note:
    """A remark that stands apart: a coverage, a warning, what is illustrative."""

    text: str
    kind: Literal["note", "illustrative", "coverage", "warning"] = "note"

    def _repr_html_(self) -> str:
        return f"<p><small>{html.escape(self.text)}</small></p>"


@dataclass(frozen=True)
class Headline:
    """One figure that is read first, written in the reader's language; `number` is it bare."""

    label: str
    value: str
    note: str = ""
    status: str = ""
    source: str = ""
    number: float | None = None


@dataclass(frozen=True)
class Headlines:
    """The row of figures that is read first."""

    items: tuple[Headline, ...]

    def _repr_html_(self) -> str:
        cells = "".join(
            f"<td><b>{html.escape(item.value)}</b><br>{html.escape(item.label)}</td>"
            for item in self.items
        )
        return f"<table><tr>{cells}</tr></table>"


@dataclass(frozen=True)
class Table:
    """A table to read: the frame holds raw values, the columns say how to write them.

    Parameters
    ----------
    frame
        A DataFrame, or a Series. An index that says something becomes columns, and the upper
        levels of columns headings over several (`Column.spanner`).
    columns
        Which are shown, in order: their names, or ``{name: heading}``, or
        ``{name: {"label": …, "kind": …, …}}`` with the settings of `Column`, such as
        ``kind="percent"`` (of 0–100; never taken for granted), ``unit``, ``decimals``,
        ``spanner``, ``bar`` and ``marks``. What is left out is told by the values: numbers,
        days, periods such as ``2024-Q2``, statuses such as ``on_track``, or text. Without
        any, all are shown.
    groups
        The column by which rows stand together, under its value.
    name, finding
        Of a table of ours: what it is declared as, and what it says in a sentence.

    Raises
    ------
    DefinitionError
        If there is no such column or setting, or a cell holds what cannot be shown as one
        text, number or day.
    """

    frame: pd.DataFrame
    title: str = ""
    columns: Any = ()
    note: str = ""
    empty_text: str = ""
    groups: str = ""
    name: str = ""
    finding: str = ""

    def __post_init__(self) -> None:
        own = not (self.columns and all(isinstance(one, Column) for one in self.columns))
        if own or self.groups:
            frame, columns = as_shown(self.frame, self.columns, self.groups)
            object.__setattr__(self, "frame", frame)
            object.__setattr__(self, "columns", columns)

    def _repr_html_(self) -> str:
        shown = self.frame[[c.key for c in self.columns]]
        shown = shown.set_axis([c.label for c in self.columns], axis=1)
        return shown.to_html(index=False)


@dataclass(frozen=True)
class Brief:
    """A report on one page, written in the reader's language. What is empty is left out.

    Attributes
    ----------
    answer
        The sentence that answers the report's question.
    counts
        Status → how many indicators have it, the worst first.
    rows
        What needs attention: ``status``, ``name``, ``facts`` (the figure and what it is held
        against), ``reason``, ``who`` answers and ``ask``, what is asked of whom.
    asked
        Where there are more of them: what is asked of whom, of all.
    money, spent
        A sentence, and the share of the plan that is spent, 0 to 1.
    changes, moves
        Sentences, and the indicators whose status is another one: ``indicator``,
        ``status_before``, ``status``.
    notes
        How the rows are chosen, what marks mean.
    sources
        Where the figures of the rows are from.
    """

    answer: str
    standfirst: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    rows: Table | None = None
    asked: tuple[Table, ...] = ()
    money: str = ""
    spent: float | None = None
    exhibit: Figure | None = None
    changes: tuple[str, ...] = ()
    moves: Table | None = None
    notes: tuple[str, ...] = ()
    sources: str = ""

    def _repr_html_(self) -> str:
        return (
            f"<h2>{html.escape(self.answer)}</h2>{self.rows._repr_html_() if self.rows else ''}"
        )


@dataclass(frozen=True)
class Picture:
    """A picture, as PNG or JPEG; `alt` is what a reader who cannot see it is told."""

    content: bytes
    title: str = ""
    alt: str = ""

    @property
    def kind(self) -> Literal["png", "jpeg"]:
        """What it is written as."""
        return "png" if self.content.startswith(b"\x89PNG") else "jpeg"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {f"image/{self.kind}": self.content, "text/plain": self.alt or self.title}


class Several(list[Any]):
    """Blocks that a notebook's cell shows one below the other, not as the text of a list."""

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display(*self)  # type: ignore[no-untyped-call]


Block = Brief | Heading | Text | Bullets | Note | Headlines | Table | Figure | Picture


def _marked_up(text: Text) -> str:
    pieces = ((html.escape(piece), strong) for piece, strong in text.runs)
    return "".join(f"<b>{piece}</b>" if strong else piece for piece, strong in pieces)
