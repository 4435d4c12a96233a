"""The blank return comes back without a remark when it is filled in as it says."""

import io
import warnings
from datetime import date, datetime

import openpyxl
import pytest
from typer.testing import CliRunner

from delivery_analytics.cli.main import app
from delivery_analytics.errors import DefinitionError
from delivery_analytics.loading.columns import as_table
from delivery_analytics.loading.load import read_files
from delivery_analytics.loading.sheet import STANDARD
from delivery_analytics.model.forms import FORMER_TITLES, FORMS
from delivery_analytics.model.periods import frequency
from delivery_analytics.model.reference import fields_of
from delivery_analytics.model.registry import open_registry
from delivery_analytics.model.workspace import Workspace
from delivery_analytics.parsing.matching import fold
from delivery_analytics.parsing.parse import is_missing
from delivery_analytics.returns import blank_form
from delivery_analytics.wording.wording import open_wording
from tests.conftest import ROOT
from tests.support.workbooks import INDICATORS, workspace

DAY = date(2025, 1, 20)
CODE, NAME, UNIT, REGION, PERIOD, TARGET, ACTUAL, AS_OF, COMMENT = range(1, 10)
MORE = """
[[indicator]]
id = "beds"
name = { en = "Beds", ru = "Койки", kk = "Төсектер" }
unit = "units"
direction = "increase"
frequency = "quarterly"
"""
EXAMPLE = open_registry(ROOT)
each_sector = pytest.mark.parametrize("sector_id", EXAMPLE.sectors)
each_language = pytest.mark.parametrize("language", ["en", "ru", "kk"])


@pytest.fixture
def registry(tmp_path):
    return open_registry(workspace(tmp_path, indicators=INDICATORS + MORE))


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def page(book):
    return book.worksheets[0]


def saved(book, folder):
    path = folder / "returned.xlsx"
    book.save(path)
    return path


def fill(sheet, row, *, value=50.0, region=None, code=None, period=None):
    cells = {TARGET: value, ACTUAL: value, AS_OF: DAY, REGION: region}
    cells |= {CODE: code, PERIOD: period}
    for column, content in cells.items():
        if content is not None:
            sheet.cell(row, column).value = content


def read(registry, path, sector_id):
    sector = registry.sectors[sector_id] if sector_id else None
    [result] = read_files(registry, [(path, sector)])
    return result


def told(result):
    return [(p.code, p.cell) for p in result.problems]


def rules(sheet, cell):
    """The rules of a cell, by their kind."""
    found = [rule for rule in sheet.data_validations.dataValidation if cell in rule.sqref]
    return {rule.type: rule for rule in found}


def listed(book, rule):
    """The texts that a rule's list offers, from the hidden sheet."""
    name, _, area = rule.formula1.lstrip("=").partition("!")
    return [row[0].value for row in book[name.strip("'")][area.replace("$", "")]]


@each_sector
@each_language
def test_a_filled_form_of_any_sector_and_language_loads_without_a_remark(
    tmp_path, sector_id, language
):
    book = opened(blank_form.form(EXAMPLE, sector_id, period="2024", language=language))
    indicators = [one for one in EXAMPLE.sectors[sector_id].indicators if not one.formula]
    for row, one in enumerate(indicators, 2):
        low, high = one.plausible
        fill(page(book), row, value=((low or 0) + (high or 100)) / 2)
    path = saved(book, tmp_path)

    for known in (sector_id, None):  # by its folder, and by its contents alone
        result = read(EXAMPLE, path, known)
        assert told(result) == []
        assert (result.read, result.kept) == (len(indicators), len(indicators))


def test_rows_for_regions_are_added_below_from_the_lists(registry, tmp_path):
    book = opened(blank_form.form(registry, "health", period="2024", language="ru"))
    sheet = page(book)
    for row in (2, 3, 4):
        fill(sheet, row)
    rule = rules(sheet, "D5")["list"]
    regions = listed(book, rule)
    for row, region in enumerate(regions[1:], 5):
        fill(sheet, row, region=region, code="H-001", period="2024")
    result = read(registry, saved(book, tmp_path), "health")

    assert regions == ["Казахстан", "область Абай", "г. Астана"]
    assert told(result) == []
    kept = as_table(result.tables["observations"])
    assert set(kept["region_id"]) == {"KZ", "KZ-10", "KZ-71"}


