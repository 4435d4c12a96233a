"""What is done between returns: actions, obstacles, judgements and hundred-day results."""

from __future__ import annotations

from collections.abc import Sequence

from books import Page, Value
from facts import (
    ASKS,
    COUNTRY,
    LANGUAGES,
    VERSIONS,
    Facts,
    Row,
    day,
    heading,
    table,
    version_heads,
)
from forms import Return

WORDS = {
    "en": {
        "title": "Delivery plan: actions, obstacles, judgements",
        "note": "Everything in this workbook is illustrative: invented for this example.",
        "actions": "Actions|No.|Indicator|Region|Action|Owner|Start|End|Done|Cost, KZT|"
        "Effect|Lag, days|Ramp|Ramp, days|Coverage|Reported on|Illustrative",
        "obstacles": "Obstacles|No.|Indicator|Obstacle|Owner|Level|Raised on|Resolved on|"
        "Reported on|Illustrative",
        "judgements": "Judgements|Subject|Dimension|Rating|Assessor|Reason|"
        "Moderated rating|Moderator|Judged on|Illustrative",
        "challenge": "Results|Challenge|Measure|Date|Value",
        "yes": "yes",
    },
    "ru": {
        "title": "План: мероприятия, проблемы, оценки",
        "note": "Всё в этой книге условное: придумано для этого примера.",
        "actions": "Мероприятия|№|Показатель|Регион|Мероприятие|Ответственный|Начало|"
        "Окончание|Исполнено|Стоимость, тенге|Эффект|Лаг, дней|Нарастание|"
        "Нарастание, дней|Охват|Дата отчёта|Условное",
        "obstacles": "Проблемы|№|Показатель|Проблема|Ответственный|Уровень|Возникла|Решена|"
        "Дата отчёта|Условное",
        "judgements": "Оценки|Предмет|Измерение|Оценка|Кто оценил|Обоснование|"
        "Оценка после модерации|Модератор|Дата оценки|Условное",
        "challenge": "Результаты|Вызов|Мера|Дата|Значение",
        "yes": "да",
    },
    "kk": {
        "title": "Жоспар: шаралар, кедергілер, бағалар",
        "note": "Бұл кітаптағының бәрі шартты: осы мысал үшін ойдан алынған.",
        "actions": "Шаралар|№|Көрсеткіш|Өңір|Шара|Жауапты|Басталуы|Аяқталуы|Орындалды|"
        "Құны, теңге|Әсері|Кідіріс, күн|Өсу түрі|Өсу, күн|Қамту|Есеп күні|Шартты",
        "obstacles": "Кедергілер|№|Көрсеткіш|Кедергі|Жауапты|Деңгейі|Пайда болды|Шешілді|"
        "Есеп күні|Шартты",
        "judgements": "Бағалар|Мәні|Өлшем|Баға|Бағалаған|Негіздеме|"
        "Модерациядан кейінгі баға|Модератор|Баға күні|Шартты",
        "challenge": "Нәтижелер|Сынақ|Өлшем|Күні|Мәні",
        "yes": "иә",
    },
}
RAMPS = {
    "step": {"en": "step", "ru": "сразу", "kk": "бірден"},
    "linear": {"en": "linear", "ru": "равномерно", "kk": "біркелкі"},
    "s_curve": {"en": "s-curve", "ru": "S-образно", "kk": "S-тәрізді"},
}
DIMENSIONS = ("challenge", "planning", "capacity", "stage", "performance", "likelihood")


def efforts(facts: Facts, sector: str, language: str) -> list[Return]:
    """Return the workbook of a sector's efforts, and one for its challenges if it has any."""
    words = WORDS[language]
    pages = (
        _actions(facts, sector, language),
        _obstacles(facts, sector, language),
        _judgements(facts, sector, language),
    )
    found = [
        Return(
            f"{sector}_efforts_2025-01.xlsx",
            pages,
            "planned actions, obstacles and judgements, all illustrative",
            "by row",
        )
    ]
    results = _own("challenges.csv", sector)
    if results:
        page = Page(words["challenge"].split("|")[0])
        heading(page, [words["challenge"].split("|")[0], facts.name(sector, language)])
        page.put(2, 0, words["note"], "sub")
        _rows(
            page,
            words["challenge"],
            [
                [row["challenge"], row["measure"] or None, day(row["on"]), float(row["value"])]
                for row in results
            ],
            (26, 22, 13, 12),
        )
        name = f"{sector}_challenge.xlsx"
        found.append(Return(name, (page,), "hundred-day results, all illustrative", "by row"))
    return found


