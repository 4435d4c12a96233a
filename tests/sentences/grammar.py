"""The texts of `locales` read backwards: a sentence → the template it was made from, and its parts.

Whatever a sentence was made of is tried: a template within a template, a list, several
sentences in a row. What stands in a placeholder must be something too: a figure, a month, a
name that somebody gave, or a text made from another template. So a text with a figure that
nothing explains is not read at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path

from babel.messages.pofile import read_po

LOCALES = Path(__file__).parents[2] / "delivery_analytics" / "locales"
# One text may be made in several ways; these many are looked at.
_WAYS = 24
_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)(?::[a-z]+)?\}")
_MONTHS = {
    "en": ["January February March April May June July August September October November December"],
    "ru": [
        "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
        "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    ],
    "kk": ["қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан"],
}  # fmt: skip
# What a case adds to a period, a day or a number in Kazakh.
_CASES = "дан|ден|тан|тен|нан|нен|ға|ге|қа|ке|да|де|та|те|дағы|дегі|тағы|ғы|ы"
_ENDING = rf"(?:\d|%|{_MONTHS['kk'][0].replace(' ', '|')}|тоқсан|жартыжылдық|жыл|теңге)"
_CASED = re.compile(rf"(.*{_ENDING})-?(?:{_CASES})")
# What is put together without a template. The name tells the parts from those of templates.
_JOINED = (
    ("several", "{first} · {rest}"),
    ("several", "{first}; {rest}"),
    ("list", "{first}, {rest}"),
    ("labelled", "{label}: {value}"),
    ("span", "{since} – {until}"),
    ("dated", "{name} ({period})"),
    ("quoted", "‘{text}’"),
    ("quoted", "“{text}”"),
    ("quoted", "«{text}»"),
    ("marked", "{text}*"),
    ("marked", "{text}†"),
    ("marked", "*\u00a0{text}"),
    ("marked", "†\u00a0{text}"),
)
# Places in which nothing stands but a figure, a period or a day.
_SHORT = {"period", "date", "day", "by", "due", "value", "expected", "target", "gap"}
# Places in which nothing stands but a name.
_NAMED = {"indicator", "name", "sector", "region", "country"}
_SENTENCE_ENDS = re.compile(r"(?<=[.!?…»”]) (?=\S)")


@dataclass(frozen=True)
class Said:
    """A text and how it was made.

    Attributes
    ----------
    key
        The English text of its template; of what has none ``figure``, ``name``, ``month``,
        ``several``, ``list``, ``labelled``, ``dated``, ``span``, ``quoted`` or ``marked``.
    """

    text: str
    key: str
    parts: Mapping[str, Said] = field(default_factory=dict)

    def every(self) -> Iterator[Said]:
        """Yield this and everything in it."""
        yield self
        for part in self.parts.values():
            yield from part.every()


@dataclass(frozen=True)
class Template:
    """A text with places: what stands between them, and what they are called."""

    key: str
    text: str
    between: tuple[str, ...]
    places: tuple[str, ...]

    @classmethod
    def of(cls, key: str, text: str) -> Template:
        pieces = _PLACE.split(text)
        return cls(key, text, tuple(pieces[::2]), tuple(pieces[1::2]))

    @cached_property
    def longest(self) -> str:
        return max(self.between, key=len)

    def fits(self, text: str, may_be: Callable[[str, str], bool]) -> Iterator[tuple[str, ...]]:
        """Yield every way to fill the places with what `may_be` in them, so that `text` comes out."""
        first, last = self.between[0], self.between[-1]
        if text.startswith(first) and text.endswith(last) and len(text) > len(first + last):
            inner = text[len(first) : len(text) - len(last)]
            yield from _fill(inner, self.between[1:-1], self.places, may_be)


def _fill(
    text: str,
    between: tuple[str, ...],
    places: tuple[str, ...],
    may_be: Callable[[str, str], bool],
) -> Iterator[tuple[str, ...]]:
    if not between:
        if text and may_be(places[0], text):
            yield (text,)
        return
    at = text.find(between[0], 1)
    while at > 0:
        # What cannot stand here need not be looked behind: most ways end at their first place.
        if may_be(places[0], text[:at]):
            behind = text[at + len(between[0]) :]
            for rest in _fill(behind, between[1:], places[1:], may_be):
                yield (text[:at], *rest)
        at = text.find(between[0], at + 1)


def templates(language: str) -> list[Template]:
    """Return every text of a language by its English one; a plural has several."""
    with (LOCALES / ("ru.po" if language == "en" else f"{language}.po")).open("rb") as lines:
        catalogue = read_po(lines)
    out = set()
    for message in catalogue:
        if not message.id:
            continue
        english = message.id if message.pluralizable else (message.id,)
        told = message.string if isinstance(message.string, tuple) else (message.string,)
        texts = english if language == "en" else told
        # Amounts and percentages are read as figures, with their unit.
        if "percentage point" not in english[0] and english[0] != "{n}%":
            out |= {(str(english[0]), text) for text in texts if "{currency}" not in text}
    return [Template.of(key, text) for key, text in sorted(out)]


def _fits(place: str, said: Said) -> bool:
    """Say whether something that was read is what a place of this name is for."""
    if place in ("facts", "finding", "detail"):
        return said.key not in ("figure", "name", "month", "labelled", "several", "{year}")
    if place in ("period", "by", "since", "until"):
        return "{year}" in said.key or said.key == "figure"
    return place != "date" or said.key == "{day} {month} {year}"


class Grammar:
    """How a language's sentences are read.

    Parameters
    ----------
    names
        What somebody called something: indicators, regions, units, files, texts that were sent.
    symbols
        What stands beside a figure in this language → the symbol of its unit.
    """

    def __init__(self, language: str, names: set[str], symbols: Mapping[str, str]) -> None:
        self.language, self.names = language, names
        self.months = {
            name: number
            for row in _MONTHS[language]
            for number, name in enumerate(row.split(), start=1)
        }
        self.months |= {name[:3]: number for name, number in self.months.items()}
        self.months |= {name.lower(): number for name, number in self.months.items()}
        self.symbols: dict[str, str] = {}
        for text, symbol in symbols.items():
            # Of a unit that stands on both sides what is before tells it.
            first, _, last = text.rpartition("{n}")
            self.symbols.setdefault(first.strip() or last.strip(), symbol)
        behind = {text.rpartition("{n}")[2].strip() for text in symbols} - {""}
        leads = {text.rpartition("{n}")[0].strip() for text in symbols} - {""}
        units = "|".join(map(re.escape, sorted({*behind, "%"}, key=len, reverse=True)))
        before = "|".join(map(re.escape, sorted(leads, key=len, reverse=True)))
        lead = rf"(?:(?P<lead>{before})\u00a0)?" if leads else "(?P<lead>)"
        group, point = (",", r"\.") if language == "en" else ("\u00a0", ",")
        digits = rf"(?:\d{{1,3}}(?:{group}\d{{3}})+|\d+)(?:{point}\d+)?"
        beside = r"(?:\u00a0|(?=%)| (?=percentage))"  # English: 97.2%, 1.2 percentage points
        self.figure = re.compile(
            rf"{lead}(?P<sign>[+\u2212]?)(?P<before>[₸$€£₽]?)(?P<digits>{digits})"
            rf"(?:\u00a0(?P<scale>tn|bn|m|trillion|billion|million|трлн|млрд|млн))?(?:{beside}(?P<unit>{units}|тенге|теңге|[₸$€£₽]))?"
        )
        self._templates = [
            *templates(language),
            *(Template.of(key, text) for key, text in _JOINED),
        ]
        # What ends with a unit ends before it where there is none.
        self._templates += [
            Template.of(one.key, one.text.removesuffix(", {unit}"))
            for one in self._templates
            if one.text.endswith(", {unit}")
        ]
        # Within a sentence a code's name begins with a small letter.
        self._whole: dict[str, set[str]] = {}
        for one in self._templates:
            if not one.places:
                text = one.between[0]
                for form in {text, text[:1].lower() + text[1:]}:
                    self._whole.setdefault(form, set()).add(one.key)
        # What says more comes first: a text may also be made of less.
        self._templates = [one for one in self._templates if one.places]
        self._templates.sort(key=lambda one: -len("".join(one.between)))
        self._known: dict[str, tuple[Said, ...]] = {}

    def readings(self, text: str) -> tuple[Said, ...]:
        """Return the ways in which a text can have been made; none where it cannot be read."""
        if text not in self._known:
            self._known[text] = ()
            self._known[text] = tuple(islice(self._ways(text), _WAYS))
        return self._known[text]

    def _ways(self, text: str) -> Iterator[Said]:
        if text in self.names:
            yield Said(text, "name")
        if self.figure.fullmatch(text) or text == "–":
            yield Said(text, "figure")
        for key in sorted(self._whole.get(text, ())):
            yield Said(text, key)
        if text in ("*", "†"):
            yield Said(text, "mark")
        if text.lower() in self.months:
            yield Said(text, "month")
        if self.language == "kk" and (cased := _CASED.fullmatch(text)):
            yield from self.readings(cased[1])
        if text.endswith(".") and not text.endswith(" ."):
            yield from self.readings(text[:-1])
        for end in _SENTENCE_ENDS.finditer(text):
            parts = (text[: end.start()], text[end.end() :])
            yield from self._filled(text, Template("several", "", (), ("first", "rest")), parts)
        for template in self._templates:
            if template.longest in text:
                for texts in template.fits(text, self._may_be):
                    yield from self._filled(text, template, texts)

    def _may_be(self, place: str, text: str) -> bool:
        """Say whether a text can stand in a place of this name; what else it is comes later."""
        if place == "month":
            return text.lower() in self.months
        if place in ("year", "n", "all"):
            return text.isdigit() if place == "year" else any(map(str.isdigit, text))
        if place in _SHORT and any(mark in text for mark in (" · ", ": ", "; ")):
            return False
        return place not in _NAMED or text in self.names

    def _filled(self, text: str, template: Template, texts: tuple[str, ...]) -> Iterator[Said]:
        # A footnote's parts stand side by side, never within each other.
        if template.key != "several" and any(" · " in one for one in texts):
            return
        if len(template.places) != len(set(template.places)):
            pairs = dict(zip(template.places, texts, strict=True))
            if any(
                pairs[name] != one for name, one in zip(template.places, texts, strict=True)
            ):
                return
        ways: list[dict[str, Said]] = [{}]
        if not all(self.readings(one) for one in sorted(texts, key=len)):
            return
        for name, one in zip(template.places, texts, strict=True):
            found = [said for said in self.readings(one) if _fits(name, said)]
            ways = [{**way, name: said} for way in ways for said in found][:_WAYS]
        for way in ways:
            yield Said(text, template.key, way)
