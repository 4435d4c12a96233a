"""What each kind of sheet becomes: one table of the contract, every row with its cell."""

from datetime import date

import pandas as pd
import pytest

from delivery_analytics.model import schema
from delivery_analytics.model.sheet_definitions import Sheet, Wide
from tests.support.grids import LONG, like, read
from tests.support.tables import same


def test_a_figure_and_its_own_target_become_two_rows_with_two_cells():
    sheet = like(LONG, columns={**LONG.columns, "target": ("план",)})
    told = read(sheet, "code | period | план | actual\nH-001 | 2024 | 40 | 31")

    same(
        told.data.observations,
        """
        indicator_id   | region_id | period | period_end | reported_on | value | obs_status | source_cell
        health.clinics | KZ        | 2024   | 2024-12-31 | 2025-01-20  | 31    | normal     | Sheet!D2
        """,
    )
    same(
        told.data.targets,
        """
        indicator_id   | due_on     | set_on     | kind    | value | source_cell
        health.clinics | 2024-12-31 | 2025-01-20 | interim | 40    | Sheet!C2
        """,
    )


def test_a_figure_without_a_target_sets_none():
    sheet = like(LONG, columns={**LONG.columns, "target": ("план",)})
    told = read(sheet, "code | period | план | actual\nH-001 | 2024 | н/д | 31")

    assert told.data.targets.empty
    assert told.counts == (1, 1, 0, 0)


def test_what_is_asked_in_more_letters_than_a_brief_shows_is_kept_and_told():
    names = ("obstacle", "level", "reported_on", "text", "ask")
    columns = {name: (name,) for name in names}
    sheet = like(LONG, table="obstacles", columns=columns)
    head = f"{' | '.join(names)}\n"
    rows = [f"o{n} | ministry | 2025-01-20 | Stuck | {'x' * n}" for n in (85, 86)]
    told = read(sheet, head + "\n".join(rows))

    assert told.codes("warning") == {"value.long": 1}
    assert told.data.obstacles["ask"].str.len().tolist() == [85, 86]


def test_a_figure_far_beyond_its_target_is_remarked_and_kept():
    sheet = like(LONG, columns={**LONG.columns, "target": ("план",)})
    told = read(sheet, "code | period | план | actual\nH-001 | 2024 | 40 | 4000")

    assert told.codes("warning")["value.outlier"] == 1
    assert len(told.figures) == 1


@pytest.mark.parametrize(
    ("sent", "kept"), [(0.845, False), (84.5, True), (0.1, True), (1, False)]
)
def test_a_share_beside_a_target_in_per_cent_is_set_aside(sent, kept):
    sheet = like(LONG, columns={**LONG.columns, "target": ("план",)})
    told = read(sheet, f"code | period | план | actual\nH-002 | 2024-Q1 | 90 | {sent}")

    assert bool(told.figures) == kept
    assert ("value.percent-ambiguous" in told.codes()) != kept


MILESTONES = Sheet(
    table="milestones",
    columns={
        "milestone": ("№",),
        "title": ("веха",),
        "owner": ("ответственный",),
        "due_on": ("срок",),
        "expected_on": ("ожидается",),
        "completed_on": ("выполнено",),
        "programme": ("программа",),
        "indicator": ("показатель",),
    },
    optional=("programme", "indicator"),
    constants={"reported_on": "2025-01-20"},
    missing=("не определено",),
)


def test_a_milestone_keeps_its_days_and_its_words_as_sent():
    told = read(
        MILESTONES,
        """
№   | веха          | ответственный | срок       | ожидается     | выполнено  | программа
M-1 | Открыть центр | МЗ РК         | 2024-06-30 | 2024-09-30    |            | Rural
M-2 | =1+1          | МЗ РК         | 2024-06-30 | не определено | '28.06.2024 |
    | без номера    | МЗ РК         | 2024-06-30 |               |            |
""",
    )

    same(
        told.data.milestones,
        """
        milestone_id | sector_id | programme_id | title         | due_on     | expected_on | completed_on | source_cell
        M-1          | health    | rural        | Открыть центр | 2024-06-30 | 2024-09-30  |              | Sheet!A2
        M-2          | health    |              | =1+1          | 2024-06-30 |             | 2024-06-28   | Sheet!A3
        """,
    )
    assert told.counts == (3, 2, 1, 0)
    assert told.cells("cell.missing-key") == ["A4"]


