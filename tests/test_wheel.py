"""The wheel alone is enough: installed without the repository it founds a unit and publishes."""

import os
import shlex
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from delivery_analytics.cli import main, new_workspace
from delivery_analytics.cli.options import languages_of
from delivery_analytics.publishing.packs import make_pack
from tests.support.walkthrough import blocks, commands, expected

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """A fresh environment with the wheel; what it depends on is seen beside it.

    `make wheel-test` has everything truly installed, which takes minutes and an index.
    """
    home = tmp_path_factory.mktemp("fresh") / "venv"
    venv.create(home, with_pip=False, symlinks=os.name != "nt")
    full = os.environ.get("WHEEL_TEST") == "full"
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / ("python.exe" if os.name == "nt" else "python")
    into = ["-m", "pip", "--python", str(python), "install", "--quiet"]
    subprocess.run(
        [sys.executable, *into, *([] if full else ["--no-deps", "--no-index"]), str(wheel)],
        check=True,
        capture_output=True,
    )
    if full:
        return scripts
    own = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    # A path named in such a file is searched, but the files of that kind in it are not
    # read: so the repository, which is known by one of them, stays unknown.
    Path(own, "beside.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return scripts


def run(scripts, command, folder):
    """Run a command line in a folder with nothing but the fresh environment."""
    words = shlex.split(command)
    kept = {
        name: os.environ[name]
        for name in ("HOME", "TMPDIR", "SYSTEMROOT")
        if name in os.environ
    }
    return subprocess.run(
        [scripts / words[0], *words[1:]],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**kept, "PATH": str(scripts), "PYTHONUTF8": "1"},
    )


def test_the_wheel_holds_the_example_and_nothing_that_is_made_or_tested(wheel):
    names = zipfile.ZipFile(wheel).namelist()

    assert "delivery_analytics/py.typed" in names
    assert "delivery_analytics/example/notebooks/10_national.ipynb" in names
    assert sum(name.startswith("delivery_analytics/example/data/raw/") for name in names) > 100
    assert not [
        name for name in names if name.startswith(("tests/", "benchmarks/", "reports/"))
    ]
    assert not [name for name in names if "processed" in name or "__pycache__" in name]
    assert wheel.stat().st_size < 5_000_000


@pytest.mark.long
def test_the_guide_is_followed_step_by_step_with_the_wheel_alone(installed, tmp_path):
    where = run(
        installed, 'python -c "import delivery_analytics as d; print(d.__file__)"', tmp_path
    )
    assert Path(where.stdout.strip()).is_relative_to(installed.parent), where.stderr

    folder, done = tmp_path, 0
    for block in blocks(ROOT / "docs" / "own_country.md"):
        if block.kind == "toml":
            head, _, body = block.text.partition("\n")
            (folder / head.removeprefix("# ")).write_text(body, encoding="utf-8")
        elif block.kind == "python":
            script = tmp_path / "snippet.py"
            script.write_text(block.text, encoding="utf-8")
            told = run(installed, f"python {shlex.quote(str(script))}", folder)
            assert told.returncode == 0, told.stderr
        for command, shown in commands(block.text) if block.kind == "console" else ():
            if command.startswith("cd "):
                folder = folder / command.removeprefix("cd ")
                continue
            told = run(installed, command, folder)
            assert told.returncode == 0, (command, told.stderr)
            assert not shown or expected(shown).fullmatch(told.stdout.strip()), told.stdout
            done += 1
    assert done == 9


def test_the_example_can_be_copied_out_of_the_wheel(installed, tmp_path):
    told = run(installed, "delivery init trial --example", tmp_path)
    checked = run(installed, "delivery check data/raw/water", tmp_path / "trial")

    assert told.returncode == 0, told.stderr
    assert checked.returncode == 0, checked.stdout
    assert (tmp_path / "trial" / "notebooks" / "20_sector.ipynb").exists()


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        (("F", "fd", {"a": "A"}), "'fd' cannot be the id of a region"),
        (("F", "FD", {"A b": "A"}), "'A b' cannot be the id of a sector"),
        (("F", "FD", {}), "needs one sector at least"),
        (("F", "FD", {"a": "A"}, {}, ("fr",)), "There is no language 'fr'"),
        (("F", "FD", {"a": "A"}, {}, ()), "needs one language at least"),
    ],
)
def test_an_id_that_cannot_be_one_is_refused_before_anything_is_written(tmp_path, unit, said):
    with pytest.raises(new_workspace.DefinitionError, match=said):
        new_workspace.found(tmp_path / "new", new_workspace.NewUnit(*unit))
    assert not (tmp_path / "new").exists()


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "kept.txt").write_text("mine")

    for begin in (new_workspace.copy_example, lambda at: new_workspace.found(at, UNIT)):
        with pytest.raises(new_workspace.DefinitionError, match="is not empty"):
            begin(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]