def _actions(facts: Facts, sector: str, language: str) -> Page:
    rows: list[list[Value]] = [
        [
            row["action"],
            facts.name(f"{sector}.{row['indicator']}", language),
            facts.name(row["region"] or COUNTRY, language),
            row["title"],
            row["owner"],
            day(row["start_on"]),
            day(row["end_on"]),
            day(row["completed_on"]) if row["completed_on"] else None,
            *(_figure(row[name]) for name in ("cost", "effect", "lag_days")),
            RAMPS[row["ramp"]][language] if row["ramp"] else None,
            *(_figure(row[name]) for name in ("ramp_days", "coverage")),
            day(row["reported_on"]),
            WORDS[language]["yes"],
            *facts.versions(row["action"], language),
        ]
        for row in _own("actions.csv", sector)
    ]
    widths = (15, 36, 24, 44, 32, 12, 12, 12, 18, 10, 10, 13, 12, 10, 13, 11, 44, 44)
    return _page(facts, sector, language, "actions", rows, widths)


def _obstacles(facts: Facts, sector: str, language: str) -> Page:
    rows: list[list[Value]] = [
        [
            row["obstacle"],
            facts.name(f"{sector}.{row['indicator']}", language) if row["indicator"] else None,
            row["text"],
            row["owner"],
            row["level"],
            day(row["raised_on"]),
            day(row["resolved_on"]) if row["resolved_on"] else None,
            day(row["reported_on"]),
            WORDS[language]["yes"],
            *facts.versions(row["obstacle"], language),
            *(facts.asked(row["obstacle"], one) for one in LANGUAGES),
        ]
        for row in _own("obstacles.csv", sector)
    ]
    widths = (15, 36, 50, 34, 14, 12, 12, 13, 11, *[50] * 5)
    return _page(facts, sector, language, "obstacles", rows, widths)


def _judgements(facts: Facts, sector: str, language: str) -> Page:
    rows: list[list[Value]] = [
        [
            f"{sector}.{row['subject']}",
            dimension,
            row[dimension],
            row["assessor"],
            (row["reason"] or None) if dimension == "likelihood" else None,
            (row["moderated_likelihood"] or None) if dimension == "likelihood" else None,
            (row["moderator"] or None) if dimension == "likelihood" else None,
            day(row["reported_on"]),
            WORDS[language]["yes"],
        ]
        for row in _own("judgements.csv", sector)
        for dimension in DIMENSIONS
    ]
    widths = (34, 16, 10, 24, 60, 16, 20, 13, 11)
    return _page(facts, sector, language, "judgements", rows, widths)


def _page(
    facts: Facts,
    sector: str,
    language: str,
    what: str,
    rows: Sequence[Sequence[Value]],
    widths: Sequence[float],
) -> Page:
    words = WORDS[language]
    page = Page(words[what].partition("|")[0], wide=True)
    heading(page, [f"{words['title']}: {facts.name(sector, language)}", words["note"]])
    heads = [words[what], *(version_heads(what, language) if what in VERSIONS else ())]
    heads += ASKS if what == "obstacles" else ()
    _rows(page, "|".join(heads), rows, widths)
    return page


def _rows(
    page: Page, heads: str, rows: Sequence[Sequence[Value]], widths: Sequence[float]
) -> None:
    page.line(3, heads.split("|")[1:], "head")
    for line, values in enumerate(rows, start=4):
        for column, value in enumerate(values):
            page.put(line, column, value, _style(value))
    page.widths |= dict(enumerate(widths))


def _style(value: Value) -> str:
    if value is None or isinstance(value, str):
        return "text"
    return "any" if isinstance(value, int | float) else "day"


def _figure(text: str) -> float | None:
    return float(text) if text else None


def _own(name: str, sector: str) -> list[Row]:
    return [row for row in table(name) if row["sector"] == sector]
