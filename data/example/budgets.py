"""The budget returns: what each sector planned and spent, in five shapes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from books import Page
from facts import COUNTRY, Facts, day, footnotes, heading, money
from forms import Return, iso, month

# A budget return holds the year so far: stem of its name, its months, what it is called.
VINTAGES = (
    ("2023", [f"2023-{m:02d}" for m in range(1, 13)], "за 2023 год"),
    ("2024-05", [f"2024-{m:02d}" for m in range(1, 6)], "за январь – май 2024 года"),
    ("2024-09", [f"2024-{m:02d}" for m in range(1, 10)], "за январь – сентябрь 2024 года"),
    ("2024-12", [f"2024-{m:02d}" for m in range(1, 13)], "за 2024 год"),
)
# The days on which each sector sent them: plausible, and ours.
BUDGET_DAYS = {
    "transport": ("2024-01-25", "2024-06-20", "2024-10-18", "2025-01-27"),
    "healthcare": ("2024-01-26", "2024-06-21", "2024-10-21", "2025-01-28"),
    "education": ("2024-01-29", "2024-06-18", "2024-10-17", "2025-01-24"),
    "energy": ("2024-01-25", "2024-06-19", "2024-10-22", "2025-01-29"),
    "water": ("2024-01-30", "2024-06-24", "2024-10-16", "2025-01-30"),
    "industry": ("2024-01-26", "2024-06-20", "2024-10-23", "2025-01-31"),
    "digital": ("2024-01-24", "2024-06-17", "2024-10-15", "2025-01-23"),
    "innovation": ("2024-01-31", "2024-06-25", "2024-10-24", "2025-01-30"),
    "regions": ("2024-01-29", "2024-06-24", "2024-10-18", "2025-01-29"),
}
FUNCTIONS = {
    "transport": "Транспорт и коммуникации",
    "healthcare": "Здравоохранение",
    "education": "Образование",
    "energy": "Топливно-энергетический комплекс и недропользование",
    "industry": "Промышленность, архитектурная, градостроительная и строительная деятельность",
    "regions": "Жилищно-коммунальное хозяйство",
}
# The labels of the portal's own file names, for two of the regions.
BUDGET_REGIONS = {"KZ-71": "г_Астана", "KZ-10": "Абайская"}
BUDGETS = {
    "ru": {
        "republican": "Республиканский бюджет (без трансфертов областям)",
        "local": "Местные бюджеты",
    },
    "en": {"republican": "Republican budget", "local": "Local budgets"},
}
Maker = Callable[[Facts, str, Sequence[str], str, str], list[Page]]


def returns(
    facts: Facts, sector: str, make: Maker, *, extra: dict[str, Page] | None = None
) -> list[Return]:
    """Return a sector's budget returns, the later ones repeating the earlier months."""
    out = []
    for stem, periods, title in VINTAGES:
        pages = make(facts, sector, periods, title, sent_on(sector, stem))
        held = f"spending {periods[0]} to {periods[-1]}"
        if extra:
            pages.append(extra[stem])
            held += " and `project_execution`"
        out.append(
            Return(
                f"{sector}_budget_{stem}.xlsx", tuple(pages), held, iso(sent_on(sector, stem))
            )
        )
    return out


def months_across(*, total: bool = False) -> Maker:
    """Return the maker of a sheet with the months across, plan and actual under each."""

    def make(
        facts: Facts, sector: str, periods: Sequence[str], title: str, sent: str
    ) -> list[Page]:
        page = Page("Бюджет")
        heading(page, _budget_heading(facts, sector, title, sent))
        _months_across(page, facts, sector, periods, total=total)
        return [page]

    return make


def long_russian(
    facts: Facts, sector: str, periods: Sequence[str], title: str, sent: str
) -> list[Page]:
    page = Page("Исполнение")
    heading(page, _budget_heading(facts, sector, title, sent))
    _long(
        page,
        facts,
        sector,
        periods,
        language="ru",
        heads=[
            "Код",
            "Бюджет",
            "Регион",
            "Период",
            "План на период",
            "Исполнено",
            "% исполнения",
        ],
        share=True,
    )
    return [page]


