"""Tell whether a heading means a field: by the words that a sheet declares for it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from delivery_analytics.loading.matching import bare, fold, skeleton
from delivery_analytics.loading.parse import clean

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


@lru_cache(maxsize=65536)
def _compared(text: str) -> tuple[str, str]:
    """Return a heading as it is compared: folded, and with look-alike letters made one."""
    return fold(bare(text)), skeleton(bare(text))
