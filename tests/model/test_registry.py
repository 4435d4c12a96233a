"""What was agreed is read whole, or refused with the file and the key that is wrong."""

import dataclasses
from pathlib import Path

import pytest
from pydantic import ValidationError

from delivery_analytics.errors import DefinitionError
from delivery_analytics.model import schema
from delivery_analytics.model.registry import open_registry
from delivery_analytics.model.sheet_definitions import Sheet
from tests.support.workbooks import INDICATORS, REGIONS, workspace

HEALTH = "sectors/health.toml"
SHEET = """
[[sheet]]
table = "observations"
columns = { indicator = ["code"], period = ["period"], value = ["actual"] }
constants = { reported_on = 2025-01-20 }
"""


def definitions(folder):
    return folder / "data" / "definitions"


def refusal(folder):
    with pytest.raises(DefinitionError) as error:
        open_registry(folder)
    assert error.value.exit_code == 2
    return str(error.value)


def change(folder, file, before, after):
    path = definitions(folder) / file
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")


def test_a_workspace_is_read_with_its_names_in_three_languages(tmp_path):
    registry = open_registry(workspace(tmp_path, SHEET))

    assert registry.country_id == "KZ"
    assert list(registry.indicators) == ["health.clinics", "health.vaccination"]
    clinics = registry.indicators["health.clinics"]
    assert (clinics.sector_id, clinics.code, clinics.frequency) == ("health", "H-001", "annual")
    assert clinics.name["kk"] == "Жөнделген емханалар"
    assert registry.regions["KZ-71"].aliases == ("Нур-Султан",)
    assert registry.units["percent"].kind == "percent"
    assert registry.rules.max_age_days == {"annual": 900, "quarterly": 200, "monthly": 100}
    assert registry.sectors["health"].sheets[0].header == 1


@pytest.mark.parametrize(
    ("sheets", "counts"),
    [
        (SHEET, False),
        (SHEET + "cumulative = true\n", True),
        (SHEET + SHEET + "cumulative = true\n", False),  # one of two says nothing of all
    ],
)
def test_figures_count_from_january_where_every_sheet_of_them_says_so(tmp_path, sheets, counts):
    quarterly = INDICATORS.replace("plausible", 'frequency = "quarterly"\nplausible')
    registry = open_registry(workspace(tmp_path, sheets, quarterly))

    counted = {name: one.cumulative for name, one in registry.indicators.items()}
    assert counted == {"health.clinics": False, "health.vaccination": counts}


def test_definitions_cannot_be_changed(tmp_path):
    registry = open_registry(workspace(tmp_path))

    with pytest.raises(dataclasses.FrozenInstanceError):
        registry.country_id = "KG"


def test_a_tenth_sector_is_one_file_and_sectors_stand_in_their_order(tmp_path):
    folder = workspace(tmp_path)
    for name, order in (("water", 1), ("energy", 100)):
        text = f'name = {{ en = "{name}" }}\norder = {order}\n'
        (definitions(folder) / "sectors" / f"{name}.toml").write_text(text, "utf-8")

    assert list(open_registry(folder).sectors) == ["water", "energy", "health"]


def test_a_file_that_was_saved_with_a_mark_of_its_encoding_is_read(tmp_path):
    folder = workspace(tmp_path)
    for name in (HEALTH, "regions.csv", "units.toml", "status.toml"):
        path = definitions(folder) / name
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert list(open_registry(folder).sectors) == ["health"]


def test_a_sector_that_is_not_there_is_told_with_those_there_are(tmp_path):
    registry = open_registry(workspace(tmp_path))

    with pytest.raises(DefinitionError, match=r"no sector 'wealth'\. Did you mean health\?"):
        registry.sector("wealth")


def test_a_folder_without_definitions_is_no_workspace(tmp_path):
    assert "has no folder data/definitions" in refusal(tmp_path)


@pytest.mark.parametrize("file", ["units.toml", "regions.csv", "status.toml"])
def test_a_file_that_is_missing_is_named(tmp_path, file):
    folder = workspace(tmp_path)
    (definitions(folder) / file).unlink()

    assert refusal(folder).endswith(f"{file} is missing")


def test_a_workspace_without_a_sector_is_told(tmp_path):
    folder = workspace(tmp_path)
    (definitions(folder) / HEALTH).unlink()

    assert "holds no sector. Expected one TOML file a sector" in refusal(folder)


