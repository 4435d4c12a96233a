"""A misspelt word of a definition is refused, and so is a key of which nothing would come."""

import copy
import pickle
import random
import re
import string
from pathlib import Path

import pytest

from delivery_analytics.errors import DefinitionError
from delivery_analytics.loading.fields import Context, FieldReader
from delivery_analytics.loading.records import RecordColumn, Records
from delivery_analytics.loading.references import check_references
from delivery_analytics.loading.tables import TABLES
from delivery_analytics.model import registry as registry_module
from delivery_analytics.model import schema
from delivery_analytics.model.registry import open_registry
from delivery_analytics.model.sheet_checks import FIGURES, NAMED
from delivery_analytics.model.sheet_definitions import Sheet
from delivery_analytics.parsing.matching import field_names, fold
from delivery_analytics.spreadsheets import Grid
from tests.support.cases import read
from tests.support.shared import needs_shared
from tests.support.workbooks import workspace

EXAMPLE = Path(__file__).resolve().parents[2]
GIVEN = {
    "observations": "indicator = 'H-001', period = '2024', value = 1",
    "spending": "line = 'one', period = '2024', unit = 'KZT'",
    "milestones": "milestone = 'one'",
}


def refusal(folder, table, lines):
    given = f"reported_on = 2025-01-20, {GIVEN[table]}"
    sheet = f"\n[[sheet]]\ntable = '{table}'\nconstants = {{ {given} }}\n"
    lines = f"\n[[sheet]]\ntable = '{table}'\nfiles = ['roads_*', 'дороги']\n{lines}"
    workspace(folder, sheet + lines.replace("GIVEN", given))
    with pytest.raises(DefinitionError) as error:
        open_registry(folder)
    return str(error.value)


@needs_shared
@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("typo-region", r"\[\[sheet\]\], for files t\*, columns: .*'regoin'.*mean region\?"),
        ("typo-target", r"first \[\[sheet\]\], for files соц.*'targt'\. Did you mean target"),
        ("fiscal-year-spending", r"fiscal_year_start: has no effect beside cumulative"),
    ],
)
def test_a_case_is_refused_with_the_near_miss(case, said):
    with pytest.raises(DefinitionError, match=said):
        read(case)


@pytest.mark.parametrize(
    ("table", "lines", "said"),
    [
        ("observations", "columns = { regoin = ['R'] }", "columns: .* mean region"),
        ("observations", "at = { regoin = 'B' }", "at: .* mean region"),
        ("observations", "section = 'regoin'", "section: .* mean region"),
        ("observations", "join = { regoin = ['value'] }", "join: .* mean region"),
        ("observations", "constants = { regoin = 'KZ' }", "constants: .* mean region"),
        ("observations", "cells = { regoin = { cell = 'A1' } }", "cells: .* mean region"),
        ("observations", "file_name = '(?P<regoin>.)'", "file_name: .* mean region"),
        ("observations", "wide = { by = ['regoin'] }", "wide.by: .* mean region"),
        ("observations", "wide = { by = ['region'], value = 'valu' }", "wide.value: .* value"),
        ("spending", "wide = { by = ['region'], values = { pln = ['P'] } }", ".* mean plan"),
        ("milestones", "columns = { titel = ['T'] }", "columns: .* mean title"),
        ("milestones", "columns = { region = ['R'] }", "no field 'region'.*Fields of mil"),
        (
            "observations",
            "constants = { GIVEN }\nfill = ['value']",
            "fill: has no effect on 'value', which constants gives",
        ),
        (
            "observations",
            "columns = { value = ['v'] }\nconstants = { GIVEN }",
            "constants: 'value' has a column as well",
        ),
        (
            "observations",
            "constants = { GIVEN }\nwide = { by = ['sex'] }",
            "wide.by: there is no field 'sex'",
        ),
        (
            "observations",
            "constants = { GIVEN }\nwide = { by = ['region'], labels = { regoin = {} } }",
            "wide.labels: 'regoin' is not in wide.by. Did you mean region",
        ),
        ("milestones", "constants = { GIVEN }\ncumulative = true", "cumulative: has no effect"),
        ("milestones", "constants = { GIVEN }\nscale = 10.0", "scale: has no effect"),
        ("milestones", "constants = { GIVEN }\ncheck_totals = true", "check_totals: has no"),
        ("spending", "constants = { GIVEN }\ncomplete = true", "complete: has no effect"),
        (
            "spending",
            "constants = { GIVEN }\ncumulative = true\nfiscal_year_start = 9",
            "fiscal_year_start: has no effect beside cumulative",
        ),
    ],
)
def test_a_sheet_is_refused_as_a_person_would_name_it(tmp_path, table, lines, said):
    message = refusal(tmp_path, table, lines)

    assert "health.toml, the second [[sheet]], for files roads_*, дороги, " in message
    assert re.search(said, message), message


