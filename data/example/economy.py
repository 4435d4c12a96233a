"""What the ministries of transport, science and the economy send."""

from __future__ import annotations

import budgets
import efforts
import plans
from books import Page
from facts import COUNTRY, Facts, footnotes, heading, number
from forms import (
    SOURCE_EN,
    SOURCE_RU,
    Return,
    by_region,
    iso,
    month,
    nation_rows,
    one_a_row,
    said_rows,
)


def transport(facts: Facts) -> list[Return]:
    roads = []
    for stem, years, sent in (
        ("roads_2022", ["2021", "2022"], "20.04.2023"),
        ("Дороги местного значения 2023", ["2022", "2023"], "18.04.2024"),
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
        by_region(
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
        held = f"`local_roads` {years[0]}–{years[1]}, regions"
        roads.append(Return(f"{stem}.xlsx", (page,), held, iso(sent)))
    accidents = Page("ДТП")
    heading(
        accidents,
        [
            "Смертность в результате дорожно-транспортных происшествий",
            "Представлено письмом от 15.09.2020",
            "на 100 000 населения",
        ],
    )
    by_region(
        accidents,
        facts,
        row=3,
        blocks=[("transport.road_deaths", [str(year) for year in range(2015, 2020)])],
        language="ru",
        heads=["Область, город"],
        nation=True,
        as_text={"KZ-55", "KZ-71"},
    )
    footnotes(accidents, [SOURCE_RU])
    figures = Page("Figures")
    heading(figures, ["Transport and logistics: other figures"])
    rows = [
        *nation_rows(facts, "transport.road_deaths", "en", {2014: "2016-06-30"}),
        *nation_rows(
            facts, "transport.import_tariff", "en", {2022: "2023-07-14", 2023: "2024-07-12"}
        ),
        *said_rows(facts, "transport.highways_built", "en", "as the President said"),
    ]
    one_a_row(
        figures,
        row=2,
        heads=["Indicator", "Region", "Period", "Value", "Unit", "Reported on", "Comment"],
        rows=rows,
    )
    projects = {}
    for stem, periods, _ in budgets.VINTAGES:
        page = Page("Инвестпроекты")
        sent = budgets.sent_on("transport", stem)
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
            page.put(line, 0, month(period, "ru"), "text")
            page.put(line, 1, *number(known[period], decimals=2))
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
        *budgets.returns(facts, "transport", budgets.months_across(total=True), extra=projects),
        plans.plan(facts, "transport", "en"),
        plans.milestones(facts, "transport", "en"),
        *efforts.efforts(facts, "transport", "en"),
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
        by_region(
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
        page.line(
            3, ["Year", *(facts.name(f"innovation.{name}", "en") for name in names)], "head"
        )
        for line, period in enumerate(range(first, year + 1), start=4):
            page.put(line, 0, period, "centre")
            for column, name in enumerate(names, start=1):
                text = facts.figures[f"innovation.{name}", COUNTRY].get(str(period))
                digits = 2 if name == "rd_share" else 1
                cell = number(text, decimals=digits) if text else (None, "any")
                page.put(line, column, *cell)
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
        *budgets.returns(facts, "innovation", budgets.long_english),
        plans.plan(facts, "innovation", "en"),
        plans.milestones(facts, "innovation", "en"),
        *efforts.efforts(facts, "innovation", "en"),
    ]


def regions(facts: Facts) -> list[Return]:
    sheets = {
        "Безработица": ("unemployment", "Уровень безработицы"),
        "Молодёжь": ("youth_neet", "Молодёжь 15–24 лет, которая не учится и не работает"),
        "Отходы": ("waste_collected", "Обеспеченность населения сбором и вывозом отходов"),
    }
    yearly = []
    for year, sent, years in (
        (2022, "16.06.2023", ["2022"]),
        (2023, "14.06.2024", ["2022", "2023"]),
    ):
        pages = []
        for name, (indicator, title) in sheets.items():
            page = Page(name)
            heading(page, [title, f"по состоянию на {sent}", "в процентах"])
            by_region(
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
                iso(sent),
            )
        )
    series = Page("Ряды")
    heading(series, ["Показатели по республике"])
    rows = [
        *nation_rows(
            facts,
            "regions.low_income",
            "ru",
            {2021: "2022-06-17", 2022: "2023-06-16", 2023: "2024-06-14"},
        ),
        *nation_rows(facts, "regions.unemployment", "ru", {2021: "2022-06-17"}),
        *nation_rows(facts, "regions.youth_neet", "ru", {2021: "2022-06-17"}),
        *nation_rows(facts, "regions.waste_collected", "ru", {2021: "2022-06-17"}),
    ]
    one_a_row(
        series,
        row=2,
        heads=["Показатель", "Период", "Значение", "Дата"],
        rows=[[row[0], row[2], row[3], row[5]] for row in rows],
    )
    taxes = []
    for stem, periods, title in budgets.VINTAGES:
        page = Page("Налоги", wide=True)
        sent = budgets.sent_on("regions", stem)
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
                page.put(4, column, month(period, "ru"), "head")
                text = known.get(period)
                cell = number(text, decimals=2) if text else (None, "any")
                page.put(line, column, *cell)
        page.widths |= {0: 24} | dict.fromkeys(range(1, 1 + len(periods)), 12)
        footnotes(page, ["Представлены два региона."])
        taxes.append(
            Return(
                f"tax_revenue_{stem}.xlsx",
                (page,),
                f"`tax_execution`, Astana and Abai Region, {periods[0]} to {periods[-1]}",
                iso(sent),
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
        *budgets.returns(facts, "regions", budgets.long_russian),
        plans.plan(facts, "regions", "ru"),
        plans.milestones(facts, "regions", "ru"),
        *efforts.efforts(facts, "regions", "ru"),
    ]
