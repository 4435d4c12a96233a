"""Rows that a form prints under its heading: numbers of its columns, and the heading again."""

from __future__ import annotations

from collections.abc import Sequence

from delivery_analytics.loading.matching import bare, fold, skeleton
from delivery_analytics.loading.parse import clean

_FEWEST_AGAIN = 2
_FEWEST_NUMBERED = 3  # columns
_COLUMN_LETTERS = tuple(
    map(
        skeleton,
        ("абвгдежзиклмнопрст", "абвгдеёжзийклмноп", "аәбвгғдеёжзийкқлм", "abcdefghijklmnop"),
    )
)


def headings_again(
    cells_of: Sequence[Sequence[object]], headings: range, rows: range
) -> set[int]:
    """Return the rows under the heading in which one of its own rows stands again."""
    again: set[int] = set()
    for heading in range(headings.start, min(headings.stop, len(cells_of))):
        shown = _texts(cells_of[heading])
        first = next(iter(shown), 0)
        if len(shown) < _FEWEST_AGAIN or not any(map(_has_letter, shown.values())):
            continue
        for row in rows:
            cells = cells_of[row]
            # Most rows differ in the first cell, and are not looked at any further.
            if cells[first] is None or fold(bare(clean(cells[first]))) != shown[first]:
                continue
            if _texts(cells) == shown:
                again.add(row)
    return again


def _texts(cells: Sequence[object]) -> dict[int, str]:
    return {
        column: fold(bare(clean(value)))
        for column, value in enumerate(cells)
        if value is not None
    }


def _has_letter(text: str) -> bool:
    return any(map(str.isalpha, text))


def is_numbering(cells: Sequence[object]) -> bool:
    """Say whether the cells count the columns, as the row under many a form's heading does.

    State forms call the columns of names А, Б, В and count those of figures.
    """
    filled = [skeleton(clean(value)) for value in cells if value is not None]
    lettered = next((n for n, text in enumerate(filled) if text.isdecimal()), len(filled))
    counted = [str(number) for number in range(1, len(filled) - lettered + 1)]
    called = filled[:lettered]
    return (
        len(filled) >= _FEWEST_NUMBERED
        and filled[lettered:] == counted
        and any(called == list(letters[:lettered]) for letters in _COLUMN_LETTERS)
    )
