"""Reporting periods as SDMX text, and the days they run over."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery_analytics.model import periods

LENGTHS = {"annual": 1, "half_yearly": 2, "quarterly": 4, "monthly": 12}
DAYS = st.dates(date(1950, 1, 1), date(2090, 12, 31))
FREQUENCIES = st.sampled_from(list(LENGTHS))


@pytest.mark.parametrize(
    ("period", "frequency", "start", "end"),
    [
        ("2024", "annual", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-S1", "half_yearly", date(2024, 1, 1), date(2024, 6, 30)),
        ("2024-S2", "half_yearly", date(2024, 7, 1), date(2024, 12, 31)),
        ("2024-Q1", "quarterly", date(2024, 1, 1), date(2024, 3, 31)),
        ("2024-Q4", "quarterly", date(2024, 10, 1), date(2024, 12, 31)),
        ("2024-02", "monthly", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-02", "monthly", date(2023, 2, 1), date(2023, 2, 28)),
        ("2024-12", "monthly", date(2024, 12, 1), date(2024, 12, 31)),
    ],
)
def test_a_period_has_a_length_a_first_day_and_a_last_day(period, frequency, start, end):
    assert periods.is_period(period)
    assert periods.frequency(period) == frequency
    assert (periods.start(period), periods.end(period)) == (start, end)
    assert periods.year(period) == start.year


@pytest.mark.parametrize(
    "text", ["", "24", "2024-13", "2024-00", "2024-Q5", "2024-S3", "2024-q1", "2024Q1", " 2024"]
)
def test_what_is_no_period_is_refused_with_the_forms_there_are(text):
    assert not periods.is_period(text)
    with pytest.raises(ValueError, match="Expected 2026, 2026-S1, 2026-Q2 or 2026-06"):
        periods.end(text)


@pytest.mark.parametrize(
    ("period", "steps", "shifted"),
    [
        ("2024", -1, "2023"),
        ("2024-S2", 1, "2025-S1"),
        ("2024-Q1", -1, "2023-Q4"),
        ("2024-Q3", 6, "2026-Q1"),
        ("2024-01", -13, "2022-12"),
        ("2024-06", 0, "2024-06"),
    ],
)
def test_shifting_steps_over_the_turn_of_the_year(period, steps, shifted):
    assert periods.shift(period, steps) == shifted


def test_a_span_has_both_its_ends_and_one_length():
    assert periods.span("2023-Q3", "2024-Q1") == ["2023-Q3", "2023-Q4", "2024-Q1"]
    assert periods.span("2024", "2024") == ["2024"]
    with pytest.raises(ValueError, match="periods of different lengths"):
        periods.span("2023", "2024-Q1")


@given(DAYS, FREQUENCIES)
def test_a_day_lies_in_the_period_that_contains_it_and_in_no_neighbour(day, frequency):
    period = periods.containing(day, frequency)

    assert periods.frequency(period) == frequency
    assert periods.start(period) <= day <= periods.end(period)
    assert (
        periods.end(periods.shift(period, -1)) < day < periods.start(periods.shift(period, 1))
    )


@given(DAYS, FREQUENCIES, st.integers(-200, 200))
def test_shifting_there_and_back_changes_nothing(day, frequency, steps):
    period = periods.containing(day, frequency)

    assert periods.shift(periods.shift(period, steps), -steps) == period


@given(DAYS, FREQUENCIES)
def test_the_periods_of_a_year_cover_it_without_a_gap(day, frequency):
    first = periods.containing(date(day.year, 1, 1), frequency)
    last = periods.containing(date(day.year, 12, 31), frequency)
    found = periods.span(first, last)

    assert len(found) == LENGTHS[frequency]
    assert sum((periods.end(p) - periods.start(p)).days + 1 for p in found) in (365, 366)


@given(st.lists(DAYS, min_size=2, max_size=10), FREQUENCIES)
def test_the_text_of_periods_sorts_as_their_days_do(days, frequency):
    found = [periods.containing(day, frequency) for day in days]

    assert sorted(found) == sorted(found, key=periods.start)


def test_ends_are_days_aligned_with_their_periods():
    ends = periods.ends(pd.Series(["2024-Q1", "2023", "2024-Q1"], index=[5, 6, 7]))

    assert ends.index.tolist() == [5, 6, 7]
    assert ends.dt.date.tolist() == [date(2024, 3, 31), date(2023, 12, 31), date(2024, 3, 31)]
    assert ends.dtype == "datetime64[us]"
    assert periods.ends(pd.Series([], dtype="str")).dtype == "datetime64[us]"
