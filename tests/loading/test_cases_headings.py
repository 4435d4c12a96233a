"""Headings, periods, marks and codes as people send them: the shared cases, and our own."""

import pytest
import xlsxwriter

from delivery_analytics.model.definitions import Wide
from delivery_analytics.spreadsheets import Reader
from delivery_analytics.spreadsheets.raised_runs import with_raised_runs
from delivery_analytics.spreadsheets.xlsx_parts import item_text
from tests.support.cases import read as case
from tests.support.grids import DAY, LONG, Told, like, world
from tests.support.shared import needs_shared


def figures(given):
    """Return region and period → figure and status, of a case."""
    table = given.data.observations
    keys = zip(table["region_id"].astype(str), table["period"], strict=True)
    held = zip(table["value"], table["obs_status"].astype(str), strict=True)
    return dict(zip(keys, held, strict=True))


def written(folder, rows, *, sheet):
    """Return what the loader makes of a workbook; a tuple is a text and its raised end."""
    path = folder / "sent.xlsx"
    with xlsxwriter.Workbook(path) as book:
        high = book.add_format({"font_script": 1})
        page = book.add_worksheet("S")
        for row, cells in enumerate(rows):
            for column, value in enumerate(cells):
                if isinstance(value, tuple):
                    page.write_rich_string(
                        row, column, value[0], high, value[1], book.add_format()
                    )
                else:
                    page.write(row, column, value)
    registry = world(sheet)
    with Reader(workers=1) as reader:
        [(_, opened)] = reader.open_all([path])
    return Told(registry, [opened])


@needs_shared
def test_case_superscript():
    given = case("superscript")
    assert {key: value for key, (value, _) in figures(given).items()} == {
        ("FD-01", "2023"): 31.0,
        ("FD-02", "2023"): 6.4,
    }
    assert [one.cell for one in given.problems] == ["D2", "D3"]


def test_a_raised_run_is_a_footnote_mark_in_figures_years_and_names(tmp_path):
    wide = like(
        LONG,
        columns={"region": ("region",)},
        wide=Wide(by=("period",), value="value"),
        constants={"reported_on": DAY, "indicator": "health.clinics"},
    )
    rows = [["region", ("2023", "1"), 2024], [("Abai Region", "2"), ("12,5", "1)"), 7]]
    assert written(tmp_path, rows, sheet=wide).figures == {
        ("health.clinics", "KZ-10", "2023"): 12.5,
        ("health.clinics", "KZ-10", "2024"): 7,
    }


@pytest.mark.parametrize("kind", ["si", "is"])
def test_runs_are_raised_in_shared_and_in_inline_texts(kind):
    run = "<r><t>{}</t></r><r><rPr><vertAlign val='{}script'/></rPr><t>{}</t></r>"
    for level, shift, end, shown in [
        ("31", "super", "1", "31¹"),
        ("6,4", "super", "2)", "6,4²⁾"),
        ("12.4", "super", "p", "12.4ᵖ"),
        ("12", "sub", "3", "12₃"),
        ("CO", "sub", "2", "CO2"),
        ("1", "super", "st", "1ˢᵗ"),
        ("км", "super", "2", "км²"),
    ]:
        xml = f"<{kind}>{run.format(level, shift, end)}</{kind}>".encode()
        assert item_text(with_raised_runs(xml)) == shown
