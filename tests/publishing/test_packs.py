"""Packs: the reports of one occasion, in a folder to hand on."""

import dataclasses
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from delivery_analytics.cli.main import app
from delivery_analytics.errors import DefinitionError, ReportError
from delivery_analytics.model.definitions import Pack
from delivery_analytics.model.registry import open_registry
from delivery_analytics.publishing.packs import make_pack
from tests.conftest import AS_OF


@pytest.fixture(scope="module")
def registry(published, example):
    return open_registry(example)


def test_a_pack_has_the_reports_that_it_declares_in_its_formats(registry, example, tmp_path):
    told = ["--workspace", str(example), "pack", "monthly_note", "--as-of", AS_OF]
    result = CliRunner().invoke(app, [*told, "--language", "ru", "--out", str(tmp_path)])

    assert result.exit_code == 0, result.output
    files = [Path(line) for line in result.stdout.splitlines()]
    assert [one.relative_to(tmp_path).as_posix() for one in files] == [
        "monthly_note/ru/national.pdf",
        "monthly_note/ru/instructions.pdf",
    ]
    assert all(one.read_bytes().startswith(b"%PDF") for one in files)
    assert not list((tmp_path / "monthly_note").glob(".making*"))


@pytest.mark.long
def test_a_key_narrows_the_notebooks_that_run_per_it_and_no_others(registry, tmp_path):
    keys = {"programme": "human_capital", "challenge": "building_permits"}
    files = make_pack(
        registry, "stocktake", keys=keys, as_of=AS_OF, formats=("html",), out=tmp_path
    )

    assert [one.name for one in files] == [
        "programme_human_capital.html", "instructions.html", "challenge_building_permits.html",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "keys", "said"),
    [
        ("weekly", {}, "There is no pack 'weekly'. There are: monthly_note, stocktake"),
        ("stocktake", {"programme": "none"}, "There is no programme 'none'. "),
        (
            "monthly_note",
            {"sector": "water"},
            "The pack has no sector 'water'. It has: no report",
        ),
    ],
)
def test_a_wrong_wish_is_told_with_what_there_is(registry, tmp_path, name, keys, said):
    with pytest.raises(DefinitionError) as caught:
        make_pack(registry, name, keys=keys, as_of=AS_OF, out=tmp_path)
    assert said in str(caught.value)
    assert not any(tmp_path.iterdir()) or name != "weekly"


def test_a_pack_that_names_no_notebook_there_is_is_refused(registry, tmp_path):
    pack = Pack("odd", {"en": "Odd"}, ("99_none",))
    odd = dataclasses.replace(registry, packs={"odd": pack})
    with pytest.raises(DefinitionError, match="there is no notebook 99_none"):
        make_pack(odd, "odd", as_of=AS_OF, out=tmp_path)


def test_a_report_that_fails_is_named_and_the_others_are_there(example, published, tmp_path):
    workspace = tmp_path / "workspace"
    for name in ("data/definitions", "data/processed", "notebooks"):
        shutil.copytree(example / name, workspace / name)
    broken = workspace / "notebooks" / "50_instructions.ipynb"
    text = broken.read_text(encoding="utf-8").replace("control_headlines", "no_such_block")
    broken.write_text(text, encoding="utf-8")

    with pytest.raises(ReportError, match="1 of 2 reports failed") as caught:
        make_pack(open_registry(workspace), "monthly_note", as_of=AS_OF, out=tmp_path / "out")

    assert "no_such_block" in str(caught.value)
    assert (tmp_path / "out" / "monthly_note" / "en" / "national.pdf").exists()