@pytest.mark.parametrize("file", [HEALTH, "units.toml", "regions.csv"])
def test_a_file_in_another_encoding_is_named(tmp_path, file):
    folder = workspace(tmp_path)
    path = definitions(folder) / file
    path.write_bytes("[x]\nname = { ru = 'Жизнь' }\n".encode("cp1251"))

    message = refusal(folder)
    assert file in message
    assert "utf-8" in message


@pytest.mark.parametrize(
    ("file", "before", "after", "key", "said"),
    [
        (
            HEALTH,
            'unit = "units"',
            'unitt = "units"',
            "the first [[indicator]], clinics, unitt",
            "Did you mean unit?",
        ),
        (
            HEALTH,
            'unit = "units"',
            'unit = "km"',
            "health.clinics",
            "'km' is not in units.toml",
        ),
        (
            HEALTH,
            '"increase"',
            '"up"',
            "the first [[indicator]], clinics, direction",
            "Found 'up'",
        ),
        (HEALTH, 'id = "clinics"\n', "", "the first [[indicator]], id", "Found 'health.'"),
        (
            HEALTH,
            '"clinics"',
            '"Two words"',
            "the first [[indicator]], Two words, id",
            "Found 'health.Two words'",
        ),
        (HEALTH, '"vaccination"', '"clinics"', "health.toml", "an indicator stands twice"),
        (HEALTH, "en = ", "de = ", "name.de", "Found 'de'"),
        (
            HEALTH,
            "plausible",
            "cumulative = true\nplausible",
            "health.vaccination",
            "cumulative has no effect on yearly figures",
        ),
        (
            HEALTH,
            "[0, 100]",
            "[0, 1, 2]",
            "the second [[indicator]], vaccination, plausible",
            "Found [0, 1, 2]",
        ),
        (HEALTH, "[0, 100]", "[100, 0]", "health.vaccination", "from 100 down to 0"),
        (HEALTH, 'code = "H-001"', 'programmes = ["x"]', "health.clinics", "programmes.toml"),
        (HEALTH, 'code = "H-001"', 'frequency = "daily"', "frequency", "Found 'daily'"),
        (
            HEALTH,
            'code = "H-001"',
            f'short = {{ en = "{"x" * 48}" }}',
            "short.en",
            "has 48 letters, and 47 at most fit a brief",
        ),
        (HEALTH, "[[indicator]]", "[[indicators]]", "indicators", "there is no such key"),
        (HEALTH, "name = {", "name = [", "health.toml", "line 2"),
        ("units.toml", 'kind = "count"', 'kind = "counts"', "units.kind", "Found 'counts'"),
        ("units.toml", "[units]", "units = 5\n[others]", "units", "Found 5"),
        (
            "status.toml",
            "default_method",
            "default",
            "default:",
            "Did you mean default_method?",
        ),
        ("status.toml", "[max_age_days]", "[ages]", "max_age_days", "Found None"),
        ("status.toml", "annual", "anual", "max_age_days.anual", "Found 'anual'"),
        ("regions.csv", "oblast", "", "KZ-10.kind", "Found ''"),
        ("regions.csv", "country", "city", "regions.csv", "one row of kind country, found []"),
        ("regions.csv", "name_kk", "name_kz", "regions.csv", "there is no column name_kk"),
        ("regions.csv", "KZ-71", "KZ-10", "KZ-10", "the region stands twice"),
    ],
)
def test_what_is_wrong_is_named_with_its_file_and_key(tmp_path, file, before, after, key, said):
    folder = workspace(tmp_path)
    change(folder, file, before, after)

    message = refusal(folder)
    assert file.rpartition("/")[2] in message
    assert key in message
    assert said in message


def test_a_list_that_was_written_as_one_table_is_told(tmp_path):
    folder = workspace(tmp_path)
    path = definitions(folder) / HEALTH
    path.write_text('name = { en = "Health" }\n[indicator]\nid = "x"\n', "utf-8")

    assert "indicator: each is written under [[indicator]]" in refusal(folder)


def test_a_day_in_the_regions_is_written_as_a_day(tmp_path):
    folder = workspace(tmp_path)
    text = REGIONS.replace("aliases", "aliases,valid_from").replace(
        "Абайская", "Абайская,8.6.22"
    )
    (definitions(folder) / "regions.csv").write_text(text, "utf-8")

    assert "regions.csv, row 3, KZ-10.valid_from" in refusal(folder)


