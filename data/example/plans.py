"""The plans: targets, instructions and milestones, in the language of the sector."""

from __future__ import annotations

from books import Page, Value
from facts import Facts, Row, day, heading, number, table, version_heads
from forms import Return

PLAN_WORDS = {
    "en": {
        "targets": "Targets",
        "instructions": "Instructions",
        "title": "Delivery plan 2024",
        "note": "Values marked «yes» in the column «Illustrative» were invented for "
        "this example.",
        "all": "All instructions are illustrative: they were invented for this example.",
        "heads": "Indicator|Region|Kind|Due on|Value|Unit|Agreed on|Illustrative|Basis",
        "items": "No.|Act|Instruction|Executor|Control|First deadline|Deadline|Extensions|"
        "State|Removed on|Reported on|Illustrative",
        "milestones": "No.|Milestone|Owner|Programme|Due on|Expected on|Completed on|"
        "Illustrative",
        "as_of": "as of {}",
        "ms_title": "Milestones of the delivery plan",
        "ms_note": "All milestones and their dates are illustrative.",
        "yes": "yes",
        "no": "no",
        "baseline": "baseline",
        "interim": "interim",
        "final": "final",
        "observed": "observed {}",
        "illustrative": "illustrative",
    },
    "ru": {
        "targets": "Целевые показатели",
        "instructions": "Поручения",
        "title": "План на 2024 год",
        "note": "Значения с отметкой «да» в графе «Условное» придуманы для этого примера.",
        "all": "Все поручения условные: придуманы для этого примера.",
        "heads": "Показатель|Регион|Вид значения|Срок|Значение|Ед. изм.|Утверждено|"
        "Условное|Основание",
        "items": "№|Акт|Поручение|Исполнитель|Вид контроля|Первоначальный срок|"
        "Действующий срок|Продлений|Состояние|Снято с контроля|Дата отчёта|Условное",
        "milestones": "№|Веха|Ответственный|Программа|Срок|Ожидается|Исполнено|Условное",
        "as_of": "по состоянию на {}",
        "ms_title": "Вехи плана",
        "ms_note": "Все вехи и их сроки условные.",
        "yes": "да",
        "no": "нет",
        "baseline": "базовое",
        "interim": "промежуточное",
        "final": "целевое",
        "observed": "факт {} года",
        "illustrative": "условное значение",
    },
    "kk": {
        "targets": "Нысаналы көрсеткіштер",
        "instructions": "Тапсырмалар",
        "title": "2024 жылға арналған жоспар",
        "note": "«Шартты» бағанында «иә» белгісі бар мәндер осы мысал үшін ойдан алынған.",
        "all": "Барлық тапсырма шартты: осы мысал үшін ойдан алынған.",
        "heads": "Көрсеткіш|Өңір|Мән түрі|Мерзімі|Мәні|Өлш. бірл.|Бекітілген күні|"
        "Шартты|Негіздеме",
        "items": "№|Акт атауы|Тапсырма|Орындаушы|Бақылау түрі|Бастапқы мерзімі|"
        "Қолданыстағы мерзімі|Ұзарту саны|Күйі|Бақылаудан алынды|Есеп күні|Шартты",
        "milestones": "№|Бақылау нүктесі|Жауапты|Бағдарлама|Мерзімі|Күтілуде|Орындалды|Шартты",
        "as_of": "{} жағдайы бойынша",
        "ms_title": "Жоспардың бақылау нүктелері",
        "ms_note": "Барлық бақылау нүктесі мен мерзімі шартты.",
        "yes": "иә",
        "no": "жоқ",
        "baseline": "базалық",
        "interim": "аралық",
        "final": "нысаналы",
        "observed": "{} жылғы факт",
        "illustrative": "шартты мән",
    },
}
REPORTS = ("2024-04-15", "2024-07-15", "2024-10-15", "2025-01-20")


