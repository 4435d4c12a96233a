"""Thirty workbooks of our own making, each shape once: what is ready is what was drawn.

Each has the figures that stand on it, worked by hand, and what somebody who sent it would
answer. A sheet may be refused or have a question left; what loads must be what is true.
"""

from collections import Counter
from datetime import date

import pytest

from delivery_analytics.describing.trial import load_draft
from delivery_analytics.describing.workbook import describe_book, open_file
from delivery_analytics.model.registry import open_registry
from tests.support.workbooks import INDICATORS, VISITS, workspace, write

DAY, DUE = date(2025, 1, 20), date(2025, 6, 30)
CLINICS, VACCINATION, BY_QUARTER = "health.clinics", "health.vaccination", "health.visits"
ABAI, ASTANA = "KZ-10", "KZ-71"
SAID = {"reported_on": "2025-01-20"}
HEAD = ["Code", "Region", "Year", "Value", "As of"]
TABLE = [["Region", 2023, 2024], ["KZ-10", 20, 31], ["KZ-71", 4, 6]]
ROWS = [
    ["H-001", "KZ-10", 2023, 20, DAY],
    ["H-001", "KZ-10", 2024, 31, DAY],
    ["H-001", "KZ-71", 2023, 4, DAY],
    ["H-001", "KZ-71", 2024, 6, DAY],
]
# The same four figures of clinics, which most of the shapes below hold.
FOUR = {
    (CLINICS, ABAI, "2023", 20),
    (CLINICS, ABAI, "2024", 31),
    (CLINICS, ASTANA, "2023", 4),
    (CLINICS, ASTANA, "2024", 6),
}
QUARTERS = {
    (BY_QUARTER, ABAI, "2024-Q1", 5),
    (BY_QUARTER, ABAI, "2024-Q2", 9),
    (BY_QUARTER, ASTANA, "2024-Q1", 7),
    (BY_QUARTER, ASTANA, "2024-Q2", 3),
}
OTHER = {(VACCINATION, *rest) for _, *rest in FOUR}


def with_group(rows, *groups):
    """Return long rows once for each group; only the first has the figures that are true."""
    return [
        [*row[:3], row[3] + 1000 * place, row[4], group]
        for row in rows
        for place, group in enumerate(groups)
    ]


