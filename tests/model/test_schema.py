"""The contract of the tidy tables: what conforms, and what is named when it does not."""

import pandas as pd
import pytest

from delivery_analytics.errors import ContractError
from delivery_analytics.model import schema
from tests.support.tables import rows

OBSERVATIONS = """
indicator_id | region_id | period | reported_on | value
health.life  | KZ        | 2023   | 2024-05-01  | 72
health.life  | KZ        | 2022   | 2023-05-01  |
"""
TYPES = {
    "text": "str",
    "number": "float64",
    "day": "datetime64[us]",
    "flag": "bool",
    "count": "int64",
}


@pytest.mark.parametrize("name", schema.TABLES)
def test_an_empty_table_has_every_column_typed_in_order_and_keeps_its_contract(name):
    table, empty = schema.TABLES[name], schema.empty(name)

    assert schema.check_contract(name, empty) is empty
    assert empty.columns.tolist() == list(table.columns)
    assert [str(kind) for kind in empty.dtypes] == [
        TYPES[c.kind] for c in table.columns.values()
    ]


@pytest.mark.parametrize("table", schema.TABLES.values(), ids=lambda table: table.name)
def test_a_key_is_made_of_columns_that_are_never_missing(table):
    assert set(table.key) <= set(table.columns)
    assert not any(table.columns[name].missing for name in table.key)
    assert set(table.revisions) <= set(table.key)
    assert all(column.meaning for column in table.columns.values())


def test_the_day_something_was_learned_is_the_report_the_agreement_or_the_receipt():
    learned = {name: table.learned_on for name, table in schema.TABLES.items()}

    assert learned["observations"] == learned["problems"] == "reported_on"
    assert learned["targets"] == "set_on"
    assert learned["sources"] == "received_on"
    assert learned["judgements"] == "as_of"
    assert learned["challenges"] is None
    assert schema.TABLES["observations"].revisions == (
        *("indicator_id", "region_id", "breakdown", "period"),
    )


def test_rows_are_conformed_by_order_type_and_key_and_strangers_are_dropped():
    sent = pd.DataFrame(
        {
            "note": ["x", "y"],
            "value": [72, None],
            "reported_on": [pd.Timestamp("2024-05-01"), pd.Timestamp("2023-05-01")],
            "period": ["2023", "2022"],
            "region_id": "KZ",
            "indicator_id": "health.life",
            "period_end": [pd.Timestamp("2023-12-31"), pd.Timestamp("2022-12-31")],
            "obs_status": "normal",
        }
    )
    table = schema.conform("observations", sent)

    assert table["period"].tolist() == ["2022", "2023"]
    assert "note" not in table
    assert table["source_cell"].tolist() == ["", ""]
    assert sent["period"].tolist() == ["2023", "2022"]
    assert schema.check_contract("observations", table) is table


def test_missing_text_is_empty_missing_counts_are_none_and_missing_flags_are_no():
    table = schema.conform(
        "instructions", pd.DataFrame({"instruction_id": ["1"], "reported_on": ["2024-01-01"]})
    )

    assert table.loc[0, "act"] == ""
    assert table.loc[0, "extensions"] == 0
    assert not table.loc[0, "illustrative"]
    assert pd.isna(table.loc[0, "due_on"])


@pytest.mark.parametrize(
    ("break_it", "column", "rule"),
    [
        (lambda t: t.assign(obs_status="odd"), "obs_status", "isin"),
        (lambda t: t.assign(value=["a", "b"]), "value", "float64"),
        (lambda t: t.assign(period_end=pd.NaT), "period_end", "not_nullable"),
        (lambda t: t.assign(extra=1), "extra", "column_in_schema"),
        (lambda t: t.drop(columns="source_cell"), "source_cell", "column_in_dataframe"),
        (lambda t: t[sorted(t)], "", "column_ordered"),
        (lambda t: pd.concat([t, t]), "", "uniqueness"),
    ],
)
def test_a_broken_contract_names_the_table_the_column_and_the_rule(break_it, column, rule):
    table = rows("observations", OBSERVATIONS)

    with pytest.raises(ContractError) as error:
        schema.check_contract("observations", break_it(table))

    assert "The table 'observations' breaks its contract" in str(error.value)
    assert column in str(error.value)
    assert rule in str(error.value)
    assert error.value.exit_code == 4
