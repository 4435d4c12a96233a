"""Registers of bodies and acts are read whole, or refused with the row and the column."""

import pandas as pd
import pytest

from delivery_analytics.errors import DefinitionError
from delivery_analytics.model import schema
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.registry import open_registry
from tests.support.workbooks import INDICATORS, workspace

BODIES = """id,kind,name_en,name_ru,name_kk,aliases,sector,parent
finance,ministry,Ministry of Finance,Министерство финансов,Қаржы министрлігі,МФ РК|Минфин,,
treasury,committee,Treasury Committee,Комитет казначейства,Қазынашылық комитеті,,health,finance
"""


def registry(folder, text=BODIES, file="bodies.csv", indicators=INDICATORS):
    folder = workspace(folder, indicators=indicators)
    (folder / "data" / "definitions" / file).write_text(text, "utf-8")
    return open_registry(folder)


def test_a_body_has_names_in_three_languages_aliases_a_sector_and_a_parent(tmp_path):
    bodies = registry(tmp_path).bodies

    assert list(bodies) == ["finance", "treasury"]
    assert bodies["finance"].name["kk"] == "Қаржы министрлігі"
    assert bodies["finance"].aliases == ("МФ РК", "Минфин")
    assert (bodies["treasury"].sector, bodies["treasury"].parent) == ("health", "finance")


def test_columns_and_rows_that_excel_leaves_empty_mean_nothing(tmp_path):
    lines = [f"{line},," for line in BODIES.splitlines()]
    bodies = registry(tmp_path, "\r\n".join([lines[0], ",,,,", *lines[1:], ",,,"])).bodies
    assert list(bodies) == ["finance", "treasury"]


def test_a_body_without_a_name_in_a_language_is_called_by_another(tmp_path):
    known = registry(tmp_path, "id,name_en,name_ru\nfin,,Финансы\nhea,Health,\n")
    rows = schema.conform(
        "milestones", pd.DataFrame({"milestone_id": ["a", "b"], "owner_id": ["fin", "hea"]})
    )
    data = Dataset({"milestones": rows}, known)
    for language in ("en", "ru", "kk"):
        assert data.named(language).milestones["owner"].tolist() == ["Финансы", "Health"]


def test_a_unit_without_registers_has_none(tmp_path):
    plain = open_registry(workspace(tmp_path))
    assert (plain.bodies, plain.acts) == ({}, {})


@pytest.mark.parametrize("file", ["bodies.csv", "acts.csv"])
@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            ",health,",
            ",helth,",
            "row 3, treasury.sector: There is no sector 'helth'. Did you mean health",
        ),
        (
            ",finance\n",
            ",finanse\n",
            "row 3, treasury.parent: There is no {kind} 'finanse'. Did you mean finance",
        ),
        (",finance\n", ",treasury\n", "row 3, treasury.parent: it is within itself"),
        ("treasury,", "finance,", "row 3, finance: the {kind} stands twice"),
        ("treasury,", ",", "row 3, .id: "),
        (
            "Комитет казначейства",
            "Министерство финансов",
            "row 2, finance.name_ru: 'Министерство финансов' is the name of finance and of treasury",
        ),
        (
            "Treasury Committee",
            "Treasury, Committee",
            "row 3, treasury: 9 cells under 8 columns",
        ),
        ("aliases", "alias", "alias: there is no such column. Did you mean aliases"),
        ("name_kk", "name_kz", "there is no column name_kk"),
        ("parent", "sector", "sector: the column stands twice"),
        ("id,", "ids,", "there is no column id. There are: ids, kind"),
        (
            "Treasury Committee,Комитет казначейства,Қазынашылық комитеті",
            ",,",
            "row 3, treasury.name_en: it is empty, and so is every other name",
        ),
    ],
)
def test_what_is_wrong_is_named_with_file_row_column_and_what_is_near(
    tmp_path, file, before, after, said
):
    assert before in BODIES
    with pytest.raises(DefinitionError) as error:
        registry(tmp_path, BODIES.replace(before, after, 1), file)

    kind = {"bodies.csv": "body", "acts.csv": "act"}[file]
    assert f"{file}" in str(error.value)
    assert said.format(kind=kind) in str(error.value)


@pytest.mark.parametrize(
    "owner", ['"finance"', '{ en = "Ministry of Finance" }', '{ ru = "Минфин" }']
)
def test_an_owner_of_definitions_is_called_as_the_register_calls_it(tmp_path, owner):
    body = INDICATORS.replace('code = "H-001"', f'code = "H-001"\nowner = {owner}')
    known = registry(tmp_path, indicators=f"lead = {owner}\n{body}")

    clinics = known.indicators["health.clinics"]
    assert clinics.owner == known.sector("health").lead == known.bodies["finance"].name
    assert known.bodies_of(clinics.owner) == ["finance"]
    assert known.bodies_of({"en": "Somebody else"}) == []


def test_an_owner_of_definitions_may_be_several_bodies_and_each_answers(tmp_path):
    body = INDICATORS.replace('code = "H-001"', 'code = "H-001"\nowner = "finance; treasury"')
    known = registry(tmp_path, indicators=body)

    clinics = known.indicators["health.clinics"]
    assert clinics.owner["en"] == "Ministry of Finance; Treasury Committee"
    assert clinics.owner["kk"] == "Қаржы министрлігі; Қазынашылық комитеті"
    assert known.answering(clinics) == ["finance", "treasury"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('code = "H-001"', 'code = "H-001"\nowner = "finanse"'),
        ("\nname", '\nlead = "finanse"\nname'),
        ("\nname", '\nlead = "treasury; finanse"\nname'),
    ],
)
def test_an_owner_that_no_body_is_leads_to_the_near_one(tmp_path, before, after):
    with pytest.raises(DefinitionError, match=r"Did you mean finance \(Ministry of Finance\)"):
        registry(tmp_path, indicators=INDICATORS.replace(before, after, 1))
