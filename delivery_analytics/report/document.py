"""A report: blocks in order, in one language, on one day. It knows no format."""

import html
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeVar

import pandas as pd

from delivery_analytics.model.dataset import BROKEN, OWED, Dataset
from delivery_analytics.report.figure import Column, Figure
from delivery_analytics.wording.wording import Wording


@dataclass(frozen=True)
class Heading:
    """A heading; the report's own title is level 1."""

    text: str
    level: int = 2

    def _repr_html_(self) -> str:
        return f"<h{self.level}>{html.escape(self.text)}</h{self.level}>"


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    text: str

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(self.text)}</p>"


@dataclass(frozen=True)
class Note:
    """A remark that stands apart: a coverage, a warning, what is illustrative."""

    text: str
    kind: Literal["note", "illustrative", "coverage", "warning"] = "note"

    def _repr_html_(self) -> str:
        return f"<p><small>{html.escape(self.text)}</small></p>"


@dataclass(frozen=True)
class Headline:
    """One figure that is read first, already written in the reader's language."""

    label: str
    value: str
    note: str = ""
    status: str = ""
    source: str = ""


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
    """A table to read: the frame holds raw values, the columns say how to write them."""

    title: str
    frame: pd.DataFrame
    columns: tuple[Column, ...]
    note: str = ""
    empty_text: str = ""

    def _repr_html_(self) -> str:
        shown = self.frame[[c.key for c in self.columns]]
        shown = shown.set_axis([c.label for c in self.columns], axis=1)
        return shown.to_html(index=False)


class Several(list[Any]):
    """Blocks that a notebook's cell shows one below the other, not as the text of a list."""

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display(*self)  # type: ignore[no-untyped-call]


Block = Heading | Text | Note | Headlines | Table | Figure
B = TypeVar("B", bound=Block)


class Report:
    """What one notebook found: a title, then blocks in order.

    Parameters
    ----------
    title
        The question the notebook asks.
    data
        What it was answered from; its as-of day and sources are the report's. What it lacks
        that was there before stands first.
    words
        The reader's language.
    key
        What the notebook ran for: a sector, a region, a programme; empty for the nation.
    """

    def __init__(
        self, title: str, data: Dataset, words: Wording, *, subtitle: str = "", key: str = ""
    ) -> None:
        self.title = title
        self.subtitle = subtitle
        self.key = key
        self.data = data
        self.words = words
        self.blocks: list[Block] = [*_warnings(data, words)]

    @property
    def language(self) -> str:
        """The language every block is written in."""
        return self.words.language

    @property
    def as_of(self) -> date | None:
        """The day the report knows things by."""
        return self.data.as_of

    def add(self, block: B) -> B:
        """Append `block`, and return it so that a notebook cell shows it."""
        self.blocks.append(block)
        return block

    def add_each(self, blocks: Iterable[B]) -> list[B]:
        """Append several blocks of one kind, such as a chart for every indicator."""
        added: list[B] = Several(blocks)
        self.blocks.extend(added)
        return added


def _warnings(data: Dataset, words: Wording) -> Iterator[Note]:
    """Yield what a reader must know of a sector before any figure of it."""
    registry, told = data.registry, data.problems
    received = data.sources.groupby("sector_id")["received_on"].max()
    for key in told.loc[told["code"] == BROKEN, "sector_id"]:
        sector = registry.sectors.get(key)
        if sector and sector.indicators and key in received and received.notna()[key]:
            text = words(
                "{sector}: its definition cannot be read, so its figures are those that were "
                "received by {day}.",
                sector=words.name(sector.name),
                day=words.date(received[key]),
            )
            yield Note(text, "warning")
    owed = told[told["code"].isin(OWED) & told["value"].isin(registry.indicators)]
    for sector_id, rows in owed.groupby("sector_id", sort=True):
        named = (
            words.name(registry.indicators[str(key)].name)
            for key in dict.fromkeys(rows["value"])
        )
        text = words(
            "{sector}: reported before, and missing from what was sent now: {what}.",
            sector=words.name(registry.sectors[str(sector_id)].name),
            what="; ".join(named),
        )
        yield Note(text, "warning")
