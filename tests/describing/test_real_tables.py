"""Real files and the example's own returns, described as if nobody had declared them.

Each is held against an answer that knows nothing of `describe`: a definition made by hand, or
the file's own rows read by the `csv` module. What is not sure may be asked or refused; what is
ready must be equal.
"""

import csv
from collections import Counter
from dataclasses import replace
from fnmatch import fnmatch

import pytest

from delivery_analytics.describing.draft import MOST_ASKED
from delivery_analytics.describing.kinds import Kinds
from delivery_analytics.describing.tables import find_tables, no_table
from delivery_analytics.describing.trial import figures_by_cell, load_draft
from delivery_analytics.describing.workbook import describe_book
from delivery_analytics.errors import SourceError
from delivery_analytics.loading.form_rows import is_sum_of_lines
from delivery_analytics.loading.intake import return_files
from delivery_analytics.loading.read_book import read_book
from delivery_analytics.model.definitions import Indicator, Unit
from delivery_analytics.model.registry import open_registry
from delivery_analytics.parsing.parse import clean
from delivery_analytics.spreadsheets import Reader
from tests.conftest import ROOT
from tests.support.asked import most_asked
from tests.support.shared import SHARED, needs_shared

DATA = SHARED / "data"
REAL = ROOT / "tests" / "workspaces" / "real"
# What a row of a national indicator may be divided by; blank is the total.
GROUPS = (
    "SEX", "AGE", "URBANISATION", "COMPOSITE_BREAKDOWN", "EDUCATION_LEV", "ACTIVITY",
    "INCOME_WEALTH_QUANTILE", "GeoCode", "DISABILITY_STATUS",
)  # fmt: skip


@pytest.fixture(scope="module")
def reader():
    with Reader(workers=1) as opened:
        yield opened


def undeclared(registry, sector):
    bare = replace(registry.sector(sector), sheets=())
    return replace(registry, shared=(), sectors={sector: bare}), bare


def figures(tables):
    parts = [(name, one) for name, held in tables.items() for one in held]
    return {v for name, one in parts for v in figures_by_cell({name: one}).values()}


def after_answers(known, sector, book, answer, most=9):
    """Return what is described when `answer` answers each question, and how many it took."""
    answers = []
    while True:
        found = describe_book(known, sector, book, answers)
        assert most_asked(found) <= MOST_ASKED, found.toml()
        asked = [one for draft in found.drafts for one in draft.questions]
        said = next(((one, text) for one in asked if (text := answer(one))), None)
        if said is None or len(answers) == most:
            return found, len(answers)
        answers.append({"question": said[0].id, "answer": said[1]})


def outcome(known, sector, book, found, true):
    """Return what became of a file, by the figures that it is known to hold."""
    if not found.drafts or all(draft.refused for draft in found.drafts):
        return "refused" if true else "right"
    if found.open:
        return "asked"
    good = [draft for draft in found.drafts if not draft.refused]
    trials = [load_draft(known, sector, book, draft) for draft in good]
    loaded = set[tuple]().union(*(trial.cells.values() for trial in trials))
    loaded, true = set(map(rounded, loaded)), set(map(rounded, true))
    return "right" if loaded == true else "WRONG" if loaded - true else "lacking"


def rounded(figure):
    """Return a figure with 12 of the 15 digits that a spreadsheet shows."""
    *key, value = figure
    return (*key, f"{float(f'{value:.15g}'):.12g}" if isinstance(value, float) else value)


def printed(capsys, family, lines):
    counts = Counter(line.split(": ")[-1] for line in lines)
    with capsys.disabled():
        print(f"\n{family}:", *lines, sep="\n  ")
        print("  ", dict(counts))
    return counts


def state(draft):
    return "refused" if draft.refused else "asked" if draft.questions else "ready"


def books(reader, paths):
    for path in paths:
        try:
            yield reader.open(path)
        except SourceError:  # what nobody can open, nobody can describe
            continue


def is_part(record, true):
    """Say whether a register's record is one that is declared, without columns left out."""
    blank = ("", "nan", "NaT", "False")
    return record[0][1] == "" and any(
        one[0] == record[0]
        and all(mine in (its, *blank) for mine, its in zip(record[1:], one[1:], strict=True))
        for one in true
        if len(one) == len(record)
    )


