"""A status method is a function in its source's module, an example, a name and one line."""

import ast
import filecmp
import os
import shutil
import subprocess
import sys
from pathlib import Path

from delivery_analytics import methods
from delivery_analytics.methods import METHODS
from delivery_analytics.wording import codes

FOLDER = Path(methods.__file__).parent
SPEC = Path(__file__).parents[1] / "spec"
ROOT = Path(__file__).parents[2]
COPIED = ("delivery_analytics", "tests/spec", "tests/methods", "tests/support")

MODULE = '''\
"""A rule of one's own: the value as a share of the expected one."""

from delivery_analytics.methods.base import banded, coded, graded, method


@method()
def nearly_there(facts, *, on_track=0.9, at_risk=0.7):
    """Judge by the value as a share of the expected one."""
    score = facts["value"] / facts["expected_value"].where(facts["expected_value"] > 0)
    status = banded(score, on_track=on_track, at_risk=at_risk)
    flags = {"no_target": score.isna(), "nearly_all": status == "on_track"}
    return graded(score, status, coded(flags, "below_trajectory"))
'''
EXAMPLE = '''\
"""Nearly there: the value as a share of the expected one."""

from tests.spec.examples import assessed_as_drawn


def test_nine_tenths_are_on_track_and_seven_at_risk():
    assessed_as_drawn(
        """
        expected | target | value | score | status    | reason
             100 |    200 |    90 |   0.9 | on_track  | nearly_all
             100 |    200 |    70 |   0.7 | at_risk   | below_trajectory
             100 |    200 |    69 |  0.69 | off_track | below_trajectory
        """,
        method="nearly_there",
    )
'''
LINE = "from delivery_analytics.methods import nearly_there as nearly_there\n"
ASKED = """\
from delivery_analytics.methods import METHODS
from delivery_analytics.wording.wording import open_wording
words = open_wording("en")
print(list(METHODS)[-1], words.code("method", "nearly_there"), words.code("reason", "nearly_all"), sep="|")
"""


def in_table():
    """Return the modules that the package's table names."""
    tree = ast.parse((FOLDER / "__init__.py").read_text(encoding="utf-8"))
    lines = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    return [line.names[0].name for line in lines if line.module == methods.__name__]


def declared():
    """Return status method → its module, as the modules of the folder declare them."""
    found = {}
    for path in FOLDER.glob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            marks = [ast.unparse(mark) for mark in getattr(node, "decorator_list", [])]
            if any(mark.startswith("method(") for mark in marks):
                found[node.name] = path.stem
    return found


def test_the_table_names_every_module_of_the_folder_once():
    assert sorted(in_table()) == sorted(
        path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__"
    )


def test_the_methods_known_are_those_that_the_modules_declare_in_the_table_s_order():
    places = [in_table().index(declared()[name]) for name in METHODS]

    assert METHODS.keys() == declared().keys()
    assert places == sorted(places)


def test_every_method_is_called_something_and_has_worked_examples():
    for name, module in declared().items():
        assert name in codes.METHOD, name
        assert any((SPEC / f"test_{one}.py").exists() for one in (name, module)), name


def changed(ours, theirs):
    """Yield the files of `theirs` that differ from those of `ours`, or that it has not."""
    for path in (*theirs.rglob("*.py"), *theirs.rglob("*.toml")):
        original = ours / path.relative_to(theirs)
        if not original.exists() or not filecmp.cmp(original, path, shallow=False):
            yield path.relative_to(theirs).as_posix()


def insert(path, before, text):
    whole = path.read_text(encoding="utf-8")
    assert before in whole
    path.write_text(whole.replace(before, text + before, 1), encoding="utf-8")


def test_a_method_is_added_by_its_module_its_example_its_names_and_one_line(tmp_path):
    for folder in COPIED:
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=lambda *_: ["__pycache__"])
    for name in ("pyproject.toml", "tests/__init__.py", "tests/conftest.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    package = tmp_path / "delivery_analytics"
    (package / "methods" / "nearly_there.py").write_text(MODULE, encoding="utf-8")
    (tmp_path / "tests/spec/test_nearly_there.py").write_text(EXAMPLE, encoding="utf-8")
    insert(package / "methods" / "__init__.py", "\n# isort: on\n", LINE)
    names = package / "wording" / "codes.toml"
    insert(names, "\npmdu = ", '\nnearly_there = "Nearly there"')
    insert(names, "\nplan_met = ", '\nnearly_all = "Nearly all is there"')

    def run(*line):
        program = [sys.executable, "-P", *line]
        done = subprocess.run(
            program,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert run("-c", ASKED).strip() == "nearly_there|Nearly there|Nearly all is there"
    examples = ("tests/spec/test_nearly_there.py", "tests/methods/test_status_methods.py")
    run("-m", "pytest", "-p", "no:cacheprovider", *examples, "-k", "not added_by")
    assert sorted(changed(ROOT, tmp_path)) == [
        "delivery_analytics/methods/__init__.py",
        "delivery_analytics/methods/nearly_there.py",
        "delivery_analytics/wording/codes.toml",
        "tests/spec/test_nearly_there.py",
    ]