def test_a_milestone_and_an_instruction_may_name_their_indicator():
    milestones = read(
        MILESTONES,
        """
№   | веха | ответственный | срок       | ожидается | выполнено | показатель
M-1 | a    | МЗ РК         | 2024-06-30 |           |           | H-001
M-2 | b    | МЗ РК         | 2024-06-30 |           |           |
M-3 | c    | МЗ РК         | 2024-06-30 |           |           | H-999
""",
    )
    sheet = Sheet(
        table="instructions",
        columns={
            "instruction": ("id",),
            "control": ("контроль",),
            "indicator": ("показатель",),
        },
        constants={"reported_on": "2025-01-20"},
    )
    instructions = read(sheet, "id | контроль | показатель\n1 | особый | H-001\n2 | особый |")

    kept = milestones.data.milestones.set_index("milestone_id")["indicator_id"]
    assert kept.to_dict() == {"M-1": "health.clinics", "M-2": ""}
    assert milestones.cells("cell.foreign-key") == ["G4"]
    assert instructions.data.instructions["indicator_id"].tolist() == ["health.clinics", ""]


def test_instructions_are_under_ordinary_or_special_control():
    sheet = Sheet(
        table="instructions",
        columns={
            "instruction": ("id",),
            "act": ("акт",),
            "control": ("контроль",),
            "due_on": ("срок",),
            "extensions": ("продлений",),
        },
        constants={"reported_on": "2025-01-20"},
    )
    told = read(
        sheet,
        """
id | акт  | контроль          | срок       | продлений
1  | Указ | особый            | 2024-06-30 | 2
2  | Указ | ерекше бақылау    | 2024-06-30 |
3  | Указ | Ordinary          | 2024-06-30 | 0
4  | Указ | чрезвычайный      | 2024-06-30 | 0
5  | Указ | обычный           | 30.02.2024 | 0
""",
    )

    rows = told.data.instructions
    assert rows["instruction_id"].tolist() == ["1", "2", "3"]
    assert rows["control"].tolist() == ["special", "special", "ordinary"]
    assert rows["extensions"].tolist() == [2, 0, 0]
    assert told.cells("cell.type-error") == ["C5", "D6"]


MONEY = Sheet(
    table="spending",
    columns={
        "line": ("строка",),
        "period": ("период",),
        "plan": ("план",),
        "actual": ("факт",),
        "programme": ("программа",),
        "region": ("регион",),
    },
    optional=("programme", "region"),
    constants={"unit": "KZT", "reported_on": "2025-01-20"},
    scale=1000.0,
    cumulative=True,
    suffixes=True,
)


def test_money_is_scaled_to_whole_units_and_keeps_both_its_cells():
    told = read(
        like(MONEY, blank={"region": "KZ"}),
        """
строка   | период       | план | факт      | программа          | регион
Больницы | 9 мес. 2024  | 10   | '7,5      | Ауыл – ел бесігі   | г. Астана
Больницы | I кв. 2024   | 10   | н/д       |                    |
""",
    )

    same(
        told.data.spending,
        """
        line_id         | region_id | period  | period_end | plan  | actual | unit | programme_id | source_cell | plan_cell
        health.Больницы | KZ        | 2024-Q1 | 2024-03-31 | 10000 |        | KZT  |              | Sheet!D3    | Sheet!C3
        health.Больницы | KZ-71     | 2024-09 | 2024-09-30 | 10000 | 7500   | KZT  | rural        | Sheet!D2    | Sheet!C2
        """,
    )
    assert told.data.spending["cumulative"].all()