def test_a_form_that_nobody_filled_in_names_every_row_that_lacks_its_day(registry, tmp_path):
    path = tmp_path / "blank.xlsx"
    path.write_bytes(blank_form.form(registry, "health", period="2024"))
    result = read(registry, path, "health")

    assert result.outcome == "rows_quarantined"
    assert (result.read, result.kept, result.quarantined) == (3, 0, 3)
    lacking = [(p.cell, p.code) for p in result.problems if p.severity == "error"]
    assert lacking == [(f"H{row}", "cell.missing-key") for row in (2, 3, 4)]


def test_a_form_that_nobody_filled_in_is_no_mistake(registry, tmp_path):
    path = tmp_path / "blank.xlsx"
    path.write_bytes(blank_form.form(registry, "health"))
    result = read(registry, path, "health")

    assert result.outcome == "loaded_with_warnings"
    assert (result.kept, result.quarantined) == (0, 0)
    assert result.skipped == result.read > 0
    assert {p.cell for p in result.problems if p.code == "row.blank"} >= {"A2", "A3", "A4"}


def test_without_a_period_its_absence_is_named_too(registry, tmp_path):
    book = opened(blank_form.form(registry, "health"))
    for row in (2, 3, 4):
        page(book).cell(row, ACTUAL).value = 5
    result = read(registry, saved(book, tmp_path), "health")

    places = {p.cell for p in result.problems if p.code == "cell.missing-key"}
    assert {"E2", "E3", "E4", "H2", "H3", "H4"} <= places


def test_a_sheet_of_the_senders_own_is_named_though_it_is_called_as_one_of_ours(
    registry, tmp_path
):
    book = opened(blank_form.form(registry, "health", period="2024"))
    for row in (2, 3, 4):
        fill(page(book), row)
    book[blank_form.LISTS]["A1"] = "region"
    result = read(registry, saved(book, tmp_path), "health")

    assert told(result) == [("sheet.hidden", "")]


def test_every_region_has_its_row_under_every_indicator(registry, tmp_path):
    book = opened(blank_form.form(registry, "health", period="2024", regions=["all"]))
    sheet = page(book)
    asked = [(sheet.cell(r, CODE).value, sheet.cell(r, REGION).value) for r in range(2, 8)]
    assert asked[:3] == [
        ("H-001", "Abai Region"),
        ("H-001", "Astana"),
        ("H-002", "Abai Region"),
    ]
    assert sheet["D2"].protection.locked and sheet.cell(8, CODE).value is None
    assert "D3>=" not in str(rules(sheet, "G3").get("list", ""))

    for row in range(2, 8):
        fill(sheet, row)
    result = read(registry, saved(book, tmp_path), "health")
    assert told(result) == []
    kept = as_table(result.tables["observations"])
    assert len(kept) == 6 and set(kept["region_id"]) == {"KZ-10", "KZ-71"}


ENTERED = {"day": DAY, "number": 5, "count": 2, "text": "К-1"}
OTHERS = [table for table in FORMS if table != "observations"]


@each_language
@pytest.mark.parametrize("table", OTHERS)
def test_a_filled_form_of_any_table_loads_without_a_remark(tmp_path, table, language):
    book = opened(blank_form.form(EXAMPLE, "healthcare", table=table, language=language))
    sheet, kinds = page(book), {one.name: one.kind for one in fields_of(table)}
    for row in (2, 3):
        for place, name in enumerate(FORMS[table].asked, 1):
            rule = rules(sheet, sheet.cell(row, place).coordinate)
            choices = listed(book, rule["list"]) if "list" in rule else []
            entered = choices[-1] if choices else ENTERED[kinds[name]]
            sheet.cell(row, place).value = "" if name == "secrecy" else entered
        sheet.cell(row, 1).value = f"№ {row}"
    path = saved(book, tmp_path)

    for known in ("healthcare", None):
        result = read(EXAMPLE, path, known)
        assert told(result) == []
        assert (result.read, result.kept) == (2, 2)
        assert len(as_table(result.tables[table])) == 2


@pytest.mark.parametrize("table", OTHERS)
def test_a_form_of_any_table_that_nobody_filled_in_is_no_mistake(tmp_path, table):
    path = tmp_path / "blank.xlsx"
    path.write_bytes(blank_form.form(EXAMPLE, "healthcare", table=table))
    result = read(EXAMPLE, path, "healthcare")

    assert result.outcome in ("loaded", "loaded_with_warnings")
    assert (result.kept, result.quarantined) == (0, 0)


