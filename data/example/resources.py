"""What the ministries of energy, water and industry send."""

from __future__ import annotations

import budgets
import efforts
import plans
from books import Page, Value
from facts import COUNTRY, Facts, day, footnotes, heading, number
from forms import SOURCE_EN, SOURCE_RU, Return, by_region, by_year, iso, said


def energy(facts: Facts) -> list[Return]:
    texts = []
    for year, sent, first in ((2022, "19.05.2023", 2010), (2023, "17.05.2024", 2023)):
        page = Page("csv")
        heading(
            page, [facts.name("energy.lead", "ru"), f"по состоянию на {sent}", "форма 3-ЭН"]
        )
        page.line(3, ["Показатель", "Регион", "Год", "Значение"], "head")
        line = 4
        for indicator in (
            "energy.electricity_access",
            "energy.gas_access",
            "energy.energy_intensity",
        ):
            for period in facts.years(indicator, until=year):
                if int(period) >= first:
                    value, style = number(facts.figures[indicator, COUNTRY][period])
                    cells: list[Value] = [
                        facts.name(indicator, "ru"),
                        facts.name(COUNTRY, "ru"),
                        int(period),
                    ]
                    page.line(line, cells, "text")
                    page.put(line, 3, value, style)
                    line += 1
        held = "`electricity_access`, `gas_access`" + ", `energy_intensity`" * (first < 2020)
        texts.append(
            Return(f"energy_{year}.csv", (page,), f"{held}, nation, to {year}", iso(sent))
        )
    pages = []
    for name, title, indicator, years in (
        (
            "Electricity",
            "Population with access to electricity, per cent",
            "electricity_access",
            ["2022", "2023"],
        ),
        (
            "Energy intensity",
            "Energy intensity of the gross regional product",
            "energy_intensity",
            ["2018", "2019"],
        ),
    ):
        page = Page(name)
        heading(page, [title, "Submitted on"])
        page.put(1, 1, day("2024-06-05"), "day_plain")
        by_region(
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
        *budgets.returns(facts, "energy", budgets.months_across()),
        plans.plan(facts, "energy", "ru"),
        plans.milestones(facts, "energy", "ru"),
        *efforts.efforts(facts, "energy", "ru"),
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
        by_region(
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
        by_year(
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
        *budgets.returns(facts, "water", budgets.long_english),
        plans.plan(facts, "water", "en"),
        plans.milestones(facts, "water", "en"),
        *efforts.efforts(facts, "water", "en"),
    ]


def industry(facts: Facts) -> list[Return]:
    indicators = [
        f"industry.{name}"
        for name in ("manufacturing_productivity", "labour_productivity", "unsafe_housing")
    ]
    regions = []
    for year, sent, years in (
        (2022, "11.07.2023", ["2022"]),
        (2023, "09.07.2024", ["2022", "2023"]),
    ):
        page = Page("Регионы", wide=True)
        heading(
            page,
            [
                facts.name("industry.lead", "ru"),
                "Показатели развития регионов",
                f"по состоянию на {sent}",
            ],
        )
        by_region(
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
            page, ["Производительность труда – в процентах к предыдущему году.", SOURCE_RU]
        )
        regions.append(
            Return(
                f"industry_regions_{year}.xlsx",
                (page,),
                "`manufacturing_productivity`, `labour_productivity`, `unsafe_housing`, "
                + "regions, "
                + "–".join(years),
                iso(sent),
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
                digits = 2 if indicator == "industry.hazardous_waste" else 1
                cell = number(text, decimals=digits) if text else ("…", "centre")
                page.put(line, column, *cell)
        page.widths |= {0: 14, 1: 48} | dict.fromkeys(range(2, 2 + len(years)), 11)
        footnotes(page, ["… – данные не представлены", SOURCE_RU])
        national.append(
            Return(
                f"industry_national_{year}.xlsx",
                (page,),
                "`manufacturing_productivity`, `labour_productivity`, `unsafe_housing`, "
                f"`hazardous_waste`, nation, {first}–{year}",
                iso(sent),
            )
        )
    (row,) = said("industry.housing")
    form = Page("Форма")
    heading(form, ["Ввод жилья: оперативная форма"])
    fields: list[tuple[str, Value, str]] = [
        ("Показатель", facts.name("industry.housing", "ru"), "text"),
        ("Отчётный период", int(row["period"]), "centre"),
        ("Значение", float(row["value"]), "n1"),
        ("Единица измерения", "млн кв. м", "text"),
        ("Дата заполнения", day(row["reported_on"]), "day"),
        (
            "Исполнитель",
            "Комитет по делам строительства и жилищно-коммунального хозяйства",
            "text",
        ),
    ]
    for line, (label, value, style) in enumerate(fields, start=2):
        form.put(line, 0, label, "head")
        form.put(line, 1, value, style)
    form.widths |= {0: 26, 1: 64}
    return [
        *regions,
        *national,
        Return("housing_2024.xlsx", (form,), "`housing` 2024", row["reported_on"]),
        *budgets.returns(facts, "industry", budgets.months_across(total=True)),
        plans.plan(facts, "industry", "ru"),
        plans.milestones(facts, "industry", "ru"),
        *efforts.efforts(facts, "industry", "ru"),
    ]
