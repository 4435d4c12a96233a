"""What the commands print: results, tables, and how far a long one is."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NoReturn

import typer

from delivery_analytics.errors import GRAVEST, Problem

if TYPE_CHECKING:
    import pandas as pd

    from delivery_analytics.loading.results import FileResult
    from delivery_analytics.model.registry import Registry


SET_ASIDE = ("rejected", "rows_quarantined")  # outcomes of a file that lost rows
ALIKE = 3  # problems of a kind that are no errors, before the rest are counted


class Shape(StrEnum):
    """How a command prints."""

    text = "text"
    json = "json"
    csv = "csv"


def say(text: str) -> None:
    """Print a line on standard output."""
    typer.echo(text)


def print_problem(problem: Problem) -> None:
    """Print one problem on a line of its own."""
    say(f"  {problem.severity:7} {problem.code:24} {problem}")


def print_result(result: FileResult, *, errors_only: bool = False) -> None:
    """Print what became of a file, and its problems: every error, and of what is no error
    the first few of each kind.
    """
    say(f"{result.file}: {result.outcome.replace('_', ' ')} ({rows_told(vars(result))})")
    of_kind = Counter(problem.code for problem in result.problems)
    printed: Counter[str] = Counter()
    for problem in sorted(result.problems, key=lambda problem: GRAVEST.index(problem.severity)):
        printed[problem.code] += 1
        grave = problem.severity == "error"
        if grave or not (errors_only or printed[problem.code] > ALIKE):
            print_problem(problem)
        elif not errors_only and printed[problem.code] == ALIKE + 1:
            more = of_kind[problem.code] - ALIKE
            say(f"  {problem.severity:7} {problem.code:24} … and {more} more of this kind")


def rows_told(counts: Mapping[str, Any]) -> str:
    """Return how many rows were read, and what became of them."""
    told = "{read} rows read = {kept} kept + {quarantined} set aside + {skipped} skipped"
    return told.format(**counts)


def leave(results: Iterable[FileResult]) -> NoReturn:
    """End a command that read files: 3 says that rows of one were set aside."""
    raise typer.Exit(3 if any(result.outcome in SET_ASIDE for result in results) else 0)


def as_json(result: FileResult) -> dict[str, Any]:
    """Return what became of a file in the agreed form."""
    from delivery_analytics.loading.results import COUNTS

    keys = ("code", "severity", "sheet", "cell", "value", "message")
    how = "utf-8", "backslashreplace"
    told = ([getattr(problem, key).encode(*how) for key in keys] for problem in result.problems)
    problems = [dict(zip(keys, map(bytes.decode, one), strict=True)) for one in told]
    rows = {f"rows_{count}": getattr(result, count) for count in COUNTS}
    return {"file": result.file, "outcome": result.outcome, **rows, "problems": problems}


def print_frame(frame: pd.DataFrame, form: Shape) -> None:
    """Print a table for machines."""
    if form == Shape.csv:
        say(frame.to_csv(index=False).rstrip())
    else:
        say(frame.to_json(orient="records", date_format="iso", force_ascii=False))


def print_statuses(judged: pd.DataFrame, registry: Registry) -> None:
    """Print one line for each assessment, of `forecast.beside_status`."""
    from delivery_analytics.wording.wording import open_wording

    words = open_wording()
    for row in judged.to_dict("records"):
        unit = registry.units[registry.indicators[str(row["indicator_id"])].unit]
        names = "value", "expected_value", "target_value"
        value, expected, promised = (_figure(row[name], unit.decimals) for name in names)
        but, due = row["disagreement"], row["target_period"]
        open_ = math.isnan(row["value"]) and promised != _figure(math.nan, 0)
        of = f"{row['status']:11} {row['indicator_id']:44} {row['period'] or '–':8}"
        why = f"score {_figure(row['score'], 2):>6}  {row['reason']}"
        why += f"; promised: {promised}" if open_ else ""
        why += f", {words.disagreement(but, due)}" if but else ""
        say(f"{of} {value:>12} of {expected:>12} expected  {why}")


def _figure(value: float, decimals: int) -> str:
    return "–" if math.isnan(value) else f"{value:.{decimals}f}"


@contextmanager
def progress(what: str, of: int | None) -> Iterator[Any]:
    """Show a bar on a terminal, and plain lines elsewhere; both on standard error."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    console = Console(stderr=True)
    if not console.is_terminal:

        def line(name: str, total: int | None = of, done: int | None = None) -> None:
            count = f" {done} of {total}" if done is not None else ""
            typer.echo(f"{what}{count}: {name}", err=True)

        yield line
        return
    columns = "{task.description}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, "{task.fields[name]}", console=console, transient=True) as bar:
        task = bar.add_task(what, total=of, name="")

        def advance(name: str, total: int | None = of, done: int | None = None) -> None:
            bar.update(task, total=total, name=name)
            bar.update(task, completed=done) if done is not None else bar.advance(task)

        yield advance
