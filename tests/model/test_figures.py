"""Figures beside each other: what two days knew, and periods across."""

from tests.model.test_dataset import data
from tests.support.tables import same


def test_two_days_are_compared_by_what_was_new_or_revised_between_them():
    same(
        data().compare("2023-12-31", "2024-05-31"),
        """
        indicator_id | region_id | period | before | after | change
        health.life  | KZ        | 2022   | 70     | 71    | 1
        health.life  | KZ        | 2023   |        | 72    |
        health.life  | KZ-10     | 2023   |        | 69    |
        """,
    )
    assert data().compare("2024-07-01", "2025-07-01").empty


def test_laid_out_wide_each_row_is_named_and_holds_the_latest_figures():
    wide = data().wide()

    assert wide.index.names == ["sector", "indicator", "unit", "region"]
    assert list(wide.columns) == ["2022", "2023"]
    assert wide["2022"].dropna().tolist() == [71]
    assert wide["2023"].dropna().tolist() == [72, 69, 12]
    assert len(wide) == 4  # what was reported without a figure has its row too
