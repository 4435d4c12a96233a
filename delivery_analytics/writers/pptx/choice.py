"""What of a report goes on its slides, and what into the appendix; ``deck.toml``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.files import packaged
from delivery_analytics.report.document import Brief, Table, Text
from delivery_analytics.report.figure import Figure
from delivery_analytics.report.printable import inside
from delivery_analytics.wording.wording import Wording
from delivery_analytics.writers.cell_text import heading, written_rows
from delivery_analytics.writers.outline import Part

MOST_SLIDES = 12
LEAST_LETTERS = 220  # of a slide of text
LEAST_ROWS = 2  # of a chart or a table
_DECK = packaged(__file__, "deck.toml")
_GROUPS: list[dict[str, Any]] = _DECK["group"]
_FINDINGS: dict[str, dict[str, Any]] = _DECK["finding"]


def is_slide(part: Part) -> bool:
    """Say whether a part has what a slide is made for: a picture, two rows, enough words."""
    if isinstance(part.block, Figure):
        return len(part.block.table) >= LEAST_ROWS
    if isinstance(part.block, Table):
        return len(part.block.frame) >= LEAST_ROWS
    return part.block is not None or is_enough(part.paragraphs)


def is_enough(texts: Iterable[Text]) -> bool:
    """Say whether these words are worth a slide of their own."""
    return sum(len(one.text) for one in texts) >= LEAST_LETTERS


def presented(parts: Sequence[Part], room: int, lead: Sequence[str]) -> list[Part]:
    """Return which of `parts` a deck with `room` for so many slides shows, in its order.

    The indicators of `lead` come before others.
    """
    shown: list[list[Part]] = [[] for _ in _GROUPS]
    waiting: list[list[Part]] = []
    for group, taken in zip(_GROUPS, shown, strict=True):
        those = _together(
            [part for part in parts if block_name(part) in group["of"]], group["of"], lead
        )
        first = group.get("first", 1)
        taken += those[: min(first, room)]
        room -= len(taken)
        waiting.append(those[first : group.get("most", 1)])
    for more, taken in zip(waiting, shown, strict=True):
        taken += more[:room]
        room -= len(more[:room])
    return [part for taken in shown for part in taken]


def _together(parts: Sequence[Part], names: Sequence[str], lead: Sequence[str]) -> list[Part]:
    """Return the parts of one group, those about the same indicator beside one another."""
    about = [getattr(part.block, "about", "") for part in parts]
    order = {subject: place for place, subject in reversed([*enumerate([*lead, *about])])}
    keyed = [
        (order[subject] if subject else 0, names.index(block_name(part)), place)
        for place, (part, subject) in enumerate(zip(parts, about, strict=True))
    ]
    return [parts[place] for *_, place in sorted(keyed)]


def block_name(part: Part) -> str:
    """Return what the block of a part is declared as; an analyst's own has no name."""
    if isinstance(part.block, Brief):
        return "brief"
    return getattr(part.block, "name", "")


def with_short_names(part: Part, data: Dataset, words: Wording) -> Part:
    """Return a part whose table calls indicators as a brief does, marks and units behind."""
    block, known = part.block, data.registry.indicators
    if not isinstance(block, Table) or not {"indicator_id", "indicator"} <= {*block.frame}:
        return part
    frame = block.frame
    called = [
        text.replace(words.name(known[key].name), words.short_name(known[key]), 1)
        if key in known
        else text
        for text, key in zip(frame["indicator"], frame["indicator_id"], strict=True)
    ]
    return replace(part, block=replace(block, frame=frame.assign(indicator=called)))


def finding(table: Table, words: Wording) -> str:
    """Return what a table says: its own sentence, else its title and what `deck.toml` adds."""
    how, frame = _FINDINGS.get(table.name, {}), table.frame
    if table.finding or not how:
        return table.finding or table.title
    by_key = {one.key: one for one in table.columns}
    if "counts" in how:
        counts = frame[how["counts"]].value_counts(sort=False)
        told = [f"{word} {n}" for word, n in counts.items()]
    elif "sums" in how:
        sums = ((heading(by_key[key]), frame[key].sum()) for key in how["sums"])
        told = [f"{inside(name)} {words.number(n, 0)}" for name, n in sums]
    else:
        leads = frame.sort_values(how["least"]) if "least" in how else frame
        columns = [by_key[key] for key in how["first"]]
        [[name, *cells]] = written_rows(leads.head(1), columns, words)
        rest = zip(columns[1:], cells, strict=True)
        told = [name.text, *(f"{inside(heading(one))} {cell.text}" for one, cell in rest)]
    return f"{table.title}: {', '.join(told)}"


def in_words(parts: Iterable[Part], words: Wording) -> list[Text]:
    """Return in a sentence each what parts say that are too small for slides of their own."""
    return [
        Text(
            ": ".join(filter(None, (head, said))), (head, *(p for t in texts for p in t.strong))
        )
        for part in parts
        for head, said, texts in _said(part, words)
    ]


def _said(part: Part, words: Wording) -> Iterable[tuple[str, str, tuple[Text, ...]]]:
    block, head = part.block, part.section
    if isinstance(block, Table):
        columns = [column for column in block.columns if column.kind != "source"]
        rows = written_rows(block.frame, columns, words)
        told = [
            "; ".join(
                f"{heading(c)}: {cell.text}" for c, cell in zip(columns, row, strict=True)
            )
            for row in rows
        ]
        none = block.empty_text or words("There is nothing to list.")
        yield block.title or head, " ".join([*(told or [none]), block.note]), ()
    elif isinstance(block, Figure):
        yield head, block.title, ()
    said = " ".join([*part.texts, *part.note_texts])
    if said or part.block is None:
        yield head, said, part.paragraphs
