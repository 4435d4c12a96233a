"""What each ministry sends: the files of every sector, in the shape that is its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import forms
from books import Page, Value
from facts import COUNTRY, Facts, day, footnotes, heading, number, table
from forms import Return

SOURCE_RU = "Источник: Бюро национальной статистики."
SOURCE_EN = "Source: Bureau of National Statistics."

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


def everything(facts: Facts) -> dict[str, list[Return]]:
    """Return every file by sector."""
    return {sector: make(facts) for sector, make in SECTORS.items()}


def transport(facts: Facts) -> list[Return]:
    roads = []
    for stem, years, sent in (
        ("roads_2022", ["2021", "2022"], "20.04.2023"),
        ("Дороги местного значения 2023", ["2023"], "18.04.2024"),
    ):
        page = Page("Форма 1")
        heading(
            page,
            [
                facts.name("transport.lead", "ru"),
                "Состояние автомобильных дорог местного значения",
                f"по состоянию на {sent}",
                "в процентах",
            ],
        )
        forms.by_region(
            page,
            facts,
            row=4,
            blocks=[("transport.local_roads", years)],
            language="ru",
            heads=["№ п/п", "Регион"],
            captions=["Доля дорог в хорошем и удовлетворительном состоянии"],
            year="{} г.",
            as_text={"KZ-11", "KZ-27", "KZ-39", "KZ-43", "KZ-61"},
        )
        footnotes(page, ["Источник: комитет автомобильных дорог, акиматы областей."])
        held = f"`local_roads` {years[0]}" + (f"–{years[-1]}" if years[1:] else "")
        roads.append(Return(f"{stem}.xlsx", (page,), f"{held}, regions", _iso(sent)))
    accidents = Page("ДТП")
    heading(
        accidents,
        [
            "Смертность в результате дорожно-транспортных происшествий",
            "Представлено письмом от 15.09.2020",
            "на 100 000 населения",
        ],
    )
    forms.by_region(
        accidents,
        facts,
        row=3,
        blocks=[("transport.road_deaths", [str(year) for year in range(2015, 2020)])],
        language="ru",
        heads=["Область, город"],
        nation=True,
        as_text={"KZ-55", "KZ-59"},
    )
    footnotes(accidents, [SOURCE_RU])
    figures = Page("Figures")
    heading(figures, ["Transport and logistics: other figures"])
    rows = [
        *_rows(facts, "transport.road_deaths", "en", {2014: "2016-06-30"}),
        *_rows(facts, "transport.import_tariff", "en", {2022: "2023-07-14", 2023: "2024-07-12"}),
        *_published(facts, "transport.highways_built", "en", "as the President said"),
    ]
    forms.one_a_row(
        figures,
        row=2,
        heads=["Indicator", "Region", "Period", "Value", "Unit", "Reported on", "Comment"],
        rows=rows,
    )
    projects = {}
    for stem, periods, _ in VINTAGES:
        page = Page("Инвестпроекты")
        sent = _sent("transport", stem)
        heading(
            page,
            [
                "Исполнение плана по республиканским инвестиционным проектам",
                f"по состоянию на {sent}",
                "нарастающим итогом с начала года, в процентах к плану на период",
            ],
        )
        page.line(3, ["Период", "Исполнение плана, %"], "head")
        known = facts.figures["transport.project_execution", COUNTRY]
        for line, period in enumerate(periods, start=4):
            page.put(line, 0, forms.month(period, "ru"), "text")
            page.put(line, 1, *number(known[period]))
        page.widths |= {0: 20, 1: 18}
        projects[stem] = page
    return [
        *roads,
        Return("road_safety_2019.xls", (accidents,), "`road_deaths` 2015–2019", "2020-09-15"),
        Return(
            "transport_figures.xlsx",
            (figures,),
            "`road_deaths` to 2014, `import_tariff`, `highways_built`",
            "by row",
        ),
        *_budgets(facts, "transport", _months_across(total=True), extra=projects),
        forms.plan(facts, "transport", "en"),
        forms.milestones(facts, "transport", "en"),
    ]


def healthcare(facts: Facts) -> list[Return]:
    national = [
        f"healthcare.{name}"
        for name in ("maternal_mortality", "tuberculosis", "immunisation", "essential_medicines")
    ]
    yearly = []
    for sent, last, with_suicide in (("2023-06-16", 2022, True), ("2024-06-14", 2023, False)):
        nation = Page("Республика")
        lines = [
            "Показатели здоровья населения",
            facts.name("healthcare.lead", "ru"),
            f"{2010 if with_suicide else 2015}–{last} годы",
        ]
        heading(nation, lines)
        forms.by_year(
            nation,
            facts,
            row=3,
            indicators=[*national, *["healthcare.suicide"] * with_suicide],
            years=[str(year) for year in range(2010 if with_suicide else 2015, last + 1)],
            language="ru",
            heads=["Показатель", "Ед. изм."],
        )
        regions = Page("Регионы")
        heading(regions, ["Коэффициент материнской смертности", "на 100 000 живорождённых"])
        forms.by_region(
            regions,
            facts,
            row=3,
            blocks=[("healthcare.maternal_mortality", [str(y) for y in range(2022, last + 1)])],
            language="ru",
            heads=["Регион"],
            as_text={"KZ-23"},
        )
        footnotes(regions, [SOURCE_RU])
        yearly.append(
            Return(
                f"health_indicators_{sent}.xlsx",
                (nation, regions),
                "`maternal_mortality`, `tuberculosis`, `immunisation`, `essential_medicines`"
                + (", `suicide` (nation)" if with_suicide else "")
                + f" to {last}",
                f"{sent}, in the file's name",
            )
        )
    suicide = Page("Лист1")
    heading(
        suicide, ["Смертность от самоубийств", "Отчёт от 12.10.2020", "на 100 000 населения"]
    )
    forms.by_region(
        suicide,
        facts,
        row=3,
        blocks=[("healthcare.suicide", ["2018", "2019"])],
        language="ru",
        heads=["Регион"],
    )
    life = Page("Деректер")
    heading(life, ["Туған кездегі күтілетін өмір сүру ұзақтығы"])
    life.line(2, ["Көрсеткіш", "Кезең", "Мәні", "Есеп күні"], "head")
    for line, row in enumerate(_of("healthcare.life_expectancy"), start=3):
        life.put(line, 0, facts.name("healthcare.life_expectancy", "kk"), "text")
        life.put(line, 1, int(row["period"]), "centre")
        life.put(line, 2, row["value"].replace(".", ",") + row["mark"], "right")
        life.put(line, 3, day(row["reported_on"]), "day")
    footnotes(life, ["* алдын ала дерек"])
    life.widths |= {0: 48, 1: 10, 2: 10, 3: 14}
    return [
        *yearly,
        Return("suicide_2019.xlsx", (suicide,), "`suicide` 2018–2019, regions", "2020-10-12"),
        Return("Өмір сүру ұзақтығы.xlsx", (life,), "`life_expectancy`", "by row"),
        *_budgets(facts, "healthcare", _long_ru),
        forms.plan(facts, "healthcare", "ru"),
        forms.milestones(facts, "healthcare", "ru"),
    ]


def education(facts: Facts) -> list[Return]:
    schools = Page("Школы", wide=True)
    heading(
        schools,
        [
            "Дошкольная подготовка и инклюзивное образование",
            "по состоянию на 14.05.2021",
            "в процентах",
        ],
    )
    blocks = [
        ("education.preschool", ["2018", "2019"]),
        ("education.inclusive_schools", ["2019", "2020"]),
    ]
    forms.by_region(
        schools,
        facts,
        row=3,
        blocks=blocks,
        language="ru",
        heads=["Регион"],
        captions=[facts.name(indicator, "ru") for indicator, _ in blocks],
        nation=True,
    )
    footnotes(schools, [SOURCE_RU])
    teachers = Page("Teachers")
    heading(
        teachers,
        [
            "Teachers graded moderator, expert, researcher or master",
            "As of 20 June 2023",
            "per cent of all teachers of secondary education",
        ],
    )
    forms.by_region(
        teachers,
        facts,
        row=3,
        blocks=[("education.teacher_grades", ["2021", "2022"])],
        language="en",
        heads=["Region"],
    )
    footnotes(teachers, [SOURCE_EN])
    figures = Page("Показатели")
    heading(figures, ["Образование: показатели по республике"])
    rows = [
        *_rows(facts, "education.spending_share", "ru", {2022: "2023-04-14", 2023: "2024-04-12"}),
        *_rows(facts, "education.preschool", "ru", {2017: "2018-06-15"}),
        *_rows(facts, "education.inclusive_schools", "ru", {2018: "2019-06-14"}),
        *_rows(facts, "education.teacher_training", "ru", {2021: "2022-06-10", 2022: "2023-06-09"}),
        *_rows(facts, "education.student_service", "ru", {2021: "2022-06-10", 2022: "2023-06-09"}),
        *_published(facts, "education.comfortable_schools", "ru", ""),
    ]
    forms.one_a_row(
        figures,
        row=2,
        heads=["Показатель", "Год", "Значение", "Единица измерения", "Дата представления"],
        rows=[[row[0], *row[2:6]] for row in rows],
    )
    return [
        Return(
            "education_regions_2020.xlsx",
            (schools,),
            "`preschool` 2018–2019, `inclusive_schools` 2019–2020",
            "2021-05-14",
        ),
        Return("teachers_2022.xlsx", (teachers,), "`teacher_grades` 2021–2022", "2023-06-20"),
        Return(
            "education_national.xlsx",
            (figures,),
            "`spending_share`, `teacher_training`, `student_service`, `comfortable_schools`; "
            "earlier years of `preschool` and `inclusive_schools`",
            "by row",
        ),
        *_budgets(facts, "education", _sheet_a_budget),
        forms.plan(facts, "education", "ru"),
        forms.milestones(facts, "education", "ru"),
    ]


def energy(facts: Facts) -> list[Return]:
    texts = []
    for year, sent, first in ((2022, "19.05.2023", 2010), (2023, "17.05.2024", 2023)):
        page = Page("csv")
        heading(
            page, [facts.name("energy.lead", "ru"), f"по состоянию на {sent}", "форма 3-ЭН"]
        )
        page.line(3, ["Показатель", "Регион", "Год", "Значение"], "head")
        line = 4
        for indicator in ("energy.electricity_access", "energy.gas_access", "energy.energy_intensity"):
            for period in facts.years(indicator, until=year):
                if int(period) >= first:
                    value, style = number(facts.figures[indicator, COUNTRY][period])
                    cells = [facts.name(indicator, "ru"), facts.name(COUNTRY, "ru"), int(period)]
                    page.line(line, cells, "text")
                    page.put(line, 3, value, style)
                    line += 1
        held = "`electricity_access`, `gas_access`" + ", `energy_intensity`" * (first < 2020)
        texts.append(
            Return(f"energy_{year}.csv", (page,), f"{held}, nation, to {year}", _iso(sent))
        )
    pages = []
    for name, title, indicator, years in (
        ("Electricity", "Population with access to electricity, per cent", "electricity_access", ["2022", "2023"]),
        ("Energy intensity", "Energy intensity of the gross regional product", "energy_intensity", ["2018", "2019"]),
    ):
        page = Page(name)
        heading(page, [title, "Submitted on"])
        page.put(1, 1, day("2024-06-05"), "day_plain")
        forms.by_region(
            page,
            facts,
            row=3,
            blocks=[(f"energy.{indicator}", years)],
            language="en",
            heads=["Region"],
        )
        footnotes(page, [SOURCE_EN])
        pages.append(page)
    return [
        *texts,
        Return(
            "electricity_regions_2023.xlsx",
            tuple(pages),
            "`electricity_access` 2022–2023 and `energy_intensity` 2018–2019, regions",
            "2024-06-05",
        ),
        *_budgets(facts, "energy", _months_across()),
        forms.plan(facts, "energy", "ru"),
        forms.milestones(facts, "energy", "ru"),
    ]


def water(facts: Facts) -> list[Return]:
    # The first return has the nation's 75.2 for 2022 with its digits turned round; the
    # second corrects it.
    waste = []
    for stem, sent, changed, remark in (
        ("wastewater_2023-05-18", "18 May 2023", {(COUNTRY, "2022"): "72.5"}, ""),
        ("wastewater_2023-09-04", "4 September 2023", {}, "Corrected: the republic in 2022."),
    ):
        page = Page("Wastewater")
        heading(page, ["Wastewater treated to standard, per cent", f"Submitted on {sent}"])
        forms.by_region(
            page,
            facts,
            row=3,
            blocks=[("water.wastewater_treated", ["2021", "2022"])],
            language="en",
            heads=["Region"],
            nation=True,
            changed=changed,
        )
        footnotes(page, [*filter(None, [remark]), SOURCE_EN])
        waste.append(
            Return(
                f"{stem}.ods",
                (page,),
                "`wastewater_treated` 2021–2022"
                + (", nation 2022 mistyped as 72.5 on purpose" if changed else ", corrected"),
                stem[-10:],
            )
        )
    management = []
    for last, sent, shown in (
        (2021, "27 May 2022", [str(year) for year in range(2010, 2022)]),
        (2023, "31 May 2024", ["2022", "2023"]),
    ):
        page = Page("Water management")
        heading(page, ["Water: national figures", f"Submitted on {sent}"])
        names = ["management_degree", "transboundary", "caspian_ph"]
        names += ["wastewater_treated"] * (last == 2021)
        forms.by_year(
            page,
            facts,
            row=3,
            indicators=[f"water.{name}" for name in names],
            years=shown,
            language="en",
            heads=["Indicator", "Unit"],
        )
        footnotes(page, [SOURCE_EN])
        management.append(
            Return(
                f"water_management_{last}.xlsx",
                (page,),
                ", ".join(f"`{name}`" for name in names) + f", nation, to {last}",
                f"{'2022-05-27' if last == 2021 else '2024-05-31'}",
            )
        )
    return [
        *waste,
        *management,
        *_budgets(facts, "water", _long_en),
        forms.plan(facts, "water", "en"),
        forms.milestones(facts, "water", "en"),
    ]


def industry(facts: Facts) -> list[Return]:
    indicators = [
        f"industry.{name}"
        for name in ("manufacturing_productivity", "labour_productivity", "unsafe_housing")
    ]
    regions = []
    for year, sent, years in ((2022, "11.07.2023", ["2022"]), (2023, "09.07.2024", ["2022", "2023"])):
        page = Page("Регионы", wide=True)
        heading(
            page,
            [
                facts.name("industry.lead", "ru"),
                "Показатели развития регионов",
                f"по состоянию на {sent}",
            ],
        )
        forms.by_region(
            page,
            facts,
            row=4,
            blocks=[(indicator, years) for indicator in indicators],
            language="ru",
            heads=["№", "Наименование региона"],
            captions=[*(facts.name(one, "ru") for one in indicators), "Показатели"],
            year="{} год",
            as_text={"KZ-31", "KZ-33"},
        )
        footnotes(
            page,
            ["Производительность труда – в процентах к предыдущему году.", SOURCE_RU],
        )
        regions.append(
            Return(
                f"industry_regions_{year}.xlsx",
                (page,),
                "`manufacturing_productivity`, `labour_productivity`, `unsafe_housing`, regions, "
                + "–".join(years),
                _iso(sent),
            )
        )
    national = []
    coded = {
        **{one: f"IND-{place}" for one, place in zip(indicators, (1, 2, 4), strict=True)},
        "industry.hazardous_waste": "IND-5",
    }
    for year, sent, first in ((2022, "14.07.2023", 2010), (2023, "12.07.2024", 2019)):
        page = Page("Свод", wide=True)
        heading(page, ["Сводные показатели отрасли", f"по состоянию на {sent}"])
        years = [str(one) for one in range(first, year + 1)]
        page.line(3, ["Код показателя", "Показатель", *(f"{one} г." for one in years)], "head")
        for line, (indicator, code) in enumerate(coded.items(), start=4):
            page.line(line, [code, facts.name(indicator, "ru")], "text")
            for column, period in enumerate(years, start=2):
                text = facts.figures[indicator, COUNTRY].get(period)
                page.put(line, column, *(number(text) if text else ("…", "centre")))
        page.widths |= {0: 14, 1: 48} | {column: 11 for column in range(2, 2 + len(years))}
        footnotes(page, ["… – данные не представлены", SOURCE_RU])
        national.append(
            Return(
                f"industry_national_{year}.xlsx",
                (page,),
                "`manufacturing_productivity`, `labour_productivity`, `unsafe_housing`, "
                f"`hazardous_waste`, nation, {first}–{year}",
                _iso(sent),
            )
        )
    (row,) = _of("industry.housing")
    form = Page("Форма")
    heading(form, ["Ввод жилья: оперативная форма"])
    fields: list[tuple[str, Value, str]] = [
        ("Показатель", facts.name("industry.housing", "ru"), "text"),
        ("Отчётный период", int(row["period"]), "centre"),
        ("Значение", float(row["value"]), "n1"),
        ("Единица измерения", "млн кв. м", "text"),
        ("Дата заполнения", day(row["reported_on"]), "day"),
        ("Исполнитель", "Комитет по делам строительства и жилищно-коммунального хозяйства", "text"),
    ]
    for line, (label, value, style) in enumerate(fields, start=2):
        form.put(line, 0, label, "head")
        form.put(line, 1, value, style)
    form.widths |= {0: 26, 1: 44}
    return [
        *regions,
        *national,
        Return("housing_2024.xlsx", (form,), "`housing` 2024", row["reported_on"]),
        *_budgets(facts, "industry", _months_across(total=True)),
        forms.plan(facts, "industry", "ru"),
        forms.milestones(facts, "industry", "ru"),
    ]


def digital(facts: Facts) -> list[Return]:
    regions = []
    for year, sent in ((2022, "26.05.2023"), (2023, "24.05.2024")):
        page = Page("Өңірлер")
        heading(
            page,
            [
                "Ұялы телефонды пайдаланушылар, өңірлер бөлінісінде",
                f"{sent} жағдайы бойынша",
                facts.name("digital.lead", "kk"),
            ],
        )
        page.line(3, ["Р/с", "Көрсеткіш", "Өңір", "Жыл", "Мәні, пайызбен"], "head")
        sent_rows = _mobile(facts, str(year))
        if year == 2023:
            sent_rows = _with_mistakes(sent_rows)
        for line, (region, figure) in enumerate(sent_rows, start=4):
            cells = [line - 3, facts.name("digital.mobile_users", "kk"), region, year]
            page.line(line, cells, ["centre", "text", "text", "centre"])
            page.put(line, 4, *(number(figure) if figure[-1].isdigit() else (figure, "right")))
        page.widths |= {0: 6, 1: 44, 2: 30, 3: 8, 4: 16}
        held = "`mobile_users`, regions, " + str(year)
        if year == 2023:
            held += (
                ", with honest mistakes: Ulytau has words in the number's cell, Abai Region is "
                "called «Семей облысы», Astana stands twice, Shymkent twice with two figures"
            )
        regions.append(Return(f"digital_regions_{year}.xlsx", (page,), held, _iso(sent)))
    national = []
    for year, sent, first in ((2022, "30.05.2023", 2012), (2023, "28.05.2024", 2019)):
        page = Page("Республика")
        heading(
            page,
            [
                "Цифрлық даму: республика бойынша көрсеткіштер",
                f"{sent} жағдайы бойынша",
                facts.name("digital.lead", "kk"),
            ],
        )
        names = ["mobile_users", "broadband", "coverage_3g", "service_satisfaction"]
        forms.by_year(
            page,
            facts,
            row=3,
            indicators=[f"digital.{name}" for name in names],
            years=[str(one) for one in range(first, year + 1)],
            language="kk",
            heads=["Көрсеткіш", "Өлшем бірлігі"],
            missing="дерек жоқ",
            year="{} ж.",
        )
        national.append(
            Return(
                f"digital_national_{year}.xlsx",
                (page,),
                ", ".join(f"`{name}`" for name in names) + f", nation, {first}–{year}",
                _iso(sent),
            )
        )
    literacy = Page("Грамотность", wide=True)
    heading(
        literacy,
        ["Цифровая грамотность населения", "по состоянию на 28.05.2021", "в процентах"],
    )
    forms.by_region(
        literacy,
        facts,
        row=3,
        blocks=[("digital.digital_literacy", ["2017", "2018", "2019", "2020"])],
        language="ru",
        heads=["Регион"],
        captions=["Уровень цифровой грамотности населения в возрасте 6–74 лет"],
        nation=True,
    )
    footnotes(literacy, [SOURCE_RU])
    return [
        *regions,
        *national,
        Return(
            "digital_literacy_2020.xlsx", (literacy,), "`digital_literacy` 2017–2020", "2021-05-28"
        ),
        *_budgets(facts, "digital", _one_line_kk),
        forms.plan(facts, "digital", "kk"),
        forms.milestones(facts, "digital", "kk"),
    ]


def innovation(facts: Facts) -> list[Return]:
    research = []
    for year, sent, years in (
        (2022, "23 June 2023", ["2022"]),
        (2023, "21 June 2024", ["2022", "2023"]),
    ):
        page = Page("Research")
        heading(
            page,
            [
                "Spending on research and development, per cent of the gross regional product",
                f"As of {sent}",
            ],
        )
        forms.by_region(
            page,
            facts,
            row=3,
            blocks=[("innovation.rd_share", years)],
            language="en",
            heads=["Region"],
            captions=[facts.name("innovation.rd_share", "en")],
        )
        footnotes(page, [SOURCE_EN])
        research.append(
            Return(
                f"research_regions_{year}.xlsx",
                (page,),
                "`rd_share`, regions, " + "–".join(years),
                f"{year + 1}-06-{sent[:2]}",
            )
        )
    national = []
    names = ["rd_share", "high_tech_share", "manufacturing_exports"]
    for year, sent, first in ((2022, "30 June 2023", 2010), (2023, "28 June 2024", 2019)):
        page = Page("Nation")
        heading(page, ["Innovation: national figures", f"As of {sent}"])
        page.line(3, ["Year", *(facts.name(f"innovation.{name}", "en") for name in names)], "head")
        for line, period in enumerate(range(first, year + 1), start=4):
            page.put(line, 0, period, "centre")
            for column, name in enumerate(names, start=1):
                text = facts.figures[f"innovation.{name}", COUNTRY].get(str(period))
                page.put(line, column, *(number(text) if text else (None, "any")))
        page.widths |= {0: 10, 1: 26, 2: 26, 3: 26}
        footnotes(page, ["Manufacturing exports: per cent of the previous year.", SOURCE_EN])
        national.append(
            Return(
                f"innovation_national_{year}.xlsx",
                (page,),
                ", ".join(f"`{name}`" for name in names) + f", nation, {first}–{year}",
                f"{year + 1}-06-{sent[:2]}",
            )
        )
    return [
        *research,
        *national,
        *_budgets(facts, "innovation", _long_en),
        forms.plan(facts, "innovation", "en"),
        forms.milestones(facts, "innovation", "en"),
    ]


def regions(facts: Facts) -> list[Return]:
    sheets = {
        "Безработица": ("unemployment", "Уровень безработицы"),
        "Молодёжь": ("youth_neet", "Молодёжь 15–24 лет, которая не учится и не работает"),
        "Отходы": ("waste_collected", "Обеспеченность населения сбором и вывозом отходов"),
    }
    yearly = []
    for year, sent, years in ((2022, "16.06.2023", ["2022"]), (2023, "14.06.2024", ["2022", "2023"])):
        pages = []
        for name, (indicator, title) in sheets.items():
            page = Page(name)
            heading(page, [title, f"по состоянию на {sent}", "в процентах"])
            forms.by_region(
                page,
                facts,
                row=3,
                blocks=[(f"regions.{indicator}", years)],
                language="ru",
                heads=["Регион"],
                nation=True,
                as_text={"KZ-19", "KZ-75"} if name == "Отходы" else (),
            )
            footnotes(page, [SOURCE_RU])
            pages.append(page)
        yearly.append(
            Return(
                f"regional_indicators_{year}.xlsx",
                tuple(pages),
                "`unemployment`, `youth_neet`, `waste_collected`, " + "–".join(years),
                _iso(sent),
            )
        )
    series = Page("Ряды")
    heading(series, ["Показатели по республике"])
    rows = [
        *_rows(facts, "regions.low_income", "ru", {2021: "2022-06-17", 2022: "2023-06-16", 2023: "2024-06-14"}),
        *_rows(facts, "regions.unemployment", "ru", {2021: "2022-06-17"}),
        *_rows(facts, "regions.youth_neet", "ru", {2021: "2022-06-17"}),
        *_rows(facts, "regions.waste_collected", "ru", {2021: "2022-06-17"}),
    ]
    forms.one_a_row(
        series,
        row=2,
        heads=["Показатель", "Период", "Значение", "Дата"],
        rows=[[row[0], row[2], row[3], row[5]] for row in rows],
    )
    taxes = []
    for stem, periods, title in VINTAGES:
        page = Page("Налоги", wide=True)
        sent = _sent("regions", stem)
        heading(
            page,
            [
                f"Исполнение плана налоговых поступлений местных бюджетов {title}",
                f"по состоянию на {sent}",
                "нарастающим итогом с начала года",
            ],
        )
        page.merge(3, 0, 4, 0, "Регион")
        page.merge(3, 1, 3, len(periods), "в процентах к плану на период")
        for line, region in enumerate(("KZ-71", "KZ-10"), start=5):
            page.put(line, 0, facts.name(region, "ru"), "text")
            known = facts.figures["regions.tax_execution", region]
            for column, period in enumerate(periods, start=1):
                page.put(4, column, forms.month(period, "ru"), "head")
                text = known.get(period)
                page.put(line, column, *(number(text) if text else (None, "any")))
        page.widths |= {0: 24} | {column: 12 for column in range(1, 1 + len(periods))}
        footnotes(page, ["Представлены два региона."])
        taxes.append(
            Return(
                f"tax_revenue_{stem}.xlsx",
                (page,),
                f"`tax_execution`, Astana and Abai Region, {periods[0]} to {periods[-1]}",
                _iso(sent),
            )
        )
    return [
        *yearly,
        Return(
            "low_income.xlsx",
            (series,),
            "`low_income`; `unemployment`, `youth_neet`, `waste_collected` to 2021, nation",
            "by row",
        ),
        *taxes,
        *_budgets(facts, "regions", _long_ru),
        forms.plan(facts, "regions", "ru"),
        forms.milestones(facts, "regions", "ru"),
    ]


SECTORS: dict[str, Callable[[Facts], list[Return]]] = {
    function.__name__: function
    for function in (
        transport,
        healthcare,
        education,
        energy,
        water,
        industry,
        digital,
        innovation,
        regions,
    )
}
Budget = Callable[[Facts, str, Sequence[str], str, str], list[Page]]


def _budgets(
    facts: Facts, sector: str, make: Budget, *, extra: dict[str, Page] | None = None
) -> list[Return]:
    """Return a sector's budget returns, the later ones repeating the earlier months."""
    out = []
    for stem, periods, title in VINTAGES:
        pages = make(facts, sector, periods, title, _sent(sector, stem))
        held = f"spending {periods[0]} to {periods[-1]}"
        if extra:
            pages.append(extra[stem])
            held += " and `project_execution`"
        out.append(
            Return(
                f"{sector}_budget_{stem}.xlsx",
                tuple(pages),
                held,
                _iso(_sent(sector, stem)),
            )
        )
    return out