def long_english(
    facts: Facts, sector: str, periods: Sequence[str], title: str, sent: str
) -> list[Page]:
    page = Page("Spending")
    last = month(periods[-1], "en")
    names = {"water": "Water management", "innovation": "Fundamental research"}
    heading(
        page,
        [
            facts.name(f"{sector}.lead", "en"),
            f"{names[sector]}: budget from January to {last}",
            f"As of {sent}",
            "thousand tenge, cumulative since January",
        ],
    )
    _long(
        page,
        facts,
        sector,
        periods,
        language="en",
        heads=["Code", "Budget", "Region", "Period", "Plan", "Actual"],
    )
    return [page]


def sheet_a_budget(
    facts: Facts, sector: str, periods: Sequence[str], title: str, sent: str
) -> list[Page]:
    own, local = Page("Республиканский бюджет"), Page("Местные бюджеты")
    for page in (own, local):
        heading(page, _budget_heading(facts, sector, title, sent))
    _one_line(
        own,
        facts,
        f"{sector}.republican",
        periods,
        language="ru",
        heads=["Период", "План", "Исполнено"],
    )
    footnotes(own, ["Без трансфертов областям: они исполняются местными бюджетами."])
    _regions_across(local, facts, f"{sector}.local", periods)
    footnotes(local, ["Области показаны в составе республики и к ней не прибавляются."])
    return [own, local]


def one_line_kazakh(
    facts: Facts, sector: str, periods: Sequence[str], title: str, sent: str
) -> list[Page]:
    page = Page("Бюджет")
    heading(
        page,
        [
            facts.name(f"{sector}.lead", "kk"),
            "Республикалық бюджеттің орындалуы",
            f"{sent} жағдайы бойынша",
            "мың теңге, жыл басынан бері",
        ],
    )
    _one_line(
        page,
        facts,
        f"{sector}.republican",
        periods,
        language="kk",
        heads=["Кезең", "Жоспар", "Орындалды", "Орындалу пайызы"],
    )
    return [page]


def _budget_heading(facts: Facts, sector: str, title: str, sent: str) -> list[str]:
    return [
        facts.name(f"{sector}.lead", "ru"),
        f"Исполнение бюджета по функциональной группе «{FUNCTIONS[sector]}» {title}",
        f"по состоянию на {sent}",
        "тыс. тенге, нарастающим итогом с начала года",
    ]


def sent_on(sector: str, stem: str) -> str:
    """Return the day on which a sector sent a budget return, as titles write it."""
    stems = [one for one, _, _ in VINTAGES]
    return f"{day(BUDGET_DAYS[sector][stems.index(stem)]):%d.%m.%Y}"


def _months_across(
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
                page.put(line, left + side, *(money(pair[side]) if pair else (None, "n1")))
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
    page.widths |= {0: 40, 1: 12, 2: 24} | dict.fromkeys(range(3, 3 + 2 * len(periods)), 15)
    page.wide = True


def _long(
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
            page.put(line, 4, *money(pair[0]))
            page.put(line, 5, *money(pair[1]))
            if share:
                plan, actual = map(float, pair)
                page.put(
                    line,
                    6,
                    *((round(100 * actual / plan, 1), "n1") if plan else ("–", "right")),
                )
            line += 1
    page.widths |= {0: 12, 1: 44, 2: 28, 3: 18, 4: 20, 5: 20, 6: 14}
    page.wide = True


def _one_line(
    page: Page,
    facts: Facts,
    line: str,
    periods: Sequence[str],
    *,
    language: str,
    heads: Sequence[str],
) -> None:
    """Lay one month a row for a single line of the nation; the heading stands in row 5."""
    page.line(4, heads, "head")
    for row, period in enumerate(periods, start=5):
        plan, actual = facts.spending[line, COUNTRY, period]
        page.put(row, 0, month(period, language), "text")
        page.put(row, 1, *money(plan))
        page.put(row, 2, *money(actual))
        if len(heads) > 3:
            page.put(row, 3, round(100 * float(actual) / float(plan), 1), "n1")
    page.widths |= {0: 24, 1: 22, 2: 22, 3: 18}


def _regions_across(page: Page, facts: Facts, line: str, periods: Sequence[str]) -> None:
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
                page.put(row, left + side, *(money(pair[side]) if pair else (None, "n1")))
    for row, period in enumerate(periods, start=6):
        page.put(row, 0, month(period, "ru"), "text")
    page.widths |= {0: 18} | dict.fromkeys(range(1, 1 + 2 * len(regions)), 20)
    page.wide = True
