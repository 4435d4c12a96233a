"""What the ministries of health, education and digital development send."""

from __future__ import annotations

import budgets
import efforts
import plans
from books import Page, Value
from facts import Facts, day, footnotes, heading, number
from forms import (
    SOURCE_EN,
    SOURCE_RU,
    Return,
    by_region,
    by_year,
    iso,
    nation_rows,
    one_a_row,
    said,
    said_rows,
)


def healthcare(facts: Facts) -> list[Return]:
    national = [
        f"healthcare.{name}"
        for name in (
            "maternal_mortality",
            "tuberculosis",
            "immunisation",
            "essential_medicines",
        )
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
        by_year(
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
        by_region(
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
    by_region(
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
    for line, row in enumerate(said("healthcare.life_expectancy"), start=3):
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
        *budgets.returns(facts, "healthcare", budgets.long_russian),
        plans.plan(facts, "healthcare", "ru"),
        plans.milestones(facts, "healthcare", "ru"),
        *efforts.efforts(facts, "healthcare", "ru"),
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
    by_region(
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
    by_region(
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
        *nation_rows(
            facts, "education.spending_share", "ru", {2022: "2023-04-14", 2023: "2024-04-12"}
        ),
        *nation_rows(facts, "education.preschool", "ru", {2017: "2018-06-15"}),
        *nation_rows(facts, "education.inclusive_schools", "ru", {2018: "2019-06-14"}),
        *nation_rows(
            facts, "education.teacher_training", "ru", {2021: "2022-06-10", 2022: "2023-06-09"}
        ),
        *nation_rows(
            facts, "education.student_service", "ru", {2021: "2022-06-10", 2022: "2023-06-09"}
        ),
        *said_rows(facts, "education.comfortable_schools", "ru", ""),
    ]
    one_a_row(
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
        *budgets.returns(facts, "education", budgets.sheet_a_budget),
        plans.plan(facts, "education", "ru"),
        plans.milestones(facts, "education", "ru"),
        *efforts.efforts(facts, "education", "ru"),
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
            cells: list[Value] = [
                line - 3,
                facts.name("digital.mobile_users", "kk"),
                region,
                year,
            ]
            page.line(line, cells, ["centre", "text", "text", "centre"])
            page.put(line, 4, *(number(figure) if figure[-1].isdigit() else (figure, "right")))
        page.widths |= {0: 6, 1: 44, 2: 30, 3: 8, 4: 16}
        held = "`mobile_users`, regions, " + str(year)
        if year == 2023:
            held += (
                ", with honest mistakes: Ulytau has words in the number's cell, Abai Region is "
                "called «Семей облысы», Astana stands twice, Shymkent twice with two figures"
            )
        regions.append(Return(f"digital_regions_{year}.xlsx", (page,), held, iso(sent)))
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
        by_year(
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
                iso(sent),
            )
        )
    literacy = Page("Грамотность", wide=True)
    heading(
        literacy,
        ["Цифровая грамотность населения", "по состоянию на 28.05.2021", "в процентах"],
    )
    by_region(
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
            "digital_literacy_2020.xlsx",
            (literacy,),
            "`digital_literacy` 2017–2020",
            "2021-05-28",
        ),
        *budgets.returns(facts, "digital", budgets.one_line_kazakh),
        plans.plan(facts, "digital", "kk"),
        plans.milestones(facts, "digital", "kk"),
        *efforts.efforts(facts, "digital", "kk"),
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
