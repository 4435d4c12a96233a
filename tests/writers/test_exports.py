"""Every figure as one tidy table: its rows, and the files it is taken away in."""

import csv
import io
from dataclasses import replace
from datetime import date

import openpyxl
import pandas as pd
import pytest

from delivery_analytics.deriving.derive import with_derived
from delivery_analytics.errors import DefinitionError
from delivery_analytics.wording.wording import open_wording
from delivery_analytics.writers.exports import export_figures
from delivery_analytics.writers.tidy_figures import tidy_figures
from tests.support.tables import dataset, registry, same

HOSTILE = "=HYPERLINK(1)"


@pytest.fixture(scope="module")
def data():
    """A level that was judged, a promise without a figure, and texts that are formulas."""
    return dataset(
        "2025-01-31",
        registry=registry("""
            indicator_id | direction | frequency
            health.life  | increase  | annual
        """),
        observations=f"""
            indicator_id | region_id | period  | value | reported_on | source_id | source_cell
            health.life  | KZ        | 2023    | -1.25 | 2024-02-01  | a         | {HOSTILE}!B5
            health.life  | KZ        | 2024    | 70.5  | 2025-01-10  | a         | {HOSTILE}!B6
            health.life  | KZ-71     | 2024-Q4 | 71    | 2025-01-10  | b         | C7
        """,
        targets="""
            indicator_id | region_id | due_on     | kind     | value | illustrative | source_id | source_cell
            health.life  | KZ        | 2023-12-31 | baseline |    60 | no           | p         | Plan!C2
            health.life  | KZ        | 2024-12-31 | interim  |    72 | no           | p         | Plan!C3
            health.life  | KZ        | 2029-12-31 | final    |    80 | yes          | p         | Plan!C4
            health.life  | KZ        | 2030-06-30 | final    |    81 | yes          | p         | Plan!C5
            health.life  | KZ        | 2030-07-15 | final    |    82 | yes          | p         | Plan!C6
        """,
        sources=f"""
            source_id | path
            a         | data/raw/health/a.xlsx
            b         | {HOSTILE}.csv
            p         | data/raw/health/plan.xlsx
        """,
    )


def test_each_row_is_a_figure_with_its_target_status_and_cell_or_a_promise_with_its_own(data):
    figures = tidy_figures(data, open_wording("ru"))

    same(
        figures,
        f"""
        region_id | period  | year | value | target | illustrative | status_id | file                      | sheet     | cell
        KZ        | 2023    | 2023 | -1.25 |        |              |           | data/raw/health/a.xlsx    | {HOSTILE} | B5
        KZ        | 2024    | 2024 |  70.5 |     72 |              | at_risk   | data/raw/health/a.xlsx    | {HOSTILE} | B6
        KZ        | 2029    | 2029 |       |     80 | yes          |           | data/raw/health/plan.xlsx | Plan      | C4
        KZ        | 2030-S1 | 2030 |       |     81 | yes          |           | data/raw/health/plan.xlsx | Plan      | C5
        KZ        |         | 2030 |       |     82 | yes          |           | data/raw/health/plan.xlsx | Plan      | C6
        KZ-71     | 2024-Q4 | 2024 |    71 |        |              |not_judged | {HOSTILE}.csv             |           | C7
        """,
    )


