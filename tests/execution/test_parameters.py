"""Only what a notebook declares reaches it, and only as plain JSON."""

from datetime import date, datetime
from pathlib import PurePosixPath

import nbformat
import numpy as np
import pandas as pd
import pytest

from delivery_analytics.errors import DefinitionError
from delivery_analytics.execution.parameters import bind, declared, from_text, plain

DECLARED = """\
sector: str = "health"  # which sector
top: int = 5  # how many
share: float = 0.5
dry: bool = False
formats: list = ["html"]
"""


@pytest.fixture
def notebook(tmp_path):
    def write(*cells):
        path = tmp_path / "20_sector.ipynb"
        made = []
        for source in cells:
            cell = nbformat.v4.new_code_cell(source)
            cell.metadata.tags = ["parameters"]
            made.append(cell)
        nbformat.write(nbformat.v4.new_notebook(cells=made), path)
        return path

    return write


def test_the_defaults_are_what_the_cell_says(notebook):
    fields = declared(notebook(DECLARED)).model_fields

    assert {name: field.default for name, field in fields.items()} == {
        "sector": "health",
        "top": 5,
        "share": 0.5,
        "dry": False,
        "formats": ["html"],
    }


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.bool_(False), False),
        (np.int64(3), 3),
        (np.float64(0.25), 0.25),
        (date(2025, 6, 30), "2025-06-30"),
        (pd.Timestamp("2025-06-30"), "2025-06-30"),
        (datetime(2025, 6, 30, 9, 5), "2025-06-30T09:05:00"),
        (PurePosixPath("a/b"), "a/b"),
        (("html", "pptx"), ["html", "pptx"]),
        ({"a": (1, np.int8(2))}, {"a": [1, 2]}),
        (pd.NaT, None),
        ("Қазақстан ₸\n", "Қазақстан ₸\n"),
    ],
)
def test_a_value_becomes_plain_json_without_loss(value, expected):
    became = plain(value)

    assert became == expected
    assert type(became) is type(expected)


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), np.float32("-inf"), "\ud800", "a\x00b", {1, 2}, object(), 1j],
)
def test_a_value_that_json_cannot_hold_is_refused(value):
    with pytest.raises(DefinitionError, match="Parameter 'share'"):
        plain([value], "share")


def test_a_name_the_notebook_does_not_declare_is_refused(notebook):
    with pytest.raises(DefinitionError, match=r"no parameter 'sectr'\. It has: sector, top"):
        bind(notebook(DECLARED), {"sectr": "health"})


def test_a_name_that_is_code_is_refused(notebook):
    with pytest.raises(DefinitionError, match="no parameter"):
        bind(notebook(DECLARED), {"top = 1\nimport os\ntop": 5})


@pytest.mark.parametrize(
    "values", [{"top": "5"}, {"dry": 1}, {"sector": 7}, {"formats": "html"}]
)
def test_a_value_of_another_type_than_declared_is_refused(notebook, values):
    with pytest.raises(DefinitionError, match=f"parameter '{next(iter(values))}'"):
        bind(notebook(DECLARED), values)


@pytest.mark.parametrize(
    "line",
    [
        "top = 5",
        "top: int",
        "top: int | None = None",
        "top: int = 2 + int('3')",
        "import os",
        "list: list = []",
        "Top: int = 5",
        "top: int = ",
    ],
)
def test_a_line_that_papermill_would_pass_over_is_refused(notebook, line):
    with pytest.raises(DefinitionError, match=r"20_sector\.ipynb, parameters, line 1"):
        declared(notebook(line))


@pytest.mark.parametrize("cells", [(), (DECLARED, DECLARED)])
def test_exactly_one_cell_declares(notebook, cells):
    with pytest.raises(DefinitionError, match="expected one cell tagged 'parameters'"):
        declared(notebook(*cells))


def test_typed_text_is_read_by_the_type_that_the_notebook_declares(notebook):
    typed = {"sector": "5", "top": "5", "share": "1", "dry": "true", "formats": '["pdf"]'}

    assert from_text(notebook(DECLARED), typed) == {
        "sector": "5",
        "top": 5,
        "share": 1,
        "dry": True,
        "formats": ["pdf"],
    }


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("top", "5.5", "parameter 'top'.*integer.*5.5"),
        ("top", "five", "parameter 'top'.*integer.*'five'"),
        ("dry", "yes", "parameter 'dry'.*boolean.*'yes'"),
        ("formats", "pdf", "parameter 'formats'.*list.*'pdf'"),
        ("tops", "5", "has no parameter 'tops'. It has: sector, top"),
    ],
)
def test_typed_text_of_another_type_is_refused_and_named(notebook, name, text, said):
    with pytest.raises(DefinitionError, match=said):
        from_text(notebook(DECLARED), {name: text})
