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
        ("sectors/industry.toml", '"kz_plan_ex', '"kz_plan_x', "mean kz_plan_execution"),
        ("sectors/industry.toml", "cumulative = true", "cumulatve = true", "mean cumulative"),
        ("sectors/regions.toml", '"unemployment" }', '"unemploymnt" }', "mean unemployment"),
    ],
)
def test_load_refuses_what_there_is_not_and_says_what_is_near(
    tmp_path, file, before, after, said
):
    definitions = tmp_path / "data" / "definitions"
    shutil.copytree(ROOT / "data" / "definitions", definitions)
    (tmp_path / "notebooks").symlink_to(ROOT / "notebooks")
    text = (definitions / file).read_text("utf-8")
    assert before in text
    (definitions / file).write_text(text.replace(before, after, 1), "utf-8")

    result = CliRunner().invoke(app, ["--workspace", str(tmp_path), "load"])

    assert isinstance(result.exception, DefinitionError)
    assert file.rpartition("/")[2] in str(result.exception)
    assert said in str(result.exception)