# Shape → its rows, what its sender answers, and the figures that are true.
SHAPES = {
    "long": ([HEAD, *ROWS], {}, FOUR),
    "long, in Russian": (
        [["Показатель", "Регион", "Год", "Факт", "На дату"], *ROWS], {}, FOUR,
    ),
    "long, in Kazakh": (
        [["Көрсеткіш", "Облыс", "Жыл", "Нақты", "Күні"], *ROWS], {}, FOUR,
    ),
    "wide by period": ([["Clinics renovated"], *TABLE], SAID, FOUR),
    "wide by region": (
        [["Clinics renovated"], ["Year", "KZ-10", "KZ-71"], [2023, 20, 4], [2024, 31, 6]],
        SAID, FOUR,
    ),
    "wide by indicator": (
        [["Region", "Year", "Clinics renovated", "Vaccination coverage"],
         ["KZ-10", 2023, 20, 20], ["KZ-10", 2024, 31, 31],
         ["KZ-71", 2023, 4, 4], ["KZ-71", 2024, 6, 6]],
        SAID, FOUR | OTHER,
    ),
    "indicators by periods": (
        [["Indicator", "Unit", 2023, 2024], ["Clinics renovated", "units", 20, 31],
         ["Vaccination coverage", "per cent", 4, 6]],
        SAID | {"region": "KZ"},
        {(CLINICS, "KZ", "2023", 20), (CLINICS, "KZ", "2024", 31),
         (VACCINATION, "KZ", "2023", 4), (VACCINATION, "KZ", "2024", 6)},
    ),
    "measures under a period": (
        [["Clinics renovated"], ["Region", 2023, None, 2024, None],
         [None, "Plan", "Actual", "Plan", "Actual"],
         ["KZ-10", 25, 20, 30, 31], ["KZ-71", 5, 4, 6, 6]],
        SAID, FOUR,
    ),
    "years with a word": (
        [["Clinics renovated"], ["№", "Region", "2023 факт", "Факт (2024 г.)"],
         [1, "KZ-10", 20, 31], [2, "KZ-71", 4, 6]],
        SAID, FOUR,
    ),
    "a measure beside each year": (
        [["Clinics renovated"],
         ["№", "Region", "2023 actual", "Plan for 2024", "2024 actual", "Remarks"],
         [1, "KZ-10", "20", 30, 31, None], [2, "KZ-71", 4, 6, 6, "as sent"]],
        SAID | {"keep-Remarks": "all"}, FOUR,
    ),
    "quarters under a year": (
        [["Visits"], ["Region", "2024", None], [None, "I кв.", "II кв."],
         ["KZ-10", 5, 9], ["KZ-71", 7, 3]],
        SAID, QUARTERS,
    ),
    "a year and a quarter": (
        [["Visits"], ["Region", "Year", "Quarter", "Value"], ["KZ-10", 2024, "I кв.", 5],
         ["KZ-10", 2024, "II кв.", 9], ["KZ-71", 2024, "I кв.", 7],
         ["KZ-71", 2024, "II кв.", 3]],
        SAID, QUARTERS,
    ),
    "regions above their blocks": (
        [["Clinics renovated"], ["Year", "Value"], ["Abai Region", None], [2023, 20], [2024, 31],
         ["Astana", None], [2023, 4], [2024, 6]],
        SAID, FOUR,
    ),
    "turned": ([list(cells) for cells in zip(HEAD, *ROWS, strict=True)], {}, FOUR),
    "one under the other": (
        [["Clinics renovated"], *TABLE, [], [], ["Vaccination coverage"], *TABLE],
        SAID, FOUR | OTHER,
    ),
    "side by side": (
        [[*one, None, *other] for one, other in zip(TABLE, TABLE, strict=True)],
        SAID | {"indicator": "health.clinics"}, FOUR,
    ),
    "a tree of levels": (
        [["Budget line", "Level", "Month", "Plan", "Actual", "As of"],
         *([f"{name} {n}", level, "12.2024", 2 * figure, figure, DAY]
           for n in range(6)
           for name, level, figure in (("Health", 0, 30), ("Clinics", 1, 10), ("Salaries", 1, 20)))],
        {"unit": "KZT", "region": "KZ", "keep-Level": "0"},
        {(f"health.Health {n}", "KZ", "2024-12", figure) for n in range(6) for figure in (60, 30)},
    ),
    "a breakdown with its total": (
        [[*HEAD, "Sex"], *with_group(ROWS, "total", "F", "M")], {"keep-Sex": "total"}, FOUR,
    ),
    "two breakdowns with blanks": (
        [[*HEAD, "Sex", "Age"],
         *([*row, age] for row in with_group(ROWS, None, "F", "M") for age in [None])],
        {"keep-Sex": "(blank)"}, FOUR,
    ),
    "titles, notes and a total": (
        [["Report"], ["Clinics renovated"], ["as of 20.01.2025"], [], *TABLE, ["Total", 24, 37],
         [], ["Source: the ministry"]],
        {}, FOUR,
    ),
    "a numbering row and running numbers": (
        [["Clinics renovated"], ["№", *TABLE[0]], [1, 2, 3, 4],
         *([n, *row] for n, row in enumerate(TABLE[1:], 1))],
        SAID, FOUR,
    ),
    "marks with a footnote": (
        [["Clinics renovated"], *TABLE[:2], ["KZ-71", 4, "6*"], [], ["* предварительные данные"]],
        SAID | {"marks": "* = provisional"}, FOUR,
    ),
    "words for no figure": (
        [["Clinics renovated"], *TABLE, ["KZ", "уточняется", "уточняется"]],
        SAID | {"missing": "none"}, FOUR,
    ),
    "a decimal comma": (
        [HEAD, ["H-002", "KZ-10", 2023, "12,5", DAY], ["H-002", "KZ-71", 2023, "1,234", DAY]],
        {}, {(VACCINATION, ABAI, "2023", 12.5), (VACCINATION, ASTANA, "2023", 1.234)},
    ),
    "thousands": (
        [["Visits"], ["тыс. единиц"], ["Region", "2024-Q1", "2024-Q2"], ["KZ-10", 0.005, 0.009],
         ["KZ-71", 0.007, 0.003]],
        SAID | {"scale": "1000"}, QUARTERS,
    ),
    "blank regions are the one above": (
        [HEAD, ROWS[0], [*ROWS[1][:1], None, *ROWS[1][2:]], ROWS[2],
         [*ROWS[3][:1], None, *ROWS[3][2:]]],
        {"blank-region": "above"}, FOUR,
    ),
    "running totals": (
        [["Visits"], ["Region", "2024-Q1", "2024-Q2", "2024-Q3"], ["KZ-10", 5, 9, 12]],
        SAID | {"cumulative": "yes"},
        {(BY_QUARTER, ABAI, "2024-Q1", 5), (BY_QUARTER, ABAI, "2024-Q2", 9), (BY_QUARTER, ABAI, "2024-Q3", 12)},
    ),
    "columns of figures that nothing names": (
        [["Region", "Year", "a1", "b2"], *([r, y, v, 1000 + v] for _, r, y, v, _ in ROWS)],
        SAID | {"column-value": "value = a1", "indicator": "health.clinics"}, FOUR,
    ),
    "a list of projects": (
        [["Код", "Наименование проекта", "Исполнитель", "Срок", "Ожидается", "Обновлено"],
         ["P-1", "Школа", "МП", DUE, DUE, DAY], ["P-2", "Мост", "МТ", DUE, DUE, DAY]],
        {}, {("milestones", "P-1"), ("milestones", "P-2")},
    ),
    "instructions": (
        [["Реестр поручений"],
         ["Рег. №", "Содержание", "Исполнитель", "Вид контроля", "Срок исполнения", "Дата"],
         ["А-1", "Построить", "Минздрав", "особый", DUE, DAY],
         ["А-2", "Сдать", "Минздрав", "обычный", DUE, DAY]],
        {}, {("instructions", "А-1"), ("instructions", "А-2")},
    ),
    "actions": (
        [["Action", "Code", "Responsible", "Start date", "End date", "As of"],
         ["Hire nurses", "H-001", "MoH", DAY, DUE, DAY],
         ["Buy vaccines", "H-002", "MoH", DAY, DUE, DAY]],
        {}, {("actions", "Hire nurses"), ("actions", "Buy vaccines")},
    ),
    "ratings": (
        [["Project ID", "Оценка", "Оценил", "Дата"], ["P-1", "зелёный", "ВБ", DAY],
         ["P-2", "красный", "ВБ", DAY]],
        {"dimension": "delivery_confidence"}, {("judgements", "P-1"), ("judgements", "P-2")},
    ),
    "a long text column that names no field": (
        [[*HEAD, "Remarks of the region"], *([*row, f"Told on {n}"] for n, row in enumerate(ROWS))],
        {}, FOUR,
    ),
}  # fmt: skip
KEYS = {"milestones": "milestone_id", "instructions": "instruction_id", "actions": "action_id"}


