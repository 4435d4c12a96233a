"""Figures beside each other: what two days knew, and periods across."""

from dataclasses import replace

from delivery_analytics.model.registry import Region
from tests.model.test_dataset import data
from tests.support.tables import same


def test_two_days_are_compared_by_what_was_new_or_revised_between_them():
    same(
        data().compare("2023-12-31", "2024-05-31"),
        """
        indicator_id | region_id | period | before | after | change
        health.life  | KZ        | 2022   | 70     | 71    | 1
        health.life  | KZ        | 2023   |        | 72    |
        health.life  | KZ-10     | 2023   |        | 69    |
        """,
    )
    assert data().compare("2024-07-01", "2025-07-01").empty


def test_laid_out_wide_each_row_is_named_and_holds_the_latest_figures():
    wide = data().wide()

    assert wide.index.names == ["sector", "indicator", "unit", "region"]
    assert list(wide.columns) == ["2022", "2023"]
    assert wide["2022"].dropna().tolist() == [71]
    assert wide["2023"].dropna().tolist() == [72, 69, 12]
    assert len(wide) == 4  # what was reported without a figure has its row too


def test_laid_out_wide_names_and_headings_are_in_the_language_of_the_data():
    for wide in (data().named("ru").wide(), data().wide("ru")):
        assert wide.index.names == ["отрасль", "показатель", "единица измерения", "регион"]
    assert data().named("kk").wide().index.names == [
        "сала",
        "көрсеткіш",
        "өлшем бірлігі",
        "өңір",
    ]
    assert data().named("ru").wide("en").index.names == data().wide().index.names


def test_a_thing_without_a_name_in_the_language_is_called_in_english_or_by_its_id():
    known = data()
    regions = {
        "KZ": Region("KZ", "country", {"en": "Kazakhstan", "ru": "Казахстан"}),
        "KZ-10": Region("KZ-10", "oblast", {"en": "Abai"}),
    }
    registry = replace(known.registry, regions={**known.registry.regions, **regions})
    wide = replace(known, registry=registry).named("ru").wide()
    assert {*wide.index.get_level_values("регион")} >= {"Казахстан", "Abai"}