@pytest.mark.parametrize(
    ("before", "after", "key", "said"),
    [
        (
            '"observations"',
            '"observation"',
            "the first [[sheet]], table",
            "Found 'observation'",
        ),
        ("columns", "colums", "the first [[sheet]], colums", "Did you mean columns?"),
        (
            'value = ["actual"]',
            "value = []",
            "the first [[sheet]], columns.value",
            "at least 1 item",
        ),
        (
            'value = ["actual"]',
            'value = "actual"',
            "the first [[sheet]], columns.value",
            "Found 'actual'",
        ),
        # A field that is misspelt would be missing from every row, without a word.
        (
            'value = ["actual"]',
            'valeu = ["actual"]',
            "the first [[sheet]], columns",
            "no field 'valeu'. Did you mean value?",
        ),
        (
            "reported_on",
            "reported",
            "constants",
            "no field 'reported'. Did you mean reported_on?",
        ),
        ("constants", 'optional = ["valeu"]\nconstants', "optional", "no field 'valeu'"),
        ("constants", 'fill = ["regoin"]\nconstants', "fill", "no field 'regoin'"),
        ("constants", "map = { regoin = {} }\nconstants", "map", "no field 'regoin'"),
        ("constants", 'wide = { by = ["period"] }\nconstants', "wide", "'period' has a column"),
        ("constants", 'file_name = "("\nconstants', "file_name", "unterminated"),
        (
            "constants",
            'cells = { unit = { cell = "1A" } }\nconstants',
            "cells.unit.cell",
            "'1A'",
        ),
        (
            "constants",
            'cells = { unit = { cell = "A1", pattern = "[" } }\nconstants',
            "cells.unit.pattern",
            "unterminated",
        ),
        ("constants", 'area = "A:H"\nconstants', "the first [[sheet]], area", "Found 'A:H'"),
        ("constants", 'decimal = ";"\nconstants', "the first [[sheet]], decimal", "Found ';'"),
        ("constants", "header = -1\nconstants", "the first [[sheet]], header", "Found -1"),
        (
            "constants",
            "header_rows = 0\nconstants",
            "the first [[sheet]], header_rows",
            "Found 0",
        ),
        ("constants", "fiscal_year_start = 13\nconstants", "fiscal_year_start", "Found 13"),
    ],
)
def test_a_sheet_that_could_not_be_read_is_refused_before_any_file_is(
    tmp_path, before, after, key, said
):
    folder = workspace(tmp_path, SHEET)
    change(folder, HEALTH, before, after)

    message = refusal(folder)
    assert "health.toml" in message
    assert key in message
    assert said in message


@pytest.mark.parametrize("area", ["", "A20:H40", "A20:", ":H40", "A20"])
def test_either_end_of_an_area_may_be_left_out(area):
    assert Sheet(table="observations", area=area).area == area


def test_a_registry_is_shown_in_a_line(tmp_path):
    registry = open_registry(workspace(tmp_path))

    assert repr(registry) == (
        f"<Registry of {tmp_path}: 1 sectors, 2 indicators, 3 regions, 0 programmes, "
        "0 challenges>"
    )


def test_a_sheet_can_fill_every_table_that_says_what_its_rows_need(tmp_path):
    assert set(schema.TABLES) - set(schema.SENT) == {
        *("parents", "sources", "problems", "assessments")
    }
    for name in schema.SENT:
        assert Sheet(table=name).table == name
    with pytest.raises(ValidationError, match="Input should be 'observations', 'targets'"):
        Sheet(table="sources")


def test_a_workspace_is_a_path_where_one_is_asked_for(tmp_path):
    here = open_registry(workspace(tmp_path)).workspace

    assert (here.root, str(here), Path(here)) == (tmp_path, str(tmp_path), tmp_path)
    assert here.raw == here / "data" / "raw" == tmp_path / "data" / "raw"
    assert here.processed.parent == here.definitions.parent == here.raw.parent
    assert (here / "data" / "x").relative_to(here) == Path("data/x")


def test_a_total_names_the_indicator_it_is_divided_by(tmp_path):
    folder = workspace(tmp_path, SHEET)
    change(folder, HEALTH, 'id = "clinics"', 'id = "clinics"\nper = "vaccination"')

    assert open_registry(folder).bases["health.clinics"].id == "health.vaccination"


def test_a_base_that_there_is_none_of_is_told_with_what_is_near(tmp_path):
    folder = workspace(tmp_path, SHEET)
    change(folder, HEALTH, 'id = "clinics"', 'id = "clinics"\nper = "health.vacination"')

    assert "health.clinics, per: " in refusal(folder)
    assert "health.vaccination" in refusal(folder)
