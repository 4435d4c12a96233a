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
from delivery_analytics.publishing.packs import make_one, make_pack
from tests.conftest import AS_OF
from tests.publishing.test_publish import add_notebook, received, registry

__all__ = ["registry"]


@pytest.fixture(scope="module")
def example_registry(published, example):
    return open_registry(example)


def test_a_pack_has_the_reports_that_it_declares_in_its_formats(
    example_registry, example, tmp_path
):
    told = ["--workspace", str(example), "pack", "monthly_note", "--as-of", AS_OF]
    result = CliRunner().invoke(app, [*told, "--language", "ru", "--out", str(tmp_path)])

    assert result.exit_code == 0, result.output
    files = [Path(line) for line in result.stdout.splitlines()]
    assert [one.relative_to(tmp_path).as_posix() for one in files] == [
        "monthly_note/ru/national.pdf",
        "monthly_note/ru/national.brief.pdf",
        "monthly_note/ru/instructions.pdf",
        "monthly_note/ru/instructions.brief.pdf",
    ]
    assert all(one.read_bytes().startswith(b"%PDF") for one in files)
    assert not list((tmp_path / "monthly_note").glob(".making*"))


@pytest.mark.long
def test_a_key_narrows_the_notebooks_that_run_per_it_and_no_others(example_registry, tmp_path):
    keys = {"programme": "human_capital", "challenge": "building_permits"}
    files = make_pack(
        example_registry, "stocktake", keys=keys, as_of=AS_OF, formats=("html",), out=tmp_path
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
def test_a_wrong_wish_is_told_with_what_there_is(example_registry, tmp_path, name, keys, said):
    with pytest.raises(DefinitionError) as caught:
        make_pack(example_registry, name, keys=keys, as_of=AS_OF, out=tmp_path)
    assert said in str(caught.value)
    assert not any(tmp_path.iterdir()) or name != "weekly"


def test_a_pack_that_names_no_notebook_there_is_is_refused(example_registry, tmp_path):
    pack = Pack("odd", {"en": "Odd"}, ("99_none",))
    odd = dataclasses.replace(example_registry, packs={"odd": pack})
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


def test_one_report_can_be_made_by_itself(registry, tmp_path):
    received(registry, "2025-06-30").dataset.save(registry.workspace / "data" / "processed")
    sector = list(registry.sectors)[1]
    files = make_one(
        registry,
        "20_sector",
        keys={"sector": sector},
        language="ru",
        formats=["html", "pdf"],
        out=tmp_path / "out",
    )

    assert [file.name for file in files] == [
        f"20_sector_{sector}_ru.html",
        f"20_sector_{sector}_ru.pdf",
    ]
    assert files[0].read_text().startswith(f"2025-06-30 ru {sector}")
    assert sorted(path.suffix for path in (tmp_path / "out").iterdir()) == [
        ".html",
        ".ipynb",
        ".pdf",
    ]


def test_a_report_is_made_in_each_language_asked_for_or_in_those_of_the_unit(
    registry, tmp_path
):
    definitions = registry.workspace / "data" / "definitions"
    (definitions / "workspace.toml").write_text('languages = ["ru", "en"]\n', "utf-8")
    received(registry, "2025-06-30").save()
    words = [
        "--workspace",
        str(registry.workspace),
        "report",
        "10_national",
        "--format",
        "html",
    ]

    def made(*more):
        done = CliRunner().invoke(app, [*words, "--out", str(tmp_path / "out"), *more])
        return [Path(line).name for line in done.stdout.splitlines()]

    assert made("--language", "kk") == ["10_national_kk.html"]
    assert made() == ["10_national_ru.html", "10_national_en.html"]


@pytest.mark.parametrize(
    ("notebook", "keys", "said"),
    [
        ("20_sector", {}, "name one with --sector"),
        ("20_sector", {"sector": "none"}, "There is no sector 'none'"),
        ("20_sector", {"region": "KZ-10"}, "runs per sector"),
        ("10_national", {"sector": "energy"}, "it takes no key"),
        ("99_none", {}, "There is no notebook '99_none'. There are: 10_national"),
    ],
)
def test_one_report_needs_its_notebook_and_key(registry, tmp_path, notebook, keys, said):
    with pytest.raises(DefinitionError, match=said):
        make_one(registry, notebook, keys=keys, out=tmp_path)


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"language": "ru"}, "'language' is no parameter of 10_national.ipynb's own"),
        ({"depth": "3"}, "10_national.ipynb has no parameter 'depth'"),
    ],
)
def test_a_parameter_that_is_not_the_notebooks_own_is_refused(
    registry, tmp_path, parameters, said
):
    received(registry, "2025-06-30").dataset.save(registry.workspace / "data" / "processed")
    with pytest.raises(DefinitionError, match=said):
        make_one(registry, "10_national", keys={}, parameters=parameters, out=tmp_path)


def test_one_report_that_fails_says_where(registry, tmp_path):
    received(registry, "2025-06-30").dataset.save(registry.workspace / "data" / "processed")
    add_notebook(registry.workspace, "10_national", "nation", "national", "1 / 0")

    with pytest.raises(ReportError, match="ZeroDivisionError") as caught:
        make_one(registry, "10_national", keys={}, formats=["html"], out=tmp_path)
    said = str(caught.value).splitlines()
    assert said[0] == "In [3] 1 / 0: ZeroDivisionError: division by zero"
    assert said[1] == f"The executed notebook is {tmp_path / '10_national_en.ipynb'}"
    assert (tmp_path / "10_national_en.ipynb").exists()
    assert "Traceback" in caught.value.__notes__[0]
