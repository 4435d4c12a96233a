"""Rows that a form or a pivot table prints: column numbers, the heading again, totals."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from delivery_analytics.parsing.matching import bare, fold, skeleton
from delivery_analytics.parsing.parse import clean
from delivery_analytics.parsing.vocabulary import VOCABULARY

_FEWEST_AGAIN = 2
_FEWEST_NUMBERED = 3  # columns
_COUNTED = re.compile(r"^\(?([0-9]+|[^\W\d_])\)?\.?(?: ?[=(].*)?$")
_COLUMN_LETTERS = tuple(
    map(
        skeleton,
        ("абвгдежзиклмнопрст", "абвгдеёжзийклмноп", "аәбвгғдеёжзийкқлм", "abcdefghijklmnop"),
    )
)


def printed_rows(
    cells_of: Sequence[Sequence[object]], headings: range, rows: range
) -> dict[int, Literal["heading", "numbering"]]:
    """Return the rows under the heading that the form prints, on its every page.

    The numbers of the columns stand directly below a heading, or again as they stood there.
    """
    again = headings_again(cells_of, headings, rows)
    printed: dict[int, Literal["heading", "numbering"]] = dict.fromkeys(again, "heading")
    below = {rows.start, *(row + 1 for row in again)}
    counted: Sequence[object] = ()
    for row in rows:
        cells = cells_of[row]
        if row not in again and (row in below or (counted and cells == counted)):
            if is_numbering(cells):
                printed[row], counted = "numbering", cells
            elif not any(value is not None for value in cells):
                below.add(row + 1)
    return printed


def headings_again(
    cells_of: Sequence[Sequence[object]], headings: range, rows: range
) -> set[int]:
    """Return the rows under the heading in which one of its own rows stands again."""
    again: set[int] = set()
    for heading in range(headings.start, min(headings.stop, len(cells_of))):
        shown = _texts(cells_of[heading])
        first = next(iter(shown), 0)
        if len(shown) < _FEWEST_AGAIN or not any(map(str.isalpha, "".join(shown.values()))):
            continue
        for row in rows:
            cells = cells_of[row]
            # Most rows differ in the first cell, and are not looked at any further.
            if cells[first] is None or _folded(cells[first]) != shown[first]:
                continue
            # A heading that was merged may stand in each of its columns the second time.
            if {*_texts(cells).values()} == {*shown.values()}:
                again.add(row)
    return again


def _texts(cells: Sequence[object]) -> dict[int, str]:
    return {column: _folded(value) for column, value in enumerate(cells) if value is not None}


@lru_cache(maxsize=8192, typed=True)
def _folded(value: object) -> str:
    return fold(bare(clean(value)))


def is_numbering(cells: Sequence[object]) -> bool:
    """Say whether the cells count the columns, as the row under many a form's heading does.

    State forms call the columns of names А, Б, В and count those of figures, as ``3``, ``(3)``
    or ``3=1+2``.
    """
    texts = [skeleton(clean(value)) for value in cells if value is not None]
    filled = [_COUNTED.sub(r"\1", text) for text in texts]
    lettered = next((n for n, text in enumerate(filled) if text.isdecimal()), len(filled))
    counted = [str(number) for number in range(1, len(filled) - lettered + 1)]
    called = filled[:lettered]
    return (
        len(filled) >= _FEWEST_NUMBERED
        and filled[lettered:] == counted
        and any(called == list(letters[:lettered]) for letters in _COLUMN_LETTERS)
    )


_TOTAL_WORDS, _AVERAGE_WORDS = VOCABULARY["sums"]["totals"], VOCABULARY["sums"]["averages"]
_SUM_OF_LINES = re.compile("|".join(VOCABULARY["sums"]["of_lines"]))
_COUNTS = "|".join(VOCABULARY["sums"]["counts"])
_OF_ALL = re.compile(rf"(?:grand|общий|общее|жалпы) (?:{_COUNTS})")
# "North Total", as a pivot table calls the total of North.
_OF_ONE = re.compile(
    rf"(.+) (?:total|итог|итого|жиыны|қорытынды|average|среднее|орташа|{_COUNTS})"
)
_NO_SUM = re.compile(rf"(?:.* )?(?:{'|'.join(_AVERAGE_WORDS)}|{_COUNTS})(?:[ :,.(].*)?")


@lru_cache(maxsize=64)
def total_words(own: tuple[str, ...] = ()) -> re.Pattern[str]:
    """Return how a total begins, by everybody's words and a sheet's own.

    "Итого по области" is a total; "Total fertility rate" is an indicator.
    """
    known = "|".join(map(re.escape, (*_TOTAL_WORDS, *_AVERAGE_WORDS, *map(fold, own))))
    return re.compile(rf"(?:.+ бойынша )?(?:{known})(?:[ ]*[:,.(].*| (?:по|за|for|in|by) .*)?")


def is_total_word(text: str, total: re.Pattern[str]) -> bool:
    """Say whether a text is a total's word, or that of a count of all rows."""
    return bool(total.fullmatch(fold(text)) or _OF_ALL.fullmatch(fold(text)))


def is_sum_of_lines(text: str) -> bool:
    """Say whether a budget line's name is that of a sum of lines, as "Всего расходов"."""
    return _SUM_OF_LINES.fullmatch(fold(text).rstrip(" :.")) is not None


def summed_up(text: str) -> str:
    """Return what a text would be the total of, folded, as North of "North Total"; or ""."""
    match = _OF_ONE.fullmatch(fold(text))
    return match[1] if match else ""


def without_sum(text: str) -> bool:
    """Say whether a total's folded text is that of an average, a count, a largest figure."""
    return _NO_SUM.fullmatch(text) is not None
