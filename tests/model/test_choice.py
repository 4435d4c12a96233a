"""What of a dataset is asked for: one id, several, a pattern of them, a time."""

import pytest

from delivery_analytics.errors import DefinitionError
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