@pytest.mark.long
def test_the_examples_own_tables_are_drafted_as_they_are_declared_or_asked(reader, capsys):
    registry = open_registry(ROOT)
    counts, wrong = Counter(), []
    for sector in registry.sectors.values():
        known, bare = undeclared(registry, sector.id)
        for book in books(reader, return_files(registry.workspace.raw / sector.id)):
            true = figures(read_book(registry, book, sector).tables)
            found = describe_book(known, bare, book)
            assert most_asked(found) <= MOST_ASKED, found.toml()
            for draft in found.drafts:
                counts[state(draft)] += 1
                if draft.is_ready:
                    loaded = {*load_draft(known, bare, book, draft).cells.values()}
                    if not all(figure in true or is_part(figure, true) for figure in loaded):
                        wrong.append((book.file, draft.table.grid.sheet))
    with capsys.disabled():
        print("\nthe example's tables: ", dict(counts), "silently wrong:", len(wrong))

    assert wrong == []


def series(name):
    return f"sdg.s{name.casefold()}"


def national(path):
    """Return a registry that knows a national file's indicators and units, and its figures."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    # What is the same in all rows is what the file is about.
    groups = [name for name in GROUPS if len({row.get(name) or "" for row in rows}) > 1]
    registry = open_registry(REAL)
    code = path.stem.removeprefix("indicator_")
    sent = {row.get("UNIT_MEASURE") or "number" for row in rows}
    units = {text: Unit(f"u{n}", {"en": text}) for n, text in enumerate(sorted(sent))}
    unit_of = {
        row.get("SERIES") or code: units[row.get("UNIT_MEASURE") or "number"].id for row in rows
    }
    own = next(i for i in registry.sector("sdg").indicators if i.code == code)
    given = [
        Indicator(series(name), "sdg", {"en": name}, unit, "increase", code=name)
        for name, unit in unit_of.items()
        if name != code
    ]
    sector = replace(
        registry.sector("sdg"),
        sheets=(),
        indicators=(replace(own, unit=unit_of.get(code, own.unit)), *given),
    )
    known = replace(
        registry,
        shared=(),
        sectors={"sdg": sector},
        units=registry.units | {one.id: one for one in units.values()},
    )
    regions = {n: r.id for r in registry.regions.values() for n in (r.id, *r.aliases)}
    regions[""] = "KZ"
    true = {
        (
            ("observations", "value"),
            series(row["SERIES"]) if row.get("SERIES") else own.id,
            regions[row.get("REF_AREA", "").strip()],
            row["Year"],
            float(row["Value"]),
        )
        for row in rows
        if not any(row.get(name) for name in groups)
        and row.get("REF_AREA", "").strip() in regions
        and row["Value"].strip()
    }
    return known, sector, true


def of_national(question):
    """Answer as who knows the national files: blanks are totals, the day is that of the file."""
    names = [option.name for option in question.options]
    if question.id == "reported_on":
        return "2024-10-24"
    if question.id in ("region", "blank-region"):
        return "KZ"
    if question.id.startswith("keep-") and len(names) == 3:
        return "all"  # one value in all rows
    told = ("totals", "(blank)", "none", "aside", "leave")
    return next(name for name in told if name in names)


@needs_shared
@pytest.mark.long
def test_national_indicators_are_right_after_at_most_two_answers(reader, capsys):
    lines = []
    for path in sorted((DATA / "kz_sdg" / "data").glob("*.csv")):
        known, sector, true = national(path)
        book = reader.open(path)
        found, count = after_answers(known, sector, book, of_national)
        what = outcome(known, sector, book, found, true)
        lines.append(f"{path.stem}: {what} after {count} answers")
    counts = printed(capsys, "kz_sdg", lines)

    few = sum(counts[f"right after {n} answers"] for n in range(3))
    assert not [line for line in lines if "WRONG" in line]
    assert few >= 0.8 * len(lines)


def of_budget(level):
    """Answer as who knows the state budget: thousands of tenge since January, a tree."""
    told = {
        "column-value": "plan = plgp, actual = sumrg, commitment = obz, cumulative = yes",
        "unit": "тыс. тенге",
        "region": "KZ",
        "reported_on": "2025-04-30",
        "keep-level": level,
    }
    return lambda question: told.get(question.id, "")


def budget(path):
    """Return the level of a budget's lines, and each line's plan and actual in tenge.

    A name that two lines of a level have is no line's: what they say of it differs.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    level = "1" if {row["level"] for row in rows} > {"0"} else "0"
    lines = {}
    for row in rows:
        name = clean(row["name"])
        if row["level"] == level and name and not is_sum_of_lines(name):
            month, year = row["month"].split(".")
            both = (float(row["plgp"]) * 1000, float(row["sumrg"]) * 1000)
            lines.setdefault((f"budget.{name}", "KZ", f"{year}-{month}"), set()).add(both)
    once = ((key, *both) for key, both in lines.items() if len(both) == 1)
    pairs = ((key, zip(("plan", "actual"), both, strict=True)) for key, both in once)
    return level, {(("spending", n), *key, value) for key, pair in pairs for n, value in pair}


