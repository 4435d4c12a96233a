"""The example's derived figures, worked out once more from the raw cells that trace names."""

import re
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).parents[2]
ROADS, HOUSES = "transport.local_roads", "industry.unsafe_housing"
MOTHERS, DEATHS = "healthcare.maternal_mortality", "transport.road_deaths"

# Each by hand: of the sent figures by indicator, region and year.
BY_HAND = {
    "digital.broadband_growth": lambda of, place, year: (
        100 * of["digital.broadband", place, year] / of["digital.broadband", place, year - 1]
        - 100
    ),
    "energy.without_gas": lambda of, place, year: 100 - of["energy.gas_access", place, year],
    "healthcare.maternal_mortality_mean": lambda of, place, year: (
        sum(of[MOTHERS, place, one] for one in (year, year - 1, year - 2)) / 3
    ),
    "industry.unsafe_housing_change": lambda of, place, year: (
        of[HOUSES, place, year] - of[HOUSES, place, year - 1]
    ),
    "regions.youth_gap": lambda of, place, year: (
        of["regions.youth_neet", place, year] - of["regions.unemployment", place, year]
    ),
    "transport.road_deaths_index": lambda of, place, year: (
        of[DEATHS, place, year] / of[DEATHS, place, 2010] * 100
    ),
    "transport.poor_local_roads": lambda of, place, year: max(
        100 - value for (_, _, when), value in of.items() if when == year
    ),
    "water.untreated": lambda of, place, year: (
        100 - of["water.wastewater_treated", place, year]
    ),
}


@cache
def sheets(path):
    file = ROOT / path
    if file.suffix == ".csv":
        return {"": pd.read_csv(file, header=None, sep=";", encoding="cp1251", dtype="str")}
    return pd.read_excel(file, sheet_name=None, header=None, engine="calamine")


def sent(path, cell):
    """Return the number in a cell of a raw file, as a person reads it."""
    sheet, _, place = cell.rpartition("!")
    letters, digits = re.fullmatch(r"([A-Z]+)(\d+)", place).groups()
    column = sum((ord(one) - 64) * 26**n for n, one in enumerate(reversed(letters))) - 1
    found = sheets(path)[sheet].iat[int(digits) - 1, column]
    return float(re.sub(r"[^\d,.-]", "", str(found)).replace(",", "."))


@pytest.mark.parametrize("key", BY_HAND)
def test_a_derived_figure_of_the_example_follows_from_the_raw_cells(key, example_data):
    known = example_data.known_on("2025-01-31")
    figures = known.observations.query("indicator_id == @key")
    places = [*dict.fromkeys(["KZ", *figures["region_id"]])][:3]
    checked = 0
    for place in places:
        rows = known.trace(key, place)
        starts = rows.index[rows["level"] == 0].tolist() if len(rows) else []
        for first, after in zip(starts, [*starts[1:], len(rows)], strict=True):
            made, behind = rows.loc[first], rows.loc[first : after - 1]
            cells = behind[behind["source_cell"] != ""]
            raw = [sent(*one) for one in zip(cells["path"], cells["source_cell"], strict=True)]
            assert raw == pytest.approx(cells["value"].tolist())
            names = zip(cells["indicator_id"], cells["region_id"], cells["period"], strict=True)
            of = {
                (one, at, int(when)): v for (one, at, when), v in zip(names, raw, strict=True)
            }
            by_hand = BY_HAND[key](of, place, int(made["period"]))
            assert made["value"] == pytest.approx(by_hand, abs=1e-9)
            checked += 1
    assert checked >= 5 or key == "transport.poor_local_roads"


def test_eight_indicators_of_the_example_are_derived_and_each_answers_a_question(example_data):
    derived = {key: one for key, one in example_data.registry.indicators.items() if one.formula}

    assert [*derived] == sorted(BY_HAND, key=[*derived].index)
    assert len(derived) == 8
    for one in derived.values():
        assert all("?" in one.note[language] for language in ("en", "ru", "kk"))
    assert [key for key, one in derived.items() if one.over_regions != "none"] == [
        "transport.poor_local_roads"
    ]


def test_what_lacks_regions_in_the_example_is_no_figure_and_is_told(example_data):
    told = example_data.problems.query("code == 'coverage.partial'")["message"].tolist()

    assert told == [
        "no figure of KZ was made of its parts. 2023: 17 of 20, without KZ-71, KZ-75, KZ-79; "
        "2021: 14 of 17, without KZ-71, KZ-75, KZ-79"
    ]
    nation = example_data.known_on("2025-01-31").observations.query(
        "indicator_id == 'transport.poor_local_roads' and region_id == 'KZ'"
    )
    assert nation[["period", "value"]].values.tolist() == [["2022", 54]]
