import numpy as np
import pandas as pd
import pytest

from delivery_analytics.report.figure import Column
from delivery_analytics.wording.wording import open_wording
from delivery_analytics.writers.cell_text import heading, shown_text


@pytest.mark.parametrize(
    ("kind", "value", "english", "russian"),
    [
        ("text", "Clinics", "Clinics", "Clinics"),
        ("number", 1234.55, "1,234.6", "1\xa0234,6"),
        ("number", -0.04, "0.0", "0,0"),
        ("percent", 93.44, "93.4\xa0%", "93,4\xa0%"),
        ("money", 15_050_000_000_000, "₸15.05\xa0tn", "15,05\xa0трлн\xa0₸"),
        ("date", pd.Timestamp("2024-06-30"), "30 June 2024", "30 июня 2024\xa0г."),
        ("period", "2024-06", "June 2024", "июнь 2024\xa0г."),
        ("status", "off_track", "Off track", "С отставанием"),
        ("source", "a.xlsx, Progress!F14", "a.xlsx, Progress!F14", "a.xlsx, Progress!F14"),
    ],
)
def test_a_value_is_written_as_its_column_says(kind, value, english, russian):
    column = Column("key", "Label", kind, unit="KZT")
    assert shown_text(value, column, open_wording("en")) == english
    assert shown_text(value, column, open_wording("ru")) == russian


@pytest.mark.parametrize("value", [None, np.nan, pd.NA, pd.NaT, "", "  ", np.inf])
@pytest.mark.parametrize("kind", ["text", "number", "percent", "money", "date", "status"])
def test_what_is_missing_is_a_dash_in_every_column(kind, value):
    assert shown_text(value, Column("key", "Label", kind), open_wording("en")) == "–"


def test_text_in_a_column_of_quantities_is_already_written():
    assert (
        shown_text("12.5 km", Column("key", "Label", "number"), open_wording("en")) == "12.5 km"
    )


def test_a_heading_carries_the_unit_that_the_cells_do_not():
    assert heading(Column("key", "Value", "number", unit="years")) == "Value, years"
    assert heading(Column("key", "Spent", "money", unit="KZT")) == "Spent"


def test_zero_is_not_missing():
    assert (
        shown_text(0, Column("key", "Label", "number", decimals=0), open_wording("en")) == "0"
    )
    assert shown_text(False, Column("key", "Label"), open_wording("en")) == "False"


@pytest.mark.parametrize(
    ("value", "written"),
    [(1200.0, "1,200"), (0.25, "0.25"), (0.12345, "0.123"), (7.9999, "8"), (0.0, "0")],
)
def test_rows_in_different_units_have_the_decimals_of_their_figure(value, written):
    column = Column("key", "Label", "number", decimals=None)
    assert shown_text(value, column, open_wording("en")) == written