@pytest.mark.parametrize(
    ("language", "made"),
    [
        ("en", ["made of 1 figure: 2 * life", "made of 2 figures"]),
        ("ru", ["рассчитано по 1 значению: 2 * life", "рассчитано по 2 значениям"]),
        ("kk", ["1 мән бойынша есептелген: 2 * life", "2 мән бойынша есептелген"]),
    ],
)
def test_a_figure_that_was_made_says_of_what_in_the_readers_language(language, made):
    known = registry("""
        indicator_id | frequency | over_regions | formula
        health.life  | annual    | sum          |
        health.twice | annual    | none         | 2 * life
    """)
    nation, *regions = [
        replace(known.regions[key], valid_from=None) for key in ("KZ", "KZ-10", "KZ-71")
    ]
    known = replace(known, regions={one.id: one for one in (nation, *regions)})
    sent = """
        indicator_id | region_id | period | value | reported_on | source_id | source_cell
        health.life  | KZ-10     | 2024   | 1     | 2025-01-10  | a         | S!B5
        health.life  | KZ-71     | 2024   | 2     | 2025-01-10  | a         | S!B6
    """
    targets = """
        indicator_id | region_id | due_on     | kind  | value | source_id | source_cell
        health.life  | KZ-10     | 2029-12-31 | final |     8 | a         | P!C2
        health.life  | KZ-71     | 2029-12-31 | final |     9 | a         | P!C3
    """
    sources = "source_id | path\n a | raw/a.xlsx"
    whole, _ = with_derived(
        dataset(registry=known, observations=sent, targets=targets, sources=sources)
    )
    figures = tidy_figures(whole.known_on("2025-01-31"), open_wording(language))
    nation = figures[figures["region_id"] == "KZ"].set_index(["indicator_id", "year"])
    assert nation.loc[("health.twice", 2024), "file"] == made[0]
    assert nation.loc[("health.twice", 2024), "cell"] == "a.xlsx, S!B5 · +1"
    assert nation.loc[("health.life", 2024), "file"] == made[1]
    assert nation.loc[("health.life", 2029), "file"] == made[1]
    assert set(figures["file"]) == {*made, "raw/a.xlsx"}


def test_statuses_are_in_the_readers_language_and_missing_where_no_day_is_chosen(data):
    told = tidy_figures(data, open_wording("kk"))["status"]
    assert set(told) == {
        "",
        *(open_wording("kk").status(code) for code in ("at_risk", "not_judged")),
    }

    undated = tidy_figures(dataset(registry=data.registry), open_wording())
    assert undated.empty


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet", "duckdb"])
def test_a_file_that_is_taken_away_holds_every_figure_as_it_was_sent(data, tmp_path, form):
    if form == "duckdb":
        pytest.importorskip("duckdb", reason="the extra `duckdb` is not installed")
    path = export_figures(data, open_wording("ru"), tmp_path / "new" / f"all.{form}", form)
    expected = tidy_figures(data, open_wording("ru"))

    read = {
        "csv": lambda: pd.read_csv(path),
        "xlsx": lambda: pd.read_excel(path, engine="openpyxl"),
        "parquet": lambda: pd.read_parquet(path),
        "duckdb": lambda: _from_duckdb(path),
    }[form]()

    assert [*read] == [*expected]
    for name in ("value", "target"):
        assert read[name].fillna(-99).tolist() == expected[name].fillna(-99).tolist()
    assert pd.to_datetime(read["as_of"]).dt.date.tolist() == [date(2025, 1, 31)] * 6
    assert read["illustrative"].tolist() == expected["illustrative"].tolist()


def _from_duckdb(path):
    import duckdb

    with duckdb.connect(path, read_only=True) as database:
        return database.execute("SELECT * FROM figures").df()


def test_no_text_that_was_sent_becomes_a_formula(data, tmp_path):
    text = export_figures(data, open_wording(), tmp_path / "a.csv", "csv").read_text(
        "utf-8-sig"
    )
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    book = openpyxl.load_workbook(
        export_figures(data, open_wording(), tmp_path / "a.xlsx", "xlsx")
    )
    written = [c for row in book.active.iter_rows() for c in row if c.value == HOSTILE]

    assert f"'{HOSTILE}" in cells
    assert "-1.25" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]
    assert [(c.data_type, c.quotePrefix) for c in written] == [("s", True)] * 2


def test_a_format_that_there_is_not_is_answered_by_what_is_near(data, tmp_path):
    with pytest.raises(DefinitionError, match=r"no format 'parket'.*Did you mean parquet\?"):
        export_figures(data, open_wording(), tmp_path / "a.parket", "parket")
