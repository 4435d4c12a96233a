"""A workbook nobody has declared: what is drafted of it, and what is asked and never guessed."""

import json
import tomllib
from datetime import date

import pytest

from delivery_analytics.describing.trial import load_draft
from delivery_analytics.describing.workbook import describe_book, open_file
from delivery_analytics.describing.writing import read_answers, write_draft
from delivery_analytics.errors import DefinitionError, SourceError
from delivery_analytics.loading.load import load
from delivery_analytics.model.registry import open_registry
from tests.support.workbooks import INDICATORS, VISITS, workspace, write

DAY = {"question": "reported_on", "answer": "2025-01-20"}
# Plan and actual under each year, a total, a marked figure and its footnote.
WIDE = [
    ["Отремонтировано поликлиник"],
    ["по состоянию на 20.01.2025"],
    [],
    ["№", "Регион", "2023 год", None, "2024 год", None],
    [None, None, "План", "Факт", "План", "Факт"],
    [1, "область Абай", 20, 21, 30, "31*"],
    [2, "г. Астана**", 5, 4, 6, "данные уточняются"],
    [None, "Итого", 25, 25, 36, 31],
    [],
    ["* предварительные данные"],
]
LONG = [
    ["Code", "Region", "Year", "Value", "Reported on"],
    ["H-001", "KZ-10", 2023, 21, date(2025, 1, 20)],
    ["H-001", "KZ-71", 2023, 4, date(2025, 1, 20)],
    ["H-001", "KZ-10", 2024, 31, date(2025, 1, 20)],
    ["H-002", "KZ-71", 2024, 88.5, date(2025, 1, 20)],
]


@pytest.fixture
def folder(tmp_path):
    return workspace(tmp_path / "unit", indicators=INDICATORS + VISITS)


def described(folder, path, *answers):
    registry = open_registry(folder)
    return describe_book(registry, registry.sector("health"), open_file(path), answers)


def drawn(folder, rows, name="new.xlsx", *answers, **more):
    return described(folder, write(folder / name, *rows, **more), *answers)


def text_file(folder, text, name="new.csv", encoding="utf-8"):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def figures(folder, path, draft):
    registry = open_registry(folder)
    trial = load_draft(registry, registry.sector("health"), open_file(path), draft)
    return {(*key, value) for _, *key, value in trial.cells.values()}


def asked(description):
    return {question.id for draft in description.drafts for question in draft.questions}


def test_a_long_table_is_drafted_without_a_question(folder):
    found = drawn(folder, LONG)
    [draft] = found.drafts

    assert found.is_ready, found.toml()
    assert draft.body["columns"] == {
        "region": ["Region"],
        "indicator": ["Code"],
        "period": ["Year"],
        "reported_on": ["Reported on"],
        "value": ["Value"],
    }
    assert figures(folder, folder / "new.xlsx", draft) == {
        ("health.clinics", "KZ-10", "2023", 21),
        ("health.clinics", "KZ-71", "2023", 4),
        ("health.clinics", "KZ-10", "2024", 31),
        ("health.vaccination", "KZ-71", "2024", 88.5),
    }
    assert "Account: 4 figures = 4 kept" in draft.told


def test_plan_and_actual_under_years_are_read_by_their_words(folder):
    found = drawn(folder, WIDE, "roads_2024.xlsx")
    [draft] = found.drafts

    assert draft.body["header"] == 4
    assert draft.body["header_rows"] == 2
    assert draft.body["wide"] == {
        "by": ["period"],
        "values": {"target": ["План"], "value": ["Факт"]},
    }
    assert draft.body["constants"] == {"indicator": "health.clinics"}
    assert draft.body["cells"]["reported_on"]["cell"] == "A2"
    assert draft.body["files"] == ["roads_*.xlsx"]
    assert draft.body["ignore"] == ["№"]
    assert asked(found) == {"marks", "missing"}


def test_the_footnote_of_a_mark_is_quoted_and_its_meaning_offered_first(folder):
    [draft] = drawn(folder, WIDE).drafts
    [question] = [one for one in draft.questions if one.id == "marks"]

    assert "предварительные данные" in question.text
    assert question.options[0].name == "** = none, * = provisional"


