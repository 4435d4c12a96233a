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
        ("March '25", date(2025, 3, 31)),
        ("Mar-25", date(2025, 3, 31)),
        ("Quarter 3, 2025", date(2025, 9, 30)),
        ("second half of 2025", date(2025, 12, 31)),
        ("end-March 2025", date(2025, 3, 31)),
        ("year end 2025", date(2025, 12, 31)),
        ("due by the end of the third quarter of 2025", date(2025, 9, 30)),
        ("no later than Q3 2025", date(2025, 9, 30)),
        ("by March 2025 inclusive", date(2025, 3, 31)),
        ("в марте 2025 г.", date(2025, 3, 31)),
        ("во II полугодии 2024 года", date(2024, 12, 31)),
        ("первая половина 2025", date(2025, 6, 30)),
        ("до конца четвёртого квартала 2025 года", date(2025, 12, 31)),
        ("не позднее марта 2025 года", date(2025, 3, 31)),
        ("до марта 2025 года включительно", date(2025, 3, 31)),
        ("2025 жылғы желтоқсанда", date(2025, 12, 31)),
        ("2025 жылғы наурыз айының соңына дейін", date(2025, 3, 31)),
        ("2025 жылдың екінші жартыжылдығында", date(2025, 12, 31)),
    ],
)
def test_a_period_is_due_on_its_last_day_and_that_is_said(text, day):
    given = deadline(text)
    assert given.value == day
    assert "its last day" in given.message


@pytest.mark.parametrize(
    "text",
    [
        "до 31.12.2024",
        "срок: до 31.12.2024 включительно",
        "не позднее 31 декабря 2024 г.",
        "by 31 December 2024",
        "due on the 31st of December 2024",
        "2024 жылғы 31 желтоқсанға дейін",
        "31-Dec-24",
        "31.12.2024",
    ],
)
def test_a_day_with_a_word_before_it_is_that_day(text):
    assert deadline(text).value == date(2024, 12, 31)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "постоянно",
            "ежегодно",
            "IV квартал",
            "24",
            "24/25",
            "к концу года",
            "TBC",
            "Ongoing",
        ),
        *("Spring 2025", "mid-2025", "early 2025", "c. March 2025", "March 2025 (TBC)"),
        *("весна 2025", "середина 2025 года", "2025 жылдың ортасы", "2025 жылдың көктемі"),
    ],
)
def test_what_ends_on_no_day_is_refused_with_what_is_expected(text):
    with pytest.raises(ParseError, match=r"31\.12\.2024, or a period that ends on one day"):
        deadline(text)


@pytest.mark.parametrize(
    "text",
    [
        *("до 2025 года", "к 2025 году", "before 2025", "by March 2025", "due by Q3 2025"),
        *(
            "к марту 2025",
            "до IV квартала 2025",
            "2025 жылға дейін",
            "2025 жылдың наурызына дейін",
        ),
    ],
)
def test_what_may_end_before_a_period_or_with_it_is_refused_for_that(text):
    with pytest.raises(ParseError, match="before that period or with it"):
        deadline(text)


def test_two_digits_behind_a_month_may_be_its_day():
    for text in ("Mar 25", "due Mar. 25"):
        with pytest.raises(ParseError, match="a day without its year"):
            deadline(text)


def test_a_day_with_two_digits_first_and_last_needs_the_order_agreed():
    assert deadline("25/03/31", order="dmy").value == date(2031, 3, 25)
    for text in ("25/03/31", "31-Mar-94"):
        with pytest.raises(ParseError):
            deadline(text)


def test_a_day_that_is_two_days_stays_ambiguous():
    for text in ("03/04/2024", "до 03/04/2024"):
        with pytest.raises(ParseError) as error:
            deadline(text)
        assert error.value.code == "cell.date-ambiguous"


def test_a_fiscal_year_is_due_when_it_ends():
    for text in (
        "2024/25",
        "FY24/25",
        "end of FY 2024/25",
        "by the end of financial year 2024/25",
    ):
        assert deadline(text, fiscal_year_start=4).value == date(2025, 3, 31)
        with pytest.raises(ParseError, match="fiscal_year_start"):
            deadline(text)
    assert deadline("Q3 FY 24/25", fiscal_year_start=4).value == date(2024, 12, 31)


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


def test_a_season_is_a_day_only_as_the_definition_says_and_a_word_for_none_is_none():
    sheet = like(
        LONG,
        table="milestones",
        columns={"milestone": ("id",), "title": ("title",), "due_on": ("due",)},
        constants={"reported_on": "2025-01-20"},
        map={"due_on": {"Spring 2025": "2025-05-31"}},
        missing=("TBC",),
    )
    given = read(
        sheet, "id | title | due\nM1 | a | spring 2025\nM2 | b | TBC\nM3 | c | Summer 2025"
    )
    due = given.data.milestones["due_on"]
    assert [str(day)[:10] for day in due] == ["2025-05-31", "NaT"]
    assert given.cells("cell.type-error") == ["C4"]
