"""Put the tables of many files together: a row sent twice counts once, and the law of rows.

For every source, rows read = rows kept + rows set aside + rows skipped.
"""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from delivery_analytics.errors import ContractError, Problem
from delivery_analytics.loading.columns import as_table
from delivery_analytics.loading.remarks import told
from delivery_analytics.loading.repeats import without_repeats
from delivery_analytics.loading.results import COUNTS, BySource, FileResult
from delivery_analytics.model import schema
from delivery_analytics.model.dataset import STORED, Dataset
from delivery_analytics.model.registry import Registry


def combine(registry: Registry, results: Sequence[FileResult]) -> Dataset:
    """Put the files' tables together, and hold the law of rows for every source.

    Raises
    ------
    ContractError
        If a row was lost: ours to mend, never the sender's.
    """
    by_source = {result.source_id: result for result in results if result.source_id}
    tables = {}
    for name in STORED:
        parts = [part for r in results for part in r.tables.get(name, []) if len(part)]
        if parts:
            rows = _without_replaced(name, as_table(parts), by_source)
            rows = without_repeats(name, rows, by_source)
            tables[name] = schema.conform(name, rows)
    for result in results:
        result.judge()
        if result.read != result.kept + result.quarantined + result.skipped:
            raise ContractError(
                f"{result.file}: {result.read} rows read, but {result.kept} kept, "
                f"{result.quarantined} set aside and {result.skipped} skipped"
            )
    tables["sources"] = _sources(results, tables)
    tables["problems"] = _problems(results, tables["sources"])
    return Dataset({n: tables.get(n, schema.empty(n)) for n in STORED}, registry)


def with_problems(data: Dataset, told: Sequence[FileResult]) -> Dataset:
    """Return the tables with problems of files that gave no rows."""
    if not told:
        return data
    both = pd.concat([data.problems, _problems(told, data.sources)])
    both = schema.conform("problems", both.drop_duplicates(list(schema.TABLES["problems"].key)))
    return replace(data, tables={**data.tables, "problems": both})


def _without_replaced(name: str, rows: pd.DataFrame, by_source: BySource) -> pd.DataFrame:
    """Leave out the rows of returns that a correction with the same day has replaced."""
    order = {key: one.submission for key, one in by_source.items() if one.submission}
    if not order:
        return rows
    learned = schema.TABLES[name].learned_on
    number = rows["source_id"].map({key: one.number for key, one in order.items()})
    called = {key: f"{by_source[key].sector_id}/{one.name}" for key, one in order.items()}
    by = [rows["source_id"].map(called), *([rows[learned]] if learned else [])]
    lost = number < number.groupby(by).transform("max")
    for source_id, replaced in rows[lost].groupby("source_id", sort=False):
        result = by_source[str(source_id)]
        later = [one for one in by_source.values() if one.corrects(result)]
        for one in (result, *later):
            one.met_others = True
        by_whom = ", ".join(one.file for one in later)
        marks = replaced.get("beside", [None] * len(replaced))
        counted = [not result.is_beside(name, mark) for mark in marks]
        result.kept -= sum(counted)
        result.skipped += sum(counted)
        cells = replaced.get("key_cell", replaced["source_cell"]).fillna(
            replaced["source_cell"]
        )
        for cell in [c for c, counts in zip(cells, counted, strict=True) if counts]:
            place = (result.file, *str(cell).rpartition("!")[::2])
            what = Problem(*told("superseded", by=by_whom), *place, severity="warning")
            result.problems.append(what)
    return rows[~lost].reset_index(drop=True)


def _sources(results: Sequence[FileResult], tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    received: dict[str, pd.Timestamp] = {}
    for name, rows in tables.items():
        learned = schema.TABLES[name].learned_on
        if learned and "source_id" in rows:
            for source_id, latest in rows.groupby("source_id")[learned].max().items():
                known = received.get(str(source_id))
                received[str(source_id)] = latest if known is None else max(known, latest)
    rows = pd.DataFrame(
        [
            {
                "source_id": result.source_id,
                "path": result.path,
                "sha256": result.sha256,
                "sector_id": result.sector_id,
                "received_on": received.get(result.source_id, pd.NaT),
                **{f"rows_{count}": getattr(result, count) for count in COUNTS},
                "sheet_rows": result.sheet_rows,
            }
            for result in results
            if result.source_id
        ]
    )
    return schema.conform("sources", rows)


def _problems(results: Sequence[FileResult], sources: pd.DataFrame) -> pd.DataFrame:
    received = dict(
        zip(sources.get("source_id", []), sources.get("received_on", []), strict=True)
    )
    rows = [
        {
            **problem.as_row(),
            "file": result.path,
            "source_id": result.source_id,
            "sector_id": result.sector_id,
            "reported_on": received.get(result.source_id, pd.NaT),
        }
        for result in results
        for problem in result.problems
    ]
    if not rows:
        return schema.empty("problems")
    return schema.conform("problems", pd.DataFrame(rows)).drop_duplicates(
        list(schema.TABLES["problems"].key), ignore_index=True
    )
