"""Damage good workbooks in thousands of ways, and see that the loader bears each of them.

Run as ``python -m tests.fuzz.mutate 2000 --seed 1``. Whatever a file holds, the loader
must neither raise, nor hang, nor lose a row, nor turn a file away without saying why. The
first failure stops the run, and its file is kept.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
import re
import signal
import struct
import tempfile
import time
import traceback
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from delivery_analytics.loading.combine import combine
from delivery_analytics.loading.load import read_files
from delivery_analytics.loading.results import FileResult
from delivery_analytics.model import schema
from delivery_analytics.model.dataset import STORED
from delivery_analytics.model.registry import Registry, open_registry
from delivery_analytics.wording.codes import PROBLEM
from tests.support import sheetfiles
from tests.support.shared import SHARED

WORKSPACE = Path(__file__).parents[1] / "workspaces" / "corpus"
SECONDS = 20.0  # longer is a hang
BATCH = 40
HEAD = ("code", "indicator", "unit", "region", "period", "target", "actual", "as_of")
LINES = (
    (
        "H-001",
        "Clinics renovated",
        "units",
        "Республика Казахстан",
        "2024-Q4",
        40,
        31,
        "2025-01-15",
    ),
    ("H-002", "Vaccination coverage", "%", "KZ", "2024-Q4", 95, 84.5, "2025-01-15"),
    ("E-001", "Schools connected", "units", "", "IV кв. 2024", 200, 175, "15.01.2025"),
    ("Total", "", "", "", "", 335, 290.5, ""),
    (
        "T-001",
        "Roads repaired",
        "km",
        "Қазақстан Республикасы",
        "2024-Q4",
        "1 200,5",
        "н/д",
        "2025-01-15",
    ),
)
VALUES = (
    "", " ", "-", "н/д", "#REF!", "=1+1", "+7", "1,234", "1.234.567", "12%", "-12 %", "< 5",
    "1e308", "1e400", "-1e400", "nan", "inf", "0x1F", "٣٤", "１２", "3O", "1 234,5", "1\u00a0000",
    "−5", "5–7", "TRUE", "2024-02-30", "31.02.2024", "2024-Q5", "Q4", "01.2024", "45000",
    "99999999999", "0000000000000000000001", "н" * 40000, "\ud800", "\x00", "\x1b[31m", "a\nb\nc",
    "<script>", "_x000D_", "_xD800_", "итого", "Total", "Примечание: нет", "KZ-71", "Н-001",
    "H-001 ", "H‑001", "ﬁ", "🏥", "é", "1900-01-01", "9999-12-31", "24:00", "2024-06-31T25:61",
)  # fmt: skip

Damage = Callable[[random.Random, bytes], bytes]


def seeds() -> dict[str, bytes]:
    """Return good files by name: those of the corpus where it is there, and our own."""
    made = {"plain.csv": _csv(), "plain.xls": _xls()}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        data = sheetfiles.rows(HEAD, *LINES)
        made["plain.xlsx"] = sheetfiles.book(root, data).read_bytes()
        table = "".join(sheetfiles.odf_row(*line) for line in (HEAD, *LINES))
        made["plain.ods"] = sheetfiles.opendocument(root, table).read_bytes()
        made["plain.xlsb"] = sheetfiles.binary_book(root, _binary_rows()).read_bytes()
    if SHARED.is_dir():
        for path in sorted((SHARED / "corpus").glob("00_good.*")):
            made[path.name] = path.read_bytes()
    return made


def _csv() -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows((HEAD, *LINES))
    return out.getvalue().encode()


def _xls() -> bytes:
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("Progress")
    for row, line in enumerate((HEAD, *LINES)):
        for column, value in enumerate(line):
            sheet.write(row, column, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _binary_rows() -> bytes:
    records = b""
    for number, line in enumerate((HEAD, *LINES)):
        records += sheetfiles.binary_row(number)
        for column, value in enumerate(line):
            if isinstance(value, str):
                records += sheetfiles.binary_cell(6, column, sheetfiles.wide(value))
            else:
                records += sheetfiles.binary_cell(5, column, struct.pack("<d", value))
    return records


def flip(dice: random.Random, data: bytes) -> bytes:
    """Change a few bytes."""
    out = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 5, 30))):
        out[dice.randrange(len(out))] = dice.randrange(256)
    return bytes(out)


def cut(dice: random.Random, data: bytes) -> bytes:
    """Leave off the end, the beginning or a piece of the middle."""
    first, last = sorted(dice.randrange(len(data) + 1) for _ in range(2))
    return dice.choice((data[:first], data[first:], data[:first] + data[last:]))


def stutter(dice: random.Random, data: bytes) -> bytes:
    """Repeat a piece, blank it, or write it elsewhere."""
    first = dice.randrange(len(data))
    piece = data[first : first + dice.choice((1, 4, 64, 512, 4096))]
    after = first + len(piece)
    other = dice.randrange(len(data))
    return dice.choice(
        (
            data[:after] + piece + data[after:],
            data[:first] + bytes(len(piece)) + data[after:],
            data[:other] + piece + data[other:],
        )
    )


def edit_text(dice: random.Random, data: bytes) -> bytes:
    """Edit cells of a text file as people, programs and cables do."""
    text = data.decode("utf-8-sig", errors="replace")
    for _ in range(dice.choice((1, 1, 2, 4))):
        text = dice.choice(_TEXT_EDITS)(dice, text)
    encoding = dice.choice(("utf-8", "utf-8", "utf-8-sig", "cp1251", "utf-16", "cp866"))
    return text.encode(encoding, errors=dice.choice(("replace", "ignore")))


def _cell_of_text(dice: random.Random, text: str) -> str:
    rows = list(csv.reader(text.replace("\x00", "").splitlines()))
    rows = [row for row in rows if row] or [[""]]
    row = dice.choice(rows)
    row[dice.randrange(len(row))] = dice.choice(VALUES)
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def _delimiter(dice: random.Random, text: str) -> str:
    return text.replace(",", dice.choice((";", "\t", "|", ",,", ";,")))


def _quote(dice: random.Random, text: str) -> str:
    place = dice.randrange(len(text) + 1)
    return text[:place] + dice.choice(('"', '""', '"\n', "\x00", "\r", "\n\n")) + text[place:]


def _lines(dice: random.Random, text: str) -> str:
    lines = text.splitlines() or [""]
    place = dice.randrange(len(lines))
    many = dice.choice((2, 3, 400))
    lines[place : place + 1] = dice.choice(([], [lines[place]] * many, ["note"], [""] * many))
    return dice.choice(("\n", "\r\n", "\r")).join(lines)


_TEXT_EDITS = (_cell_of_text, _cell_of_text, _delimiter, _quote, _lines)


def swap_members(dice: random.Random, data: bytes) -> bytes:
    """Take a zip apart, and pack it wrongly: swapped, renamed, left out, damaged parts."""
    members = _unpacked(data)
    one, other = dice.choice(list(members)), dice.choice(list(members))
    action = dice.randrange(5)
    if action == 0:
        members[one], members[other] = members[other], members[one]
    elif action == 1:
        del members[one]
    elif action == 2:
        members[dice.choice((one.upper(), "../" + one, one + "~", "xl\\" + one))] = members.pop(
            one
        )
    else:
        members[one] = dice.choice((flip, cut, stutter))(dice, members[one] or b"\0")
    return sheetfiles.packed(dict(members))


def edit_xml(dice: random.Random, data: bytes) -> bytes:
    """Edit the XML of one part: values, types, references, styles, whole elements."""
    members = _unpacked(data)
    parts = [name for name in members if name.endswith((".xml", ".rels"))]
    cells = [name for name in parts if re.search(r"sheet\d*\.xml|content\.xml|sharedS", name)]
    name = dice.choice(cells if cells and dice.random() < 0.8 else parts or list(members))
    text = members[name].decode("utf-8", errors="replace")
    for _ in range(dice.choice((1, 1, 2, 5))):
        text = dice.choice(_XML_EDITS)(dice, text)
    members[name] = text.encode("utf-8", errors="surrogatepass")
    return sheetfiles.packed(dict(members))


def _replace_one(dice: random.Random, text: str, pattern: str, new: Callable[[], str]) -> str:
    found = list(re.finditer(pattern, text))
    if not found:
        return text
    match = dice.choice(found)
    return text[: match.start(1)] + new() + text[match.end(1) :]


def _xml_value(dice: random.Random, text: str) -> str:
    def new() -> str:
        value = dice.choice(VALUES)
        return value if dice.random() < 0.1 else sheetfiles.escape(value)

    return _replace_one(dice, text, r">([^<>]+)<", new)


def _xml_attribute(dice: random.Random, text: str) -> str:
    news = ("", "s", "b", "e", "d", "str", "n", "inlineStr", "float", "percentage", "date")
    news += ("-1", "0", "999999", "4294967296", "A0", "ZZZZ1", "A1:A9", "XFD1048576", "NaN")
    return _replace_one(dice, text, r'="([^"]*)"', lambda: dice.choice(news))


def _xml_element(dice: random.Random, text: str) -> str:
    """Leave out or repeat an element, or break its tag."""
    found = list(re.finditer(r"<[^<>]*>", text))
    if not found:
        return text
    match, other = dice.choice(found), dice.choice(found)
    first, last = sorted((match.start(), other.end()))
    piece = text[first:last][:5000]
    return dice.choice(
        (
            text[: match.start()] + text[match.end() :],
            text[:first] + piece + piece + text[last:],
            text[: match.start()] + match[0] * dice.choice((2, 50)) + text[match.end() :],
            text[: match.start()] + "<f>SUM(A1)</f><v></v>" + text[match.end() :],
            text[: match.start()] + "<!--" + text[match.end() :],
        )
    )


_XML_EDITS = (*[_xml_value] * 6, *[_xml_attribute] * 3, _xml_element)


def _unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


ANY: tuple[Damage, ...] = (flip, cut, stutter)
ZIPPED: tuple[Damage, ...] = (*ANY, swap_members, swap_members)
DAMAGES: dict[str, tuple[Damage, ...]] = {
    ".csv": (*ANY, *[edit_text] * 5),
    ".xls": ANY,
    ".xlsb": ZIPPED,
    ".xlsx": (*ZIPPED, *[edit_xml] * 12),
    ".ods": (*ZIPPED, *[edit_xml] * 8),
}


def damaged(number: int, seed: int, good: dict[str, bytes]) -> tuple[str, str, bytes]:
    """Return a damaged file: its name, how it was damaged, its bytes. Always the same."""
    dice = random.Random(seed * 1_000_003 + number)
    by_kind = sorted({Path(name).suffix for name in good} | {".xlsx ", ".csv "})
    kind = dice.choice(by_kind).strip()
    name = dice.choice(sorted(name for name in good if name.endswith(kind)))
    damage = dice.choice(DAMAGES[Path(name).suffix])
    return f"{number:06}_{name}", damage.__name__, damage(dice, good[name])


class SlowError(Exception):
    """A file took longer than it may."""


def check(registry: Registry, paths: list[Path]) -> list[FileResult]:
    """Read the files as `delivery load` does, and hold what came out to its promises."""
    started = time.monotonic()

    def alarm(*_: object) -> None:
        raise SlowError(f"a file took longer than {SECONDS:g} s")

    def progress(*_: object) -> None:
        nonlocal started
        if time.monotonic() - started > SECONDS:
            alarm()
        started = time.monotonic()
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, SECONDS)

    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, alarm)
        signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        results = read_files(registry, [(path, None) for path in paths], progress=progress)
        data = combine(registry, results)
    finally:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)
    for name in STORED:
        schema.check_contract(name, data.tables[name])
    assert len(results) == len(paths), "a file was lost"
    for result in results:
        _promises(result)
    return results


def _promises(result: FileResult) -> None:
    errors = [p for p in result.problems if p.severity == "error"]
    assert result.read == result.kept + result.quarantined + result.skipped
    assert min(result.kept, result.quarantined, result.skipped) >= 0, "fewer rows than none"
    if result.outcome == "rejected" or result.quarantined:
        assert errors, f"{result.outcome}, and nothing says why"
    for problem in result.problems:
        assert problem.message and problem.code in PROBLEM, f"no words for {problem.code}"


def main() -> int:
    """Damage and read; print how many became what."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first file")
    parser.add_argument("--keep", default=".", help="folder for the file that fails")
    given = parser.parse_args()
    registry, good = open_registry(WORKSPACE), seeds()
    warnings.simplefilter("error", RuntimeWarning)
    outcomes: Counter[tuple[str, str]] = Counter()
    began = time.monotonic()
    for start in range(given.first, given.first + given.count, BATCH):
        last = min(start + BATCH, given.first + given.count)
        made = [damaged(number, given.seed, good) for number in range(start, last)]
        with tempfile.TemporaryDirectory() as folder:
            paths = [Path(folder) / name for name, _, _ in made]
            for path, (_, _, data) in zip(paths, made, strict=True):
                path.write_bytes(data)
            try:
                results = check(registry, paths)
            except Exception:
                return _failed(registry, made, Path(given.keep))
        for result, (name, _, _) in zip(results, made, strict=True):
            outcomes[Path(name).suffix, result.outcome] += 1
    _report(outcomes, given.count, time.monotonic() - began)
    return 0


