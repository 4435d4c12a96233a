import numpy as np
import pandas as pd
import pytest

from delivery_analytics.report.figure import Column
from delivery_analytics.wording.wording import open_wording
from delivery_analytics.writers.cell_text import heading, shown_text, written_rows


@pytest.mark.parametrize(
    ("kind", "value", "english", "russian"),
    [
        ("text", "Clinics", "Clinics", "Clinics"),
        ("number", 1234.55, "1,234.6", "1\xa0234,6"),
        ("number", -0.04, "0.0", "0,0"),
        ("percent", 93.44, "93.4%", "93,4\xa0%"),
        ("money", 15_050_000_000_000, "₸15.05\xa0tn", "15,05\xa0трлн\xa0₸"),
        ("date", pd.Timestamp("2024-06-30"), "30 Jun 2024", "30.06.2024"),
        ("period", "2024-06", "Jun 2024", "июн 2024"),
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
    assert shown_text(False, Column("key", "Label"), open_wording("ru")) == "нет"


@pytest.mark.parametrize(
    ("value", "written"),
    [(1200.0, "1,200"), (0.25, "0.25"), (0.12345, "0.123"), (7.9999, "8"), (0.0, "0")],
)
def test_rows_in_different_units_have_the_decimals_of_their_figure(value, written):
    column = Column("key", "Label", "number", decimals=None)
    assert shown_text(value, column, open_wording("en")) == written


@pytest.mark.parametrize(
    ("kind", "figures", "written"),
    [
        ("number", (0.04, 0.02), ["0.04", "0.02"]),
        ("number", (5.0, 5.0), ["5.0", "5.0"]),
        ("number", (0.1 + 0.2, 0.3), ["0.3", "0.3"]),
        ("percent", (99.98, 100.0), ["99.98%", "100.00%"]),
        ("money", (1_234_100_000, 1_233_900_000), ["₸1.2341\xa0bn", "₸1.2339\xa0bn"]),
        ("money", (1_234_000_000, 1_234_000_000), ["₸1.23\xa0bn", "₸1.23\xa0bn"]),
    ],
)
def test_figures_of_a_row_that_differ_never_look_alike_and_equal_ones_do(
    kind, figures, written
):
    columns = [Column(name, name, kind, unit="KZT") for name in ("value", "target")]
    frame = pd.DataFrame([figures], columns=["value", "target"])

    [row] = written_rows(frame, columns, open_wording("en"))

    assert [cell.text for cell in row] == written


def test_of_figures_in_different_units_two_that_differ_never_look_alike():
    columns = [
        Column(name, name, "number", decimals=None) for name in ("value", "target", "gap")
    ]
    frame = pd.DataFrame({"value": [7.00014], "target": [7.0001], "gap": [0.00004]})

    [row] = written_rows(frame, columns, open_wording("en"))

    assert [cell.text for cell in row] == ["7.00014", "7.00010", "0.00004"]
