"""The order of letters, for sorting names as a reader of each language expects.

Neither Python nor Babel knows the Kazakh order: by code point, ``Ә`` stands after ``Я``.
"""

import re
import unicodedata
from functools import cache

from delivery_analytics.model.languages import header
from delivery_analytics.wording.catalogue import likely

# The 42 letters of the Kazakh alphabet; the Russian ones keep their own order in it, so
# that Kazakh names have a place in a Russian list too.
KAZAKH = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
_PLACE = {letter: place for place, letter in enumerate(KAZAKH)}
_RUN = re.compile(r"\d+|.", re.DOTALL)

_SPACE, _NUMBER, _LETTER, _OTHER = range(4)
SortKey = tuple[list[tuple[int, int, int]], str, str]


def sort_key(text: str, language: str) -> SortKey:
    """Return what to sort `text` by: spaces, numbers by size, letters, then signs.

    Cyrillic goes before Latin, except in a language written in Latin. Accents count only
    between words that are otherwise equal, and so does ``ё`` in Russian; in Kazakh it is a
    letter. Case counts last, and punctuation not at all.
    """
    plain = unicodedata.normalize("NFC", text).casefold()
    latin_first, alike = _habits(language)
    folded = plain.translate(alike)
    places = (_place(run, latin_first=latin_first) for run in _RUN.findall(folded))
    return [place for place in places if place], plain, text


@cache
def _habits(language: str) -> tuple[bool, dict[int, str]]:
    """Return whether Latin goes first, and which letters sort as another: ``ё=е``."""
    pairs = (pair.split("=") for pair in header(language, "X-Sort-Alike").split())
    return likely(language)[0] == "Latn", {ord(letter): other for letter, other in pairs}


def _place(run: str, *, latin_first: bool) -> tuple[int, int, int] | None:
    if run.isdecimal():
        return _NUMBER, 0, int(run)
    if run.isspace():
        return _SPACE, 0, 0
    if run in _PLACE:
        return _LETTER, int(latin_first), _PLACE[run]
    letter = unicodedata.normalize("NFKD", run)[0]
    if letter.isascii() and letter.isalpha():
        return _LETTER, int(not latin_first), ord(letter)
    return (_OTHER, 0, ord(letter)) if letter.isalnum() else None