def test_the_meaning_of_each_mark_is_offered_by_its_own_footnote(folder):
    [draft] = drawn(folder, [*WIDE, ["** область образована в 2022 году"]]).drafts
    [question] = [one for one in draft.questions if one.id == "marks"]

    assert question.options[0].name == "** = none, * = provisional"
    assert question.options[0].changes == {"marks": {"**": "none", "*": "provisional"}}


def test_a_mark_that_an_answer_does_not_name_is_asked_again_and_no_other(folder):
    earlier = {"question": "marks", "answer": "* = provisional, p = none"}
    [draft] = drawn(folder, WIDE, "roads.xlsx", earlier).drafts
    later = {"question": "marks", "answer": "** = none"}
    [both] = drawn(folder, WIDE, "roads.xlsx", later, earlier).drafts
    [question] = [one for one in draft.questions if one.id == "marks"]

    assert draft.body["marks"] == {"*": "provisional"}
    assert question.options[0].name == "** = none"
    assert both.body["marks"] == {"**": "none", "*": "provisional"}
    assert [one.id for one in both.questions] == ["missing"]


@pytest.mark.parametrize("told", ["* = nothing", "provisional", ""])
def test_a_meaning_that_no_mark_has_is_no_answer(folder, told):
    with pytest.raises(DefinitionError, match=r"no answer to the question 'marks'"):
        drawn(folder, WIDE, "roads.xlsx", {"question": "marks", "answer": told})


def test_answers_of_a_file_may_be_a_table_with_an_entry_for_each_mark(tmp_path):
    path = tmp_path / "answers.toml"
    path.write_text("[[answer]]\nquestion = 'marks'\nanswer = { '*' = 'none', p = 'revised' }")

    assert read_answers(path) == [{"question": "marks", "answer": "* = none, p = revised"}]


def test_answers_make_the_draft_load_every_figure(folder):
    answers = [
        {"question": "marks", "answer": "* = provisional, ** = none"},
        {"question": "missing", "answer": "none"},
    ]
    found = drawn(folder, WIDE, "roads.xlsx", *answers)
    [draft] = found.drafts

    assert found.is_ready
    assert figures(folder, folder / "roads.xlsx", draft) >= {
        ("health.clinics", "KZ-10", "2024", 31),
        ("health.clinics", "KZ-71", "2023", 4),
    }
    # Seven figures of regions, four of a total, and the running numbers 1 and 2.
    [account] = [line for line in draft.told if line.startswith("Account")]
    assert "7 kept" in account
    assert "4 in rows skipped and told" in account


def test_a_text_file_is_read_by_the_mark_that_alone_makes_figures_of_its_texts(folder):
    text = "Code;Region;Year;Value;Reported on\n"
    text += "H-002;KZ-10;2024;88,5;20.01.2025\nH-002;KZ-71;2024;1,234;20.01.2025\n"
    [draft] = described(folder, text_file(folder, text)).drafts

    assert draft.body["decimal"] == ","
    assert draft.is_ready


