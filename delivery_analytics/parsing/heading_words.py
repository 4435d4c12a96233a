"""Tell whether a heading means a field: by the words that a sheet declares for it."""

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Literal

from delivery_analytics.model.registry import Sheet
from delivery_analytics.model.sheet_definitions import Keep
from delivery_analytics.parsing.matching import bare, fold, skeleton
from delivery_analytics.parsing.parse import clean
from delivery_analytics.spreadsheets import Grid

LONGEST_SHOWN = 200  # characters of a heading, in a message
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_WORD_FIRST = re.compile(r"([^\W\d_]+)[\s,:;(–-]+(?:(?:на|за|for|in)\s+)?([^()]*\d[^()]*?)\)?")
_WORD_LAST = re.compile(r"([^()]*\d[^()]*?)[\s,:;(–-]+([^\W\d_]+)\)?")
# `alike` has letters of another alphabet that look the same.
Likeness = Literal["exact", "alike", ""]


# Of hundreds of returns nearly all have the same headings.


@lru_cache(maxsize=65536)
def likeness(words: tuple[str, ...], parts: tuple[str, ...]) -> Likeness:
    """Return how well a heading of several parts, or its lowest alone, matches any word.

    ``*`` at the end of a word stands for the rest of a long heading.
    """
    shown = [_compared(text) for text in (" / ".join(parts), *parts[-1:])]
    wanted = [(_compared(word.rstrip("*")), word.endswith("*")) for word in words]
    kinds: tuple[Likeness, Likeness] = ("exact", "alike")
    for place, kind in enumerate(kinds):
        for word, is_open in wanted:
            texts = [text[place] for text in shown]
            if any(t.startswith(word[place]) if is_open else t == word[place] for t in texts):
                return kind
    return ""


def means(words: tuple[str, ...], parts: Sequence[object]) -> bool:
    """Say whether a heading matches any of `words`, if only by its look."""
    return bool(likeness(words, tuple(map(clean, parts))))


def keep_columns(
    sheet: Sheet, headings: Sequence[tuple[int, Sequence[object]]]
) -> list[tuple[Keep, int]]:
    """Return each `keep` rule whose column is there, with the first such column."""
    columns = []
    for rule in sheet.keep:
        of_rule = [column for column, parts in headings if means(rule.column, parts)]
        columns += [(rule, column) for column in of_rule[:1]]
    return columns


@lru_cache(maxsize=65536)
def _compared(text: str) -> tuple[str, str]:
    """Return a heading as it is compared: folded, and with look-alike letters made one."""
    return fold(bare(text)), skeleton(bare(text))


def names_year(parts: Sequence[object]) -> bool:
    """Say whether a heading has a year in it, or is a day."""
    return any(isinstance(part, date) or _YEAR.search(clean(part)) for part in parts)


def has_figures(grid: Grid, heading: int, column: int) -> bool:
    """Say whether figures stand under a heading, as numbers or as text."""
    values = (row[column] for row in grid.rows[heading + 1 :])
    return any(
        value[:1].isdecimal() if isinstance(value, str) else isinstance(value, int | float)
        for value in values
    )


def unworded(parts: Sequence[object], words: Collection[str]) -> list[object]:
    """Return the parts of a heading, as `parted` has them, that are none of the words."""
    return [part for part in parts if fold(clean(part)) not in words]


def together(parts: Sequence[object]) -> Iterator[list[object]]:
    """Yield a lower heading with one above it, as a quarter under its year, then each alone."""
    for depth, upper in enumerate(parts):
        yield from ([lower, upper] for lower in parts[depth + 1 :])
    yield from ([part] for part in parts)


def parted(parts: Sequence[object], words: Collection[str]) -> list[object]:
    """Return a heading's parts, a word parted from the year that it stands beside.

    Parameters
    ----------
    words
        Folded, as ``план``: "2024 план" is "2024" and "план", "Жоспар (2024 ж.)" is "Жоспар"
        and "2024 ж.".
    """
    out: list[object] = []
    for part in parts:
        text = part if isinstance(part, str) else ""
        first, last = _WORD_FIRST.fullmatch(text), _WORD_LAST.fullmatch(text)
        if first and fold(first[1]) in words:
            out += first.groups()
        elif last and fold(last[2]) in words:
            out += last.groups()
        else:
            out.append(part)
    return out


def joined(parts: Sequence[object]) -> str:
    """Return parts of a heading as one text."""
    return " ".join(clean(part) for part in parts)


def first_column(grid: Grid, row: int) -> int:
    """Return the first column of a row that holds anything."""
    return next((c for c, value in enumerate(grid.rows[row]) if value is not None), 0)
