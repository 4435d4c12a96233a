"""The reference tells every key and every field, and the schema accepts what is read."""

import json

from delivery_analytics.model import schema
from delivery_analytics.model.reference import (
    DEFINED,
    definitions_schema,
    definitions_text,
    fields_of,
    key_meanings,
)
from delivery_analytics.model.sheet_definitions import Sheet


def test_every_field_of_every_table_has_a_meaning_a_kind_and_an_example():
    for table in schema.SENT:
        told = fields_of(table)
        assert [field.name for field in told] == [*schema.TABLES[table].fields]
        assert all(field.meaning and field.example for field in told), table


def test_every_key_of_a_sheet_has_its_sentence():
    assert [key for key, meaning in key_meanings(Sheet).items() if not meaning] == []


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
