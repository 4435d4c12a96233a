"""A deadline is a day, or the last day of a period, and never a guess between two."""

from datetime import date

import pytest

from delivery_analytics.parsing.parse import ParseError
from delivery_analytics.parsing.parse_deadlines import deadline
from tests.support.grids import LONG, like, read


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("IV квартал 2024 года", date(2024, 12, 31)),
        ("3 кв. 2025", date(2025, 9, 30)),
        ("декабрь 2024", date(2024, 12, 31)),
        ("февраль 2024 г.", date(2024, 2, 29)),
        ("2024 год", date(2024, 12, 31)),
        ("2024", date(2024, 12, 31)),
        (2024, date(2024, 12, 31)),
        (2024.0, date(2024, 12, 31)),
        ("II тоқсан 2025", date(2025, 6, 30)),
        ("2025 жыл", date(2025, 12, 31)),
        ("Q1 2026", date(2026, 3, 31)),
        ("June 2026", date(2026, 6, 30)),
        ("1 полугодие 2025", date(2025, 6, 30)),
        ("до конца 2025 года", date(2025, 12, 31)),
        ("в течение 2025 года", date(2025, 12, 31)),
        ("by the end of 2025", date(2025, 12, 31)),
        ("end of Q3 2025", date(2025, 9, 30)),
        ("2025 жылдың соңына дейін", date(2025, 12, 31)),
    ],
)
def test_a_period_is_due_on_its_last_day_and_that_is_said(text, day):
    given = deadline(text)
    assert given.value == day
    assert "its last day" in given.message


@pytest.mark.parametrize(
    "text",
    ["до 31.12.2024", "не позднее 31 декабря 2024 г.", "by 31 December 2024", "31.12.2024"],
)
def test_a_day_with_a_word_before_it_is_that_day(text):
    assert deadline(text).value == date(2024, 12, 31)


@pytest.mark.parametrize(
    "text",
    ["до 2025 года", "к 2025 году", "before 2025", "постоянно", "ежегодно", "IV квартал", "24"],
)
def test_what_can_end_on_two_days_or_on_none_is_refused(text):
    with pytest.raises(ParseError):
        deadline(text)


def test_a_day_that_is_two_days_stays_ambiguous():
    for text in ("03/04/2024", "до 03/04/2024"):
        with pytest.raises(ParseError) as error:
            deadline(text)
        assert error.value.code == "cell.date-ambiguous"


def test_a_fiscal_year_is_due_when_it_ends():
    assert deadline("2024/25", fiscal_year_start=4).value == date(2025, 3, 31)
    with pytest.raises(ParseError):
        deadline("2024/25")


def test_a_milestone_due_in_a_quarter_is_stored_and_a_day_of_report_is_not_one():
    sheet = like(
        LONG,
        table="milestones",
        columns={
            "milestone": ("id",),
            "title": ("title",),
            "due_on": ("due",),
            "completed_on": ("done",),
        },
        constants={"reported_on": "2025-01-20"},
    )
    given = read(sheet, "id | title | due | done\nM1 | a | IV квартал 2025 года | декабрь 2024")
    assert given.cells("cell.date-as-text") == ["C2"]
    assert given.cells("cell.type-error") == ["D2"]
