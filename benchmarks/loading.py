"""How long loading takes beside what the readers alone need, side by side in one run.

    python benchmarks/loading.py            # everything, a few minutes
    python benchmarks/loading.py large      # one part: large, many, csv, budget

Every figure is a ratio of medians of runs taken in turn, so that a noisy machine slows both
sides alike. The files are made here, of round numbers, and thrown away.
"""

from __future__ import annotations

import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import python_calamine
import xlsxwriter

from delivery_analytics.loading import load as loader
from delivery_analytics.loading.combine import combine
from delivery_analytics.model.registry import open_registry

REGIONS = 20
DEFINITIONS = {
    "units.toml": '[units]\nname = { en = "units" }\n',
    "status.toml": 'default_method = "share_of_planned_change"\n[max_age_days]\nmonthly = 99\n',
    "regions.csv": "region_id,kind,name_en,name_ru,name_kk,aliases\nKZ,country,KZ,KZ,KZ,\n"
    + "".join(f"R-{n:02},oblast,Region {n},Регион {n},Өңір {n},\n" for n in range(REGIONS)),
}
HEADINGS = ["code", "indicator", "unit", "region", "period", "target", "actual", "as_of"]


def workspace(folder: Path, indicators: int) -> Path:
    """Write definitions for one sector with many monthly indicators."""
    definitions = folder / "data" / "definitions"
    (definitions / "sectors").mkdir(parents=True)
    for name, text in DEFINITIONS.items():
        (definitions / name).write_text(text, encoding="utf-8")
    rows = "".join(
        f'[[indicator]]\nid = "i{n}"\ncode = "I-{n:04}"\nname = {{ en = "Indicator {n}" }}\n'
        'unit = "units"\ndirection = "increase"\nfrequency = "monthly"\n'
        for n in range(indicators)
    )
    sector = f'name = {{ en = "Bench" }}\n{rows}'
    (definitions / "sectors" / "bench.toml").write_text(sector, encoding="utf-8")
    (folder / "data" / "raw" / "bench").mkdir(parents=True)
    return folder


def records(count: int, first: int = 0) -> list[list[object]]:
    """Return rows of the standard return, every key once."""
    chance = random.Random(first)
    rows = []
    for n in range(first, first + count):
        month, rest = n % 12, n // 12
        region, indicator = rest % REGIONS, rest // REGIONS
        rows.append(
            [
                f"I-{indicator:04}",
                f"Indicator {indicator}",
                "units",
                f"Region {region}",
                f"2024-{month + 1:02}",
                100.0,
                round(chance.uniform(1, 500), 2),
                "2025-01-31",
            ]
        )
    return rows


def write_xlsx(path: Path, rows: list[list[object]]) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Progress")
        for number, row in enumerate([HEADINGS, *rows]):
            sheet.write_row(number, 0, row)


def load(folder: Path) -> None:
    """Load a workspace whole: read, parse, check, provenance, write."""
    registry = open_registry(folder)
    processed = folder / "data" / "processed"
    loaded = loader.load(registry, previous=processed)
    loaded.save(processed)


def timed(*sides: Callable[[], object], runs: int = 3) -> list[float]:
    """Return the median seconds of each side, run in turn."""
    took: list[list[float]] = [[] for _ in sides]
    for _ in range(runs):
        for number, side in enumerate(sides):
            start = time.perf_counter()
            side()
            took[number].append(time.perf_counter() - start)
    return [statistics.median(times) for times in took]


def say(what: str, ours: float, theirs: float, promised: str) -> None:
    print(f"{what:58} {ours:7.2f} s / {theirs:7.2f} s = {ours / theirs:6.2f}   {promised}")


def large(root: Path) -> None:
    """One workbook of 100,000 rows × 8."""
    folder = workspace(root / "large", 420)
    path = folder / "data" / "raw" / "bench" / "large.xlsx"
    write_xlsx(path, records(100_000))

    def fresh() -> None:
        for file in (folder / "data").glob("processed/*"):
            file.unlink()
        load(folder)

    def calamine() -> None:
        python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()

    def openpyxl() -> None:
        pd.read_excel(path, engine="openpyxl")

    fresh()
    ours, theirs, slow = timed(fresh, calamine, openpyxl)
    say("100,000 rows × 8: load / calamine's cells alone", ours, theirs, "promised ≤ 3")
    say("100,000 rows × 8: load / read_excel with openpyxl", ours, slow, "promised ≤ 0.33")


def many(root: Path) -> None:
    """500 workbooks of 200 rows, then the same again, unchanged."""
    folder = workspace(root / "many", 420)
    for n in range(500):
        path = folder / "data" / "raw" / "bench" / f"return_{n:03}.xlsx"
        write_xlsx(path, records(200, first=200 * n))

    def openpyxl() -> None:
        for path in sorted((folder / "data" / "raw" / "bench").glob("*.xlsx")):
            pd.read_excel(path, engine="openpyxl")

    [first] = timed(lambda: load(folder), runs=1)
    [again] = timed(lambda: load(folder), runs=3)
    [slow] = timed(openpyxl, runs=1)
    say("500 workbooks × 200 rows: load / read_excel, openpyxl", first, slow, "promised ≤ 0.2")
    say("500 workbooks × 200 rows: second load / first", again, first, "promised ≤ 0.05")


def text(root: Path) -> None:
    """One million rows of CSV: peak memory of a process of its own."""
    folder = workspace(root / "csv", 4200)
    path = folder / "data" / "raw" / "bench" / "large.csv"
    pd.DataFrame(records(1_000_000), columns=HEADINGS).to_csv(path, index=False)
    code = (
        "import sys; sys.path.insert(0, sys.argv[2]); from pathlib import Path; "
        "from benchmarks.loading import load; load(Path(sys.argv[1])); import resource; "
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    root_of_project = str(Path(__file__).parents[1])
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder), root_of_project],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    peak = int(done.stdout.split()[-1]) / 1e6
    took = time.perf_counter() - start
    print(f"1,000,000 rows of CSV: peak {peak:.2f} GB in {took:.1f} s   promised < 1.5 GB")


def budget(_: Path) -> None:
    """The real budget files beside the project, where they are."""
    project = Path(__file__).resolve().parents[1]
    paths = sorted((project.parent / "shared" / "data" / "kz_budget").glob("*/*.csv"))
    if not paths:
        print("the budget files do not stand beside the project: skipped")
        return
    registry = open_registry(project / "tests" / "workspaces" / "real")
    sector = registry.sectors["budget"]

    def ours() -> None:
        combine(registry, loader.read_files(registry, [(p, sector) for p in paths]))

    def pandas() -> None:
        for path in paths:
            pd.read_csv(path, sep=";")

    ours()
    mine, theirs = timed(ours, pandas, runs=5)
    say("budget files: load / pandas.read_csv", mine, theirs, "promised ≤ 4")


PARTS = {"large": large, "many": many, "csv": text, "budget": budget}


def main() -> None:
    wanted = sys.argv[1:] or list(PARTS)
    with tempfile.TemporaryDirectory() as folder:
        for name in wanted:
            PARTS[name](Path(folder))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"peak memory of this process {peak:.2f} GB")


if __name__ == "__main__":
    main()