def _months_across(*, total: bool = False) -> Budget:
    def make(
        facts: Facts, sector: str, periods: Sequence[str], title: str, sent: str
    ) -> list[Page]:
        page = Page("Бюджет")
        heading(page, _budget_heading(facts, sector, title, sent))
        forms.budget_months_across(page, facts, sector, periods, total=total)
        return [page]

    return make


def _long_ru(
    facts: Facts, sector: str, periods: Sequence[str], title: str, sent: str
) -> list[Page]:
    page = Page("Исполнение")
    heading(page, _budget_heading(facts, sector, title, sent))
    forms.budget_long(
        page,
        facts,
        sector,
        periods,
        language="ru",
        heads=["Код", "Бюджет", "Регион", "Период", "План на период", "Исполнено", "% исполнения"],
        share=True,
    )
    return [page]


def _long_en(
    facts: Facts, sector: str, periods: Sequence[str], title: str, sent: str
) -> list[Page]:
    page = Page("Spending")
    last = forms.month(periods[-1], "en")
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
    forms.budget_long(
        page,
        facts,
        sector,
        periods,
        language="en",
        heads=["Code", "Budget", "Region", "Period", "Plan", "Actual"],
    )
    return [page]


def _sheet_a_budget(
    facts: Facts, sector: str, periods: Sequence[str], title: str, sent: str
) -> list[Page]:
    own, local = Page("Республиканский бюджет"), Page("Местные бюджеты")
    for page in (own, local):
        heading(page, _budget_heading(facts, sector, title, sent))
    forms.budget_one_line(
        own,
        facts,
        f"{sector}.republican",
        periods,
        language="ru",
        heads=["Период", "План", "Исполнено"],
    )
    footnotes(own, ["Без трансфертов областям: они исполняются местными бюджетами."])
    forms.budget_regions_across(local, facts, f"{sector}.local", periods)
    footnotes(local, ["Области показаны в составе республики и к ней не прибавляются."])
    return [own, local]


