"""How much room text takes, so that nothing is cut off where nobody lays the page out.

Widths are those of the shipped font, which is wider than the fonts that slides and
workbooks name: text that fits by this measure fits in them. A machine that has none of them
takes a wider one, where only what is `ELSEWHERE` times as wide is sure to fit.
"""

import math
import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

from PIL import ImageFont

from delivery_analytics.report import theme

LINE_HEIGHT = 1.2  # of the font size
ELSEWHERE = 1.14  # DejaVu Sans beside the shipped font
_MEASURED_AT = 100
_ELLIPSIS = "…"
_ROUNDING = 1e-6
_AFTER_HYPHEN = re.compile("(?<=-)(?=.)")


@cache
def _font(bold: bool) -> ImageFont.FreeTypeFont:
    name = "NotoSans-Bold.ttf" if bold else "NotoSans-Regular.ttf"
    return ImageFont.truetype(
        str(theme.FONTS / name), _MEASURED_AT, layout_engine=ImageFont.Layout.BASIC
    )


@cache
def _advance(letter: str, bold: bool) -> float:
    return _font(bold).getlength(letter) / _MEASURED_AT


@lru_cache(maxsize=20_000)
def _advances(word: str, bold: bool) -> float:
    return sum(_advance(letter, bold) for letter in word)


@lru_cache(maxsize=5_000)
def _words(line: str, bold: bool) -> tuple[tuple[float, float], ...]:
    """Return the widths of a line's words and of the space before each.

    Behind a hyphen a line may break, so the parts of such a word follow without a space.
    """
    space = _advance(" ", bold)
    return tuple(
        (_advances(part, bold), 0.0 if place else space)
        for word in line.split()
        for place, part in enumerate(_AFTER_HYPHEN.split(word))
    )


def width(text: str, size: float, bold: bool = False) -> float:
    """Return the width of one line of text in points, at a font `size` in points."""
    return size * _advances(text, bold)


def count_lines(text: str, room: float, size: float, bold: bool = False) -> int:
    """Return how many lines `text` takes in `room` points; words longer than it break."""
    return sum(_lines(line, room, size, bold) for line in text.splitlines() or [""])


def _lines(text: str, room: float, size: float, bold: bool) -> int:
    room = max(room / size, 0.1) + _ROUNDING
    lines, used = 1, 0.0
    for wide, space in _words(text, bold):
        if used and used + space + wide > room:
            lines, used = lines + 1, 0.0
        if wide > room:
            lines += math.ceil(wide / room) - 1
            wide %= room
        used += wide + (space if used else 0.0)
    return lines


def height(text: str, room: float, size: float, bold: bool = False) -> float:
    """Return the height of `text` in points when it is as wide as `room`."""
    return count_lines(text, room, size, bold) * size * LINE_HEIGHT


def fit_text(
    text: str, room: float, tall: float, sizes: Sequence[float], bold: bool = False
) -> tuple[str, float]:
    """Return `text` and the largest of `sizes` at which it fits `room` × `tall` points.

    Text that does not fit at the smallest is cut at a word, with an ellipsis.
    """
    for size in sizes:
        if height(text, room, size, bold) <= tall:
            return text, size
    return cut_to(text, room, tall, sizes[-1], bold), sizes[-1]


def cut_to(text: str, room: float, tall: float, size: float, bold: bool = False) -> str:
    """Return as many whole words of `text` as fit, and an ellipsis if some did not."""
    if height(text, room, size, bold) <= tall:
        return text
    words = text.split(" ")
    low, high = 0, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        tried = " ".join(words[:middle]) + _ELLIPSIS
        if height(tried, room, size, bold) <= tall:
            low = middle
        else:
            high = middle - 1
    if low:
        return " ".join(words[:low]).rstrip(" ,;:–-") + _ELLIPSIS
    letters = max(1, int(tall // (size * LINE_HEIGHT)) * int(room // (size * 0.8)))
    return text[:letters] + _ELLIPSIS


def longest_word(texts: Iterable[str], size: float, bold: bool = False) -> float:
    """Return the width in points of the widest word, or part of one at a hyphen."""
    widest = (max((wide for wide, _ in _words(t, bold)), default=0.0) for t in texts)
    return size * max(widest, default=0.0)
