"""One mistake, one answer: every command, and Python, tells it in the same sentence."""

import inspect
import shutil

import pytest
import typer.main
from typer.testing import CliRunner

import delivery_analytics as da
from delivery_analytics.analytics import changes, rollup, status
from delivery_analytics.cli.main import app
from delivery_analytics.errors import DefinitionError
from delivery_analytics.model.dataset import as_of_day
from delivery_analytics.publishing.packs import make_one, make_pack
from delivery_analytics.publishing.publish import publish
from delivery_analytics.returns import blank_form
from delivery_analytics.writers import single_chart
from tests.conftest import ROOT

# What is mistyped → the mistake, and its one answer.
SAID = {
    "sector": ("helthcare", "There is no sector 'helthcare'. Did you mean healthcare?"),
    "indicator": (
        "maternal_mortalty",
        "There is no indicator 'maternal_mortalty'. Did you mean "
        "healthcare.maternal_mortality (Maternal mortality ratio) or "
        "healthcare.maternal_mortality_mean (Maternal mortality, mean of three years)?",
    ),
    "region": ("Astana", "There is no region 'Astana'. Did you mean KZ-71 (Astana)?"),
    "programme": (
        "human_capitl",
        "There is no programme 'human_capitl'. Did you mean human_capital (Development of "
        "human capital)?",
    ),
    "challenge": (
        "bilding_permits",
        "There is no challenge 'bilding_permits'. Did you mean building_permits (Days to a "
        "building permit)?",
    ),
    "method": ("umdu", "There is no method 'umdu'. Did you mean pmdu?"),
    "chart": ("trajectry", "There is no chart 'trajectry'. Did you mean trajectory?"),
    "pack": (
        "stoktake",
        "There is no pack 'stoktake'. Did you mean stocktake (Stocktake pack)?",
    ),
    "notebook": ("10_natonal", "There is no notebook '10_natonal'. Did you mean 10_national?"),
    "as_of": ("yesterday", "'yesterday' is not a day. Expected such as 2024-12-31"),
}
HERE = "data/raw/healthcare"
# Every command with an id or a day: what else it is told.
COMMANDS = {
    "check": [HERE],
    "describe": [HERE],
    "status": [],
    "trace": ["healthcare.maternal_mortality"],
    "template": ["healthcare"],
    "return": [HERE],
    "chart": ["trajectory"],
    "pack": ["stocktake"],
    "report": ["10_national"],
    "publish": [],
    "brief": [],
    "export": [],
}
# An option that has another meaning than what it is called.
CALLED = {"name": {"chart": "chart", "pack": "pack"}}
PER = {"sector": "20_sector", "region": "30_region", "programme": "40_programme"}
PER["challenge"] = "60_challenge"


@pytest.fixture(scope="module")
def unit(tmp_path_factory):
    folder = tmp_path_factory.mktemp("unit")
    for name in ("data/definitions", "notebooks", HERE):
        shutil.copytree(ROOT / name, folder / name)
    da.load(da.open_registry(folder)).save()
    return folder


@pytest.fixture(scope="module")
def data(unit):
    return da.open_dataset(unit / "data" / "processed")


def asked_of_commands():
    """Yield each command with each of its options that takes an id or a day."""
    for name, command in typer.main.get_command(app).commands.items():
        for option in command.params:
            what = CALLED.get(option.name, {}).get(name, option.name)
            if what in SAID:
                yield pytest.param(name, option, what, id=f"{name}-{what}")


@pytest.mark.parametrize(("name", "option", "what"), asked_of_commands())
def test_every_command_tells_it_alike(unit, monkeypatch, name, option, what):
    monkeypatch.chdir(unit)
    mistake, sentence = SAID[what]
    if option.param_type_name == "argument":
        words = [mistake]
    else:
        words = [*COMMANDS[name], option.opts[0], mistake]
        if name == "report":
            words[0] = PER.get(what, words[0])
        if (name, what) == ("chart", "challenge"):
            words[0] = "hundred_days"
    run = CliRunner().invoke(app, ["--workspace", str(unit), name, *words])

    assert isinstance(run.exception, DefinitionError), run.output
    assert str(run.exception) == sentence


