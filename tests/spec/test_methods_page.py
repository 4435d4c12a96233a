"""The page of methods is what the worked examples say, and its reliability is as published."""

from pathlib import Path

from benchmarks import reliability
from tests.spec import write_methods

ROOT = Path(__file__).parents[2]


def test_the_page_of_methods_is_written_from_the_examples_as_they_are():
    written = write_methods.PAGE.read_text(encoding="utf-8")

    assert written == write_methods.page(), "run python -m tests.spec.write_methods"


def test_every_module_of_examples_has_its_section():
    modules = {path.stem for path in write_methods.HERE.glob("test_*.py")} - {
        "test_methods_page"
    }

    assert sorted(modules) == sorted(f"test_{name}" for name in write_methods.sections())


def test_the_published_reliability_is_that_of_the_example():
    page = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    section = reliability.section("The example", reliability.example())

    assert section in page, "run python benchmarks/reliability.py"
