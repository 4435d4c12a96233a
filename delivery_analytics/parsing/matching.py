"""Find what a name means: by code, by name in three languages, by alias; never by likeness.

A near miss is offered to the sender and never taken, and so is a name that means two
things. Letters that only look alike (a
Latin ``H`` in a Cyrillic word) are seen through in names, with a note of what was matched
to what, and refused in codes, where one letter makes another code.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from delivery_analytics.model.registry import Registry, Sector
from delivery_analytics.parsing import marks, parse
from delivery_analytics.parsing.messages import told
from delivery_analytics.parsing.parse import ParseError, Reading, clean, is_unfilled

# Cyrillic letters and the Latin ones they are mistaken for, one skeleton for both.
_LOOK_ALIKE = str.maketrans("авсенікмортхуѕјһүԛԝ", "abcehikmoptxysjhyqw")
_NUMBER = re.compile(r"[0-9]{1,15}(?:[.,][0-9]{1,15})?")
_DIGITS = re.compile(r"\d")
# How many letters a slip of the finger drops or adds at most, and how like the name stays.
_LETTERS, _LIKENESS = 3, 0.9
# What divides several names in a cell: surely, and only where each of them is known.
_DIVIDES = (re.compile(r"[;\n]"), re.compile(r"[;\n,/]|\s(?:and|и|және)\s"))
_CODE = re.compile(r"[^\W_]+(?:[-_.][^\W_]+)*\d[^\s]*")


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Return a name as it is compared: no case, one kind of space, dash, quote and ё."""
    folded = unicodedata.normalize("NFC", clean(text)).casefold().replace("ё", "е")
    folded = re.sub(r"[\u2010-\u2015\u2212]", "-", folded)
    folded = re.sub(r"[«»“”„\"]", "", folded)
    return re.sub(r"\.\s+(?=\S)", ".", re.sub(r"[\s_]+", " ", folded)).strip()


@lru_cache(maxsize=65536)
def skeleton(text: str) -> str:
    """Return a folded name with look-alike letters of two scripts made one."""
    return fold(text).translate(_LOOK_ALIKE)


def bare(text: str) -> str:
    """Return a heading or a name without footnote marks and a closing colon."""
    if len(text) > parse.LONGEST:
        return text.strip()
    return marks.taken_off(text.rstrip(": "), of_name=True).text.rstrip(": ")


def foreign(text: str) -> str:
    """Name the letters that are not Latin, of which some may look so."""
    return ", ".join(dict.fromkeys(f"{c} U+{ord(c):04X}" for c in text if ord(c) > 127))


@dataclass(frozen=True)
class KnownNames:
    """The names of one kind of thing, and the codes among them.

    Attributes
    ----------
    what
        What the names are of, for messages.
    listed
        Names as written, each with an id it means.
    """

    what: str
    listed: tuple[tuple[str, str], ...]

    @cached_property
    def known(self) -> dict[str, str]:
        """Name as written → id, without the names that mean two things."""
        return _unique(self.listed)

    @cached_property
    def _folded(self) -> dict[str, str]:
        return _unique((fold(name), key) for name, key in self.listed)

    @cached_property
    def _skeletons(self) -> dict[str, str]:
        return _unique((skeleton(name), key) for name, key in self.listed)

    def meanings(self, value: object) -> frozenset[str]:
        """Return every id that a cell's name can mean, look-alike letters seen through."""
        folded, alike = fold(clean(value)), skeleton(clean(value))
        exact = frozenset(key for name, key in self.listed if fold(name) == folded)
        return exact or frozenset(key for name, key in self.listed if skeleton(name) == alike)

    def key_of(self, text: str) -> str:
        """Return the id that a name means, its mark left out; "" if none, whatever is near."""
        if found := self.known.get(text) or self._folded.get(fold(text)):
            return found
        if len(text) > parse.LONGEST:
            return ""
        unmarked = fold(marks.taken_off(text, of_name=True).text)
        return self._folded.get(unmarked) or self._skeletons.get(skeleton(text), "")

    def find(self, value: object, declared: marks.Declared = marks.NOTHING) -> Reading:
        """Return the id that a cell's name means, and how it was matched if not as is.

        Parameters
        ----------
        declared
            What the sheet's marks mean: see `marks`.

        Raises
        ------
        ParseError
            ``cell.foreign-key`` for a name that is not known, with the nearest ones, or
            that means two things; ``cell.homoglyph`` for a code with a letter of another
            script.
        """
        written = value if isinstance(value, str) else clean(value)
        if not isinstance(value, str):
            self._refuse_unsure(value)
        if written in self.known:
            return Reading(self.known[written])
        text = clean(value)
        if is_unfilled(text):
            raise ParseError(*told("empty", what=self.what))
        if parse.has_control(value):
            raise ParseError(*told("control_in_name", text=text, what=self.what))
        if len(text) > parse.LONGEST:
            shown = parse.shortened(text, 80)
            raise ParseError(*told("unknown", text=shown, what=self.what, near=""))
        if key := self.known.get(text):
            return Reading(key, *told("trimmed", text=text, key=key))
        if key := self._folded.get(fold(text)):
            return Reading(key, *told("normalised", text=text, key=key))
        twin = self._skeletons.get(skeleton(text))
        if twin and _CODE.fullmatch(text):
            other = next(name for name in self.known if skeleton(name) == skeleton(text))
            twins = {"text": text, "other": other, "letters": foreign(text)}
            raise ParseError(*told("looks_like", **twins))
        if twin:
            return Reading(twin, *told("matched", text=text, letters=foreign(text), key=twin))
        if meant := sorted(self.meanings(text)):
            raise ParseError(*told("several_meanings", text=text, meant=" or ".join(meant)))
        marked = marks.taken_off(text, declared, of_name=True)
        if marked.text != text and (key := self._folded.get(fold(marked.text))):
            return _without_mark(text, key, marked)
        raise ParseError(*told("unknown", text=text, what=self.what, near=self.near(text)))

    def several(self, value: object) -> dict[str, str]:
        """Return the names that a cell is divided into, each with its id or "" (none of one).

        It is at ``;`` and line breaks, where one of the names is known; at commas, strokes and
        "and" only where each is. A thing that is named twice is there once.
        """
        for divides in _DIVIDES:
            parts = [name for part in divides.split(str(value)) if (name := clean(part))]
            ids = [self.key_of(part) for part in parts]
            if len(parts) > 1 and (any(ids) if divides is _DIVIDES[0] else all(ids)):
                once = {key or name: name for name, key in zip(parts, ids, strict=True)}
                return {name: self.key_of(name) for name in once.values()}
        return {}

    def _refuse_unsure(self, value: object) -> None:
        """Refuse a number that several codes are, and a day, which a program made of a code."""
        if isinstance(value, date):
            raise ParseError(*told("date_for_code", day=value, what=self.what))
        if not isinstance(value, int | float) or isinstance(value, bool):
            return
        codes = self._numbers.get(float(value), {})
        if len(set(codes.values())) > 1:
            shown, listed = clean(value), " or ".join(codes)
            raise ParseError(*told("number_for_codes", number=shown, codes=listed))

    @cached_property
    def _numbers(self) -> dict[float, dict[str, str]]:
        """Number → the codes that a cell of numbers shows as it, each with its id."""
        numbers: dict[float, dict[str, str]] = {}
        for name, key in self.listed:
            if _NUMBER.fullmatch(name):
                numbers.setdefault(float(name.replace(",", ".")), {})[name] = key
        return numbers

    def slip(self, text: str) -> str:
        """Return what a slip of the finger made `text` of, or that it is of two; or nothing.

        Where a digit or a word differs another thing is meant: minutes No. 12 and No. 13.
        """
        if meant := sorted(self.meanings(text)):
            return f". It can be {' or '.join(meant)}"
        alike = [
            name
            for name in self._folded
            if _DIGITS.findall(name) == _DIGITS.findall(text)
            and abs(len(name) - len(text)) <= _LETTERS
        ]
        return self.near(text, alike, _LIKENESS)

    def near(self, text: str, among: Sequence[str] | None = None, likeness: float = 0.6) -> str:
        """Return "Did you mean…" with the nearest known names, or nothing."""
        among = [*self._folded] if among is None else among
        close = difflib.get_close_matches(fold(text), among, 3, likeness)
        padded = [name for name in self.known if name.lstrip("0") == text and name != text]
        names = [next(n for n in self.known if fold(n) == folded) for folded in close]
        offered = list(dict.fromkeys(padded + names))
        return f". Did you mean {' or '.join(offered)}?" if offered else ""