# Two sheets that look alike and mean different things: each must be asked about.
HEAD = ["Code", "Region", "Year", "Value", "Reported on"]
TWINS = {
    "decimal": ([HEAD, ["H-001", "KZ-10", 2024, "1,234", "20.01.2025"]], [1.234, 1234]),
    "date_order": ([HEAD, ["H-001", "KZ-10", 2024, 5, "03/04/2024"]], ["dmy", "mdy"]),
    "cumulative": (
        [
            HEAD,
            ["H-003", "KZ-10", "2024-Q1", 5, "20.01.2025"],
            ["H-003", "KZ-10", "2024-Q2", 9, "20.01.2025"],
            ["H-003", "KZ-10", "2024-Q3", 12, "20.01.2025"],
        ],
        ["running", "rising"],
    ),
    "region": (
        [
            ["Code", "Year", "Value", "Reported on"],
            ["H-001", 2024, 5, "20.01.2025"],
            ["H-002", 2024, 7, "20.01.2025"],
        ],
        ["the nation", "one region"],
    ),
    "scale": ([["тыс. единиц"], *LONG], ["thousands", "units"]),
    "column-value": (
        [[*HEAD[:3], "Fact", "Actual", "Reported on"], ["H-001", "KZ-10", 2024, 5, 6, "20.01.2025"]],
        ["the one", "the other"],
    ),
    "keep-Sex": (
        [[*HEAD, "Sex"], *([*row[:3], row[3] + n, row[4], sex] for row in LONG[1:] for n, sex in enumerate("FM"))],
        ["women", "men"],
    ),
    "indicator": (
        [["Результаты"], HEAD[1:], ["KZ-10", 2024, 5, "20.01.2025"], ["KZ-71", 2024, 6, "20.01.2025"]],
        ["clinics", "vaccination"],
    ),
    "reported_on": (
        [HEAD[:4], ["H-001", "KZ-10", 2024, 5], ["H-001", "KZ-71", 2024, 6]],
        ["today", "yesterday"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("question", TWINS)
def test_what_can_mean_two_things_is_asked(folder, question):
    rows, _ = TWINS[question]
    found = drawn(folder, rows)

    assert question in asked(found), found.toml()
    assert not found.is_ready


def test_a_column_headed_region_is_the_region_though_no_name_in_it_is_known(folder):
    rows = [[*HEAD], *([code, f"Zone {n}", 2024, n, "20.01.2025"] for n, code in enumerate(["H-001", "H-002", "H-001"]))]  # fmt: skip
    found = drawn(folder, rows)
    [draft] = found.drafts

    assert not found.is_ready
    assert "Zone 0" in draft.refused


def test_no_column_of_figures_is_left_out_without_its_name(folder):
    rows = [[*HEAD, "Population"], *([*row, 1000 + n] for n, row in enumerate(LONG[1:]))]
    [draft] = drawn(folder, rows).drafts

    assert draft.body["ignore"] == ["Population"]
    assert draft.left_out[5].startswith("F 'Population': 4 figures")
    assert "Account: 8 figures = 4 kept + 4 left out with F" in draft.told


def test_the_parts_of_a_whole_are_kept_beside_it_where_that_is_answered(folder):
    path = folder / "data" / "raw" / "health" / "new.xlsx"
    parts = [("total", 0), ("women", 1), ("men", 2)]
    rows = [[*row[:3], row[3] + n, row[4], part] for row in LONG[1:3] for part, n in parts]
    write(path, [*HEAD, "Sex"], *rows)
    registry = open_registry(folder)
    write_draft(
        registry, [described(folder, path, {"question": "keep-Sex", "answer": "each"})], []
    )
    [result] = load(open_registry(folder)).files
    [columns] = result.tables["observations"]

    assert result.outcome == "loaded"
    assert {*zip(columns["breakdown"], columns["value"], strict=True)} == {
        ("", 21), ("women", 22), ("men", 23), ("", 4), ("women", 5), ("men", 6),
    }  # fmt: skip


def test_two_stacked_tables_are_two_layouts(folder):
    table = [["Region", 2023, 2024], ["KZ-10", 20, 31], ["KZ-71", 4, 6]]
    rows = [["Clinics renovated"], *table, [], [], ["Vaccination coverage"], *table]
    found = drawn(folder, rows, "new.xlsx", DAY)

    meant = [draft.body["constants"]["indicator"] for draft in found.drafts]
    assert meant == ["health.clinics", "health.vaccination"]
    assert found.is_ready


# Tables of a text file, one under another, each as wide as it is.
NARROW = "Clinics renovated\nRegion;2023;2024\nKZ-10;20;31\nKZ-71;4;6\n"
BROAD = "Vaccination coverage\nRegion;2022;2023;2024\nKZ-10;1;20.5;31\nKZ-71;2;4;6\n"
QUARTERS = "Visits\nRegion;Q1 2024;Q2 2024;Q3 2024;Q4 2024\nKZ-10;5;9;11;12\nKZ-71;7;3;2;1\n"
CODED = "Code;Region;Year;Value;As of\nH-002;KZ-10;2023;20.5;2025-01-20\nH-002;KZ-71;2024;6;2025-01-20\n"
OF_CLINICS = {
    ("health.clinics", "KZ-10", "2023", 20), ("health.clinics", "KZ-10", "2024", 31),
    ("health.clinics", "KZ-71", "2023", 4), ("health.clinics", "KZ-71", "2024", 6),
}  # fmt: skip
OF_VACCINATION = {
    ("health.vaccination", region, str(year), figure)
    for region, figures in (("KZ-10", (1, 20.5, 31)), ("KZ-71", (2, 4, 6)))
    for year, figure in enumerate(figures, 2022)
}
OF_VISITS = {
    ("health.visits", region, f"2024-Q{place}", figure)
    for region, figures in (("KZ-10", (5, 9, 11, 12)), ("KZ-71", (7, 3, 2, 1)))
    for place, figure in enumerate(figures, 1)
}
OF_CODED = {
    ("health.vaccination", "KZ-10", "2023", 20.5), ("health.vaccination", "KZ-71", "2024", 6),
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{NARROW}\n{BROAD}", OF_CLINICS | OF_VACCINATION),
        (f"{BROAD}\n{NARROW}", OF_CLINICS | OF_VACCINATION),
        (f"{NARROW}{BROAD}", OF_CLINICS | OF_VACCINATION),
        (f"{NARROW}{CODED}", OF_CLINICS | OF_CODED),
        (f"{BROAD}\n{NARROW}\n{QUARTERS}", OF_CLINICS | OF_VACCINATION | OF_VISITS),
        (f"{NARROW}Total;24;37\n\n{QUARTERS}Total;12;12;13;13\n", OF_CLINICS | OF_VISITS),
        (
            f"{NARROW}Source: ministry\n\n{BROAD}".replace("coverage", "coverage\nby regions"),
            OF_CLINICS | OF_VACCINATION,
        ),
    ],
)
@pytest.mark.parametrize("delimiter", [";", ","])
def test_tables_of_a_text_file_that_differ_in_width_are_each_loaded(
    folder, text, expected, delimiter
):
    path = text_file(folder, text.replace(";", delimiter))
    found = described(folder, path, DAY)

    assert found.is_ready, found.toml()
    assert set().union(*(figures(folder, path, draft) for draft in found.drafts)) == expected
    assert "running number" not in found.toml()


def test_what_is_said_of_a_file_ends_with_one_full_stop(folder):
    text = "Region\tCode\tYear\tValue\nKZ-10\tH-001\t2023\t21\n"
    found = described(folder, text_file(folder, text))

    assert found.container == ("csv.", "Cells are divided by tabs, not commas: followed.")


def test_sheets_without_a_table_are_left_out_with_the_reason(folder):
    more = [("Cover", [["Report of the ministry"], ["for the unit"]])]
    found = drawn(folder, LONG, more=more)

    assert found.left_out == {"Cover": "no row of figures under a heading"}


def test_a_list_of_the_sheets_is_left_out_and_a_table_of_figures_beside_them_is_not(folder):
    contents = [["No", "Title"], ["1.1", "Clinics"], [1.2, "Coverage"], ["1.3", "Visits"]]
    regions = [["Region", "Value"], ["1.1a", 5], ["1.2", 7]]
    more = [("Contents", contents), ("1.1 Clinics", []), ("1.2 Coverage", []), ("1.3", [])]
    found = drawn(folder, LONG, more=more)
    summary = drawn(folder, regions, more=more)

    assert found.left_out["Contents"] == "it lists 3 other sheets; 1 figures lie on it"
    assert [draft.table.grid.sheet for draft in found.drafts] != ["Contents"]
    assert [draft.table.grid.sheet for draft in summary.drafts] != ["Contents"]
    assert len(found.drafts) == len(summary.drafts) == 1


UNTOLD = "code;region;period;actual\nH-001;ЖЕТІСУ;2024;5\nH-001;KZ-10;2024;6\n".encode("cp855")


def untold(folder, *answers, data=UNTOLD):
    path = folder / "data" / "raw" / "health" / "letters.csv"
    path.write_bytes(data)
    registry = open_registry(folder)
    book = open_file(path, asks=True)
    return describe_book(registry, registry.sector("health"), book, answers)


def test_an_encoding_that_cannot_be_told_is_asked_with_a_line_in_each(folder):
    [draft] = untold(folder).drafts
    [question] = [one for one in draft.questions if one.id == "encoding"]
    shown = {option.name: option.meaning for option in question.options}

    assert shown["cp866"] == "'H-001;ъйцЛфш;2024;5'"
    assert shown["cp1251"] != shown["cp866"]
    assert not draft.is_ready


@pytest.mark.parametrize("codec", ["cp866", "cp855"])
def test_a_file_is_read_as_its_encoding_was_answered_and_the_draft_says_which(folder, codec):
    told = {"question": "encoding", "answer": codec}
    [draft] = untold(folder, told).drafts

    assert draft.body["encoding"] == codec
    assert draft.table.grid.rows[1][1] == UNTOLD.decode(codec).split(";")[4]
    assert "encoding" not in {one.id for one in draft.questions}


def test_an_encoding_that_there_is_not_is_no_answer(folder):
    with pytest.raises(DefinitionError, match="no answer to the question 'encoding'"):
        untold(folder, {"question": "encoding", "answer": "cp9999"})


def test_a_file_of_which_the_lines_differ_in_encoding_is_refused(folder):
    with pytest.raises(SourceError, match="another encoding than the rest"):
        untold(folder, data=UNTOLD + "H-001;Абай;2023;6\n".encode())


def test_a_file_that_a_declared_layout_reads_is_not_drafted_again(folder):
    path = folder / "data" / "raw" / "health" / "return.xlsx"
    write(path, ["code", "period", "actual", "as_of"], ["H-001", "2024", 31, date(2025, 1, 20)])
    found = described(folder, path)

    assert "A declared layout reads it" in found.known
    assert not found.drafts


def test_a_text_of_the_sheet_cannot_end_the_comment_it_stands_in(folder):
    rows = [["Clinics\n[[indicator]]\nid = 'evil'"], *LONG]
    text = drawn(folder, rows).toml()

    assert tomllib.loads(text).keys() == {"sheet"}


def test_a_ready_draft_is_written_into_the_definition_and_then_loads_clean(folder):
    path = folder / "data" / "raw" / "health" / "new.xlsx"
    write(path, *LONG)
    registry = open_registry(folder)
    [written] = write_draft(registry, [described(folder, path)], [])
    loaded = load(open_registry(folder))

    assert written.name == "health.toml"
    assert [result.outcome for result in loaded.files] == ["loaded"]
    assert sorted(loaded.dataset.observations["value"]) == [4, 21, 31, 88.5]


def test_a_draft_with_open_questions_stands_beside_and_is_never_loaded(folder):
    path = folder / "data" / "raw" / "health" / "roads_2024.xlsx"
    write(path, *WIDE)
    registry = open_registry(folder)
    [written] = write_draft(registry, [described(folder, path)], [])
    draft = tomllib.loads(written.read_text(encoding="utf-8"))

    assert written.name == "health.draft.toml"
    assert set(draft["sheet"][0]["ask"]) == {"marks", "missing"}
    assert [*open_registry(folder).sectors] == ["health"]


def test_the_command_says_what_is_open_and_takes_the_answers(folder, capsys):
    from delivery_analytics.cli import main

    def run(*words):
        with pytest.raises(SystemExit) as left:
            main.app(["--workspace", str(folder), "describe", str(path), *words])
        return left.value.code, capsys.readouterr().out

    path = write(folder / "data" / "raw" / "health" / "new.xlsx", *(row[:4] for row in LONG))
    code, said = run("--format", "json")
    [file] = json.loads(said)["files"]
    [question] = file["drafts"][0]["questions"]
    assert (code, question["id"]) == (3, "reported_on")

    answers = text_file(folder, '[[answer]]\nquestion = "reported_on"\nanswer = "20.01.2025"\n')
    code, said = run("--answers", str(answers), "--write", "--format", "toml")
    assert code == 0
    assert tomllib.loads(said)["sheet"][0]["constants"] == {"reported_on": date(2025, 1, 20)}
    assert load(open_registry(folder)).files[0].kept == 4


def test_an_answer_that_there_is_none_of_names_those_there_are(folder):
    with pytest.raises(DefinitionError, match="or any day"):
        drawn(folder, [row[:4] for row in LONG], "new.xlsx", DAY | {"answer": "soon"})
