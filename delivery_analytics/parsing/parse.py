"""Read one cell's value as a number or a date, or say why it is neither.

Text is read strictly: what could mean two things is refused, because a misread figure
costs more than a missing one. Periods are read in `parse_periods`, names in `matching`.
"""

import math
import re
import unicodedata
from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from delivery_analytics.parsing import marks
from delivery_analytics.parsing.messages import told
from delivery_analytics.parsing.vocabulary import VOCABULARY

MISSING_WORDS = frozenset(VOCABULARY["missing"])
_PIVOT_BLANKS = frozenset(["(blank)", "(пусто)", "(бос)", "(empty)"])
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# Excel writes characters that XML cannot hold as _x0007_, and readers hand them over so.
_ESCAPED = re.compile("_x(?:000[0-8BCEF]|001[0-9A-F]|D[89A-F][0-9A-F]{2}|FFF[EF])_")
_ESCAPED_SPACE = re.compile("_x000[9AD]_")
_FULLWIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SIGNS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2012": "-"})
_GROUPED = re.compile(
    r"[+-]?([0-9]{1,3})([ '’.,])[0-9]{3}(?:\2[0-9]{3})*(?:(?!\2)([.,])[0-9]+)?"
)
_PLAIN = re.compile(r"[+-]?[0-9]+(?:([.,])[0-9]+)?")
# Digits that can be read in one way only, whatever the decimal mark: most of what comes.
_USUAL = re.compile(r"-?[0-9]{1,15}(?:([.,])(?:[0-9]{1,2}|[0-9]{4,15}))?")
# And where the mark is declared.
_MARKED = re.compile(r"-?[0-9]{1,15}(?:([.,])[0-9]{1,15})?")
_DIGIT = re.compile(r"\d")
_NO_WESTERN_DIGIT = re.compile(r"[^\D0-9]")
_SCALES = [
    (re.compile(rf"(?<![^\W\d_])(?:{'|'.join(words)})\.?$"), float(scale))
    for scale, words in VOCABULARY["scales"].items()
]
_CURRENCIES = {code: "|".join(words) for code, words in VOCABULARY["currencies"].items()}
MONEY = rf"(?:{'|'.join(_CURRENCIES.values())})\.?"
_CURRENCY = re.compile(rf"^(-?) ?{MONEY}\s*|(?<![^\W\d_]){MONEY}$")
LONGEST = 1000  # characters of a name, a number, a date: patterns take their square


class ParseError(ValueError):
    """A value that cannot be read. Knows what is wrong, but not where it is."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


class Reading(NamedTuple):
    """What a cell says; `code` and `message` when it had to be read, not just taken.

    `status` is an observation status of `schema.OBS_STATUSES`.
    """

    value: Any
    code: str = ""
    message: str = ""
    status: str = "normal"


def clean(value: object) -> str:
    """Return a cell's text as people read it: composed, one space, nothing invisible.

    Of a number the 15 digits that a spreadsheet shows, of a day no midnight.
    """
    if value is None:
        return ""
    if isinstance(value, float):
        is_whole = value.is_integer() and abs(value) < 1e15
        value = int(value) if is_whole else float(f"{value:.15g}")
    elif isinstance(value, bool):
        value = str(value).upper()
    elif isinstance(value, datetime) and value.time() == time():
        value = value.date()
    if isinstance(value, str) and _is_plain(value):
        return value.strip()
    text = unicodedata.normalize("NFC", str(value))
    if "_x" in text:
        text = _ESCAPED.sub("", _ESCAPED_SPACE.sub(" ", text))
    text = _CONTROL.sub("", _INVISIBLE.sub("", text))
    return re.sub(r"\s+", " ", text).strip()


def shortened(text: str, most: int) -> str:
    """Return a text as it can be quoted; where it is cut, it says so."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def refuse_long(text: str, what: str) -> None:
    """Refuse what is too long to be anything but a text, before patterns go over it."""
    if len(text) > LONGEST:
        raise ParseError(*told("too_long", text=shortened(text, 80), what=what))


