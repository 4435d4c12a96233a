"""What is true: figures under their keys, drawn at random, and how people write those keys."""

from __future__ import annotations

import dataclasses
import itertools
import random
from dataclasses import dataclass
from datetime import date, timedelta

from delivery_analytics.model import periods
from delivery_analytics.model.definitions import Indicator, Region, Sector, Unit
from delivery_analytics.model.registry import Registry
from delivery_analytics.model.sheet_definitions import Sheet
from tests.support import tables

DAY = date(2026, 1, 20)
Key = tuple[str, ...]  # a meaning for each key field of the table
Figure = float | date | None

REGIONS = {
    one.id: one
    for one in (
        Region("KZ", "country", {"en": "Kazakhstan", "ru": "Казахстан", "kk": "Қазақстан"}),
        Region("KZ-10", "oblast", {"en": "Abai Region", "ru": "область Абай", "kk": "Абай облысы"}),
        Region("KZ-19", "oblast", {"en": "Almaty Region", "ru": "Алматинская область"}),
        Region("KZ-71", "city", {"en": "Astana", "ru": "г. Астана"}, aliases=("Нур-Султан",)),
        Region("KZ-75", "city", {"en": "Almaty City", "ru": "г. Алматы", "kk": "Алматы қаласы"}),
    )
}  # fmt: skip
UNITS = {
    one.id: one
    for one in (
        Unit(
            "units", {"en": "units", "ru": "единиц", "kk": "бірлік"}, {"ru": "ед."}, "count", 0
        ),
        Unit("km", {"en": "kilometres", "ru": "километров", "kk": "шақырым"}, {"ru": "км"}),
        Unit("percent", {"en": "per cent", "ru": "процентов"}, {"ru": "%"}, "percent"),
    )
}
_OFTEN = {
    "annual": ("", "", ""),
    "quarterly": (" by quarter", " по кварталам", " тоқсан бойынша"),
    "monthly": (" by month", " по месяцам", " ай бойынша"),
}
# Names that begin as a total does are names all the same.
_CALLED = {
    "schools": ("units", "Schools built", "Построено школ", "Салынған мектептер"),
    "roads": ("km", "Total length of roads", "Всего дорог", "Барлық жолдар"),
    "coverage": ("percent", "Coverage", "Охват населения", "Халықты қамту"),
}
INDICATORS = {
    f"works.{name}_{often}": Indicator(
        f"works.{name}_{often}",
        "works",
        dict(
            zip(("en", "ru", "kk"), map("".join, zip(called, more, strict=True)), strict=True)
        ),
        unit,
        "increase",
        frequency=often,
        code=f"{name[0].upper()}-{number}0{place}",
        plausible=(0, None),
    )
    for number, (often, more) in enumerate(_OFTEN.items(), 1)
    for place, (name, (unit, *called)) in enumerate(_CALLED.items(), 1)
}
LINES = ("Автодороги", "017", "Water supply", "Итоговая аттестация")
FIELDS = {
    "observations": ("indicator", "region", "period"),
    "spending": ("line", "region", "period"),
    "targets": ("indicator", "region", "due_on"),
    "milestones": ("milestone",),
}
FIGURES = {
    "observations": (("value",), ("value",), ("value", "target")),
    "spending": (("actual",), ("plan", "actual")),
    "targets": (("value",),),
    "milestones": (("due_on", "expected_on", "completed_on"),),
}
_RUSSIAN = "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь"
_KAZAKH = "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан"

_MONTHS = {"ru": _RUSSIAN.split(), "kk": _KAZAKH.split()}


@dataclass(frozen=True)
class Truth:
    """The figures of one sheet: key → figure's name → figure, None where there is none.

    Attributes
    ----------
    meanings
        Key field → the meanings that it takes.
    """

    table: str
    figures: tuple[str, ...]
    meanings: dict[str, tuple[str, ...]]
    records: dict[Key, dict[str, Figure]]

    @property
    def fields(self) -> tuple[str, ...]:
        return FIELDS[self.table]


def registry(sheets: tuple[Sheet, ...]) -> Registry:
    """Return a registry whose sector `works` sends `sheets`."""
    works = Sector("works", {"en": "Works"}, tuple(INDICATORS.values()), sheets)
    sectors = {"works": works}
    return dataclasses.replace(tables.registry(), sectors=sectors, regions=REGIONS, units=UNITS)


