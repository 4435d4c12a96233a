"""Owners, executors and acts are matched with their registers; texts come in languages."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from delivery_analytics import blocks
from delivery_analytics.analytics import instructions, quality
from delivery_analytics.errors import DefinitionError
from delivery_analytics.loading.load import load
from delivery_analytics.model.opening import open_dataset
from delivery_analytics.model.registry import open_registry
from delivery_analytics.model.withholding import BLACK
from delivery_analytics.parsing.matching import field_names
from delivery_analytics.wording.wording import open_wording
from tests.support.workbooks import workspace, write

DAY = date(2025, 1, 20)
BODIES = """id,name_en,name_ru,name_kk,aliases
finance,Ministry of Finance,Министерство финансов,Қаржы министрлігі,МФ РК|Минфин
health,Ministry of Health,Министерство здравоохранения,Денсаулық сақтау министрлігі,
railway,Temir Zholy,Қазақстан темір жолы,,АО «НК «Қазақстан темір жолы»
"""
ACTS = """id,name_en,name_ru,name_kk
m12,"Minutes No. 12 of 15 January 2024","Протокол № 12 от 15.01.2024","15.01.2024 № 12 хаттама"
"""
SHEETS = """
[[sheet]]
table = "instructions"
files = ["instructions*"]
[sheet.columns]
instruction = ["no"]
control = ["control"]
act = ["act"]
executor = ["who"]
text_ru = ["задача"]
text_kk = ["тапсырма"]
secrecy = ["mark"]
due_on = ["due"]
reported_on = ["as of"]
[[sheet]]
table = "milestones"
files = ["milestones*"]
columns = { milestone = ["no"], title = ["title"], title_ru = ["веха"], owner = ["who"], reported_on = ["as of"] }
"""
HEAD = ["no", "control", "act", "who", "задача", "тапсырма", "mark", "due", "as of"]
SENT = [
    ("I-1", "Minutes No. 12 of 15 January 2024", "Ministry of Finance", "Сделать", "Жасау", ""),
    ("I-2", "протокол  № 12 от 15.01.2024", "МИНИСТЕРСТВО ФИНАНСОВ", "Строить", "", ""),
    ("I-3", "Протокол № 13 от 15.01.2024", "Минфин", "", "Ашу", ""),
    ("I-4", "Another act", "Министерство финанcов и другие", "Читать", "", ""),
    ("I-5", "Another act", "Министерство финасов", "Писать", "", ""),
    ("I-6", "Another act", "МФ РК", "Тайна", "Құпия", "ДСП"),
]


@pytest.fixture
def registry(tmp_path):
    folder = workspace(tmp_path, sheets=SHEETS)
    definitions, raw = folder / "data" / "definitions", folder / "data" / "raw" / "health"
    (definitions / "bodies.csv").write_text(BODIES, "utf-8")
    (definitions / "acts.csv").write_text(ACTS, "utf-8")
    rows = [[no, "special", *more, date(2024, 12, 1), DAY] for no, *more in SENT]
    write(raw / "instructions.xlsx", HEAD, *rows)
    head = ["no", "title", "веха", "who", "as of"]
    write(raw / "milestones.xlsx", head, ["M-1", "Bridge", "Мост", "Temir Zholy", DAY])
    load(open_registry(folder)).save()
    return open_registry(folder)


@pytest.fixture
def data(registry):
    return open_dataset(registry.workspace.processed, registry)


def test_what_was_sent_stays_and_its_body_and_act_stand_beside_it(registry):
    sent = open_dataset(registry.workspace.processed, registry, as_sent=True, restricted=True)
    rows = sent.instructions

    assert rows["executor"].tolist() == [who for _, _, who, *_ in SENT]
    assert rows["executor_id"].tolist() == ["finance"] * 3 + ["", "", "finance"]
    assert rows["act_id"].tolist() == ["m12", "m12", "", "", "", ""]
    assert sent.milestones["owner_id"].tolist() == ["railway"]


def test_what_nearly_is_a_name_is_told_and_not_taken_for_it(data):
    told = data.problems[data.problems["code"] == "cell.name-unknown"]

    assert told["cell"].tolist() == ["D6"]  # minutes No. 13 are others than No. 12
    assert told["severity"].tolist() == ["warning"]
    assert (
        "no body we know, and stays as sent. Did you mean Министерство финансов?"
        in (told["message"].iloc[0])
    )


def test_one_body_and_one_act_count_once_in_every_language(data):
    known = data.known_on(DAY)
    control = instructions.control(known)
    by_act = instructions.discipline(control, by="act").set_index("act")["instructions"]
    assert by_act["Minutes No. 12 of 15 January 2024"] == 2

    for language, name in (("ru", "Министерство финансов"), ("kk", "Қаржы министрлігі")):
        frame = blocks.control_measures(known, open_wording(language)).frame
        assert frame.set_index("name")["instructions"][name] == 3
        assert len(frame) == 3


def test_a_reader_sees_a_text_in_her_language_where_it_was_sent_so(data):
    known = data.known_on(DAY)
    read = {
        language: dict(
            known.named(language)
            .instructions[["instruction_id", "text"]]
            .itertuples(index=False)
        )
        for language in ("en", "ru", "kk")
    }
    assert (read["ru"]["I-1"], read["kk"]["I-1"]) == ("Сделать", "Жасау")
    assert read["kk"]["I-2"] == "Строить"
    assert read["en"]["I-3"] == read["ru"]["I-3"] == "Ашу"
    titles = {one: known.named(one).milestones["title"].tolist() for one in ("en", "ru", "kk")}
    assert titles == {"en": ["Bridge"], "ru": ["Мост"], "kk": ["Bridge"]}
    shown = blocks.milestones(known, open_wording("ru")).frame
    assert shown[["title_marked", "owner"]].values.tolist() == [
        ["Мост", "Қазақстан темір жолы"]
    ]


def test_data_as_opened_have_texts_as_sent_and_can_be_read_in_any_language(data):
    """What was put into one language at the door could not be put into another behind it."""
    assert data.milestones["title"].tolist() == ["Bridge"]
    assert data.named().named("ru").milestones["title"].tolist() == ["Мост"]
    shown = blocks.milestones(data.known_on(DAY), open_wording("en")).frame
    assert shown["title_marked"].tolist() == ["Bridge"]


def test_a_restricted_text_is_withheld_in_every_language_with_who_answers_for_it(data):
    row = data.instructions.set_index("instruction_id").iloc[-1]
    assert row["restricted"]
    texts = row[["text", "text_ru", "text_kk", "executor", "executor_id", "act"]]
    assert set(texts) == {BLACK}
    for word in ("Тайна", "Құпия", "МФ РК"):
        assert word not in "\n".join(t.to_csv() for t in data.tables.values())


JOINT = [
    ("МФ РК; Ministry of Health", "finance;health", "МФ РК; Ministry of Health"),
    ("Минфин;\nДенсаулық сақтау министрлігі", "finance;health", None),
    ("Temir Zholy\nМинфин", "railway;finance", "Temir Zholy; Минфин"),
    ("Минфин, Temir Zholy", "finance;railway", "Минфин; Temir Zholy"),
    ("МФ РК и Министерство здравоохранения", "finance;health", None),
    ("Минфин / МФ РК", "finance", "МФ РК"),
    ("Somebody; Минфин", ";finance", "Somebody; Минфин"),
    ("Somebody, Минфин", "", "Somebody, Минфин"),
    ("Somebody; another", "", "Somebody; another"),
]


def test_several_bodies_in_one_cell_each_count_and_are_each_found(registry):
    raw = registry.workspace.raw / "health"
    rows = [
        [f"J-{n}", "special", "", sent, "До", "", "", date(2024, 12, 1), DAY]
        for n, (sent, *_) in enumerate(JOINT)
    ]
    write(raw / "instructions.xlsx", HEAD, *rows)
    write(raw / "milestones.xlsx", ["no", "title", "веха", "who", "as of"])
    loaded = load(registry).dataset
    own = loaded.instructions
    assert own["executor_id"].tolist() == [ids for _, ids, _ in JOINT]
    for text, (_, _, expected) in zip(own["executor"], JOINT, strict=True):
        assert expected in (text, None)

    named = loaded.named("kk").known_on(DAY)
    assert (
        named.instructions["executor"].tolist()[:2]
        == ["Қаржы министрлігі; Денсаулық сақтау министрлігі"] * 2
    )
    assert named.instructions["executor"].tolist()[6] == "Somebody; Қаржы министрлігі"
    control = instructions.control(named)
    counted = instructions.discipline(control, by="executor").set_index("executor")
    assert counted["instructions"].to_dict() == {
        "Қаржы министрлігі": 7,
        "Денсаулық сақтау министрлігі": 3,
        "Temir Zholy": 2,
        **{"Somebody": 1, "Somebody, Минфин": 1, "Somebody; another": 1},
    }
    late = instructions.ageing(control, by="executor").set_index("executor")["overdue"]
    assert late["Қаржы министрлігі"] == 7
    listed = quality.unregistered(loaded)["text"].tolist()
    assert listed == ["Somebody", "Somebody, Минфин", "Somebody; another"]

    def found(body):
        return loaded.where(body_id=body).instructions["instruction_id"].tolist()

    assert found("railway") == ["J-2", "J-3"]
    assert found(["railway", "health"]) == found("[rh]*") == ["J-0", "J-1", "J-2", "J-3", "J-4"]


def test_a_slip_in_one_of_several_names_is_told_with_the_near_one(registry):
    row = ["J-1", "special", "", "МФ РК; Ministry of Healht", "До", "", "", None, DAY]
    write(registry.workspace.raw / "health" / "instructions.xlsx", HEAD, row)
    loaded = load(registry)

    [told] = loaded.problems.loc[loaded.problems["code"] == "cell.name-unknown", "message"]
    assert told.startswith("'Ministry of Healht' is no body")
    assert "Did you mean Ministry of Health?" in told
    assert loaded.dataset.instructions["executor_id"].tolist() == ["finance;"]


def test_what_no_register_has_is_listed_once_with_its_rows(data):
    found = quality.unregistered(data)

    assert found[["rule", "text", "compared_with"]].values.tolist() == [
        ["register.bodies", "Министерство финанcов и другие", 1],
        ["register.bodies", "Министерство финасов", 1],
        ["register.acts", "Протокол № 13 от 15.01.2024", 1],
        ["register.acts", "Another act", 2],
    ]
    assert "register.bodies" in set(quality.findings(data)["rule"])


def test_a_constant_of_a_sheet_that_nearly_is_a_body_is_refused_where_it_stands(tmp_path):
    sheets = (
        SHEETS.replace(', owner = ["who"]', "")
        + 'constants = { owner = "Ministry of Finanse" }'
    )
    folder = workspace(tmp_path, sheets=sheets)
    (folder / "data" / "definitions" / "bodies.csv").write_text(BODIES, "utf-8")

    with pytest.raises(
        DefinitionError, match=r"constants.owner: .* Did you mean Ministry of Finance"
    ):
        load(open_registry(folder))


def test_a_unit_without_registers_is_told_nothing(tmp_path):
    folder = workspace(tmp_path, sheets=SHEETS)
    raw = folder / "data" / "raw" / "health"
    write(
        raw / "milestones.xlsx",
        ["no", "title", "веха", "who", "as of"],
        ["M-1", "A", "", "B", DAY],
    )
    loaded = load(open_registry(folder))

    assert loaded.problems.empty
    assert quality.unregistered(loaded.dataset).empty


def test_a_load_that_takes_files_over_keeps_what_was_sent(registry):
    processed = registry.workspace.processed
    write(
        registry.workspace.raw / "health" / "milestones2.xlsx",
        ["no", "title", "веха", "who", "as of"],
        ["M-2", "B", "", "МФ РК", DAY],
    )
    load(registry, previous=processed).save()

    rows = open_dataset(processed, registry, as_sent=True, restricted=True).instructions
    assert rows["executor"].tolist() == [who for _, _, who, *_ in SENT]


NAMES = [
    *[("finance", name) for name in ("Ministry of Finance", "Министерство финансов", "МФ РК")],
    *[("health", name) for name in ("Денсаулық сақтау министрлігі", "health")],
    ("railway", "АО «НК «Қазақстан темір жолы»"),
]
QUOTED = [("«", "»"), ('"', '"'), ("„", "“"), ("", "")]


@pytest.fixture(scope="module")
def executors(tmp_path_factory):
    folder = workspace(tmp_path_factory.mktemp("known") / "unit")
    (folder / "data" / "definitions" / "bodies.csv").write_text(BODIES, "utf-8")
    registry = open_registry(folder)
    return field_names(registry, registry.sector("health"))["executor"]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(NAMES),
    st.sampled_from([str, str.upper, str.lower, str.title]),
    st.sampled_from(QUOTED),
    st.sampled_from([" ", "  ", "\u00a0"]),
)
def test_case_quotes_and_spaces_make_no_other_body(executors, named, case, quotes, space):
    key, name = named
    written = quotes[0] + case(name).replace("«", quotes[0]).replace("»", quotes[1]) + quotes[1]
    assert executors.find(written.replace(" ", space)).value == key