def test_a_field_of_the_sheets_own_may_be_used_by_its_other_keys(tmp_path):
    lines = """
columns = { year = ["Y"], part = ["P"], value = ["V"], share = ["%"] }
join = { period = ["year", "part"] }
recompute = { share = { part = "value", of = "value" } }
constants = { indicator = "H-001", reported_on = 2025-01-20 }
"""
    known = open_registry(workspace(tmp_path, f"[[sheet]]\ntable = 'observations'{lines}"))

    assert set(known.sectors["health"].sheets[0].columns) == {"year", "part", "value", "share"}


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("constants = { indicator = 'H-0001', WHEN }", r"constants.indicator: .*H-001"),
        ("constants = { INDICATOR, region = 'Astna', WHEN }", r"constants.region: .*Astana"),
        ("constants = { INDICATOR, unit = 'percemt', WHEN }", r"constants.unit: .*percent"),
        ("constants = { INDICATOR, reported_on = '20.13.2025' }", r"constants.reported_on: "),
        (
            "constants = { INDICATOR, region = 'x', WHEN }\nmap = { region = { x = 'KZ-01' } }",
            r"map.region: 'KZ-01' is no region",
        ),
        (
            "constants = { INDICATOR, WHEN }\n[sheet.wide]\nby = ['region']\n"
            "labels = { region = { KZ-72 = ['A'] } }",
            r"wide.labels.region: .*KZ-71",
        ),
    ],
)
def test_a_word_said_in_place_of_the_sender_is_read_before_any_file(tmp_path, lines, said):
    lines = lines.replace("WHEN", "reported_on = 2025-01-20").replace(
        "INDICATOR", "indicator = 'H-001'"
    )
    columns = "columns = { period = ['period'], value = ['actual'] }"
    if "wide" in lines:
        columns = "columns = { period = ['period'] }"
    known = open_registry(
        workspace(tmp_path, f"[[sheet]]\ntable = 'observations'\n{columns}\n{lines}")
    )

    with pytest.raises(DefinitionError) as error:
        check_references(known)
    assert "health.toml, the first [[sheet]], " in str(error.value)
    assert re.search(said, str(error.value)), str(error.value)


def test_rows_under_a_caption_may_have_a_column_of_labels(tmp_path):
    lines = """
section = "indicator"
columns = { label = ["L"], period = ["P"], value = ["V"] }
constants = { reported_on = 2025-01-20 }
"""
    known = open_registry(workspace(tmp_path, f"[[sheet]]\ntable = 'observations'{lines}"))

    assert "label" in known.sectors["health"].sheets[0].columns


class Asked(dict):
    """Fields of records that remember which of them were asked for."""

    def __init__(self):
        super().__init__()
        self.names = set()

    def __contains__(self, name):
        self.names.add(name)
        return name == "target"

    def __getitem__(self, name):
        return RecordColumn([None])


@pytest.mark.parametrize("table", TABLES)
def test_the_fields_that_definitions_may_name_are_those_that_loading_reads(tmp_path, table):
    known = open_registry(workspace(tmp_path))
    sector, asked = known.sectors["health"], Asked()
    context = Context(known, Sheet(table=table), field_names(known, sector), {}, "health", "x")
    TABLES[table](FieldReader(Records(Grid("file.csv", "", [[None]]), [0], asked), context))

    headings_of_the_blank_return = {"indicator_name", "comment"}
    names = set(schema.TABLES[table].fields) - headings_of_the_blank_return
    assert asked.names - {"plan"} == names - {"plan"}
    assert set(NAMED) == {"period", *field_names(known, sector)}
    assert {name for name in FIGURES if name in names} == {*FIGURES} & names