def test_spending_can_have_a_row_a_region(tmp_path):
    regions = ["KZ-10", "KZ-71"]
    form = blank_form.form(
        EXAMPLE, "healthcare", table="spending", period="2024-Q1", regions=regions
    )
    sheet = page(opened(form))
    heads = {cell.value: cell.column for cell in sheet[1]}

    assert [sheet.cell(row, heads["region"]).value for row in (2, 3)] == [
        "Abai Region",
        "Astana",
    ]
    assert sheet.cell(2, heads["period"]).value == "2024-Q1"


@pytest.mark.parametrize("word", [*blank_form.NO_FIGURE, blank_form.NOT_APPLICABLE])
def test_the_words_offered_for_no_figure_are_read_as_none(registry, tmp_path, word):
    book = opened(blank_form.form(registry, "health", period="2024"))
    for row in (2, 3, 4):
        fill(page(book), row)
    page(book).cell(2, ACTUAL).value = word
    result = read(registry, saved(book, tmp_path), "health")

    assert is_missing(word)
    assert told(result) == [("cell.missing", "G2")]
    assert result.kept == 3


@each_language
def test_every_heading_is_one_the_standard_layout_knows(language):
    words = open_wording(language)
    for name, heading in FORMS["observations"].asked.items():
        assert fold(words.in_context("return", heading.heading)) in map(
            fold, STANDARD["observations"].columns[name]
        )
    assert (
        words.in_context("return", FORMS["observations"].sheet)
        in STANDARD["observations"].sheets
    )


def test_an_indicator_without_a_code_goes_by_its_id(registry):
    sheet = page(opened(blank_form.form(registry, "health")))

    assert [sheet.cell(row, CODE).value for row in (2, 3, 4)] == [
        "H-001",
        "H-002",
        "health.beds",
    ]


def test_a_code_that_means_another_indicator_as_well_gives_way_to_the_id(tmp_path):
    twice = INDICATORS.replace('code = "H-002"', 'code = "clinics"')
    registry = open_registry(workspace(tmp_path, indicators=twice))
    sheet = page(opened(blank_form.form(registry, "health")))

    assert sheet["A3"].value == "health.vaccination"


@pytest.mark.parametrize(
    ("period", "annual", "quarterly"),
    [
        ("2024", "2024", "2024-Q4"),
        ("2024-06", "2023", "2024-Q2"),
        ("2024-05", "2023", "2024-Q1"),
        ("2024-S1", "2023", "2024-Q2"),
        ("", None, None),
    ],
)
def test_each_indicator_is_asked_for_its_own_period_that_ended_last(
    registry, period, annual, quarterly
):
    sheet = page(opened(blank_form.form(registry, "health", period=period)))

    assert [sheet.cell(row, PERIOD).value for row in (2, 3, 4)] == [annual, annual, quarterly]


def test_lists_offer_periods_of_the_indicators_own_length(registry):
    book = opened(blank_form.form(registry, "health", period="2024"))
    years = listed(book, rules(page(book), "E2")["list"])
    quarters = listed(book, rules(page(book), "E4")["list"])

    assert years == ["2022", "2023", "2024", "2025"]
    assert {frequency(text) for text in quarters} == {"quarterly"}
    assert listed(book, rules(page(book), "E9")["list"]) == years + quarters
    assert listed(book, rules(page(book), "A9")["list"]) == ["H-001", "H-002", "health.beds"]
    assert listed(book, rules(page(book), "C2")["list"]) == ["units", "per cent"]
    assert book[blank_form.LISTS].sheet_state == "hidden"


def test_figures_are_held_to_what_the_indicator_can_be(registry):
    sheet = page(opened(blank_form.form(registry, "health")))
    bounded, free = rules(sheet, "G3")["custom"], rules(sheet, "G2")["custom"]
    day = rules(sheet, "H2")["date"]

    assert "G3>=0,G3<=100" in bounded.formula1
    assert "ISNUMBER(G2)" in free.formula1 and "G2>=-1E+300" in free.formula1
    assert "VLOOKUP($A5," in rules(sheet, "G5")["custom"].formula1
    assert "100" in bounded.prompt and "per cent" in bounded.prompt
    assert {bounded.errorStyle, day.errorStyle} <= {None, "stop"}
    assert bounded.showErrorMessage and day.showErrorMessage


