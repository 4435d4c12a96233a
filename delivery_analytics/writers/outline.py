"""What belongs together in a report: each table or chart with the words around it.

A page shows blocks one under another. A workbook gives each table a sheet and a deck each
chart a slide, so the text and notes between them must be told apart: which one do they
speak about?
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from delivery_analytics.report import document
from delivery_analytics.report.figure import Column, Figure
from delivery_analytics.report.report import Report
from delivery_analytics.report.tables import columns_of
from delivery_analytics.wording.wording import Wording

Main = document.Brief | Figure | document.Table | document.Headlines | document.Picture
CONTENTS_FROM = 4  # sections; a shorter report needs no list of contents


@dataclass(frozen=True)
class Part:
    """One thing to show and what is said about it.

    Attributes
    ----------
    section
        The heading it stands under; empty before the first one.
    block
        ``None`` where a section holds words only.
    """

    section: str
    block: Main | None
    paragraphs: tuple[document.Text, ...] = ()
    notes: tuple[document.Note, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """What the paragraphs say, in their order."""
        return tuple(one.text for one in self.paragraphs)

    @property
    def note_texts(self) -> list[str]:
        """What the notes say, in their order."""
        return [note.text for note in self.notes]


def headlines_table(
    block: document.Headlines, section: str, words: Wording, name: str = "headlines_of_book"
) -> document.Table:
    """Return headlines as the table `name`, without the columns that none of them fills."""
    columns = columns_of(name, words)
    empty = ("", None)
    used = [c for c in columns if any(getattr(one, c.key) not in empty for one in block.items)]
    rows = [[getattr(item, column.key) for column in used] for item in block.items]
    return table_of_rows(section or words("Key figures"), used, rows)


def table_of_rows(
    title: str, columns: Sequence[Column], rows: Sequence[Sequence[object]]
) -> document.Table:
    """Return rows, each a value for each column, as a table."""
    # As objects: pandas' own type for texts refuses the lone surrogates that were sent.
    frame = pd.DataFrame(rows, columns=[column.key for column in columns], dtype=object)
    return document.Table(frame, title, tuple(columns))


def outline(blocks: Iterable[document.Block]) -> list[Part]:
    """Return the parts of a report, in order.

    Text speaks about what follows it; at the end of a section, about what stood before.
    A note that follows a table or chart directly speaks about that one.
    """
    parts: list[Part] = []
    section, texts, notes = "", [], []  # type: ignore[var-annotated]
    first = 0  # the place in `parts` of this section's first part

    def close() -> None:
        # A heading over nothing is told all the same.
        if not texts and not notes and (len(parts) > first or not section):
            return
        if len(parts) > first and not (texts and parts[-1].texts):
            parts[-1] = _extend(parts[-1], texts, notes)
        else:
            parts.append(Part(section, None, tuple(texts), tuple(notes)))
        texts.clear()
        notes.clear()

    for block in blocks:
        if isinstance(block, document.Heading):
            close()
            section, first = block.text, len(parts)
        elif isinstance(block, document.Text):
            texts.append(block)
        elif isinstance(block, document.Bullets):
            texts += block.lines
        elif isinstance(block, document.Brief) and block.rows is None:
            texts.append(document.Text(block.answer))  # its picture has a place of its own
        elif isinstance(block, document.Note):
            if len(parts) > first and not texts:
                parts[-1] = _extend(parts[-1], [], [block])
            else:
                notes.append(block)
        else:
            parts.append(Part(section, block, tuple(texts), tuple(notes)))
            texts.clear()
            notes.clear()
    close()
    return parts


def illustrative_marks(parts: Iterable[Part]) -> list[str]:
    """Return what the report says of figures that are illustrative, each sentence once."""
    notes = (note for part in parts for note in part.notes)
    return list(dict.fromkeys(note.text for note in notes if note.kind == "illustrative"))


def day_line(report: Report) -> str:
    """Return by which day the report knows things; empty where it keeps every revision."""
    words = report.words
    return words("Data as at {day}", day=words.date(report.as_of)) if report.as_of else ""


def _extend(part: Part, texts: list[document.Text], notes: list[document.Note]) -> Part:
    paragraphs = (*part.paragraphs, *texts)
    return replace(part, paragraphs=paragraphs, notes=(*part.notes, *notes))
