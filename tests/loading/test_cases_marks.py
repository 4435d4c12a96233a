"""The marks of official statistics: beside figures, in headings, behind names; none is guessed."""

import math

import pytest

from delivery_analytics.errors import DefinitionError
from delivery_analytics.model.schema import MARK_MEANINGS, OBS_STATUSES
from delivery_analytics.model.sheet_checks import check_sheet
from delivery_analytics.model.sheet_definitions import Wide
from delivery_analytics.parsing.marks import taken_off
from tests.loading.test_rows import MONEY
from tests.support.cases import read as case
from tests.support.grids import DAY, LONG, like, read
from tests.support.shared import needs_shared

CLINICS, ASTANA = "health.clinics", "KZ-71"
UNKNOWN = "cell.mark-unknown"
YEARS = like(
    LONG,
    columns={"region": ("region",)},
    wide=Wide(by=("period",)),
    constants={"reported_on": DAY, "indicator": CLINICS},
)


def statuses(found):
    table = found.data.observations
    return dict(zip(table["period"], table["obs_status"].astype(str), strict=True))


def one(figure, sheet=LONG):
    """Return the figure, its status and the codes of what was told of one cell."""
    found = read(sheet, f"code | period | actual\nH-001 | '2023 | {figure}")
    rows = found.data.observations.to_dict("records")
    codes = {p.code for p in found.file.problems}
    return (rows[0]["value"], str(rows[0]["obs_status"]), codes) if rows else (None, "", codes)


@needs_shared
def test_case_marks():
    found = case("marks")

    assert statuses(found) == {
        "2000": "confidential", "2001": "missing", "2002": "not_applicable", "2003": "bounded",
        "2004": "unreliable", "2005": "provisional", "2006": "provisional", "2007": "revised",
        "2008": "provisional", "2009": "estimated", "2010": "break", "2011": "normal",
        "2012": "revised", "2013": "confidential", "2015": "bounded", "2016": "marked",
        "2017": "marked", "2018": "marked", "2019": "marked",
    }  # fmt: skip
    values = found.data.observations.set_index("period")["value"]
    assert values.dropna().abs().unique().tolist() == [12.4]
    assert len(values.dropna()) == 12
    assert [p.cell for p in found.problems if p.code == UNKNOWN] == ["D18", "D19", "D20", "D21"]
    [refused] = [p for p in found.problems if p.severity == "error"]
    assert (refused.cell, refused.value) == ("D16", "S")
    assert 'marks = { "S" = "missing" }' in refused.message


STAR = """
name = { en = "Labour" }
[[indicator]]
id = "employment"
name = { en = "Employment", ru = "Уровень занятости" }
unit = "percent"
direction = "increase"
[[sheet]]
table = "observations"
files = ["star*"]
wide = { by = ["period"] }
columns = { indicator = ["Показатель"] }
constants = { reported_on = 2025-01-20 }
"""


@needs_shared
def test_case_star():
    found = case("star", sector=STAR)
    declared = case("star", sector=f'{STAR}marks = {{ "*" = "none" }}\n')

    for given in (found, declared):
        assert given.data.observations["value"].tolist() == [72.1, 73.2]
    assert statuses(found) == {"2023": "normal", "2024": "marked"}
    [told] = [p for p in found.problems if p.code == UNKNOWN]
    assert (told.severity, told.value) == ("warning", "73,2*")
    assert 'marks = { "*" = "provisional" }' in told.message
    assert statuses(declared) == {"2023": "normal", "2024": "normal"}
    assert not [p for p in declared.problems if p.code == UNKNOWN]