def test_lines_that_several_budgets_share_are_told_apart_by_the_budget():
    sheet = like(MONEY, columns={**MONEY.columns, "budget": ("бюджет",)})
    told = read(
        sheet,
        "строка | бюджет | период | план | факт\nA | РБ | 2024 | 1 | 1\nA | МБ | 2024 | 1 | 2",
    )

    assert told.data.spending["line_id"].tolist() == ["health.МБ.A", "health.РБ.A"]


def test_judgements_of_several_assessors_stand_side_by_side():
    sheet = Sheet(
        table="judgements",
        columns={"subject": ("id",), "reason": ("why",)},
        wide=Wide(
            by=("assessor",),
            value="rating",
            labels={"assessor": {"unit": ("unit's rating",), "owner": ("owner's rating",)}},
        ),
        constants={"dimension": "delivery_confidence", "reported_on": "2025-01-20"},
        missing=("exempt*",),
        map={"rating": {"жёлтый": "Amber"}},
    )
    told = read(
        sheet,
        """
id  | unit's rating | owner's rating      | why
P-1 | Green         | желтый              | late
P-2 | Red           | Exempt under s. 43  |
""",
    )

    same(
        told.data.judgements,
        """
        subject_id | as_of      | assessor | dimension           | rating | reason | source_cell
        P-1        | 2025-01-20 | owner    | delivery_confidence | Amber  | late   | Sheet!C2
        P-1        | 2025-01-20 | unit     | delivery_confidence | Green  | late   | Sheet!B2
        P-2        | 2025-01-20 | owner    | delivery_confidence |        |        | Sheet!C3
        P-2        | 2025-01-20 | unit     | delivery_confidence | Red    |        | Sheet!B3
        """,
    )


def test_every_table_keeps_its_contract_even_where_nothing_can_be_read():
    for table in (
        "observations",
        "targets",
        "milestones",
        "instructions",
        "spending",
        "judgements",
    ):
        sheet = Sheet(table=table, columns={"region": ("a",), "period": ("b",)})
        told = read(sheet, "a | b\nx | y\n1 | 2")

        assert told.counts == (2, 0, 2, 0)
        for name, frame in told.data.tables.items():
            schema.check_contract(name, frame)


def test_a_rate_counted_for_the_quarter_takes_the_period_of_its_own_length():
    sheet = like(LONG, mixed_periods=True)
    told = read(sheet, "code | period | actual\nH-002 | 2024 | 80\nH-002 | I кв. 2024 | 79")

    assert told.figures == {
        ("health.coverage", "KZ", "2024"): 80,
        ("health.coverage", "KZ", "2024-Q1"): 79,
    }


def test_days_of_cells_and_of_text_are_the_same_day():
    cell = read(MILESTONES, HEAD.format("2024-06-30")).data.milestones
    text = read(MILESTONES, HEAD.format("'30.06.2024")).data.milestones

    pd.testing.assert_frame_equal(
        cell.drop(columns="source_id"), text.drop(columns="source_id")
    )
    assert cell["due_on"].dt.date.tolist() == [date(2024, 6, 30)]


HEAD = "№ | веха | ответственный | срок | ожидается | выполнено\nM-1 | a | b | {} | |"


def test_a_rating_that_is_an_error_is_set_aside_and_the_others_are_kept():
    sheet = Sheet(
        table="judgements",
        columns={"subject": ("id",), "rating": ("rating",)},
        constants={"assessor": "unit", "dimension": "delivery", "reported_on": "2025-01-20"},
    )
    told = read(sheet, "id | rating\nP-1 | Green\nP-2 |\nP-3 | н/д", errors={(2, 1): "#N/A"})

    assert told.data.judgements["subject_id"].tolist() == ["P-1", "P-3"]
    assert told.data.judgements["rating"].tolist() == ["Green", ""]
    assert told.cells("cell.excel-error") == ["B3"]
