"""The page of methods is what the worked examples say, and its reliability is as published."""

from pathlib import Path

from benchmarks import reliability
from delivery_analytics.analytics import forecast_record
from tests.spec import write_methods

ROOT = Path(__file__).parents[2]
_AGAIN = "run python benchmarks/reliability.py"


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
    data = reliability.example()
    runs = reliability.long_enough(data)

    assert reliability.section("The example", runs) in page, _AGAIN
    assert reliability.targets_section(data) in page, _AGAIN
    assert "coin" not in page


def test_ours_beats_no_change_on_the_example_and_loses_to_it_on_the_examples_targets():
    data = reliability.example()
    told = forecast_record.asked(forecast_record.trials(reliability.long_enough(data)))
    near = forecast_record.brier_scores(told).iloc[0]
    targets = forecast_record.brier_scores(forecast_record.against_targets(data)).iloc[0]

    assert near["brier"] < near["plain"]
    assert targets["brier"] > targets["plain"]
    assert 'Ours loses to "no change" there' in reliability.targets_section(data)
