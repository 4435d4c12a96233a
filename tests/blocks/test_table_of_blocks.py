"""The table of blocks against the folder, and the promise that a block is its file."""

import ast
import inspect

from delivery_analytics import blocks
from tests.conftest import ROOT
from tests.support.package_copy import copied, files_of, python

FOLDER = ROOT / "delivery_analytics" / "blocks"


def functions_in(path):
    """Names of the functions in a module that say no underscore."""
    nodes = ast.parse(path.read_text(encoding="utf-8")).body
    names = [node.name for node in nodes if isinstance(node, ast.FunctionDef)]
    return [name for name in names if not name.startswith("_")]


def test_the_table_holds_what_the_folder_does():
    shared = {"__init__", "common"}
    defined = [
        name
        for path in FOLDER.glob("*.py")
        if path.stem not in shared
        for name in functions_in(path)
    ]

    assert sorted(defined) == blocks.__all__ == dir(blocks)


def test_a_block_takes_data_first_and_the_choice_of_what_by_keyword():
    for name in blocks.__all__:
        first, *others = inspect.signature(getattr(blocks, name)).parameters.values()

        assert first.name in ("data", "history"), name
        placed = [one.name for one in others if one.kind is one.POSITIONAL_OR_KEYWORD]
        assert placed in ([], ["words"], ["assessments"], ["assessments", "words"]), name


BLOCK = '''"""How many sectors there are."""

from __future__ import annotations

from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report.document import Note
from delivery_analytics.wording.wording import Wording


def how_many(data: Dataset, words: Wording) -> Note:
    """Return how many sectors a registry has."""
    return Note(str(len(data.registry.sectors)))
'''


def test_a_block_is_added_by_its_file_alone(tmp_path):
    package = copied(tmp_path)
    (package / "blocks" / "how_many.py").write_text(BLOCK, encoding="utf-8")

    code = (
        "import delivery_analytics as da\n"
        "from delivery_analytics.execution.warm_up import _data\n"
        "print('how_many' in dir(da.blocks), da.blocks.how_many(_data(), None).text)"
    )

    assert python(package, "-c", code).split() == ["True", "0"]
    before, now = files_of(ROOT / "delivery_analytics"), files_of(package)
    assert now.keys() - before.keys() == {"blocks/how_many.py"}
    assert not [name for name in before if now[name] != before[name]]
