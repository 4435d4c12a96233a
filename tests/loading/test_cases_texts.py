"""Text files as they are sent: cells too long, signs of money, thousands in the unit."""

import pytest

from tests.support.cases import common
from tests.support.cases import read as case
from tests.support.shared import needs_shared

CODES = {
    "H-001": "units",
    "H-002": "percent",
    "E-001": "units",
    "E-002": "people",
    "T-001": "km",
}
RETURN = 'name = { en = "All" }\n' + "".join(
    f"""
[[indicator]]
id = "{code.lower()}"
code = "{code}"
name = {{ en = "{code}" }}
unit = "{unit}"
direction = "increase"
frequency = "quarterly"
"""
    for code, unit in CODES.items()
)
SHEET = """
[[sheet]]
table = "observations"
decimal = "."
[sheet.columns]
indicator = ["code"]
indicator_name = ["indicator"]
unit = ["unit"]
period = ["period"]
target = ["target"]
value = ["actual"]
reported_on = ["as_of"]
comment = ["comment"]
"""
UNITS = """
[km]
name = { en = "km" }
"""


def figures(found):
    rows = found.data.observations
    return dict(zip(rows["indicator_id"].str[-5:], rows["value"], strict=True))


@needs_shared
def test_case_long_field():
    found = case("long-field", sector=RETURN + SHEET, units=common("units.toml") + UNITS)

    assert figures(found) == {
        "h-001": 31, "h-002": 84.5, "e-001": 118, "e-002": 1875, "t-001": 402.25,
    }  # fmt: skip
    assert "cell.too-long" in {p.code for p in found.problems}
    assert "csv.unclosed-quote" not in {p.code for p in found.problems}


@needs_shared
@pytest.mark.parametrize("known", [True, False])
def test_case_unit_thousand(known):
    units = common("units.toml") + UNITS
    if known:
        units = units.replace("[people]", '[people]\naliases = ["чел."]')
    found = case("unit-thousand", sector=RETURN + SHEET, units=units)
    [told] = [p for p in found.problems if p.code.startswith("cell.unit-")]

    assert figures(found).get("e-002") == (1875 if known else None)
    assert (told.cell, told.value) == ("C5", "тыс. чел.")
    assert told.severity == ("warning" if known else "error")
    assert len(figures(found)) == (5 if known else 4)


COSTS = """
name = { en = "Costs" }
[[indicator]]
id = "one"
name = { en = "One" }
aliases = ["Alpha – one", "Beta – two"]
unit = "units"
direction = "increase"
[[sheet]]
table = "spending"
suffixes = true
columns = { line = ["Project"], actual = ["Cost"] }
constants = { period = "2024", unit = "GBP", reported_on = 2025-01-20 }
"""


@needs_shared
def test_case_pound_cp1252():
    found = case("pound-cp1252", sector=COSTS)
    rows = found.data.spending

    assert rows["line_id"].tolist() == ["water.Alpha – one", "water.Beta – two"]
    assert rows["actual"].tolist() == [5, 7.2]
