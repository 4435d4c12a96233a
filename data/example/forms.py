"""The shapes of the returns: figures by region, by year, one a row; budgets; plans."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from books import Page, Value
from facts import COUNTRY, Facts, Row, comma, day, heading, number, table

WORDS = {
    "region": {"en": "Region", "ru": "Регион", "kk": "Өңір"},
    "months": {
        "ru": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
        "kk": "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан",
        "en": "January February March April May June July August September October November "
        "December",
    },
}


@dataclass(frozen=True)
class Return:
    """One file that a ministry sends, and what it holds in words."""

    path: str
    pages: tuple[Page, ...]
    holds: str
    reported: str


def month(period: str, language: str) -> str:
    """Return a month as people write it in a table."""
    name = WORDS["months"][language].split()[int(period[5:]) - 1]
    return f"{period[:4]} жылғы {name}" if language == "kk" else f"{name} {period[:4]}"


def by_region(
    page: Page,
    facts: Facts,
    *,
    row: int,
    blocks: Sequence[tuple[str, Sequence[str]]],
    language: str,
    heads: Sequence[str],
    captions: Sequence[str] = (),
    nation: bool = False,
    year: str = "{}",
    as_text: Collection[str] = (),
    changed: dict[tuple[str, str], str] | None = None,
) -> None:
    """Lay regions down and years across; several indicators stand side by side.

    Parameters
    ----------
    row
        Where the heading begins.
    blocks
        Each indicator with its years.
    heads
        Headings of the first columns; with two of them the rows are numbered.
    captions
        Headings that are merged over each block, and over all blocks where there are more.
    as_text
        Regions whose figures are sent as text with a decimal comma.
    changed
        Figures that are sent other than they are, by region and year.
    """
    over_all = len(captions) > len(blocks)
    top = row + bool(captions) + over_all
    for column, text in enumerate(heads):
        page.merge(row, column, top, column, text)
    left = len(heads)
    if over_all:
        width = sum(len(years) for _, years in blocks)
        page.merge(row, left, row, left + width - 1, captions[-1])
    regions = [COUNTRY] if nation else []
    regions += sorted({r for indicator, _ in blocks for r in facts.regions(indicator)})
    for place, (indicator, years) in enumerate(blocks):
        if captions:
            page.merge(top - 1, left, top - 1, left + len(years) - 1, captions[place])
        for offset, period in enumerate(years):
            page.put(top, left + offset, year.format(period), "head")
            for line, region in enumerate(regions, start=top + 1):
                text = (changed or {}).get(
                    (region, period), facts.figures.get((indicator, region), {}).get(period, "")
                )
                value: tuple[Value, str] = (None, "any")
                if text:
                    value = comma(text) if region in as_text else number(text)
                page.put(line, left + offset, *value)
        left += len(years)
    for line, region in enumerate(regions, start=top + 1):
        if len(heads) > 1:
            page.put(line, 0, None if region == COUNTRY else line - top - nation, "centre")
        page.put(line, len(heads) - 1, facts.name(region, language), "text")
    page.widths |= {len(heads) - 1: 34} | ({0: 6} if len(heads) > 1 else {})
    page.widths |= {column: 14 for column in range(len(heads), left)}


def by_year(
    page: Page,
    facts: Facts,
    *,
    row: int,
    indicators: Sequence[str],
    years: Sequence[str],
    language: str,
    heads: Sequence[str],
    missing: str = "",
    year: str = "{}",
) -> None:
    """Lay indicators down, with their units, and years across."""
    page.line(row, [*heads, *(year.format(period) for period in years)], "head")
    for line, indicator in enumerate(indicators, start=row + 1):
        page.line(line, [facts.name(indicator, language), facts.unit(indicator, language)], "text")
        for column, period in enumerate(years, start=len(heads)):
            text = facts.figures[indicator, COUNTRY].get(period, "")
            value: tuple[Value, str] = (missing or None, "centre")
            page.put(line, column, *(number(text) if text else value))
    page.widths |= {0: 48, 1: 22} | {c: 9 for c in range(2, 2 + len(years))}
    page.wide = True


def one_a_row(
    page: Page, *, row: int, heads: Sequence[str], rows: Sequence[Sequence[Value]]
) -> None:
    """Lay one figure a row."""
    page.line(row, heads, "head")
    for line, values in enumerate(rows, start=row + 1):
        for column, value in enumerate(values):
            page.put(line, column, value, _style(value))
    page.widths |= {column: 16 for column in range(len(heads))} | {0: 48}


def _style(value: Value) -> str:
    if isinstance(value, str) or value is None:
        return "text"
    return "any" if isinstance(value, int | float) else "day"


def budget_months_across(
    page: Page, facts: Facts, sector: str, periods: Sequence[str], *, total: bool = False
) -> None:
    """Lay the lines down and the months across, plan and actual under each."""
    for column, text in enumerate(("Бюджет", "Код", "Регион")):
        page.merge(5, column, 6, column, text)
    rows = facts.lines(sector)
    for place, period in enumerate(periods):
        left = 3 + 2 * place
        page.merge(5, left, 5, left + 1, month(period, "ru"))
        page.line_at(6, left, ["План", "Факт"], "head")
        sums = [0.0, 0.0]
        for line, (code, region) in enumerate(rows, start=7):
            pair = facts.spending.get((code, region, period))
            for side in (0, 1):
                page.put(line, left + side, *(number(pair[side]) if pair else (None, "n1")))
                if pair and region == COUNTRY:
                    sums[side] += float(pair[side])
        if total:
            for side in (0, 1):
                page.put(7 + len(rows), left + side, round(sums[side], 3), "n1")
    for line, (code, region) in enumerate(rows, start=7):
        short = code.partition(".")[2]
        shown = BUDGET_REGIONS.get(region) or facts.name(region, "ru")
        page.line(line, [BUDGETS["ru"][short], short, shown], "text")
    if total:
        page.line(7 + len(rows), ["Всего", None, None], "text")
    page.widths |= {0: 40, 1: 12, 2: 24} | {c: 15 for c in range(3, 3 + 2 * len(periods))}
    page.wide = True


# The labels of the portal's own file names, for two of the regions.
BUDGET_REGIONS = {"KZ-71": "г_Астана", "KZ-10": "Абайская"}
BUDGETS = {
    "ru": {
        "republican": "Республиканский бюджет (без трансфертов областям)",
        "local": "Местные бюджеты",
    },
    "en": {"republican": "Republican budget", "local": "Local budgets"},
}


def budget_long(
    page: Page,
    facts: Facts,
    sector: str,
    periods: Sequence[str],
    *,
    language: str,
    heads: Sequence[str],
    share: bool = False,
) -> None:
    """Lay one line, region and month a row; the heading stands in row 5."""
    page.line(4, heads, "head")
    line = 5
    for code, region in facts.lines(sector):
        for period in periods:
            pair = facts.spending.get((code, region, period))
            if not pair:
                continue
            short = code.partition(".")[2]
            page.line(
                line,
                [
                    short,
                    BUDGETS[language][short],
                    facts.name(region, language),
                    month(period, language),
                ],
                "text",
            )
            page.put(line, 4, *number(pair[0]))
            page.put(line, 5, *number(pair[1]))
            if share:
                plan, actual = map(float, pair)
                page.put(line, 6, *((round(100 * actual / plan, 1), "n1") if plan else ("–", "right")))
            line += 1
    page.widths |= {0: 12, 1: 44, 2: 28, 3: 18, 4: 20, 5: 20, 6: 14}
    page.wide = True


def budget_one_line(
    page: Page, facts: Facts, line: str, periods: Sequence[str], *, language: str, heads: Sequence[str]
) -> None:
    """Lay one month a row for a single line of the nation; the heading stands in row 5."""
    page.line(4, heads, "head")
    for row, period in enumerate(periods, start=5):
        plan, actual = facts.spending[line, COUNTRY, period]
        page.put(row, 0, month(period, language), "text")
        page.put(row, 1, *number(plan))
        page.put(row, 2, *number(actual))
        if len(heads) > 3:
            page.put(row, 3, round(100 * float(actual) / float(plan), 1), "n1")
    page.widths |= {0: 24, 1: 22, 2: 22, 3: 18}


def budget_regions_across(
    page: Page, facts: Facts, line: str, periods: Sequence[str]
) -> None:
    """Lay the months down and the regions across, plan and actual under each."""
    page.merge(4, 0, 5, 0, "Период")
    regions = [region for code, region in facts.lines(line.partition(".")[0]) if code == line]
    for place, region in enumerate(regions):
        left = 1 + 2 * place
        page.merge(4, left, 4, left + 1, facts.name(region, "ru"))
        page.line_at(5, left, ["План", "Исполнено"], "head")
        for row, period in enumerate(periods, start=6):
            pair = facts.spending.get((line, region, period))
            for side in (0, 1):
                page.put(row, left + side, *(number(pair[side]) if pair else (None, "n1")))
    for row, period in enumerate(periods, start=6):
        page.put(row, 0, month(period, "ru"), "text")
    page.widths |= {0: 18} | {column: 20 for column in range(1, 1 + 2 * len(regions))}
    page.wide = True


PLAN_WORDS = {
    "en": {
        "targets": "Targets",
        "instructions": "Instructions",
        "title": "Delivery plan 2024",
        "note": "Values marked «yes» in the column «Illustrative» were invented for this example.",
        "all": "All instructions are illustrative: they were invented for this example.",
        "heads": "Indicator|Region|Kind|Due on|Value|Unit|Agreed on|Illustrative|Basis",
        "items": "No.|Act|Instruction|Executor|Control|First deadline|Deadline|Extensions|State|"
        "Removed on|Reported on|Illustrative",
        "milestones": "No.|Milestone|Owner|Programme|Due on|Expected on|Completed on|Illustrative",
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
        "heads": "Показатель|Регион|Вид значения|Срок|Значение|Ед. изм.|Утверждено|Условное|Основание",
        "items": "№|Акт|Поручение|Исполнитель|Вид контроля|Первоначальный срок|Действующий срок|"
        "Продлений|Состояние|Снято с контроля|Дата отчёта|Условное",
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
        "heads": "Көрсеткіш|Өңір|Мән түрі|Мерзімі|Мәні|Өлш. бірл.|Бекітілген күні|Шартты|Негіздеме",
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
        value, style = number(row["value"], decimals=0)
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
    items.line(3, words["items"].split("|"), "head")
    for line, row in enumerate(_of_sector("instructions.csv", "sector", sector), start=4):
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
        items.line(line, cells, styles)
    items.widths |= dict(enumerate((15, 30, 44, 30, 11, 13, 13, 11, 18, 13, 13, 11)))
    return Return(
        f"{sector}_plan_2024.xlsx",
        (targets, items),
        "targets and instructions",
        "by row",
    )


def milestones(facts: Facts, sector: str, language: str) -> Return:
    """Return the workbook of a sector's milestones, one sheet a report."""
    words = PLAN_WORDS[language]
    pages = []
    for number_of, reported in enumerate(REPORTS, start=1):
        page = Page(reported[:7], wide=True)
        shown = f"{day(reported):%d.%m.%Y}"
        title = f"{words['ms_title']}: {facts.name(sector, language)}"
        heading(page, [title, words["as_of"].format(shown), words["ms_note"]])
        page.line(3, words["milestones"].split("|"), "head")
        for line, row in enumerate(_of_sector("milestones.csv", "sector", sector), start=4):
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
            page.line(line, cells, ["text"] * 4 + ["day"] * 3 + ["centre"])
        page.widths |= dict(enumerate((16, 54, 38, 34, 13, 13, 13, 12)))
        pages.append(page)
    return Return(
        f"{sector}_milestones.xlsx", tuple(pages), "milestones", ", ".join(REPORTS)
    )


def _of_sector(name: str, column: str, sector: str) -> list[Row]:
    return [row for row in table(name) if row[column].partition(".")[0] == sector]


def _basis(text: str, words: dict[str, str]) -> str:
    if text.startswith("observed "):
        return words["observed"].format(text[9:])
    return text.replace("illustrative", words["illustrative"])
