"""Workbooks made for people, not for programs, are read as declared, in TOML alone."""

import dataclasses
from functools import cache
from pathlib import Path

import pytest

from delivery_analytics.loading.combine import combine
from delivery_analytics.loading.load import read_files
from delivery_analytics.model.registry import open_registry
from tests.support.shared import SHARED, needs_shared

pytestmark = needs_shared
WORKSPACE = Path(__file__).parents[1] / "workspaces" / "real"
FOLDER = SHARED / "data" / "ons_excel"
FILES = ("house-prices.xls", "householddebtdataset.xls", "service-industry.xls")


@cache
def loaded():
    registry = open_registry(WORKSPACE)
    sector = registry.sectors["ons"]
    files = read_files(registry, [(FOLDER / name, sector) for name in FILES])
    return combine(registry, files), {file.file: file for file in files}


@pytest.mark.parametrize(
    ("file", "outcome", "counts"),
    [
        # 16 blocks of 124 quarters in 5 columns are figures; the first quarter of each is
        # blank; 16 names, 16 codes and 15 blank rows stand between.
        ("house-prices.xls", "loaded", (10047, 9920, 0, 127)),
        # 4 waves of 4 figures and 3 footnotes; 12 rows of 2 waves, 6 captions, 6 totals.
        ("householddebtdataset.xls", "loaded_with_warnings", (67, 40, 0, 27)),
        # 5 years, 9 quarters and 27 months of 2, 4 and 4 industries; 11 blank rows a sheet.
        ("service-industry.xls", "loaded_with_warnings", (443, 410, 0, 33)),
    ],
)
def test_every_row_of_a_workbook_is_accounted_for(file, outcome, counts):
    result = loaded()[1][file]

    assert result.outcome == outcome
    assert (result.read, result.kept, result.quarantined, result.skipped) == counts


@pytest.mark.parametrize(
    ("indicator", "region", "period", "value", "cell"),
    [
        # Read off the sheets by eye.
        ("price_new", "K02000001", "1992-Q2", 77360, "Table 11!E9"),
        ("price_former", "K02000001", "1992-Q4", 76992, "Table 11!M11"),
        ("price_all", "K03000001", "1993-Q1", 60903, "Table 11!I140"),
        ("price_first", "N92000001", "2023-Q1", 150017, "Table 11!K2052"),
        ("debt_share", "KZ", "2014-S1", 48, "Table 1!B5"),
        ("mortgage_median", "KZ", "2008-S1", 70000, "Table 1!G8"),
        ("debts_4_women", "KZ", "2014-S1", 73, "Table 18!B8"),
        ("debts_3_men", "KZ", "2012-S1", 503, "Table 18!F11"),
        ("arrears_women", "KZ", "2012-S1", 183, "Table 18!F28"),
        ("turnover_services", "KZ", "2012", 1761293.5, "TOPSI1!H11"),
        ("turnover_manufacturing", "KZ", "2016-Q1", 114136.5, "TOPSI1!E21"),
        ("turnover_manufacturing", "KZ", "2017-09", 43666.4, "TOPSI1!E61"),
        ("turnover_accommodation", "KZ", "2013", 20241.2, "TOPSI12!H12"),
    ],
)
def test_a_figure_is_the_one_that_stands_in_its_cell(indicator, region, period, value, cell):
    data, _ = loaded()

    rows = data.trace(f"ons.{indicator}", region, period)

    assert len(rows) == 1
    assert rows["source_cell"].iloc[0] == cell
    assert rows["value"].iloc[0] == value


def test_a_figure_that_is_not_given_is_missing_and_never_zero():
    data, files = loaded()

    post = data.trace("ons.turnover_post", period="2012")

    assert post["value"].isna().all()
    assert post["source_cell"].tolist() == ["TOPSI12!E11"]
    told = [p.cell for p in files["service-industry.xls"].problems if p.code == "cell.missing"]
    assert "E11" in told


def test_men_and_women_make_the_printed_totals_and_their_rounded_weights_do_not():
    _, files = loaded()
    registry = open_registry(WORKSPACE)
    sector = registry.sectors["ons"]
    table = next(sheet for sheet in sector.sheets if sheet.check_totals)
    weighted = dataclasses.replace(
        table, wide=dataclasses.replace(table.wide, values={"value": ("Weighted Frequency",)})
    )
    path = FOLDER / "householddebtdataset.xls"
    other = dataclasses.replace(sector, sheets=(weighted,))
    (result,) = read_files(registry, [(path, other)])

    def told(file):
        return {p.cell: p.message for p in file.problems if p.code == "value.total-disagrees"}

    assert told(files["householddebtdataset.xls"]) == {}
    assert told(result)["C13"] == "the total is 1367000, but its 2 parts make 1368000"
    # By hand: 77 + 110 = 187, not 186; 653 + 715; 254 + 301 = 555, not 554 thousand;
    # 108 + 147 = 255, not 256. The others agree.
    assert set(told(result)) == {"C9", "C13", "C29", "G9"}
