"""A report: blocks in order, in one language, on one day. It knows no format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from delivery_analytics.model.dataset import BROKEN, OWED, Dataset
from delivery_analytics.report.document import Block, Brief, Note, Several, Table
from delivery_analytics.report.figure import Figure
from delivery_analytics.report.own import blocks_of
from delivery_analytics.wording.wording import Wording


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

    @property
    def brief(self) -> Brief | None:
        """The report's one page, if it has one."""
        return next((block for block in self.blocks if isinstance(block, Brief)), None)

    @property
    def answer(self) -> str:
        """The sentence that it opens with: its brief's, else what its first block finds."""
        if self.brief:
            return self.brief.answer
        found = (
            block.finding if isinstance(block, Table) else block.title
            for block in self.blocks
            if isinstance(block, Table | Figure) and block.name
        )
        return next(filter(None, found), self.title)

    def add(self, item: Any, **said: Any) -> Any:
        """Append whatever can be shown, and return it as blocks: a notebook's cell shows them.

        Parameters
        ----------
        item
            A block, such as those of `charts` and `blocks`, or something of your own: a
            DataFrame, an Altair chart, a text in Markdown, a picture (the path or the bytes of
            a PNG or JPEG, an image of Pillow, a figure of matplotlib).
        said
            What stands beside it: ``title``, and what else `Table` or `Figure` take.

        Raises
        ------
        DefinitionError
            If it cannot be shown in every format; says what to do.
        """
        added = Several(blocks_of(item, self.words, **said))
        self.blocks.extend(added)
        return added[0] if len(added) == 1 else added

    def add_each(self, items: Iterable[Any]) -> list[Any]:
        """Append several things, such as a chart for every indicator."""
        return Several([self.add(item) for item in items])


def _warnings(data: Dataset, words: Wording) -> Iterator[Note]:
    """Yield what a reader must know of a sector before any figure of it."""
    registry, told = data.registry, data.problems
    received = data.sources.groupby("sector_id")["received_on"].max()
    for key in told.loc[told["code"] == BROKEN, "sector_id"]:
        sector = registry.sectors.get(key)
        if sector and sector.indicators and key in received and received.notna()[key]:
            text = words(
                "{sector}: its definition cannot be read, so its figures are those received"
                " by {day}.",
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
            "{sector}: reported before and missing from the latest return: {what}.",
            sector=words.name(registry.sectors[str(sector_id)].name),
            what="; ".join(named),
        )
        yield Note(text, "warning")