def calls(data):
    """Return what is asked of Python → a call with a mistake."""
    registry = data.registry
    return {
        "sector": [
            lambda wrong: registry.sector(wrong),
            lambda wrong: registry.sectors[wrong],
            lambda wrong: data.where(sector_id=wrong),
            lambda wrong: blank_form.form(registry, wrong),
            lambda wrong: make_one(registry, "20_sector", keys={"sector": wrong}),
            lambda wrong: make_pack(registry, "stocktake", keys={"sector": wrong}),
        ],
        "indicator": [
            lambda wrong: data.where(indicator_id=wrong),
            lambda wrong: data.trace(wrong),
            lambda wrong: data.ids[wrong],
            lambda wrong: registry.indicators[wrong],
            lambda wrong: rollup.ranked_regions(
                status.assess(known(data)), known(data), indicator_id=wrong
            ),
            lambda wrong: da.Explorer(data).choose(indicator=wrong),
        ],
        "region": [
            lambda wrong: data.where(region_id=wrong),
            lambda wrong: data.regions[wrong],
            lambda wrong: data.trace("healthcare.maternal_mortality", wrong),
            lambda wrong: da.Explorer(data).choose(region=wrong),
        ],
        "programme": [
            lambda wrong: data.where(programme_id=wrong),
            lambda wrong: make_one(registry, "40_programme", keys={"programme": wrong}),
        ],
        "challenge": [
            lambda wrong: registry.challenges[wrong],
            lambda wrong: make_one(registry, "60_challenge", keys={"challenge": wrong}),
        ],
        "method": [lambda wrong: da.assess(known(data), method=wrong)],
        "chart": [
            lambda wrong: single_chart.draw(
                wrong, data, da.open_wording("en"), as_of="2025-01-31", keys={}
            )
        ],
        "pack": [lambda wrong: make_pack(registry, wrong)],
        "notebook": [lambda wrong: make_one(registry, wrong, keys={})],
        "as_of": [
            lambda wrong: data.known_on(wrong),
            lambda wrong: data.learned_by(wrong),
            lambda wrong: as_of_day(data, wrong),
            lambda wrong: changes.changes(data, since=wrong),
            lambda wrong: publish(registry, as_of=wrong),
            lambda wrong: make_one(registry, "10_national", keys={}, as_of=wrong),
            lambda wrong: make_pack(registry, "stocktake", as_of=wrong),
            lambda wrong: da.Explorer(data).choose(as_of=wrong),
        ],
    }


def known(data):
    return data.known_on("2025-01-31")


@pytest.mark.parametrize("what", SAID)
def test_python_tells_it_alike(data, what):
    mistake, sentence = SAID[what]
    for call in calls(data)[what]:
        with pytest.raises(DefinitionError) as told:
            call(mistake)
        assert str(told.value) == sentence, inspect.getsource(call)


def shown():
    """Yield each chart and block with each id or day that it takes."""
    for package in (da.charts, da.blocks):
        for name in dir(package):
            function = getattr(package, name)
            taken = inspect.signature(function).parameters if callable(function) else ()
            for parameter in taken:
                what = {"since": "as_of"}.get(parameter, parameter.removesuffix("_id"))
                if what in SAID:
                    yield pytest.param(function, parameter, what, id=f"{name}-{parameter}")


@pytest.mark.parametrize(("function", "parameter", "what"), shown())
def test_every_chart_and_block_tells_it_alike(data, function, parameter, what):
    day = known(data)
    given = {
        "data": day,
        "history": data.learned_by("2025-01-31"),
        "registry": data.registry,
        "words": da.open_wording("en"),
        "assessments": status.assess(day),
        "indicator_id": "healthcare.maternal_mortality",
        "challenge_id": "building_permits",
        "region_id": "KZ",
        "since": "2024-12-31",
        parameter: SAID[what][0],
    }
    taken = inspect.signature(function).parameters.values()
    needed = [one.name for one in taken if one.default is one.empty]
    with pytest.raises(DefinitionError) as told:
        function(**{name: given[name] for name in {*needed, parameter}})
    assert str(told.value) == SAID[what][1]