def test_headings_and_codes_are_locked_without_a_password_and_the_rest_is_not(registry):
    sheet = page(opened(blank_form.form(registry, "health", period="2024")))
    locked = {
        cell.coordinate for row in sheet["A1:I4"] for cell in row if cell.protection.locked
    }

    assert sheet.protection.sheet
    assert not sheet.protection.password
    assert locked == {f"{c}1" for c in "ABCDEFGHI"} | {
        f"{c}{r}" for c in "ABC" for r in (2, 3, 4)
    }
    free = [one for one in sheet.column_dimensions.values() if not one.protection.locked]
    assert {n for one in free for n in range(one.min, one.max + 1)} == set(range(1, 10))
    assert sheet.freeze_panes == "C2"


def test_what_is_typed_as_a_period_stays_text(registry):
    sheet = page(opened(blank_form.form(registry, "health")))

    assert sheet.cell(2, PERIOD).number_format == "@"
    assert sheet.column_dimensions["E"].number_format == "@"
    assert sheet.cell(2, AS_OF).number_format == "dd.mm.yyyy"


def test_instructions_stand_in_three_languages_side_by_side(registry):
    book = opened(
        blank_form.form(registry, "health", language="kk", send_to="office@example.kz")
    )
    guide = book["Нұсқаулық"]
    columns = [[cell.value for cell in column] for column in guide.iter_cols()]

    assert [column[0] for column in columns] == [
        "Бұл нысанды қалай толтыру керек",
        "How to fill in this return",
        "Как заполнить эту форму",
    ]
    for column in columns:
        assert all(column)
        assert any("н/д" in text and "деректер жоқ" in text for text in column)
        assert "office@example.kz" in column[-1]


def test_every_heading_says_what_it_means_in_three_languages(registry):
    sheet = page(opened(blank_form.form(registry, "health")))

    for cell in sheet[1]:
        assert len(cell.comment.text.splitlines()) == 3
    assert "факт: Что достигнуто" in sheet["G1"].comment.text


def test_a_form_speaks_as_the_workspace_it_is_of_wherever_it_is_run(tmp_path):
    folder = workspace(tmp_path)
    (folder / "data" / "definitions" / "workspace.toml").write_text('place = "city"\n', "utf-8")
    known = open_registry(folder)
    form = blank_form.form(known, "health", table="spending", language="ru")
    book = openpyxl.load_workbook(io.BytesIO(form))

    told = "\n".join(
        cell.comment.text for cell in book.worksheets[0][1] if cell.comment
    ) + "\n".join(str(cell) for row in book.worksheets[1].values for cell in row)
    for language, word in (("en", "whole country"), ("ru", "страна"), ("kk", "бүкіл ел")):
        own = open_wording(language, known.workspace)(
            "The region. Empty means the whole country."
        )
        assert own in told
        assert word not in own
        assert (
            open_wording(language, Workspace(tmp_path / "none"))(
                "The region. Empty means the whole country."
            )
            not in told
        )


def test_the_indicators_name_stands_in_each_language_the_senders_first(registry):
    sheet = page(opened(blank_form.form(registry, "health", language="ru")))

    assert (
        sheet["B2"].value
        == "Отремонтировано поликлиник\nClinics renovated\nЖөнделген емханалар"
    )
    assert sheet["C2"].value == "единиц"


@each_language
def test_the_same_form_is_the_same_bytes_and_excel_drops_no_rule(language):
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # of a rule whose text is too long
        forms = [
            blank_form.form(EXAMPLE, "healthcare", period="2024", language=language)
            for _ in range(2)
        ]

    assert forms[0] == forms[1]


