"""Draw random truths as sheets of every declared shape, and see that nothing comes out otherwise.

Run as ``python -m tests.fuzz.sheets 2000 --seed 1``. Each figure that is stored is that of the
truth under its key, and openpyxl (or csv) finds it at its address; each that is not stored
is set aside with a problem that names its cell; and nothing else is stored. What disagrees
is shrunk to the features without which it would agree.
"""

from __future__ import annotations

import argparse
import csv
import io
import math
import re
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import openpyxl
import pandas as pd

from delivery_analytics.errors import Problem
from delivery_analytics.loading.combine import combine
from delivery_analytics.loading.load import read_files
from delivery_analytics.loading.results import FileResult
from delivery_analytics.model import periods
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.sheet_checks import check_sheet
from delivery_analytics.spreadsheets.addresses import Position, column_of, position_of
from tests.fuzz.drawing import Drawn, lay_out
from tests.fuzz.features import decorate
from tests.fuzz.sketching import sketch
from tests.fuzz.truth import Key, registry

BATCH = 50
Stored = dict[tuple[Key, str], tuple[object, str]]  # the figure, and its address


@dataclass(frozen=True)
class Outcome:
    """What became of one workbook's figures, and what disagrees with the truth."""

    seed: int
    stored: int
    aside: int
    disagreements: tuple[str, ...]


def draw(seed: int, off: frozenset[str] = frozenset()) -> Drawn:
    """Return the sheet of a seed, without the features that are `off`."""
    return lay_out(decorate(sketch(seed), off))


def outcomes(drawn: Iterable[Drawn]) -> Iterator[Outcome]:
    """Write sheets, read them together, and compare what is stored with what is true."""
    sheets = list(drawn)
    for one in sheets:
        check_sheet(one.sheet, one.file)
    known = registry(tuple(one.sheet for one in sheets))
    with tempfile.TemporaryDirectory() as folder:
        paths = [one.write(Path(folder)) for one in sheets]
        results = read_files(known, [(path, known.sectors["works"]) for path in paths])
        data = combine(known, results)
        for one, path, result in zip(sheets, paths, results, strict=True):
            yield _compared(one, path, result, _stored(one, data, result.source_id))


def _stored(one: Drawn, data: Dataset, source_id: str) -> Stored:
    """Return the figures that were stored, by the keys of the truth."""
    out: Stored = {}

    def add(rows: pd.DataFrame, keys: list[str], figure: str, column: str, cell: str) -> None:
        columns = [rows[name].astype("str") for name in keys]
        shown = zip(*columns, rows[column], rows[cell], strict=True)
        for *key, value, address in shown:
            out[tuple(key), figure] = (value, address)

    def own(name: str) -> pd.DataFrame:
        rows = data.tables[name]
        return rows[rows["source_id"] == source_id]

    table, rows = one.sketch.truth.table, own(one.sketch.truth.table)
    place = ["indicator_id", "region_id"]
    if table == "observations":
        add(rows, [*place, "period"], "value", "value", "source_cell")
        beside = own("targets")
        often = next(iter(one.sketch.truth.records), ("", "", ""))[2]
        named = [
            periods.containing(d.date(), periods.frequency(often)) for d in beside["due_on"]
        ]
        add(beside.assign(period=named), [*place, "period"], "target", "value", "source_cell")
    elif table == "spending":
        rows = rows.assign(line=rows["line_id"].str.removeprefix("works."))
        for figure, cell in (("plan", "plan_cell"), ("actual", "source_cell")):
            if figure in one.sketch.truth.figures:
                add(rows, ["line", "region_id", "period"], figure, figure, cell)
    elif table == "targets":
        add(rows, [*place, "due_on"], "value", "value", "source_cell")
    else:
        for figure in one.sketch.truth.figures:
            add(rows, ["milestone_id"], figure, figure, "source_cell")
    return {at: (value, cell) for at, (value, cell) in out.items() if not pd.isna(value)}


def _compared(one: Drawn, path: Path, result: FileResult, stored: Stored) -> Outcome:
    cells, wrong, aside = _Cells(one, path), list[str](), 0
    true = {
        (key, figure): value
        for key, figures in one.sketch.truth.records.items()
        for figure, value in figures.items()
        if value is not None
    }
    for at, (value, cell) in stored.items():
        if at not in true:
            wrong.append(f"{at} is stored as {value} from {cell}, and is not true")
        elif not _equal(value, true[at]):
            wrong.append(f"{at} is stored as {value} from {cell}, but is {true[at]}")
        elif message := cells.differs(at, cell):
            wrong.append(f"{at}, {value}: {message}")
    for at in true.keys() - stored.keys():
        aside += 1
        if at[0] not in one.sketch.doubtful:
            wrong.append(f"{at} = {true[at]} at {one.at.get(at)} is not stored, without need")
        elif not any(_names(one, problem, at) for problem in result.problems):
            wrong.append(f"{at} = {true[at]} at {one.at.get(at)} is lost, and nothing says so")
    return Outcome(one.sketch.seed, len(stored), aside, tuple(wrong))