@pytest.mark.parametrize(
    ("text", "value", "status"),
    [
        ("12.4 [p]", 12.4, "provisional"),
        ("12.4[r]", 12.4, "revised"),
        ("12,4 (e)", 12.4, "estimated"),
        ("1 234,5 b", 1234.5, "break"),
        ("12.4u", 12.4, "unreliable"),
        ("12.4 R", 12.4, "revised"),
        ("12.4 bp", 12.4, "provisional"),
        ("12.4 [r] [p]", 12.4, "provisional"),
        ("12,4 (предв.)", 12.4, "provisional"),
        ("12,4 оценка", 12.4, "estimated"),
        ("12,4 (алдын ала)", 12.4, "provisional"),
        ("12.4ᵖ", 12.4, "provisional"),
        ("[z]", math.nan, "not_applicable"),
        (": c", math.nan, "confidential"),
        (":u", math.nan, "unreliable"),
        ("–*", math.nan, "missing"),
        ("н/д 1)", math.nan, "missing"),
        ("<5 [p]", math.nan, "bounded"),
    ],
)
def test_a_mark_whose_meaning_is_agreed_is_the_figures_status(text, value, status):
    read_as, held, codes = one(text)

    assert read_as == pytest.approx(value, nan_ok=True)
    assert held == status
    assert codes <= {"cell.number-as-text", "cell.missing", "cell.bounded"}
    assert codes


@pytest.mark.parametrize(
    "mark",
    [
        "*",
        "**",
        "†",
        "¹⁾",
        "²",
        "⁽¹⁾",
        " 1)",
        " (1)",
        "[3]",
        " #",
        " §",
        " d",
        "ᵇ",
        " [q]",
        " (a)",
    ],
)
def test_of_a_mark_that_nobody_knows_the_figure_is_kept_and_the_mark_told(mark):
    assert one(f"12,4{mark}") == (12.4, "marked", {UNKNOWN})
    for meaning in (*MARK_MEANINGS, "none"):
        told = one(f"12,4{mark}", like(LONG, marks={mark.strip(): meaning}))
        if meaning in ("missing", "not_applicable", "bounded", "confidential"):
            assert told == (None, "", {"cell.type-error"})  # a figure, and that there is none
        else:
            status = "normal" if meaning == "none" else meaning
            assert told == (12.4, status, {"cell.number-as-text"})


@pytest.mark.parametrize(
    "text",
    [
        "12.4 f",
        "12.4 [f]",
        "12 m",
        "12 [m]",
        "12 k",
        "1.2B",
        "12 km",
        "12 pcs",
        "S",
        "*",
        "5 стр",
    ],
)
def test_what_may_be_a_size_a_unit_or_a_forecast_is_refused_with_what_to_declare(text):
    found = read(LONG, f"code | period | actual\nH-001 | '2023 | {text}")

    assert found.figures == {}
    assert found.cells("cell.type-error") == ["C2"]
    assert "marks = {" in found.message("cell.type-error")


@pytest.mark.parametrize(
    ("text", "status"), [("S", "missing"), ("s.", "confidential"), ("..*", "not_applicable")]
)
def test_a_declared_mark_in_place_of_a_figure_says_why_there_is_none(text, status):
    value, held, codes = one(text, like(LONG, marks={text: status}))

    assert math.isnan(value)
    assert (held, codes) == (status, {"cell.missing"})


def test_a_declared_mark_is_no_part_of_a_longer_one():
    star = like(LONG, marks={"*": "provisional", "¹": "none"})

    assert one("5*", star)[1] == "provisional"
    assert one("5**", star)[1] == "marked"
    assert one("5¹²", star)[1] == "marked"


def test_a_letter_behind_money_is_no_mark_unless_declared():
    drawn = "строка | план | факт\nA | '5 | 1.2b"

    assert read(MONEY, drawn).cells("cell.type-error") == ["C2"]
    assert one("1.2b", like(LONG, suffixes=True))[0] is None


def test_a_mark_is_told_in_a_text_file_as_well():
    found = read(
        LONG, "code | period | actual\nH-001 | '2023 | 5p\nH-001 | '2024 | 6*", text=True
    )

    assert found.codes("warning") == {"cell.number-as-text": 1, UNKNOWN: 1}
    assert statuses(found) == {"2023": "provisional", "2024": "marked"}


