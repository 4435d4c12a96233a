"""The reference tells every key and every field, and the schema accepts what is read."""

import json
import re
import tomllib

from delivery_analytics.cli.new_workspace import NewUnit, found
from delivery_analytics.model import schema
from delivery_analytics.model.reference import (
    DEFINED,
    definitions_schema,
    definitions_text,
    fields_of,
    key_meanings,
)


def test_every_field_of_every_table_has_a_meaning_a_kind_and_an_example():
    for table in schema.SENT:
        told = fields_of(table)
        assert [field.name for field in told] == [*schema.TABLES[table].fields]
        assert all(field.meaning and field.example for field in told), table


EVERY_KEY = [
    (file, kind, key, meaning)
    for file, kinds in DEFINED.items()
    for kind in kinds
    for key, meaning in key_meanings(kind).items()
]


def test_every_key_of_every_file_has_its_sentence_and_an_example():
    lacking = [
        f"{kind.__name__}.{key}"
        for _, kind, key, meaning in EVERY_KEY
        if not re.fullmatch(r".{10,}[.:)] As ``.+``( or ``.+``|, ``.+``)?\.", meaning)
    ]

    assert lacking == []


def test_every_example_of_a_toml_file_is_one():
    for file, kind, key, meaning in EVERY_KEY:
        for example in re.findall(r"``(.+?)``", meaning.rpartition(" As ")[2]):
            if file.endswith(".toml"):
                assert tomllib.loads(example), (kind.__name__, key, example)


def test_a_new_workspace_has_the_schema_and_its_sectors_lead_there(tmp_path):
    found(tmp_path / "unit", NewUnit("Freedonia", "FD", {"water": "Water"}))
    definitions = tmp_path / "unit" / "data" / "definitions"
    sector = (definitions / "sectors" / "water.toml").read_text("utf-8")
    [named] = re.findall(r"\A#:schema (\S+)\n", sector)

    told = json.loads((definitions / "sectors" / named).read_text("utf-8"))
    assert told == definitions_schema()


def test_the_text_names_every_key_and_every_field():
    text = definitions_text()

    for kinds in DEFINED.values():
        assert all(f"- {key}" in text for kind in kinds for key in key_meanings(kind))
    assert "- indicator (text, needed): `sector.indicator`" in text


def test_the_schema_is_of_a_sectors_file_and_tells_each_key():
    told = definitions_schema()
    sheet = told["properties"]["sheet"]["items"]["properties"]

    assert {"name", "lead", "indicator", "sheet"} <= told["properties"].keys()
    assert sheet["ignore"]["description"].startswith("Headings of columns")
    assert "observations" in sheet["table"]["enum"]
    assert json.loads(json.dumps(told)) == told
