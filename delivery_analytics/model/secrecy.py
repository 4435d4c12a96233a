"""Marks by which a document or a text is restricted: for official use, secret and above.

A mark counts where an office writes one: as a whole cell or line, in parentheses or quotes,
at the beginning or the end, or beside a document's number. In the middle of a sentence the
same letters are ordinary words: ДСП is chipboard too, and a task can be «особой важности».
In doubt a text is restricted.
"""

import re
import unicodedata
from functools import lru_cache

from delivery_analytics.model.files import packaged

_DECLARED = packaged(__file__, "secrecy.toml")
_PLAIN, _WORDS, _GOODS, _BEGINNINGS, _NAMED = (
    "|".join(_DECLARED[kind]) for kind in ("plain", "words", "goods", "beginnings", "heading")
)
_BEFORE_GOODS = re.compile(rf"^[\s,/]*(?:{_GOODS})(?!\w)|^-(?!экз|дана)\w")
_AFTER_GOODS = re.compile(rf"(?<!\w)(?:{_GOODS})[\s,/]*$|стружечн\w+ плит\w*\W*$")
_NOT = re.compile(r"(?<!\w)(?:не|нет|not|non)\W?$")
_COPY = re.compile(r"^\W*(?:экз|дана)\w*\W*\d+\W*$")  # ДСП, экз. № 2
# Beside a document's number: № 12-5/123 ДСП, 123дсп, ДСП № 45 (№ is "no" by then).
_AFTER_NUMBER = re.compile(r"(?:(?<!\w)no?\.?|#)\s*[\w./-]*\d[\w./-]*\s*$|\d-?$")
_BEFORE_NUMBER = re.compile(r"^\s*(?:no|#)\.?\s*\d")
_CUT_BEFORE = re.compile(r"(?:[.:;,!|/–—]|\s-|\d)\s*$")
_CUT_AFTER = re.compile(r"^\s*[.:;,!|/–—-]")
_OPENS, _CLOSES = re.compile(r"[(\[{<«\"'“„]\W*$"), re.compile(r"^\W*[)\]}>»\"'”“]")
# A quick look that most texts fail: the beginnings of all marks, and what cannot be seen.
_UNSEEN = r"[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
_HINT = re.compile(rf"{_BEGINNINGS}|{_UNSEEN}")
_HEADING = re.compile(_NAMED)
# Latin letters that look like the Cyrillic ones, in a word that has one of these.
_ALIKE = str.maketrans("acekmohpxytb", "асекмонрхутв")
_MIXED = re.compile(r"\S*[а-яёәғқңөұүһі]\S*")


def is_restricted(
    text: str, *, also: tuple[str, ...] = (), lifted: tuple[str, ...] = ()
) -> bool:
    """Return whether a text carries a mark of restriction.

    Parameters
    ----------
    text
        A cell, a title above a table, the name of a sheet or of a file without its ending.
    also
        Further marks, as the office's definitions declare them.
    lifted
        Whole cells that look like marks and are none.
    """
    # Figures as texts are most of a sheet, and no mark is without a letter or a hidden sign.
    may_be = not text.isascii() or text.lower() != text.upper()
    if not (also or (may_be and _HINT.search(text.casefold()))):
        return False
    plain = _plain(text)
    if plain.strip() in {_plain(one).strip() for one in lifted}:
        return False
    plain_marks, word_marks = _patterns(also)
    return any(
        any(_placed(line, mark, bound=False) for mark in plain_marks.finditer(line))
        or any(_placed(line, mark, bound=True) for mark in word_marks.finditer(line))
        for line in plain.splitlines()
    )


def is_open(text: str) -> bool:
    """Return whether a cell of a column of marks says that the row is open to all."""
    return _plain(text).strip(" .") in _DECLARED["open"]


def is_mark_heading(text: str) -> bool:
    """Return whether a column under this heading holds marks: Гриф, Құпиялылық белгісі."""
    return bool(_HEADING.match(_plain(text).strip()))


@lru_cache(maxsize=64)
def _patterns(also: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    own = "".join("|" + re.escape(_plain(one).strip()) for one in also)
    plain = re.compile(rf"(?<!\w)(?:{_PLAIN}{own})(?!\w)|(?<=\d)дсп(?!\w)")
    return plain, re.compile(rf"(?<!\w)(?:{_WORDS})(?!\w)")


@lru_cache(maxsize=65536)
def _plain(text: str) -> str:
    """Fold case and look-alikes, and drop what cannot be seen; lines stay lines."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    seen = re.sub(_UNSEEN, "", folded).replace("_", "\n")
    lines = (" ".join(line.split()) for line in seen.splitlines())
    return _MIXED.sub(lambda word: word.group().translate(_ALIKE), "\n".join(lines))


def _placed(line: str, mark: re.Match[str], *, bound: bool) -> bool:
    """Return whether the mark stands where an office writes one."""
    before, after = line[: mark.start()], line[mark.end() :]
    if _NOT.search(before):
        return False
    if not bound and (_AFTER_GOODS.search(before) or _BEFORE_GOODS.search(after)):
        return False
    if _OPENS.search(before) and _CLOSES.search(after):
        return True
    first = not before.strip(" -–—")
    last = not after.strip(" .!") or bool(_COPY.match(after))
    if bound and not (first and last):
        first = first and bool(_CUT_AFTER.match(after))
        last = last and bool(_CUT_BEFORE.search(before))
    return first or last or bool(_AFTER_NUMBER.search(before) or _BEFORE_NUMBER.match(after))
