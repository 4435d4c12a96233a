"""Ids that the Tab key completes, and mistakes that name what is near."""

import re
from pathlib import Path

import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell

from delivery_analytics.errors import DefinitionError
from delivery_analytics.model import lookup
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.lookup import Ids, name_of
from delivery_analytics.model.opening import open_dataset
from delivery_analytics.model.registry import open_registry
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def data():
    return Dataset({}, open_registry(ROOT))


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("data.ids.heal", "healthcare"),
        ("data.ids.healthcare.mat", "maternal_mortality"),
        ("data.regions.ast", "astana"),
        ('ids["healthcare.ma', "healthcare.maternal_mortality"),
        ("data.where(indicator_id=data.ids.wat", "water"),
        ("data.observ", "observations"),
    ],
)
def test_the_tab_key_completes_ids(data, typed, offered):
    shell = InteractiveShell()
    shell.user_ns |= {"data": data, "ids": data.ids}
    with provisionalcompleter():  # as a kernel asks
        found = [one.text for one in shell.Completer.completions(typed, len(typed))]

    assert offered in found


def test_a_completed_name_is_the_id(data):
    assert data.ids.healthcare.maternal_mortality == "healthcare.maternal_mortality"
    assert data.regions.astana == data.regions["KZ-71"] == "KZ-71"
    assert list(data.ids) == list(data.registry.indicators)


def test_two_that_are_called_alike_keep_their_ids_as_names():
    ids = Ids("region", {"A-1": "North", "A-2": "North", "B-1": "2nd South"})

    assert dir(ids) == ["_2nd_south", "a_1", "a_2"]
    assert (ids.a_1, ids["A-2"]) == ("A-1", "A-2")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"region_id": "Astana"}, r"no region 'Astana'. Did you mean KZ-71 \(Astana\)"),
        ({"region_id": "г. астана"}, r"Did you mean KZ-71 \(Astana\)"),
        ({"indicator_id": "maternal_mortalty"}, r"Did you mean healthcare.maternal_mortality"),
        ({"sector_id": "Здравоохранение"}, r"Did you mean healthcare"),
        ({"programme_id": "zzz"}, "There are: "),
    ],
)
def test_a_name_in_place_of_an_id_is_told_the_id(data, wrong, said):
    with pytest.raises(DefinitionError, match=said):
        data.where(**wrong)


def test_a_name_that_does_not_exist_is_told_the_near_one(data):
    with pytest.raises(AttributeError, match=r"no table 'observation'. Did you mean obs"):
        data.observation  # noqa: B018
    with pytest.raises(AttributeError, match="Did you mean maternal_mortality"):
        data.ids.healthcare.maternal_mortalty  # noqa: B018
    with pytest.raises(DefinitionError, match="no region 'KZ-17'"):
        data.regions["KZ-17"]


def test_names_and_files_are_shown_as_text():
    shown = Ids("region", {"A": "<b>North</b>"})._repr_html_()

    assert "<b>North" not in shown
    assert "&lt;b&gt;North&lt;/b&gt;" in shown
    assert name_of("<b>North</b>") == "b_north_b"


def test_the_tables_are_found_from_a_notebook_s_folder(example_loaded, monkeypatch):
    monkeypatch.chdir(example_loaded / "notebooks")
    data = open_dataset().where(sector_id="healthcare")

    assert set(data.observations["indicator_id"]) <= set(data.registry.indicators)
    shown = data._repr_html_()
    assert f"<td>{len(data.observations):,}</td>" in shown
    assert "healthcare" in shown


@pytest.fixture(scope="module")
def example_loaded(tmp_path_factory):
    import shutil

    from delivery_analytics.loading.load import load

    workspace = tmp_path_factory.mktemp("unit")
    shutil.copytree(ROOT / "data" / "definitions", workspace / "data" / "definitions")
    shutil.copytree(
        ROOT / "data" / "raw" / "healthcare", workspace / "data" / "raw" / "healthcare"
    )
    (workspace / "notebooks").mkdir()
    load(open_registry(workspace)).save()
    return workspace


def test_each_mistake_has_its_sentence_and_each_sentence_is_told():
    package = Path(lookup.__file__).parents[1]
    code = "\n".join(path.read_text("utf-8") for path in package.rglob("*.py"))

    told = set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', code))

    called = re.findall(r'mistake\(\s*"([a-z-]+)"', code)
    assert {*called} <= lookup._MISTAKES.keys() <= told