@pytest.fixture
def unit(tmp_path):
    """A unit that was just founded, with no figure in it."""
    return new_workspace.found(
        tmp_path / "unit", new_workspace.NewUnit("F", "FD", {"roads": "Roads"})
    )


@pytest.mark.parametrize(
    "command", ["publish", "report 10_national", "status", "pack monthly_note"]
)
def test_where_nothing_was_received_a_day_is_asked_for(unit, command, capsys, monkeypatch):
    loaded = ["delivery", "--workspace", str(unit)]
    monkeypatch.setattr(sys, "argv", [*loaded, "load"])
    with pytest.raises(SystemExit) as left:
        main.main()
    assert left.value.code == 0

    monkeypatch.setattr(sys, "argv", [*loaded, *command.split()])
    with pytest.raises(SystemExit) as left:
        main.main()
    assert left.value.code == 2
    assert "Nothing was received yet" in (said := capsys.readouterr().err)
    assert "Give one: --as-of 2025-01-31" in said


def test_a_pack_of_what_is_not_defined_yet_says_what_to_define(unit, tmp_path):
    with pytest.raises(
        new_workspace.DefinitionError, match="nothing yet for 40_programme, 60_chal"
    ):
        make_pack(
            new_workspace.open_registry(unit), "stocktake", as_of="2025-01-31", out=tmp_path
        )


def test_on_a_terminal_what_is_not_given_is_asked(tmp_path, monkeypatch):
    folder = tmp_path / "new"
    runner = CliRunner()
    asked = ["init", str(folder), "--code", "fd"]
    with runner.isolation(), monkeypatch.context() as terminal:
        terminal.setattr("typer.prompt", lambda question, default: ANSWERS[question.split()[0]])
        terminal.setattr("sys.stdin.isatty", lambda: True, raising=False)
        main.app(asked, standalone_mode=False)
    registry = new_workspace.open_registry(folder)

    assert registry.country_id == "FD"
    assert registry.prefers.languages == ("en", "ru")
    assert registry.regions["FD"].name["kk"] == "Freedonia"
    assert list(registry.sectors) == ["roads", "water"]
    assert registry.regions["FD-01"].name["en"] == "North"


def test_a_country_is_never_given_the_code_of_another(tmp_path):
    told = CliRunner().invoke(
        main.app, ["init", str(tmp_path / "new"), "--country", "Freedonia"]
    )

    assert "What is the code of Freedonia? Give it: --code" in str(told.exception)
    assert not (tmp_path / "new").exists()


ANSWERS = {
    "What": "Freedonia",
    "Languages": "en,ru",
    "Sectors,": "roads, water=Су",
    "Regions": "FD-01=North",
}


def test_a_unit_of_several_languages_has_names_in_each_and_publishes_in_them(tmp_path):
    one = new_workspace.NewUnit(
        "Ф|F", "FD", {"water": "Вода|Water"}, {"FD-01": "Север"}, ("ru", "en")
    )
    registry = new_workspace.open_registry(new_workspace.found(tmp_path / "new", one))
    book = openpyxl.load_workbook(tmp_path / "new/data/raw/water/water_return.xlsx")

    assert registry.prefers.languages == ("ru", "en")
    assert registry.sectors["water"].name == {"ru": "Вода", "en": "Water", "kk": "Вода"}
    assert registry.regions["FD"].name == {"ru": "Ф", "en": "F", "kk": "Ф"}
    assert registry.regions["FD-01"].name["en"] == "Север"
    assert languages_of(registry, None) == ["ru", "en"]
    assert languages_of(registry, "kk, en") == ["kk", "en"]
    assert book.sheetnames[:2] == ["Прогресс", "Инструкция"]


UNIT = new_workspace.NewUnit(
    'The "Free" \\ State', "FD", {"roads": "Роды, \t путь"}, {"FD-01": "N, S"}
)


def test_a_name_of_any_letters_comes_back_as_it_was_given(tmp_path):
    registry = new_workspace.open_registry(new_workspace.found(tmp_path / "new", UNIT))

    assert registry.regions["FD"].name["en"] == UNIT.country
    assert registry.sectors["roads"].name["kk"] == UNIT.sectors["roads"]
    assert registry.regions["FD-01"].name["ru"] == "N, S"


def test_a_list_of_names_is_read_with_ids_or_without():
    assert new_workspace.ids("water=Су, Health care,", "sector") == {
        "water": "Су",
        "health_care": "Health care",
    }
    with pytest.raises(new_workspace.DefinitionError, match="needs an id in Latin letters"):
        new_workspace.ids("Вода", "sector")
    with pytest.raises(new_workspace.DefinitionError, match="there are two sectors 'a'"):
        new_workspace.ids("a=A,a=B", "sector")