def _failed(registry: Registry, made: list[tuple[str, str, bytes]], keep: Path) -> int:
    """Find which file of a batch fails, alone or with those before it, and keep it."""
    for name, damage, data in made:
        path = keep / f"failed_{name}"
        path.write_bytes(data)
        try:
            check(registry, [path])
        except Exception:
            traceback.print_exc()
            print(f"{path} ({damage}) failed")
            return 1
        path.unlink()
    folder = keep / "failed_together"
    folder.mkdir(exist_ok=True)
    for name, _, data in made:
        (folder / name).write_bytes(data)
    try:
        check(registry, sorted(folder.iterdir()))
    except Exception:
        traceback.print_exc()
    print(f"the files of {folder} failed together")
    return 1


def _report(outcomes: Counter[tuple[str, str]], count: int, seconds: float) -> None:
    names = ("loaded", "loaded_with_warnings", "rows_quarantined", "rejected")
    print(f"{'':8}" + "".join(f"{name:>22}" for name in names))
    for suffix in DAMAGES:
        print(f"{suffix:8}" + "".join(f"{outcomes[suffix, name]:22}" for name in names))
    print(f"{count} damaged files in {seconds:.0f} s: each gave its cells or said why not")


if __name__ == "__main__":
    raise SystemExit(main())