@needs_shared
@pytest.mark.long
def test_budget_files_are_right_within_five_answers(reader, capsys):
    known, sector = undeclared(open_registry(REAL), "budget")
    lines = []
    for path in sorted((DATA / "kz_budget").rglob("*.csv")):
        book, (level, true) = reader.open(path), budget(path)
        found, count = after_answers(known, sector, book, of_budget(level))
        what = outcome(known, sector, book, found, true)
        lines.append(f"{path.stem}, level {level}: {what} after {count} answers")
    counts = printed(capsys, "kz_budget", lines)

    assert not [line for line in lines if "WRONG" in line]
    assert sum(counts[f"right after {n} answers"] for n in range(6)) == len(lines)


def of_projects(day):
    told = {"reported_on": day, "missing": "none", "assessor": "IPA, SRO"}
    return (told | {"dimension": "delivery_confidence"}).get


@needs_shared
@pytest.mark.long
def test_project_portfolios_are_right_within_five_answers(reader, capsys):
    registry = open_registry(REAL)
    known, sector = undeclared(registry, "gmpp")
    lines = []
    for path in sorted((DATA / "gmpp").glob("*.csv")):
        book = reader.open(path)
        tables = read_book(registry, book, registry.sector("gmpp")).tables
        true = {name: figures({name: tables[name]}) for name in ("milestones", "judgements")}
        said = of_projects(f"{path.stem[-4:]}-03-31")
        found, count = after_answers(known, sector, book, lambda q, said=said: said(q.id, ""))
        for draft in found.drafts:
            loaded = load_draft(known, sector, book, draft)
            name = draft.body["table"]
            what = "right" if loaded.figures == true.pop(name) else "WRONG"
            state_ = what if draft.is_ready else state(draft)
            lines.append(f"{path.stem}, {name}: {state_} after {count} answers")
        lines += [f"{path.stem}, {name}: lacking after {count} answers" for name in true]
    counts = printed(capsys, "gmpp", lines)

    assert sum(counts[f"right after {n} answers"] for n in range(6)) == len(lines)


@needs_shared
@pytest.mark.long
def test_no_sheet_of_a_statistics_office_asks_more_than_five_questions(reader, capsys):
    known, sector = undeclared(open_registry(REAL), "ons")
    most = {
        book.file: most_asked(describe_book(known, sector, book))
        for book in books(reader, sorted((DATA / "ons_excel").glob("*.*s*")))
    }
    with capsys.disabled():
        print("\nons_excel: the most questions of a sheet:", most)

    assert max(most.values()) <= MOST_ASKED


# File and sheets → the first row of each table's heading and how many it has, as people see it.
HEADINGS = {
    ("coronavirus*", "1.1a *"): [(5, 2)],
    ("coronavirus*", "1.[23] *"): [(6, 1), (14, 1)],
    ("coronavirus*", "1.[4-9] *"): [(6, 1), (13, 1)],
    ("coronavirus*", "1.1[01] *"): [(6, 1), (13, 1)],
    ("coronavirus*", "2.*"): [(6, 1)],
    ("dates-times*", "Sheet1"): [(1, 1)],
    ("house-prices*", "Table 11"): [(3, 3)],
    ("house-prices*", "Table 15"): [(4, 6)],
    ("householddebt*", "Table [1-9]*"): [(4, 1)],
    ("householddebt*", "Table 1[78]*"): [(4, 2)],
    ("householddebt*", "Table 19*"): [(4, 2)],
    ("householddebt*", "Table 2[01]*"): [(4, 2)],
    ("service-industry*", "TOPSI*"): [(8, 2)],
    ("within-sample*", "data"): [(2, 1)],
}


@needs_shared
@pytest.mark.long
def test_the_structure_of_statistics_sheets_is_found(reader, capsys):
    known, sector = undeclared(open_registry(REAL), "ons")
    kinds = Kinds.of(known, sector)
    right, wrong = 0, []
    for book in books(reader, sorted((DATA / "ons_excel").glob("*.*s*"))):
        for grid in book.sheets:
            told = [
                rows
                for (file, sheet), rows in HEADINGS.items()
                if fnmatch(book.file, file) and fnmatch(grid.sheet, sheet)
            ]
            expected = told[-1] if told else []
            tables = [] if no_table(book, grid, kinds) else find_tables(grid, kinds)
            found = [(table.heading + 1, table.heading_rows) for table in tables]
            right += len({*expected} & {*found})
            wrong += [f"{book.file}, {grid.sheet}: {found}"] if found != expected else []
    with capsys.disabled():
        print(f"\nons_excel: the structure of {right} tables is right; otherwise:", *wrong)

    assert right >= 60
    assert wrong == []
