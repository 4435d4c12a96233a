"""Which reports are planned, and where they may be put."""

from dataclasses import replace
from datetime import date

import pytest

from delivery_analytics.errors import DefinitionError
from delivery_analytics.execution.contract import RUN_PER
from delivery_analytics.model.registry import open_registry
from delivery_analytics.model.workspace import Workspace
from delivery_analytics.publishing.plan import path_below, plan
from delivery_analytics.publishing.reuse import Earlier
from tests.support.notebooks import write_notebook


def test_everything_that_a_notebook_may_run_per_has_its_reports(example):
    planned = plan(open_registry(example), ["en"])

    assert {report.run_per for report in planned} == {*RUN_PER}


def test_only_the_reports_that_were_asked_for_are_planned(example):
    registry = open_registry(example)
    planned = plan(registry, ["en", "kk"], lambda report: report.key == "water")

    assert [report.place for report in planned] == ["en/sector/water", "kk/sector/water"]
    with pytest.raises(DefinitionError, match="None of 42 reports is one of those asked for"):
        plan(registry, ["en"], lambda report: report.language == "ru")


def test_a_parameter_is_told_to_every_notebook_that_declares_it_and_to_no_other(
    example, tmp_path
):
    registry = replace(open_registry(example), workspace=Workspace(tmp_path))
    asks = {"parameters": 'years: int = 3\nplace: str = ""\n'}
    for name, declared in (("1_one", asks), ("2_two", {})):
        contract = {"run_per": "nation", "kind": name}
        path = registry.workspace.notebooks / f"{name}.ipynb"
        write_notebook(path, **declared, delivery_analytics=contract)

    planned = plan(registry, ["en"], own={"years": "5", "place": "5"})

    assert [dict(one.own) for one in planned] == [{"years": 5, "place": "5"}, {}]
    for own, said in (
        ({"yeras": "5"}, "no parameter 'yeras'. Did you mean years?"),
        ({"years": "five"}, "1_one.ipynb, parameter 'years'.*integer"),
    ):
        with pytest.raises(DefinitionError, match=said):
            plan(registry, ["en"], own=own)


def test_a_report_that_was_told_something_else_is_another_report(example, tmp_path):
    registry = open_registry(example)
    (tmp_path / "manifest.json").write_text('{"tables": {}}')
    known = Earlier(
        tmp_path, workspace=registry.workspace.root, stored=tmp_path, day=date.min, formats=[]
    )
    (report, *_) = plan(registry, ["en"])

    assert known.fingerprint(report) != known.fingerprint(replace(report, own={"years": 5}))


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
