"""Which reports are planned, and where they may be put."""

import pytest

from delivery_analytics.errors import DefinitionError
from delivery_analytics.execution.contract import RUN_PER
from delivery_analytics.model.registry import open_registry
from delivery_analytics.publishing.plan import path_below, plan


def test_everything_that_a_notebook_may_run_per_has_its_reports(example):
    planned = plan(open_registry(example), ["en"])

    assert {report.run_per for report in planned} == {*RUN_PER}


def test_only_the_reports_that_were_asked_for_are_planned(example):
    registry = open_registry(example)
    planned = plan(registry, ["en", "kk"], lambda report: report.key == "water")

    assert [report.place for report in planned] == ["en/sector/water", "kk/sector/water"]
    with pytest.raises(DefinitionError, match="None of 41 reports is one of those asked for"):
        plan(registry, ["en"], lambda report: report.language == "ru")


@pytest.mark.parametrize(
    "part", ["..", "", ".", "a/b", "/etc", "Health", "здрав", "a\\b", "con:", "a" * 41, "{x}"]
)
def test_a_part_that_is_no_identifier_never_becomes_a_path(tmp_path, part):
    with pytest.raises(DefinitionError, match="cannot be part of a path"):
        path_below(tmp_path, "en", part)


def test_a_link_that_leads_out_is_refused(tmp_path):
    (tmp_path / "out").mkdir()
    root = tmp_path / "root"
    root.mkdir()
    (root / "sector").symlink_to(tmp_path / "out")

    with pytest.raises(DefinitionError, match="leads out of"):
        path_below(root, "sector", "health")