def _one_line_kk(
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
    forms.budget_one_line(
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


def _sent(sector: str, stem: str) -> str:
    """Return the day on which a sector sent a budget return, as titles write it."""
    stems = [one for one, _, _ in VINTAGES]
    return f"{day(BUDGET_DAYS[sector][stems.index(stem)]):%d.%m.%Y}"


def _iso(shown: str) -> str:
    return "-".join(reversed(shown.split(".")))


def _rows(
    facts: Facts, indicator: str, language: str, sent: dict[int, str]
) -> list[list[Value]]:
    """Return the nation's figures, one a row, each year on the day it was first sent."""
    rows: list[list[Value]] = []
    for period in facts.years(indicator, until=max(sent)):
        year = min(last for last in sent if int(period) <= last)
        value, _ = number(facts.figures[indicator, COUNTRY][period])
        rows.append(
            [
                facts.name(indicator, language),
                facts.name(COUNTRY, language),
                int(period),
                value,
                facts.unit(indicator, language),
                day(sent[year]),
                None,
            ]
        )
    return rows


def _of(indicator: str) -> list[dict[str, str]]:
    return [row for row in table("published.csv") if row["indicator_id"] == indicator]


def _published(facts: Facts, indicator: str, language: str, remark: str) -> list[list[Value]]:
    """Return what was said in public, one a row."""
    return [
        [
            facts.name(indicator, language),
            facts.name(COUNTRY, language),
            int(row["period"]),
            float(row["value"]),
            facts.unit(indicator, language),
            day(row["reported_on"]),
            remark or None,
        ]
        for row in _of(indicator)
    ]


def _mobile(facts: Facts, year: str) -> list[tuple[str, str]]:
    return [
        (facts.name(region, "kk"), facts.figures["digital.mobile_users", region][year])
        for region in facts.regions("digital.mobile_users")
    ]


def _with_mistakes(rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Make the mistakes that people make: the file shows what is done about them."""
    by_name = dict(rows)
    by_name["Ұлытау облысы"] += " (нақтылануда)"
    renamed = {"Абай облысы": "Семей облысы"}
    out = [(renamed.get(name, name), figure) for name, figure in by_name.items()]
    shymkent = by_name["Шымкент қаласы"]
    turned = f"{shymkent[0]}{shymkent[3]}.{shymkent[1]}"
    return [*out, ("Астана қаласы", by_name["Астана қаласы"]), ("Шымкент қаласы", turned)]
