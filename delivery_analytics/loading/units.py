"""Hold the units that were sent against the agreed ones; scale by their words for thousands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from delivery_analytics.loading.fields import FieldReader
from delivery_analytics.loading.matching import KnownNames, fold, unit_names
from delivery_analytics.loading.parse import ParseError, Reading, clean, is_unfilled
from delivery_analytics.loading.remarks import Remark
from delivery_analytics.model.registry import Indicator

_WORDS = {
    1e3: r"тыс|тысяч[аи]?|мың|thousands?|thous|ths",
    1e6: r"млн|миллион(?:а|ов)?|million|millions|mln|mn",
    1e9: r"млрд|миллиард(?:а|ов)?|billions?|bln|bn",
}
_LEVEL = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_ANY = "|".join(_WORDS.values())
_BEFORE = re.compile(rf"({_ANY})(?:\.| |$)(?:of )?(.*)")
_BEHIND = re.compile(rf"(.+?)[ ,(]+({_ANY})\.?\)?")


@dataclass(frozen=True)
class Units:
    """What there is to say of the units, and what each record's figures are multiplied by."""

    remarks: Sequence[Remark] = ()
    factors: np.ndarray[Any, Any] | None = None


def agreed(read: FieldReader, known: Sequence[Indicator | None]) -> Units:
    """Refuse a unit that is not the one agreed; one in thousands or millions of it is scaled.

    Where the sheet declares a `scale`, that holds, and the word is not counted again.
    """
    if not read.has("unit"):
        return Units()
    registry, sheet = read.context.registry, read.context.sheet
    names = unit_names(registry)
    countable = {u.id for u in registry.units.values() if u.kind not in ("percent", "index")}

    def find(value: Any, unit_id: str) -> Reading:
        if not unit_id:
            return Reading(1.0)
        if is_unfilled(value):
            if "unit" in read.records.named and "unit" not in sheet.blank:
                raise ParseError("cell.missing-key", read.blank_among("unit", unit_id))
            return Reading(1.0)
        # A raised 2, as in km², may be an agreed name's plain one.
        meant = names.meanings(value) or names.meanings(clean(value).translate(_LEVEL))
        if unit_id in meant:
            return Reading(1.0)
        factor = _factor(names, value, unit_id) if unit_id in countable else None
        if factor is None:
            raise _unlike(names, clean(value), unit_id)
        if sheet.scale != 1:
            message = f"'{clean(value)}' was not counted again: scale = {sheet.scale:g} holds"
            return Reading(1.0, "cell.unit-mismatch", message)
        message = (
            f"'{clean(value)}' was read as '{unit_id}': figures were multiplied by {factor:g}"
        )
        return Reading(factor, "cell.unit-mismatch", message)

    units = [indicator.unit if indicator else "" for indicator in known]
    found = read.field("unit", find, variants=units)
    factors = np.array([factor or 1.0 for factor in found.values], dtype="float64")
    return Units(found.remarks, factors)


def _factor(names: KnownNames, value: object, unit_id: str) -> float | None:
    """Return how many of the agreed unit one of the unit sent is; None where not known."""
    text = fold(clean(value))
    before, behind = _BEFORE.fullmatch(text), _BEHIND.fullmatch(text)
    word, rest = before.groups() if before else behind.groups()[::-1] if behind else ("", "")
    if unit_id not in names.meanings(rest):
        return None
    return next(size for size, words in _WORDS.items() if re.fullmatch(words, word))


def _unlike(names: KnownNames, text: str, unit_id: str) -> ParseError:
    if names.meanings(text):
        message = f"the unit is '{text}', but '{unit_id}' was agreed"
        return ParseError("cell.unit-mismatch", message)
    message = (
        f"'{text}' is no unit we know{names.near(text)}. Expected '{unit_id}'; write it so, or "
        "add the name to its aliases in units.toml"
    )
    return ParseError("cell.unit-unknown", message)
