"""What the marks behind a figure, a period or a name say: provisional, revised, not known.

A letter means what both the Government Statistical Service, whose marks stand in square
brackets, and Eurostat mean by it, and a word what it says. Any other mark means what its sheet
declares; until then the figure is kept, and the mark is told as not known.
"""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from delivery_analytics.parsing.messages import told
from delivery_analytics.parsing.vocabulary import VOCABULARY

# Statuses with which there is no figure, and how statuses of one figure go before each other.
WITHOUT_FIGURE = ("confidential", "not_applicable", "missing", "bounded")
ORDER = (
    *("forecast", *WITHOUT_FIGURE, "unreliable", "estimated", "provisional", "break"),
    *("revised", "marked", "normal"),
)
_LETTERS: dict[str, str] = VOCABULARY["letters"]
_ALONE: dict[str, str] = VOCABULARY["letters_alone"]
MARK_WORDS = {
    status: re.compile(
        rf"(?:[ ,;]+|\s*(?=[(\[]))[(\[]?(?:{'|'.join(words)})\.?[)\]]?$", re.IGNORECASE
    )
    for status, words in VOCABULARY["said"].items()
}
_RAISED = "¹²³⁰⁴-⁹"
_RAISED_LETTERS = "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ"
_FOOTNOTE = (
    rf"[*†‡]+|⁽?[{_RAISED}](?:[{_RAISED}⁽⁾,; ]*[{_RAISED}⁽⁾])?|"
    rf"(?<![{_RAISED_LETTERS}])[{_RAISED_LETTERS}]⁾?|\[(?:note )?\d{{1,2}}\]|(?<=\s)\d{{1,2}}\)"
)
_BEHIND_NAME = re.compile(rf"\s*({_FOOTNOTE})$")
# In square brackets nobody writes a unit; in round ones and bare only a flag's letter is read.
_BEHIND_FIGURE = re.compile(rf"\s*({_FOOTNOTE}|[#§]+|\(\d{{1,2}}\)|\[[a-z]{{1,4}}\])$")
_FLAG = re.compile(r"(?<=[\d%:.…\-])\s*(?:([a-z]{1,3}|[PR])|\(([a-z]|[PR])\))$")
_OTHER_FLAGS = frozenset("cdnsz")  # of Eurostat; what they mean of a figure is not agreed
_SIZES = frozenset(["m", "k", "t", "mn", "mln", "bn", "bln", "tn", "th", "ths"])
_RAISED_FLAGS = {"ᵖ": "provisional", "ʳ": "revised"}

Declared = Mapping[str, str]
NOTHING: Declared = MappingProxyType({})


class WithoutMarks(NamedTuple):
    """A text without its marks, their status, and those that nobody knows, as typed."""

    text: str
    status: str = "normal"
    unknown: str = ""

    @property
    def is_no_figure(self) -> bool:
        """Say whether a mark means that what it stands behind is no figure."""
        return self.status in ("forecast", *WITHOUT_FIGURE)


def taken_off(
    text: str, declared: Declared = NOTHING, *, of_name: bool = False, letters: bool = True
) -> WithoutMarks:
    """Return a text without the marks at its end.

    Parameters
    ----------
    declared
        Mark as typed → what it means; "none" for nothing.
    of_name
        Read footnotes' marks only: letters and words may be part of the name.
    letters
        Read bare letters, as in ``12.4p``.
    """
    rest = text
    statuses: list[str] = []
    unknown: list[str] = []
    # No mark ends in a digit, and most texts do.
    while not rest[-1:].isdecimal() and (last := _last(rest, declared, of_name, letters)):
        rest, mark, status = last
        statuses.append(status)
        if status == "marked":
            unknown.insert(0, mark)
    status = min(statuses, key=ORDER.index, default="normal")
    return WithoutMarks(rest, status, " ".join(unknown))


def _last(
    text: str, declared: Declared, of_name: bool, letters: bool
) -> tuple[str, str, str] | None:
    """Return what stands before the last mark, the mark, and its status; None without one."""
    for mark in sorted(declared, key=len, reverse=True):
        if match := _pattern(mark).search(text):
            return text[: match.start()], mark, declared[mark].replace("none", "normal")
    pattern = _BEHIND_NAME if of_name else _BEHIND_FIGURE
    if match := pattern.search(text):
        mark = match[1]
        if mark.strip("[]") in _SIZES:
            return None
        known = _LETTERS.get(mark.strip("[]")) if mark[0] == "[" else _RAISED_FLAGS.get(mark)
        return text[: match.start()], mark, known or "marked"
    if of_name:
        return None
    for status, words in MARK_WORDS.items():
        if match := words.search(text):
            return text[: match.start()], match[0], status
    match = _FLAG.search(text) if letters else None
    if match is None or not (status := _of_flags(match)):
        return None
    return text[: match.start()], match[0].strip(), status


def _of_flags(match: re.Match[str]) -> str:
    """Return the status of a flag's letter, or of several in their order, as Eurostat's bp."""
    is_bare = match[1] is not None
    folded = (match[1] or match[2]).casefold()
    if set(folded) <= _LETTERS.keys() and sorted(set(folded)) == [*folded]:
        return min((_LETTERS[flag] for flag in folded), key=ORDER.index)
    is_mark = folded in _OTHER_FLAGS if is_bare else folded not in _SIZES
    return "marked" if is_mark else ""


@lru_cache(maxsize=256)
def _pattern(mark: str) -> re.Pattern[str]:
    """Return what finds a declared mark at a text's end, and no part of a longer one."""
    first = mark[0]
    kind = r"[^\W\d_]" if first.isalpha() else r"\d" if first.isdecimal() else re.escape(first)
    kind = f"[{_RAISED}]" if re.match(f"[{_RAISED}]", first) else kind
    return re.compile(rf"\s*(?<!{kind})[(\[]?(?<!{kind}){re.escape(mark)}[)\]]?$")


def alone(text: str, declared: Declared = NOTHING) -> str:
    """Return the status of a mark that stands in place of a figure; "" if it is none."""
    bare = text.strip("()[]")
    meaning = declared.get(text) or declared.get(bare) or ""
    if not meaning and text == f"[{bare}]":
        meaning = _ALONE.get(bare, "")
    if not meaning or meaning in (*WITHOUT_FIGURE, "unreliable"):
        return meaning
    return "missing"


def beside_none(marked: WithoutMarks) -> str:
    """Return the status of marks behind a word for "no figure", as in ``: c``."""
    status = _ALONE.get(marked.unknown.strip("()[]"), marked.status)
    return status if status in (*WITHOUT_FIGURE, "unreliable") else "missing"


def how_to_declare(text: str) -> str:
    """Return how to declare what stands beside a figure, if it may be a mark."""
    rest = re.sub(r"^[\d\s.,%+-]+", "", text)
    is_alone = rest == text
    if not 0 < len(rest) <= (3 if is_alone else 12) or rest[-1].isdecimal():
        return ""
    example = "missing" if is_alone else "provisional"
    return (
        f". If {rest!r} is a mark, declare what it means: "
        f'marks = {{ {_quoted(rest)} = "{example}" }}'
    )


def not_known(text: str, read: str, mark: str) -> tuple[str, str]:
    """Say that a text was read without a mark of which nobody knows what it means."""
    return told("mark_unknown", text=text, read=read, mark=mark, quoted=_quoted(mark))


def _quoted(mark: str) -> str:
    return json.dumps(mark, ensure_ascii=False)