def plan(facts: Facts, sector: str, language: str) -> Return:
    """Return the workbook of a sector's targets and instructions."""
    words = PLAN_WORDS[language]
    targets = Page(words["targets"], wide=True)
    title = f"{words['title']}: {facts.name(sector, language)}"
    heading(targets, [title, facts.name(f"{sector}.lead", language), words["note"]])
    targets.line(3, words["heads"].split("|"), "head")
    for line, row in enumerate(_of_sector("targets.csv", "indicator_id", sector), start=4):
        value, style = number(
            row["value"], decimals=min(2, len(row["value"].partition(".")[2]))
        )
        cells: list[Value] = [
            facts.name(row["indicator_id"], language),
            facts.name(row["region_id"], language),
            words[row["kind"]],
            day(row["due_on"]),
            value,
            facts.unit(row["indicator_id"], language),
            day(row["set_on"]),
            words[row["illustrative"]],
            _basis(row["basis"], words),
        ]
        styles = ["text", "text", "text", "day", style, "text", "day", "centre", "text"]
        targets.line(line, cells, styles)
    targets.widths |= dict(enumerate((46, 28, 15, 12, 11, 22, 12, 12, 40)))
    items = Page(words["instructions"], wide=True)
    heading(items, [title, facts.name(f"{sector}.lead", language), words["all"]])
    rows = _of_sector("instructions.csv", "sector", sector)
    linked = _linked(rows, words)
    spoken = version_heads("instructions", language)
    items.line(3, words["items"].split("|") + linked + spoken, "head")
    for line, row in enumerate(rows, start=4):
        cells = [
            row["instruction"],
            row["act"],
            row["text"],
            row["executor"],
            row["control"],
            day(row["due_on_original"]),
            day(row["due_on"]),
            int(row["extensions"]),
            row["state"],
            day(row["removed_on"]) if row["removed_on"] else None,
            day(row["reported_on"]),
            words["yes"],
        ]
        styles = ["text"] * 5 + ["day", "day", "n0", "text", "day", "day", "centre"]
        cells += [_indicator(facts, row, language) for _ in linked]
        cells += facts.versions(row["instruction"], language)
        items.line(line, cells, styles + ["text" for _ in linked + spoken])
    widths = (15, 30, 44, 30, 11, 13, 13, 11, 18, 13, 13, 11, *(44 for _ in linked + spoken))
    items.widths |= dict(enumerate(widths))
    return Return(
        f"{sector}_plan_2024.xlsx", (targets, items), "targets and instructions", "by row"
    )


def milestones(facts: Facts, sector: str, language: str) -> Return:
    """Return the workbook of a sector's milestones, one sheet a report."""
    words = PLAN_WORDS[language]
    pages = []
    rows = _of_sector("milestones.csv", "sector", sector)
    linked, spoken = _linked(rows, words), version_heads("milestones", language)
    for number_of, reported in enumerate(REPORTS, start=1):
        page = Page(reported[:7], wide=True)
        shown = f"{day(reported):%d.%m.%Y}"
        title = f"{words['ms_title']}: {facts.name(sector, language)}"
        heading(page, [title, words["as_of"].format(shown), words["ms_note"]])
        page.line(3, words["milestones"].split("|") + linked + spoken, "head")
        for line, row in enumerate(rows, start=4):
            done = row["completed_on"] and row["completed_on"] <= reported
            expected = row[f"expected_{number_of}"]
            programme = row["programme"] and facts.name(row["programme"], language)
            cells: list[Value] = [
                row["milestone"],
                row["title"],
                row["owner"],
                programme or None,
                day(row["due_on"]),
                None if done else day(expected),
                day(row["completed_on"]) if done else None,
                words["yes"],
            ]
            cells += [_indicator(facts, row, language) for _ in linked]
            styles = ["text"] * 4 + ["day"] * 3 + ["centre"]
            cells += facts.versions(row["milestone"], language)
            page.line(line, cells, styles + ["text" for _ in linked + spoken])
        widths = (16, 54, 38, 34, 13, 13, 13, 12, *(44 for _ in linked + spoken))
        page.widths |= dict(enumerate(widths))
        pages.append(page)
    return Return(f"{sector}_milestones.xlsx", tuple(pages), "milestones", ", ".join(REPORTS))


def _of_sector(name: str, column: str, sector: str) -> list[Row]:
    return [row for row in table(name) if row[column].partition(".")[0] == sector]


def _linked(rows: list[Row], words: dict[str, str]) -> list[str]:
    """Return the heading of the indicators that rows serve, where any row names one."""
    return words["heads"].split("|")[:1] if any(row["indicator"] for row in rows) else []


def _indicator(facts: Facts, row: Row, language: str) -> Value:
    return facts.name(row["indicator"], language) if row["indicator"] else None


def _basis(text: str, words: dict[str, str]) -> str:
    if text.startswith("observed "):
        return words["observed"].format(text[9:])
    return text.replace("illustrative", words["illustrative"])