def _equal(value: object, true: object) -> bool:
    if isinstance(true, float):
        return math.isclose(value, true, rel_tol=1e-12)  # type: ignore[arg-type]
    return pd.Timestamp(value) == pd.Timestamp(true)  # type: ignore[arg-type]


class _Cells:
    """What another reader finds in the file."""

    def __init__(self, one: Drawn, path: Path) -> None:
        self.drawn = one
        if one.sketch.text:
            text = path.read_bytes().decode(one.sketch.csv.get("encoding", "utf-8"))
            mark = one.sketch.csv.get("delimiter", ",")
            self.rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
            self.written = one.texts()
        else:
            book = openpyxl.load_workbook(path, data_only=True)
            self.rows = [list(row) for row in book["Данные"].iter_rows(values_only=True)]
            self.written = one.grid()

    def differs(self, at: tuple[Key, str], address: str) -> str:
        """Say that the address is not where the figure was drawn, or holds something else."""
        row, column = position_of(address.rpartition("!")[2]) or (-1, -1)
        places = self.drawn.at[at]
        if self.drawn.sketch.truth.table == "milestones":  # whose address is its name's
            return (
                ""
                if (row, column) in self.drawn.near[at[0]]
                else f"{address} is not in its line"
            )
        if (row, column) not in places:
            return f"its address is {address}, but it is drawn at {places}"
        found, wrote = self.rows[row][column], self.written[row][column]
        raised = self.drawn.cells[row, column].raised
        found = (
            found.date()
            if isinstance(found, datetime)
            else float(found)
            if isinstance(found, int)
            else found
        )
        if isinstance(found, float) and isinstance(wrote, float):
            return (
                "" if math.isclose(found, wrote, rel_tol=1e-14) else f"{address} holds {found}"
            )
        same = found == (f"{wrote}{raised}" if raised else wrote)
        return "" if same else f"{address} holds {found!r}, not {wrote!r}"


_AREA = re.compile(
    r"([A-Z]+)(\d+)(?::([A-Z]+)(\d+))?|(?:row|line) (\d+)(?::line (\d+))?|column ([A-Z]+)"
)


def _names(one: Drawn, problem: Problem, at: tuple[Key, str]) -> bool:
    """Say whether a problem sets a figure aside: an error at its cell, its line or its heading."""
    by_rule = problem.code == "row.hidden" and one.sketch.said["hidden_rows"] == "skip"
    is_told = problem.severity == "error" or by_rule or problem.code == "row.primary-key"
    if not is_told:
        return False
    cells = problem.cell.split(",")
    return any(_within(cell, place) for cell in cells for place in one.near[at[0]])


def _within(named: str, place: Position) -> bool:
    match = _AREA.fullmatch(named)
    if not match:
        return False
    left, top, right, bottom, row, last, column = match.groups()
    if column:
        return place[1] == column_of(column)
    if row:
        return int(row) <= place[0] + 1 <= int(last or row)
    inside = column_of(left) <= place[1] <= column_of(right or left)
    return inside and int(top) <= place[0] + 1 <= int(bottom or top)


def shrunk(seed: int) -> tuple[Outcome, frozenset[str]]:
    """Return what a seed still gets wrong, with no feature that it would go wrong without."""
    off: frozenset[str] = frozenset()
    [worst] = outcomes([draw(seed)])
    while True:
        fewer = [off | {name} for name in draw(seed, off).sketch.features]
        tried = ((one, next(outcomes([draw(seed, one)]))) for one in fewer)
        wrong = ((one, outcome) for one, outcome in tried if outcome.disagreements)
        if (less := next(wrong, None)) is None:
            return worst, off
        off, worst = less


def main() -> int:
    """Draw, read and compare; print how many figures of how many workbooks agree."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=2000)
    parser.add_argument("--seed", type=int, default=1, help="of the first workbook")
    parser.add_argument("--show", type=int, default=3, help="disagreements to shrink")
    given = parser.parse_args()
    told, failed = run(given.count, given.seed)
    for outcome in failed[: given.show]:
        worst, off = shrunk(outcome.seed)
        features = ", ".join(draw(outcome.seed, off).sketch.features)
        print(f"seed {outcome.seed}, with {features or 'no feature'}:")
        print("\n".join(f"  {line}" for line in worst.disagreements[:3]))
    print(told)
    return 1 if failed else 0


def run(count: int, first: int = 1) -> tuple[str, list[Outcome]]:
    """Return how many figures of how many workbooks agree, and the outcomes that do not."""
    warnings.simplefilter("error", RuntimeWarning)
    told = Counter[str]()
    failed: list[Outcome] = []
    for start in range(first, first + count, BATCH):
        seeds = range(start, min(start + BATCH, first + count))
        for outcome in outcomes([draw(seed) for seed in seeds]):
            told.update(stored=outcome.stored, aside=outcome.aside)
            failed += [outcome] if outcome.disagreements else []
    said = (
        f"{count:,} workbooks, {told['stored'] + told['aside']:,} figures "
        f"({told['aside']:,} set aside and told), "
        f"{sum(len(one.disagreements) for one in failed)} disagreements"
    )
    return said, failed


if __name__ == "__main__":
    raise SystemExit(main())
