"""The one table of charts: what stands in it, how each is called, and what a new one takes."""

import ast
import inspect
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import delivery_analytics as da
from delivery_analytics import charts
from delivery_analytics.analytics import spending
from tests.support.tables import dataset, registry

PACKAGE = Path(da.__file__).parent
ROOT = Path(__file__).parents[2]
NEW = '''\
"""How many figures there are."""

import altair as alt

from delivery_analytics.charts import common
from delivery_analytics.report.figure import Column


@common.chart(takes=("region_id",))
def figure_count(data, words, *, region_id=None):
    """Draw how many figures there are."""
    rows = data.observations
    rows = rows[rows["region_id"] == (region_id or data.registry.country_id)]
    table = rows.groupby("indicator_id").size().rename("figures").reset_index()
    columns = (Column("indicator_id", "Indicator"), Column("figures", "Figures", "number", 0))
    frame = common.Frame(words, "Number of figures", "", table, columns, "Bar")
    bars = alt.Chart(alt.InlineData(values=[{"n": len(rows)}])).mark_bar().encode(x="n:Q")
    return frame.figure(bars, f"{len(rows)} figures")
'''
LINE = "from delivery_analytics.charts.figure_count import figure_count as figure_count\n"


def is_called_as_its_file(path):
    """Say whether a file has a function of its own name: then it is a chart."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return any(isinstance(one, ast.FunctionDef) and one.name == path.stem for one in tree.body)


def test_the_table_has_every_file_that_is_called_as_its_chart():
    files = Path(charts.__file__).parent.glob("*.py")

    assert list(charts.CHARTS) == sorted(
        one.stem for one in files if is_called_as_its_file(one)
    )
    assert all(chart.draw is getattr(charts, name) for name, chart in charts.CHARTS.items())


def test_the_tab_key_completes_charts_and_nothing_else():
    assert dir(da.charts) == list(charts.CHARTS)
    assert callable(da.charts.has_lines)  # no chart, and of use to a notebook


@pytest.mark.parametrize("name", charts.CHARTS)
def test_every_chart_has_the_one_signature(name):
    chart = charts.CHARTS[name]
    parameters = inspect.signature(chart.draw).parameters.values()
    by_place = [one.name for one in parameters if one.kind is one.POSITIONAL_OR_KEYWORD]
    by_name = {one.name: one.default for one in parameters if one.kind is one.KEYWORD_ONLY}

    assert by_place == ["data", *chart.subject, "words"]
    assert len(parameters) == len(by_place) + len(by_name)
    assert {*chart.takes} <= {*by_name}
    assert inspect.Parameter.empty not in by_name.values()


def test_what_is_left_out_is_computed_from_the_data(data, assessments, en):
    computed = {
        "status_grid": {"assessments": assessments},
        "status_cells": {"assessments": assessments},
        "deviations": {"assessments": assessments},
        "way_to_target": {"assessments": assessments},
        "spending_bars": {"execution": spending.execution(data, by="sector_id")},
        "spending_waterfall": {"execution": spending.execution(data, by="sector_id")},
        "spending_line": {"monthly": spending.monthly(data, by="sector_id")},
    }
    for name, given in computed.items():
        draw = charts.CHARTS[name].draw
        assert same(draw(data, en), draw(data, en, **given)), name


def same(one, other):
    """Say whether two figures are equal to the last word and mark."""
    words = ("spec", "title", "subtitle", "footnote", "alt", "columns", "native")
    equal = [getattr(one, key) == getattr(other, key) for key in words]
    return all(equal) and one.table.equals(other.table)


@pytest.fixture
def house(tmp_path):
    """A copy of the package, its reference and a workspace with a little data in it."""
    shutil.copytree(PACKAGE, tmp_path / PACKAGE.name, ignore=shutil.ignore_patterns("example"))
    (tmp_path / "docs").mkdir()
    shutil.copy(ROOT / "docs" / "conf.py", tmp_path / "docs")
    shutil.copytree(ROOT / "data" / "definitions", tmp_path / "work" / "data" / "definitions")
    one = dataset(
        registry=registry(),
        observations="""
            indicator_id                  | region_id | period | value
            healthcare.maternal_mortality | KZ-71     | 2023   |    12
            healthcare.maternal_mortality | KZ        | 2023   |    11
        """,
    )
    one.save(tmp_path / "work" / "data" / "processed")
    return tmp_path


def python(house, *args):
    """Run Python with the copied package in front of ours; return what it printed."""
    ran = subprocess.run(
        [sys.executable, *args],
        env={**os.environ, "PYTHONPATH": str(house)},
        cwd=house,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_a_chart_is_one_file_and_one_line(house):
    folder = house / PACKAGE.name / "charts"
    (folder / "figure_count.py").write_text(NEW, encoding="utf-8")
    table = (folder / "__init__.py").read_text(encoding="utf-8")
    first = "from delivery_analytics.charts.hundred_days"
    (folder / "__init__.py").write_text(table.replace(first, LINE + first), encoding="utf-8")

    drawn = house / "count.svg"
    command = ["-m", PACKAGE.name, "--workspace", str(house / "work"), "chart"]
    keys = ["--region", "KZ-71", "--as-of", "2025-01-31"]
    said = python(house, *command, "figure_count", *keys, "--out", str(drawn))
    assert said.startswith("1 figures")
    assert drawn.read_text(encoding="utf-8").startswith("<svg")

    code = (
        f"import json, sys; sys.path.insert(0, 'docs'); import conf, {PACKAGE.name} as da\n"
        "print(json.dumps([dir(da.charts), conf.charts()]))"
    )
    names, reference = json.loads(python(house, "-c", code))
    assert "figure_count" in names
    assert "| `figure_count(data, words, *, region_id=None)` |" in reference