def _is_plain(text: str) -> bool:
    """Say whether there is nothing to compose or to take out, as in nearly every cell."""
    return text.isascii() and text.isprintable() and "  " not in text and "_x" not in text


def is_unfilled(value: object) -> bool:
    """Say whether a cell is blank, or is what a pivot table shows for a blank."""
    text = clean(value)
    return not text or text.casefold() in _PIVOT_BLANKS


def western(text: str) -> str:
    """Return `text` with full-width characters plain and the digits of any script as 0–9."""
    if text.isascii():
        return text
    plain = text.translate(_FULLWIDTH)
    return _NO_WESTERN_DIGIT.sub(lambda match: str(unicodedata.decimal(match[0])), plain)


def has_control(value: object) -> bool:
    """Say whether text holds a character that no one can have typed."""
    if not isinstance(value, str) or (value.isprintable() and "_x" not in value):
        return False
    return bool(_CONTROL.search(value) or _ESCAPED.search(value))


def is_missing(text: str, words: Collection[str] = ()) -> bool:
    """Say whether cleaned `text` means "no figure", here or in every return.

    `words` are casefolded; one that ends in ``*`` stands for all that begin so.
    """
    folded = text.casefold()
    if not text or folded in _PIVOT_BLANKS or folded in MISSING_WORDS or folded in words:
        return True
    return any(word.endswith("*") and folded.startswith(word[:-1]) for word in words)


def number(
    value: object,
    *,
    decimal: str = "auto",
    percent: bool = False,
    suffixes: bool = False,
    missing: Collection[str] = (),
    declared: marks.Declared = marks.NOTHING,
    letters: bool = True,
) -> Reading:
    """Return the number a cell holds.

    A spreadsheet's own numbers pass straight through. Text is read with any kind of
    space as thousands mark, and with the decimal mark the sheet declares; ``auto`` takes
    the only mark that makes sense and refuses ``1,234``, which makes sense twice.

    Parameters
    ----------
    decimal
        ``auto``, ``.`` or ``,``.
    percent
        The figure is a percentage, so ``85%`` is 85; elsewhere a percent sign is refused.
    suffixes
        Read ``млн``, ``тыс.`` and their like after the figure.
    missing
        Words of this sheet for "no figure", casefolded.
    declared, letters
        What this sheet's marks mean, and whether bare letters can be some: see `marks`.

    Raises
    ------
    ParseError
        ``cell.type-error``, ``cell.number-ambiguous`` or ``cell.not-finite``.
    """
    if isinstance(value, bool):
        raise ParseError(*told("no_number", text=clean(value)))
    if isinstance(value, int | float):
        return Reading(_finite(value, str(value)))
    if isinstance(value, date | time | timedelta):
        raise ParseError(*told("date_for_number", text=clean(value)))
    text = clean(value)
    usual = (_USUAL if decimal == "auto" else _MARKED).fullmatch(text)
    is_figure = usual and (decimal == "auto" or usual[1] in (None, decimal))
    if is_figure and not (missing and is_missing(text, missing)):
        figure = float(text.replace(",", "."))
        return Reading(figure, "cell.number-as-text", _as_text(text, figure))
    status = marks.alone(text, declared)
    if not status and is_missing(text, missing):
        status = "not_applicable" if text.casefold() in ("x", "х") else "missing"
    if status:
        case = "bounded" if status == "bounded" else "no_figure_but" if text else "no_figure"
        return Reading(math.nan, *told(case, text=text), status)
    refuse_long(text, "a number")
    if isinstance(value, str) and sum(bool(_DIGIT.search(x)) for x in value.splitlines()) > 1:
        raise ParseError(*told("several_lines", text=text))
    marked = marks.taken_off(western(text).translate(_SIGNS), declared, letters=letters)
    if marked.text and marked.text != text and is_missing(marked.text, missing):
        status = marks.beside_none(marked)
        return Reading(math.nan, *told("no_figure_but", text=text), status)
    return _number_from_text(text, marked, decimal=decimal, percent=percent, suffixes=suffixes)