@pytest.mark.parametrize(
    ("heading", "status"),
    [
        ("2023*", "marked"),
        ("2023 г.¹⁾", "marked"),
        ("20231)", "marked"),
        ("2023 (1)", "marked"),
        ("2023 [p]", "provisional"),
        ("2023r", "revised"),
        ("2023 b", "break"),
        ("2023", "normal"),
    ],
)
def test_a_mark_in_a_years_heading_is_the_status_of_its_figures(heading, status):
    wide = read(YEARS, f"region | {heading}\nAstana | 5\nAbai Region | '6,5 e")
    long = read(LONG, f"code | region | period | actual\nH-001 | Astana | '{heading} | 5")

    assert [*wide.data.observations["obs_status"]] == ["estimated", status]
    assert [*long.data.observations["obs_status"]] == [status]
    assert wide.cells(UNKNOWN) == (["B1"] if status == "marked" else [])
    assert long.cells(UNKNOWN) == (["C2"] if status == "marked" else [])


def test_marks_of_many_headings_over_many_rows_are_each_told_once():
    rows = "\n".join(f"H-001 | Astana | {n} | {n} | {n}" for n in range(30))
    sheet = like(
        YEARS,
        columns={"indicator": ("code",), "region": ("region",)},
        constants={"reported_on": DAY},
    )
    found = read(sheet, f"code | region | 2022* | 2023 | 2024²\n{rows}")

    assert found.cells(UNKNOWN) == ["C1", "E1"]


@pytest.mark.parametrize(
    ("mark", "told"), [("**", "**"), ("²", "²"), (" [1]", "[1]"), (" 1)", "1)")]
)
def test_a_mark_behind_a_regions_name_is_told_in_a_cell_and_across(mark, told):
    down = read(YEARS, f"region | 2023\nAstana{mark} | 5")
    across = read(
        like(
            LONG,
            columns={"period": ("period",)},
            wide=Wide(by=("region",)),
            constants={"reported_on": DAY, "indicator": CLINICS},
        ),
        f"period | Astana{mark} | Abai Region\n'2023 | 5 | 6",
    )
    for found, cell in ((down, "A2"), (across, "B1")):
        assert found.figures[(CLINICS, ASTANA, "2023")] == 5
        assert found.cells(UNKNOWN) == [cell]
        assert f"what '{told}' means" in found.message(UNKNOWN)
        by_region = found.data.observations.set_index("region_id")["obs_status"]
        assert by_region[ASTANA] == "marked"
    declared = read(like(YEARS, marks={told: "break"}), f"region | 2023\nAstana{mark} | 5")
    assert statuses(declared) == {"2023": "break"}
    assert declared.cells(UNKNOWN) == []


def test_the_nation_with_a_mark_is_still_no_part_of_a_total():
    found = read(
        like(YEARS, check_totals=True),
        "region | 2023\nKazakhstan* | 12\nAstana | 5\nAbai Region | 7\nTotal | 12",
    )

    assert found.cells("value.total-disagrees") == []


@pytest.mark.parametrize("mark", ["1", "", " *", "n 2"])
def test_a_mark_that_could_be_a_figure_is_refused(mark):
    with pytest.raises(DefinitionError, match="cannot be told from the figure"):
        check_sheet(like(LONG, marks={mark: "provisional"}), "here")


def test_a_mark_has_no_effect_on_a_table_without_figures():
    sheet = like(
        LONG,
        table="milestones",
        columns={"milestone": ("code",)},
        optional=(),
        marks={"*": "none"},
    )
    with pytest.raises(DefinitionError, match="marks: has no effect on milestones"):
        check_sheet(sheet, "here")


def test_every_status_but_two_can_be_declared():
    assert {*OBS_STATUSES} - {*MARK_MEANINGS} == {"normal", "marked"}


@pytest.mark.parametrize("text", ["CO₂", "Доступ к воде, оценка", "North r", "1ˢᵗ"])
def test_a_name_keeps_its_letters_and_words(text):
    assert taken_off(text, of_name=True).text == text
