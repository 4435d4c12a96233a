"""A command refuses a method and a notebook that definitions name and that there is not."""

import shutil

import pytest
from typer.testing import CliRunner

from delivery_analytics.cli.main import app
from delivery_analytics.errors import DefinitionError
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("file", "before", "after", "said"),
    [
        ("status.toml", 'method = "share_of', 'method = "shar_of', "mean share_of_planned"),
        ("status.toml", "[kz_plan_execution]", "[kz_plan_exection]", "mean kz_plan_execution"),
        ("status.toml", "floor = 0.10", "flor = 0.10", "mean floor"),
        ("packs.toml", '"10_national"', '"10_natinal"', "mean 10_national"),
    ],
)
def test_load_refuses_what_there_is_not_and_says_what_is_near(
    tmp_path, file, before, after, said
):
    result = load_with(tmp_path, file, before, after)

    assert isinstance(result.exception, DefinitionError)
    assert file.rpartition("/")[2] in str(result.exception)
    assert said in str(result.exception)


@pytest.mark.parametrize(
    ("file", "before", "after", "said"),
    [
        ("sectors/industry.toml", '"kz_plan_ex', '"kz_plan_x', "mean kz_plan_execution"),
        ("sectors/industry.toml", "cumulative = true", "cumulatve = true", "mean cumulative"),
        ("sectors/regions.toml", '"unemployment" }', '"unemploymnt" }', "mean unemployment"),
    ],
)
def test_load_tells_what_a_sector_has_wrong_and_what_is_near_and_reads_the_others(
    tmp_path, file, before, after, said
):
    (tmp_path / "data" / "raw").mkdir(parents=True)

    result = load_with(tmp_path, file, before, after)

    assert result.exit_code == 3
    assert "0 files: 0 rows read" in result.output
    told = next(line for line in result.output.splitlines() if "definition.broken" in line)
    assert file.rpartition("/")[2] in told
    assert said in told


def load_with(folder, file, before, after):
    """Load the example's definitions with one word of a file written otherwise."""
    definitions = folder / "data" / "definitions"
    shutil.copytree(ROOT / "data" / "definitions", definitions)
    (folder / "notebooks").symlink_to(ROOT / "notebooks")
    text = (definitions / file).read_text("utf-8")
    assert before in text
    (definitions / file).write_text(text.replace(before, after, 1), "utf-8")
    return CliRunner().invoke(app, ["--workspace", str(folder), "load"])