def test_a_name_that_looks_like_a_formula_stays_text(tmp_path):
    hostile = INDICATORS.replace("Clinics renovated", "=1+1")
    registry = open_registry(workspace(tmp_path, indicators=hostile))
    sheet = page(opened(blank_form.form(registry, "health")))

    assert sheet["B2"].value.startswith("=1+1\n")
    assert sheet["B2"].data_type == "s"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"sector_id": "wealth"}, "no sector 'wealth'"),
        ({"sector_id": "health", "language": "fr"}, "no language 'fr'"),
        ({"sector_id": "health", "period": "2024-13"}, "no reporting period"),
        ({"sector_id": "health", "period": "0001"}, "no reporting period"),
        ({"sector_id": "health", "table": "spendings"}, "no blank return 'spendings'"),
        ({"sector_id": "health", "regions": ["KZ-99"]}, "no region 'KZ-99'"),
        (
            {"sector_id": "health", "table": "milestones", "regions": ["all"]},
            "milestones has no region",
        ),
    ],
)
def test_a_form_that_cannot_be_is_refused(registry, options, said):
    with pytest.raises(DefinitionError, match=said):
        blank_form.form(registry, **options)


# The command


def run(registry, *words):
    command = ["--workspace", str(registry.workspace), "template", *map(str, words)]
    return CliRunner().invoke(app, command)


def test_the_command_writes_the_form_where_it_is_told(registry, tmp_path):
    path = tmp_path / "form.xlsx"
    done = run(registry, "health", "--period", "2024", "--out", path)

    assert done.exit_code == 0
    assert path.read_bytes() == blank_form.form(registry, "health", period="2024")


def test_the_command_never_writes_over_a_form_that_may_be_filled_in(registry, tmp_path):
    path = tmp_path / "form.xlsx"
    path.write_bytes(b"filled in")
    done = run(registry, "health", "--out", path)

    assert isinstance(done.exception, DefinitionError)
    assert path.read_bytes() == b"filled in"


def test_the_form_is_named_after_its_sector_in_the_folder_one_is_in(
    registry, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    done = run(registry, "health")

    assert done.stdout == "health_return.xlsx\n"
    assert (tmp_path / "health_return.xlsx").exists()


def test_help_gives_examples():
    done = CliRunner().invoke(app, ["template", "--help"])

    assert "delivery template healthcare" in done.stdout


def test_a_date_is_kept_as_excel_keeps_it(registry, tmp_path):
    book = opened(blank_form.form(registry, "health", period="2024"))
    for row in (2, 3, 4):
        fill(page(book), row)
    page(book).cell(2, AS_OF).value = datetime(2025, 1, 20)
    result = read(registry, saved(book, tmp_path), "health")

    assert set(as_table(result.tables["observations"])["reported_on"].dt.date) == {DAY}


@each_language
@pytest.mark.parametrize(
    ("table", "fields"), [("instructions", ("act", "executor")), ("milestones", ("owner",))]
)
def test_bodies_and_acts_are_chosen_by_the_names_of_their_registers(
    tmp_path, language, table, fields
):
    """Others may be typed: they stay as sent."""
    book = opened(blank_form.form(EXAMPLE, "water", table=table, language=language))
    places = {name: place for place, name in enumerate(FORMS[table].asked, 1)}
    cells = {name: page(book).cell(2, place) for name, place in places.items()}
    for field in fields:
        known = EXAMPLE.acts if field == "act" else EXAMPLE.bodies
        rule = rules(page(book), cells[field].coordinate)["list"]
        assert listed(book, rule) == [one.name[language] for one in known.values()]
        assert rule.errorStyle == "warning"
        cells[field].value = listed(book, rule)[1]
    cells[table.removesuffix("s")].value, cells["reported_on"].value = "X-1", DAY
    if "control" in cells:
        kinds = rules(page(book), cells["control"].coordinate)["list"]
        cells["control"].value, cells["extensions"].value = listed(book, kinds)[0], 0

    result = read(EXAMPLE, saved(book, tmp_path), "water")
    assert told(result) == []
    rows = as_table(result.tables[table])
    wanted = {"act": [*EXAMPLE.acts][1], "executor": [*EXAMPLE.bodies][1]}
    for field in fields:
        assert rows[f"{field}_id"].tolist() == [wanted.get(field, [*EXAMPLE.bodies][1])]


def test_forms_that_were_sent_out_earlier_are_known_by_their_old_names():
    layout = STANDARD["milestones"]

    assert {"Milestones", "Контрольные точки", "Вехи"} <= {*layout.sheets}
    assert {"milestone", "контрольная точка", "веха"} <= {*layout.columns["title"]}
    assert {"date", "дата", "as_of"} <= {*layout.columns["reported_on"]}
    assert {"Как заполнить этот отчёт", "Осы есептің тізімдері"} <= {*FORMER_TITLES}