def loaded(registry, sector, book, draft):
    """Return the figures that a draft loads, or the keys of a register's rows."""
    trial = load_draft(registry, sector, book, draft)
    if "targets" in trial.result.tables:
        trial.result.tables.pop("targets")
    found = set()
    for (name, figure), *key, value in trial.cells.values():
        if figure:
            # Of the whole: no breakdown is named.
            found |= {(*filter(None, key), value)} if name != "targets" else set()
    for name, held in trial.result.tables.items():
        if column := KEYS.get(name, "subject_id" if name == "judgements" else ""):
            found |= {(name, key) for one in held for key in one[column]}
    return found


def outcome(folder, shape):
    rows, said, true = SHAPES[shape]
    registry = open_registry(folder)
    sector = registry.sector("health")
    book = open_file(write(folder / "sent.xlsx", *rows))
    answers = [{"question": name, "answer": text} for name, text in said.items()]
    found = describe_book(registry, sector, book, answers)
    good = [draft for draft in found.drafts if not draft.refused]
    if found.open or not good:
        return "asked" if found.open else "refused", found
    figures = set().union(*(loaded(registry, sector, book, draft) for draft in good))
    return "right" if figures == true else "WRONG" if figures - true else "lacking", found


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return workspace(tmp_path_factory.mktemp("own") / "unit", indicators=INDICATORS + VISITS)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_is_read_as_it_was_drawn(folder, shape):
    what, found = outcome(folder, shape)

    assert what == "right", found.toml()
    assert len(SHAPES[shape][1]) <= 3


def test_there_are_thirty_shapes():
    assert len(SHAPES) >= 30
    assert Counter(map(str, SHAPES)).most_common(1)[0][1] == 1