Names = Mapping[str, KnownNames]  # field → what its cells may be called


def _without_mark(text: str, key: str, marked: marks.WithoutMarks) -> Reading:
    if marked.unknown:
        return Reading(key, *marks.not_known(text, f"'{key}'", marked.unknown), marked.status)
    return Reading(key, *told("without_mark", text=text, key=key), marked.status)


def _unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the mapping without the names that mean two things."""
    keys: dict[str, str] = {}
    double = set()
    for name, key in pairs:
        if keys.setdefault(name, key) != key:
            double.add(name)
    return {name: key for name, key in keys.items() if name not in double}


def region_names(registry: Registry) -> KnownNames:
    """Return the names of every region: code, three languages, aliases."""
    return _known("region", registry.regions.values())


def _known(what: str, things: Iterable[Any]) -> KnownNames:
    """Return the names of what has aliases: its id, names in three languages, aliases."""
    return _named(what, ((one.id, (*one.name.values(), *one.aliases)) for one in things))


def indicator_names(sector: Sector) -> KnownNames:
    """Return the names of a sector's indicators: id, code, three languages, aliases."""
    names = (
        (i.id, (i.id.partition(".")[2], i.code, *i.name.values(), *i.aliases))
        for i in sector.indicators
    )
    return _named("indicator of this sector", names)


def unit_names(registry: Registry) -> KnownNames:
    """Return the names of every unit: id, name and symbol in three languages, aliases."""
    units = registry.units.values()
    names = ((u.id, (*u.name.values(), *u.symbol.values(), *u.aliases)) for u in units)
    return _named("unit", names)


def field_names(registry: Registry, sector: Sector) -> dict[str, KnownNames]:
    """Return, by field, the names that its cells may be."""
    bodies = _known("body", registry.bodies.values())
    guards = [guard for known in registry.challenges.values() for guard in known.guards]
    return {
        "indicator": indicator_names(sector),
        "region": region_names(registry),
        "owner": bodies,
        "executor": bodies,
        "act": _known("act", registry.acts.values()),
        "programme": _called("programme", registry.programmes.values()),
        "sector": _called("sector", registry.sectors.values()),
        "challenge": _called("challenge", registry.challenges.values()),
        "measure": _called("guard-rail", guards),
    }


def _called(what: str, things: Iterable[Any]) -> KnownNames:
    """Return the names of things that have no alias."""
    return _named(what, ((thing.id, thing.name.values()) for thing in things))


def _named(what: str, things: Iterable[tuple[str, Iterable[str]]]) -> KnownNames:
    listed = ((name, key) for key, names in things for name in (key, *names) if name)
    return KnownNames(what, tuple(dict.fromkeys(listed)))
