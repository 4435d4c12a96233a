"""Hold the units that were sent against the agreed ones; scale by their words for thousands."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from delivery_analytics.loading.columns import Figures
from delivery_analytics.loading.context import Field
from delivery_analytics.loading.fields import FieldReader
from delivery_analytics.loading.remarks import Remark, told
from delivery_analytics.model.registry import Indicator, Unit
from delivery_analytics.parsing import parse
from delivery_analytics.parsing.matching import KnownNames, bare, fold, unit_names
from delivery_analytics.parsing.parse import ParseError, Reading, clean, is_unfilled
from delivery_analytics.parsing.vocabulary import VOCABULARY

_SCALES = VOCABULARY["scales_of_units"]
_WORDS = {float(scale): "|".join(words) for scale, words in _SCALES.items()}
_CODE = re.compile(r"[A-Za-z]{3}")
_CURRENCY = re.compile(rf"¥|{parse.MONEY}")
_LEVEL = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_POWERS = ("²", "³")  # of a metre, and no footnote's mark
_ANY = "|".join(_WORDS.values())
_BEFORE = re.compile(rf"({_ANY})(?:\.| |$)(?:of )?(.*)")
_BEHIND = re.compile(rf"(.+?)[ ,(]+({_ANY})\.?\)?")


@dataclass(frozen=True)
class Units:
    """What there is to say of the units, and what each record's figures are multiplied by."""

    remarks: Sequence[Remark] = ()
    factors: Figures | None = None


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
                raise ParseError(*read.blank_among("unit", unit_id))
            return Reading(1.0)
        text = clean(value)
        # A raised 2, as in km², may be an agreed name's plain one.
        meant = names.meanings(value) or names.meanings(text.translate(_LEVEL))
        if unit_id in meant:
            return Reading(1.0)
        plain = text if text[-1:] in _POWERS else bare(text)
        if plain != text and unit_id in names.meanings(plain):
            return Reading(1.0, *told("unit_normalised", text=text, plain=plain))
        factor = _factor(names, plain, unit_id) if unit_id in countable else None
        if factor is None:
            raise _unlike(names, text, unit_id)
        if sheet.scale != 1:
            return Reading(1.0, *told("scale_holds", text=text, scale=sheet.scale))
        return Reading(factor, *told("multiplied", text=text, unit=unit_id, factor=factor))

    found = read.field("unit", find, variants=read.context.units_of(known))
    factors = np.array([factor or 1.0 for factor in found.values], dtype="float64")
    return Units(found.remarks, factors)


def currencies(read: FieldReader, *, required: bool = False) -> tuple[Field, Units]:
    """Read the currency of each record, without its word for thousands or millions.

    A currency of the registry is called by its code, another known one as it was sent.
    """
    registry, sheet = read.context.registry, read.context.sheet
    money = {unit.id for unit in registry.units.values() if unit.kind == "money"}
    names = unit_names(registry)

    def called(text: str) -> str:
        meant = sorted(names.meanings(text) & money)
        is_code = _CODE.fullmatch(text) and not re.fullmatch(_ANY, fold(text))
        if not meant and not is_code and not is_money(text):
            return ""
        return meant[0].upper() if meant else text.upper() if is_code else text

    def find(value: Any, _: Any) -> Reading:
        text = clean(value)
        if not text and not required:
            return Reading(("", 1.0))
        if not text:
            raise ParseError(*told("empty", what="unit"))
        if whole := called(text):
            return Reading((whole, 1.0))
        factor, rest = sized(text)
        if not (unit := called(rest)):
            raise ParseError(*told("no_currency", text=text))
        if sheet.scale != 1:
            return Reading((unit, 1.0), *told("scale_holds", text=text, scale=sheet.scale))
        message = told("multiplied", text=text, unit=unit, factor=factor)
        return Reading((unit, factor), *message)

    readings, remarks = read.readings("unit", find)
    pairs = [reading.value if reading else ("", 1.0) for reading in readings]
    factors = np.array([factor for _, factor in pairs], dtype="float64")
    return Field([unit for unit, _ in pairs], remarks), Units((), factors)


def other_currency(
    read: FieldReader, names: Sequence[str], units: Sequence[str | None]
) -> Iterator[Remark]:
    """Refuse figures that name another currency than their record's unit: $12 million in KZT.

    Parameters
    ----------
    names
        The fields of the figures.
    units
        Of each record its agreed unit, or the currency that was read; empty where unknown.
    """
    agreed = read.context.registry.units
    for name in names if read.context.sheet.suffixes else ():
        values = read.records.field(name).values
        texts = {value for value in set(values) if isinstance(value, str)}
        spoken = {text: codes for text in texts if (codes := parse.currencies_in(text))}
        for index, (value, unit) in enumerate(zip(values, units, strict=True)):
            named = spoken.get(value) if unit else None
            if named and not named <= parse.currencies_in(
                _called(agreed.get(unit or ""), unit or "")
            ):
                yield Remark(*told("other_unit", text=clean(value), unit=unit), name, index)


def _called(unit: Unit | None, sent: str) -> str:
    """Return everything that a unit is called by."""
    if unit is None:
        return sent
    names = (unit.id.replace("_", " "), *unit.name.values(), *unit.symbol.values())
    return " ".join((*names, *unit.aliases))


def is_money(text: str) -> bool:
    """Say whether a text is a word or a sign for a currency."""
    return _CURRENCY.fullmatch(fold(text)) is not None


def _factor(names: KnownNames, value: object, unit_id: str) -> float | None:
    """Return how many of the agreed unit one of the unit sent is; None where not known."""
    factor, rest = sized(clean(value))
    return factor if unit_id in names.meanings(rest) else None


def sized(text: str) -> tuple[float, str]:
    """Return what a unit's word for thousands makes of it, and the unit without the word."""
    text = fold(text[: parse.LONGEST])
    before, behind = _BEFORE.fullmatch(text), _BEHIND.fullmatch(text)
    word, rest = before.groups() if before else behind.groups()[::-1] if behind else ("", "")
    size = (size for size, words in _WORDS.items() if re.fullmatch(words, word))
    return next(size, 1.0), rest


def _unlike(names: KnownNames, text: str, unit_id: str) -> ParseError:
    if names.meanings(text):
        return ParseError(*told("not_agreed", text=text, unit=unit_id))
    return ParseError(*told("no_unit", text=text, near=names.near(text), unit=unit_id))
