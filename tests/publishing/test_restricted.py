"""No text that is marked as restricted reaches a reader: every published file is unpacked."""

import io
import re
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest
from pypdf import PdfReader
from typer.testing import CliRunner

from delivery_analytics.cli.main import app
from delivery_analytics.model.opening import open_dataset
from delivery_analytics.model.registry import open_registry
from delivery_analytics.publishing.publish import publish
from tests.model.test_secrecy import MARKED

ROOT = Path(__file__).parents[2]
CANARY = re.compile(rb"CANARY\w*", re.IGNORECASE)
AS_OF = "2025-01-31"
# Sheet → which of its columns are free text and get a canary; the row's mark goes to one.
TEXTS = {
    "Instructions": ("No.", "Act", "Instruction", "Executor", "State"),
    "Actions": ("No.", "Action", "Owner"),
    "Obstacles": ("No.", "Obstacle", "Owner"),
    "Judgements": ("Reason", "Assessor", "Moderator"),
    "2025-01": ("No.", "Milestone", "Owner"),
}


def hide(sheet, first):
    """Add a restricted row for every mark; return how many."""
    [head] = [row for row in sheet.iter_rows() if row[0].value in ("No.", "Subject")]
    columns = {cell.value: cell.column for cell in head}
    model = [cell.value for cell in sheet[sheet.max_row]]
    extra = sheet.max_column + 1
    sheet.cell(head[0].row, extra, "Гриф")
    for number, mark in enumerate(MARKED):
        at = sheet.max_row + 1
        for column, value in enumerate(model, start=1):
            sheet.cell(at, column, value)
        for name in TEXTS[sheet.title]:
            sheet.cell(at, columns[name], f"CANARY{first}x{number}{name[:2]}")
        names = [*TEXTS[sheet.title], "Гриф"]
        where = names[number % len(names)]
        place = extra if where == "Гриф" else columns[where]
        before = f"CANARY{first}x{number}\n" if number % 2 and where != "Гриф" else ""
        sheet.cell(at, place, f"{before}{mark}")
        if number % 7 == 0:  # a row set aside, whose raw cells the list of problems quotes
            last = [c for c in columns if c and c.endswith(" on")][-1]
            sheet.cell(at, columns[last], f"CANARY{first}date {number}")
    return len(MARKED)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    folder = tmp_path_factory.mktemp("restricted")
    for name in ("data/definitions", "notebooks"):
        shutil.copytree(ROOT / name, folder / name)
    raw = folder / "data" / "raw" / "water"
    raw.mkdir(parents=True)
    for name in ("water_efforts_2025-01", "water_milestones", "water_plan_2024"):
        book = openpyxl.load_workbook(ROOT / "data" / "raw" / "water" / f"{name}.xlsx")
        hidden = sum(hide(book[s], s[:2]) for s in TEXTS if s in book.sheetnames)
        assert hidden
        book.save(raw / f"{name}.xlsx")
    return folder


def contents(path):
    """Yield the bytes that a reader of a file can come upon, unpacked."""
    data = path.read_bytes()
    yield data
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            for name in packed.namelist():
                inner = packed.read(name)
                yield inner
                if zipfile.is_zipfile(io.BytesIO(inner)):
                    with zipfile.ZipFile(io.BytesIO(inner)) as nested:
                        yield from map(nested.read, nested.namelist())
    if path.suffix == ".pdf":
        for page in PdfReader(path).pages:
            yield page.extract_text().encode()


def test_no_restricted_text_is_in_anything_published_printed_or_logged(
    workspace, tally, monkeypatch
):
    monkeypatch.chdir(workspace)
    run = CliRunner()
    spoken = [
        run.invoke(app, words).output
        for words in (["load"], ["check", "data/raw/water/water_plan_2024.xlsx"], ["status"])
    ]
    edition = publish(
        open_registry(workspace),
        as_of=AS_OF,
        only=lambda report: (
            report.place.partition("/")[2] in ("sector/water", "instructions", "quality")
        ),
    )
    spoken.append(run.invoke(app, ["alerts"]).output)

    files = [p for p in edition.folder.parent.rglob("*") if p.is_file() and not p.is_symlink()]
    found = {
        (path.name, hit)
        for path in files
        for content in contents(path)
        for hit in CANARY.findall(content)
    }
    assert "rows read" in spoken[0] and "cell.type-error" in spoken[1]
    assert not [text for text in spoken if "Usage:" in text or "Traceback" in text]
    told = {hit for text in spoken for hit in CANARY.findall(text.encode())}
    leaky = {name for name, _ in found}
    tally("published files without a restricted text", len(files) - len(leaky), len(files))
    assert len(files) > 20
    assert not found
    assert not told


def test_the_rows_are_counted_and_the_tidy_tables_keep_their_texts(workspace):
    registry = open_registry(workspace)
    stored = workspace / "data" / "processed"
    kept = open_dataset(stored, registry, restricted=True)
    shown = open_dataset(stored, registry)

    for name in ("milestones", "instructions", "actions", "obstacles", "judgements"):
        assert len(getattr(shown, name)) == len(getattr(kept, name))
        assert getattr(kept, name)["restricted"].sum() >= 50
        assert CANARY.search(getattr(kept, name).to_csv().encode())
        assert not CANARY.search(getattr(shown, name).to_csv().encode())
