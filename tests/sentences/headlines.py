"""Headlines: a figure under a label that says what it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.sentences.case import Case, Claim, UnreadError
from tests.sentences.grammar import Said

_HEADLINES: dict[str, Claim] = {}


def value(label: str) -> Callable[[Claim], Claim]:
    """Say under which label a function verifies the figure."""

    def add(function: Claim) -> Claim:
        _HEADLINES[label] = function
        return function

    return add


def headline(case: Case, said: Said) -> Iterator[str]:
    """Yield what is wrong with a headline's figure, by the label above it."""
    labels = {one.key for one in case.grammar.readings(case.sentence.above)}
    known = labels & set(_HEADLINES)
    if not known:
        raise UnreadError(f"{said.text!r}: nothing is known of {sorted(labels)}")
    # One word of a language may be two of English: it is right if one of them is.
    found = [list(_HEADLINES[label](case, said)) for label in sorted(known)]
    yield from min(found, key=len)