def drawn(dice: random.Random, alone: frozenset[str] = frozenset()) -> Truth:
    """Return a random truth; a field that is `alone` has one meaning."""
    table = dice.choices(tuple(FIELDS), (6, 3, 2, 1))[0]
    often = dice.choice(tuple(_OFTEN))
    year = dice.randint(2019, 2024)
    spans = {
        "annual": [str(year + n) for n in range(3)],
        "quarterly": [f"{year + n // 4}-Q{n % 4 + 1}" for n in range(5)],
        "monthly": [f"{year}-{n:02}" for n in range(4, 9)],
    }
    among = {
        "indicator": [i.id for i in INDICATORS.values() if i.frequency == often],
        "region": list(REGIONS),
        "period": spans[often],
        "line": list(LINES),
        "due_on": [f"{year + n}-12-31" for n in range(1, 4)],
        "milestone": [f"M-{n:02}" for n in range(1, 9)],
    }
    meanings = {}
    for field in FIELDS[table]:
        few = 1 if field in alone else dice.randint(2, len(among[field]))
        meanings[field] = tuple(dice.sample(among[field], few))
    figures = dice.choice(FIGURES[table])
    records = {
        key: {figure: _figure(dice, table, key) for figure in figures}
        for key in itertools.product(*meanings.values())
        if dice.random() < 0.9
    }
    return Truth(table, figures, meanings, records)


def _figure(dice: random.Random, table: str, key: Key) -> Figure:
    if dice.random() < (0.3 if table == "milestones" else 0.07):
        return None
    if table == "milestones":
        return DAY + timedelta(days=dice.randint(-500, 500))
    unit = INDICATORS[key[0]].unit if key[0] in INDICATORS else ""
    if unit == "percent":
        return round(dice.uniform(0.1, 100), dice.randint(0, 2))
    if unit == "units":
        return float(dice.randint(1, 10 ** dice.randint(1, 6)))
    return round(dice.uniform(0.1, 10 ** dice.randint(1, 6)), dice.randint(0, 3))


def spelt(dice: random.Random, field: str, meaning: str, *, text: bool) -> object:
    """Return a key as a sender may write it; `text` where the cell cannot hold a day."""
    if field == "indicator":
        known = INDICATORS[meaning]
        return dice.choice((known.code, *known.name.values()))
    if field == "region":
        region = REGIONS[meaning]
        return dice.choice((meaning, *region.name.values(), *region.aliases))
    if field == "period":
        return dice.choice(_periods(meaning, text=text))
    if field == "due_on":
        day = date.fromisoformat(meaning)
        return f"{day:%d.%m.%Y}" if text else dice.choice((day, f"{day:%d.%m.%Y}"))
    return meaning


def _periods(meaning: str, *, text: bool) -> list[object]:
    """Return forms of one period; a day only where a cell can be one."""
    year, _, part = meaning.partition("-")
    last: list[object] = [] if text else [periods.end(meaning)]
    if not part:
        forms = [meaning, f"{year} год", f"{year} г.", f"за {year} год", f"{year} жыл"]
        return [*forms, f"{year} (факт)", *([] if text else [int(year)]), *last]
    if part[0] == "Q":
        roman = ("I", "II", "III", "IV")[int(part[1]) - 1]
        forms = [
            meaning,
            f"{roman} кв. {year}",
            f"{part[1]} квартал {year} г.",
            f"{part} {year}",
        ]
        return [*forms, f"{year} ж. {roman} тоқсан", *last]
    number = int(part)
    forms = [
        meaning,
        f"{_MONTHS['ru'][number - 1]} {year}",
        f"{_MONTHS['kk'][number - 1]} {year}",
    ]
    return [*forms, f"{part}.{year}", *last]


def split(meaning: str) -> tuple[str, str]:
    """Return a quarter or a month as its year and what is written under the year."""
    year, _, part = meaning.partition("-")
    if part[0] == "Q":
        return year, f"{('I', 'II', 'III', 'IV')[int(part[1]) - 1]} кв."
    return year, _MONTHS["ru"][int(part) - 1]
