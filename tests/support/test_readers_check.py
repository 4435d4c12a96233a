"""What `readers_check` counts it sees: each finding is shown once where it stands."""

import pytest
from lxml import html

from tests.support import office, readers_check, scenes

VALUES = [{"name": "x", "v": 50, "label": "50"}, {"name": "y", "v": 80, "label": "80"}]


def drawn(dx, ticks=(0, 50, 100), text="datum.label"):
    axis = {"values": list(ticks), "labelExpr": text} if text != "datum.label" else None
    return scenes.scene(
        {
            "data": {"values": VALUES},
            "width": 300,
            "height": 60,
            "encoding": {
                "y": {"field": "name", "type": "nominal"},
                "x": {"field": "v", "type": "quantitative", "axis": axis},
            },
            "layer": [
                {"mark": "bar"},
                {
                    "mark": {"type": "text", "dx": dx, "align": "left"},
                    "encoding": {"text": {"field": "label"}},
                },
            ],
        }
    )


@pytest.mark.parametrize(("dx", "over"), [(4, []), (-40, []), (-8, ["50", "80"])])
def test_a_label_beside_its_bar_or_in_it_is_none_over_the_bars_edge(dx, over):
    assert drawn(dx).covered() == over


def test_two_ticks_that_read_alike_are_seen():
    assert drawn(4, text="datum.value < 60 ? '5' : '9'").repeated() == ["5"]
    assert drawn(4, text="'' + datum.value").repeated() == []


FIGURE = """
<figure><figcaption><p>{title}</p></figcaption>
<div class="chart"><script>{{}}</script></div>
<table><thead><tr><th>Sector</th><th>On track</th><th>Late</th></tr></thead>
<tbody><tr><td>Health</td><td>3</td><td>1</td></tr>
<tr><td>Water</td><td>2</td><td>4</td></tr></tbody></table></figure>
"""


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("5 of 10 are on track", []),
        ("50.0 % are on track, in 2 sectors", []),
        ("7 of 10 are on track", ["7 of 10 are on track: 7"]),
        ("Health: 3.5", ["Health: 3.5: 3.5"]),
    ],
)
def test_a_figure_of_a_title_is_looked_for_in_its_chart(title, said, tmp_path):
    page = tmp_path / "en" / "a.html"
    page.parent.mkdir()
    page.write_text(f"<html><body>{FIGURE.format(title=title)}</body></html>")

    assert readers_check.titles(readers_check.Published(page, "en")) == said


def test_rows_cells_slides_and_sheets_that_are_lost_are_found(tmp_path):
    """A deck without two of the page's rows, with a cell that is cut."""
    office.deck(tmp_path, office.table(3, title="Every indicator"), office.table(3, name="A…"))
    rows = "".join(f"<tr><td>Indicator {n}</td><td>{n + 1}</td></tr>" for n in range(5))
    head = "<thead><tr><th>Indicator</th><th>Value</th></tr></thead>"
    page = tmp_path / "report.html"
    table = f"<table><caption>All</caption>{head}<tbody>{rows}</tbody></table>"
    page.write_text(f"<html><body>{table}</body></html>")
    report = readers_check.Published(page, "en")

    assert readers_check.rows(report) == ["Indicator 3 | 4", "Indicator 4 | 5"]
    assert readers_check.slides(report) == readers_check.empty(report) == []
    assert html.tostring(report.tree)


def test_a_number_that_its_column_is_too_narrow_for_is_found(tmp_path):
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "report.xlsx") as book:
        sheet = book.add_worksheet("Very long name that is cut…")
        sheet.write_number(0, 0, 15_050_000_000_000, book.add_format({"num_format": "#,##0"}))
        sheet.write_number(1, 0, 15)
    (tmp_path / "report.html").write_text("<html></html>")
    report = readers_check.Published(tmp_path / "report.html", "en")

    assert readers_check.cells(report) == ["Very long name that is cut…!A1: ####"]
    assert readers_check.sheets(report) == ["Very long name that is cut…"]
    assert readers_check.valid(report) == []
