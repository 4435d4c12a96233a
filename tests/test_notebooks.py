"""Every notebook reads as a document, and holds no logic of its own."""

import ast
from pathlib import Path

import nbformat
import papermill
import pytest

from delivery_analytics.execution.parameters import declared

NOTEBOOKS = sorted(Path(__file__).parents[1].joinpath("notebooks").glob("*.ipynb"))
LONGEST_CELL = 8  # lines

pytestmark = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path):
    return nbformat.read(path, as_version=4)


def code_cells(path):
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def test_opens_with_a_question_then_its_parameters(path):
    title, parameters, *_ = read(path).cells

    assert title.source.startswith("# ")
    assert title.source.splitlines()[0].endswith("?")
    assert parameters.metadata.tags == ["parameters"]


def test_every_parameter_has_a_type_and_says_what_it_is(path):
    # Papermill drops, without a word, any line it cannot read (`str | None` is one),
    # so the names it found are compared with the names Python sees.
    parameters = read(path).cells[1].source
    written = {node.target.id for node in ast.parse(parameters).body}
    found = papermill.inspect_notebook(path)

    assert found.keys() == written
    assert all(found[name]["help"] for name in written)


def test_is_committed_without_outputs(path):
    assert not any(cell.outputs or cell.execution_count for cell in code_cells(path))


def test_defines_nothing_and_imports_only_the_package(path):
    nodes = [node for cell in code_cells(path) for node in ast.walk(ast.parse(cell.source))]
    defined = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)

    imports = [
        ast.unparse(node) for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    own = ["import altair as alt"] if path.stem == "00_template" else []  # of a chart to copy

    assert not any(isinstance(node, defined) for node in nodes)
    assert imports == ["import delivery_analytics as da", *own]


def test_keeps_its_cells_short(path):
    cells = [
        one for one in code_cells(path) if "parameters" not in one.metadata.get("tags", [])
    ]
    assert max(len(cell.source.splitlines()) for cell in cells) <= LONGEST_CELL


def test_shows_no_text_that_does_not_pass_through_the_wording(path):
    # A heading, a title or a subtitle written out would be in one language for all.
    for cell in code_cells(path):
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in SHOWN:
                values = [*node.args, *(k.value for k in node.keywords if k.arg != "key")]
                assert not any(isinstance(value, ast.Constant) for value in values)


SHOWN = {"da.Heading", "da.Text", "da.Note", "da.Report"}


def test_papermill_lists_every_parameter_with_its_type_and_meaning(path):
    # What `papermill --help-notebook` prints.
    listed = papermill.inspect_notebook(str(path))

    assert listed.keys() == declared(path).model_fields.keys()
    assert all(one["help"] and one["inferred_type_name"] for one in listed.values())