def _number_from_text(
    text: str, marked: marks.WithoutMarks, *, decimal: str, percent: bool, suffixes: bool
) -> Reading:
    body, status, unknown = marked
    if marked.is_no_figure:
        said, declare = status.replace("_", " "), marks.how_to_declare(text)
        raise ParseError(*told("marked_no_figure", text=text, status=said, declare=declare))
    if body[:1] in "~≈":
        body, status = body[1:].strip(), "estimated"
    if body.endswith("%"):
        if not percent:
            raise ParseError(*told("percent_of_no_unit", text=text))
        body = body[:-1].strip()
    if body[:1] in "≥≤<>" and body[1:2] != "=":
        figure = _digits(body[1:].strip(), decimal, text)
        return Reading(math.nan, *told("bound", text=text, figure=figure), "bounded")
    if re.fullmatch(r"\d[\d.,]* ?- ?\d[\d.,]*", body):
        return Reading(math.nan, *told("range", text=text), "bounded")
    body = body.removeprefix("'")
    if re.fullmatch(r"\(.+\)", body):
        body = f"-{body[1:-1].strip()}"
    body, factor = split_suffix(body) if suffixes else (body, 1.0)
    figure = _finite(_digits(body, decimal, text) * factor, text)
    if unknown:
        return Reading(figure, *marks.not_known(text, f"{figure:.10g}", unknown), status)
    message = _as_text(text, figure) + ("" if status == "normal" else f", {status}")
    return Reading(figure, "cell.number-as-text", message, status)


def _as_text(text: str, figure: float) -> str:
    return f"'{text}' is text; it was read as {figure:.10g}"


def split_suffix(body: str) -> tuple[str, float]:
    rest = _CURRENCY.sub(r"\1", body.casefold()).strip()
    for pattern, factor in _SCALES:
        if match := pattern.search(rest):
            return rest[: match.start()].strip(), factor
    return rest, 1.0


def currencies_in(text: str) -> set[str]:
    """Return the codes of the currencies that a text names, in words or by their signs."""
    folded = text.casefold()
    return {
        code
        for code, names in _CURRENCIES.items()
        if re.search(rf"(?<![^\W\d_])(?:{names})(?![^\W\d_])", folded)
    }


def _digits(body: str, decimal: str, shown: str) -> float:
    """Return the number written as digits, or say why it is not one."""
    plain, grouped = _PLAIN.fullmatch(body), _GROUPED.fullmatch(body)
    if plain and grouped:
        # Nobody leads a group of thousands with a nought: 0,845 is a fraction.
        if grouped[1] == "0" or decimal == plain[1]:
            grouped = None
        elif decimal == "auto":
            one, other = (body.replace(grouped[2], mark) for mark in (".", ""))
            raise ParseError(*told("two_numbers", text=shown, one=one, other=other))
    match = grouped or plain
    if match is None or (grouped and grouped[1].startswith("0")):
        mark, declare = "," if decimal == "," else ".", marks.how_to_declare(shown)
        raise ParseError(*told("not_a_number", text=shown, mark=mark, declare=declare))
    group, point = (match[2], match[3]) if grouped else ("", match[1])
    if group == decimal:
        raise ParseError(*told("marks_reversed", text=shown))
    if point and decimal not in ("auto", point):
        raise ParseError(*told("other_decimal_mark", text=shown, point=point, decimal=decimal))
    return float(body.replace(group, "").replace(point or ".", "."))


def _finite(figure: float, shown: str) -> float:
    try:
        if math.isfinite(figure):
            return float(figure)
    except OverflowError:
        pass
    raise ParseError(*told("not_finite", text=shown[:40]))


_YES = frozenset(["yes", "y", "true", "1", "да", "иә", "истина", "+"])
_NO = frozenset(["no", "n", "false", "0", "нет", "жоқ", "ложь"])


def flag(value: object) -> Reading:
    """Return whether a cell says yes; empty is no."""
    text = clean(value).casefold()
    if text in _YES:
        return Reading(True)
    if text in _NO or not text:
        return Reading(False)
    raise ParseError(*told("neither_yes_nor_no", text=clean(value)))