FREE = ("map", "labels", "marks")  # whose keys are texts that were sent
WORDS = {
    *("table", "unit", "direction", "frequency", "trajectory", "over_regions", "kind"),
    *("over_time", "weight"),
    *("sector_id", "region_id", "programmes", "by", "part", "of", "value"),
    *("indicator", "optional", "fill", "section", "hidden_rows", "hidden_sheets"),
}
NAMED_BY_ID = ("units.toml", "programmes.toml", "challenges.toml", "packs.toml")
RULES = ("default_method", "max_age_days", "due_after_days")


def places(body, file, above=(), within=""):
    """Yield the place of every key, and of every word that refers to something."""
    in_money = within in ("spending", "actions")  # where a unit is any currency
    for key, value in body.items():
        place = (*above, key)
        is_id = not above and (
            file in NAMED_BY_ID or (file == "status.toml" and key not in RULES)
        )
        is_rule = file == "status.toml" and bool(above) and above[0] not in RULES
        is_text = bool(above) and (above[-1] in FREE or above[-2:-1] == ("labels",))
        if not (is_id or is_rule or is_text):
            yield place, "key"
        if isinstance(value, dict):
            yield from places(value, file, place, body.get("table", within))
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for number, inner in enumerate(value):
                yield from places(inner, file, (*place, number), within)
        elif key in WORDS and "columns" not in above and not (key == "unit" and in_money):
            words = range(len(value)) if isinstance(value, list) else [None]
            yield from (
                ((*place, word) if word is not None else place, "word") for word in words
            )


def misspelt(word, dice):
    """Return `word` with one letter left out, changed, doubled, or two letters exchanged."""
    at = dice.randrange(len(word))
    swapped = word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :]
    other = dice.choice(string.ascii_lowercase)
    forms = [word[:at] + word[at + 1 :], word[:at] + other + word[at + 1 :], swapped]
    return dice.choice([*forms, word[:at] + word[at] + word[at:]])


def changed(body, place, dice):
    """Return a copy of `body` with the word at `place` misspelt, the word, and what it is now."""
    out = copy.deepcopy(body)
    *above, last = place[0]
    inner = out
    for part in above:
        inner = inner[part]
    word = last if place[1] == "key" else inner[last]
    wrong = misspelt(word, dice)
    if place[1] == "word":
        inner[last] = wrong
    elif wrong not in inner:
        renewed = {(wrong if key == last else key): value for key, value in inner.items()}
        inner.clear()
        inner.update(renewed)
    return out, word, wrong


def test_every_key_and_reference_of_the_example_misspelt_is_refused(monkeypatch, capsys):
    dice, read_toml = random.Random(16), registry_module._toml
    folder = EXAMPLE / "data" / "definitions"
    bodies = {path: read_toml(path) for path in sorted(folder.rglob("*.toml"))}
    kept = {path: pickle.dumps(body) for path, body in bodies.items()}  # quick to copy
    known, build = open_registry(EXAMPLE), registry_module._sector
    tables = {name for table in schema.TABLES.values() for name in table.fields}
    valid = {*known.units, *known.regions, *known.sectors, *known.programmes, *tables, ""}
    refused, left_out, accepted = 0, 0, []
    for path, body in bodies.items():
        for place in places(body, path.name):
            wrong_body, word, wrong = changed(body, place, dice)
            if fold(wrong) == fold(word) or wrong in valid:
                left_out += 1
                continue
            now = kept | {path: pickle.dumps(wrong_body)}

            def sector(file, body, shared, path=path):
                # One sector's file says nothing of another sector.
                is_other = path.parent.name == "sectors" and file != path
                return known.sectors[file.stem] if is_other else build(file, body, shared)

            monkeypatch.setattr(registry_module, "_sector", sector)
            monkeypatch.setattr(
                registry_module, "_toml", lambda p, now=now: pickle.loads(now[p])
            )
            try:
                check_references(open_registry(EXAMPLE))
            except DefinitionError as error:
                said = str(error)
                if path.name in said and wrong in said and re.search(rf"\b{word}\b", said):
                    refused += 1
                    continue
                accepted.append((path.name, place, wrong, said))
            else:
                accepted.append((path.name, place, wrong, "accepted"))
    tried = refused + len(accepted)
    with capsys.disabled():
        print(f"\nmisspelt and refused: {refused} of {tried}; {left_out} left out")
    assert not accepted, "\n".join(map(str, accepted[:20]))
    assert refused > 1500
