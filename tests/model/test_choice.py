"""What of a dataset is asked for: one id, several, a pattern of them, a time."""

import dataclasses

import pandas as pd
import pytest

from delivery_analytics.errors import DefinitionError
from delivery_analytics.model import schema
from delivery_analytics.model.registers import Body
from tests.model.test_dataset import data


def test_several_and_a_pattern_are_meant_as_each_of_them():
    several = data().where(indicator_id=["health.life", "education.schools"])

    assert list(several.registry.indicators) == ["health.life", "education.schools"]
    assert set(several.observations["indicator_id"]) == {"health.life", "education.schools"}
    assert list(data().where(indicator_id="health.*").registry.indicators) == [
        "health.life",
        "health.births",
    ]
    assert list(data().where(sector_id=["health"]).registry.sectors) == ["health"]
    both = data().where(region_id=["KZ", "KZ-10"]).observations
    assert len(both) == len(data().observations)


@pytest.mark.parametrize(
    ("period", "values"),
    [
        ("2022", [70, 71]),
        (("2022", "2023"), [70, 71, 72, 69, 12]),
        (("2023", "2024-Q2"), [72, 69, 12]),
        ("2021", []),
    ],
)
def test_a_time_takes_what_was_reported_for_it_and_leaves_what_is_promised(period, values):
    chosen = data().where(period=period)

    assert sorted(chosen.observations["value"].dropna()) == sorted(values)
    assert len(chosen.targets) == len(data().targets)


def test_a_frequency_takes_its_indicators():
    assert len(data().where(frequency="annual").registry.indicators) == 3
    assert data().where(frequency="monthly").observations.empty


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"indicator_id": "helth.*"}, r"There is no indicator 'helth.\*'"),
        ({"indicator_id": ["health.life", "health.lif"]}, "Did you mean health.life"),
        ({"frequency": "anual"}, "Did you mean annual"),
        ({"period": "2024-13"}, "'2024-13' is not a reporting period"),
        ({"period": ("2023", "soon")}, "'soon' is not a reporting period"),
    ],
)
def test_what_there_is_none_of_is_told_with_what_is_near(asked, said):
    with pytest.raises(DefinitionError, match=said):
        data().where(**asked)


def test_a_body_has_what_it_owns_and_the_indicators_that_it_answers_for():
    bodies = {key: Body(key, {"en": key.title()}) for key in ("fin", "hea")}
    known = data()
    registry = dataclasses.replace(known.registry, bodies=bodies)
    sectors = {
        "health": dataclasses.replace(registry.sectors["health"], lead={"en": "Hea; Fin"}),
        "education": dataclasses.replace(registry.sectors["education"], lead={"en": "Hea"}),
    }
    registry = dataclasses.replace(registry, sectors=registry.sectors | sectors)
    frames = {
        "milestones": {
            "milestone_id": ["a", "b", "c"],
            "indicator_id": ["", "health.life", "education.schools"],
            "owner_id": ["fin;", "hea", "hea;fin"],
        },
        "spending": {"line_id": ["x", "y"], "sector_id": ["health", "education"]},
    }
    tables = {name: schema.conform(name, pd.DataFrame(frame)) for name, frame in frames.items()}
    known = dataclasses.replace(known, registry=registry, tables=known.tables | tables)

    own = known.where(body_id="fin")
    assert own.milestones["milestone_id"].tolist() == ["a", "c"]
    assert own.spending["line_id"].tolist() == ["x"]
    assert list(own.registry.indicators) == ["health.life", "health.births"]
    assert set(own.observations["indicator_id"]) <= {"health.life", "health.births"}
    both = known.where(body_id=["fin", "hea"])
    assert len(both.milestones) == 3
    assert len(both.observations) == len(known.observations)
    with pytest.raises(DefinitionError, match=r"There is no body 'hae'\. Did you mean hea"):
        known.where(body_id="hae")
