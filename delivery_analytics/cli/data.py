"""The commands that read what was sent, and tell or hand on what is known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from delivery_analytics.cli import console, options
from delivery_analytics.cli.console import Shape, say
from delivery_analytics.errors import DefinitionError
from delivery_analytics.model.lookup import mistake

if TYPE_CHECKING:
    from delivery_analytics.model.registry import Registry, Sector


_UNDECLARED = ("file.not-declared", "structure.no_header")


@options.command()
def check(paths: list[Path], sector: str | None = None, form: Shape = Shape.text) -> None:
    """Read returns without storing them, and list what is wrong with each.

    Examples: delivery check data/raw/healthcare · delivery check return.xlsx --sector
    healthcare --format json
    """
    from delivery_analytics.loading.combine import combine
    from delivery_analytics.loading.incremental import unread
    from delivery_analytics.loading.intake import return_files
    from delivery_analytics.loading.load import read_files

    registry = options.checked_registry(packs=True)
    chosen = registry.sector(sector) if sector else None
    files = [f for path in paths for f in (return_files(path) if path.is_dir() else [path])]
    missing = [str(path) for path in files if not path.exists() and not path.is_symlink()]
    if missing:
        raise DefinitionError(f"There is no file {', '.join(missing)}")
    of_sectors = [(path, chosen or sector_of(registry, path)) for path in files]
    with console.progress("Reading", len(files)) as step:
        results = read_files(registry, of_sectors, progress=lambda done, of, name: step(name))
    combine(registry, results)
    told = unread(registry)
    if form == Shape.json:
        say(
            json.dumps(
                {"files": [console.as_json(result) for result in results]}, ensure_ascii=False
            )
        )
    else:
        for result, path in zip(results, files, strict=True):
            console.print_result(result)
            if any(problem.code in _UNDECLARED for problem in result.problems):
                named = f" --sector {result.sector_id}" if result.sector_id else ""
                say(f"  to draft how it may be read: delivery describe {path}{named}")
        for problem in (problem for one in told for problem in one.problems):
            console.print_problem(problem)
    console.leave([*results, *told])


@options.command()
def load(without_gone: bool = False) -> None:
    """Read every return under data/raw into the tidy tables of data/processed.

    Examples: delivery load · delivery load --without-gone
    """
    from delivery_analytics.loading import load as loader
    from delivery_analytics.loading.results import COUNTS

    registry = options.checked_registry(packs=True, loads=True)
    with console.progress("Loading", None) as step:
        loaded = loader.load(
            registry,
            previous=registry.workspace.processed,
            without_gone=without_gone,
            progress=lambda done, of, name: step(name, of, done),
        )
    options.sent(loaded.save(), "data/processed")
    sources = loaded.dataset.sources
    told = console.rows_told({name: int(sources[f"rows_{name}"].sum()) for name in COUNTS})
    say(f"{len(loaded.files)} files: {told}")
    for result in loaded.files:
        if result.outcome in console.SET_ASIDE:
            console.print_result(result, errors_only=True)
    for problem in (problem for told in loaded.beside for problem in told.problems):
        console.print_problem(problem)
    if loaded.passed_over:
        say(f"No returns by their ending, and not read: {', '.join(loaded.passed_over)}")
    console.leave([*loaded.files, *loaded.beside])


@options.command()
def status(
    sector: str | None = None,
    region: str | None = None,
    as_of: str | None = None,
    method: str | None = None,
    tried: list[str] | None = None,
    form: Shape = Shape.text,
) -> None:
    """Judge every indicator, and say why; with --set, only those judged otherwise by it.

    As csv and json these have agreed_status, by status.toml, beside the status that is tried.

    Examples: delivery status --sector water · delivery status --as-of 2024-06-30 --format csv ·
    delivery status --set on_track=0.9
    """
    from delivery_analytics.analytics.forecast import beside_status
    from delivery_analytics.analytics.rollup import by_urgency
    from delivery_analytics.analytics.status import assess
    from delivery_analytics.model.dataset import as_of_day

    history = options.loaded_data()
    data = history.known_on(as_of_day(history, as_of)).where(sector_id=sector)
    data.registry.check("region", region)
    given = options.named_values("--set", tried)
    rules = {name: _number(name, text) for name, text in given.items()}
    judged = assess(data, method=method, rules=rules)
    if rules:
        agreed = assess(data, method=method)["status"]
        judged.insert([*judged].index("status"), "agreed_status", agreed)
    judged = judged[judged["region_id"] == (region or data.registry.country_id)]
    judged = by_urgency(judged, data)[list(judged)]
    if rules:
        of, judged = len(judged), judged[judged["status"] != judged["agreed_status"]]
    if form == Shape.text and rules:
        for row in judged.itertuples():
            say(f"{row.indicator_id:44} {row.period:8} {row.agreed_status} → {row.status}")
        say(f"{len(judged)} of {of} would be judged otherwise than by status.toml")
    elif form == Shape.text:
        console.print_statuses(beside_status(judged, data), data.registry)
    else:
        console.print_frame(judged, form)


@options.command()
def trace(
    indicator: str,
    region: str | None = None,
    period: str | None = None,
    form: Shape = Shape.text,
) -> None:
    """Lead from a figure to the file, sheet and cell it was sent in, with its revisions.

    What a figure was made of follows it.

    Examples: delivery trace healthcare.maternal_mortality --period 2023 · delivery trace
    water.wastewater_treated --region KZ-71
    """
    data = options.loaded_data()
    traced = data.trace(indicator, region, period)
    if traced.empty:
        where = (region or data.registry.country_id) + (f" for {period}" if period else "")
        raise mistake("nothing-reported", indicator=indicator, where=where)
    if form != Shape.text:
        console.print_frame(traced, form)
        return
    figures = traced["value"].map("{:.12g}".format, na_action="ignore").fillna("no figure")
    for row, figure in zip(traced.to_dict("records"), figures, strict=True):
        below = "  " * row.get("level", 0)
        what = f"{row['indicator_id']}, {row['region_id']}, " if below else ""
        say(f"{below}{what}{row['period']}  {figure}  reported {row['reported_on']:%Y-%m-%d}")
        if row["source_cell"]:
            say(f"{below}  {row['path']}, {row['source_cell']}")
        say(f"{below}  sha256 {row['sha256']}" if row["source_cell"] else f"{below}  made of")


@options.command()
def export(
    form: str = "",
    out: Path | None = None,
    sector: str | None = None,
    region: str | None = None,
    as_of: str | None = None,
    language: str | None = None,
) -> None:
    """Take every figure away as one tidy table: names, units, targets, statuses, sources.

    Examples: delivery export --format xlsx --language ru · delivery export --sector water
    --out water.parquet
    """
    from delivery_analytics.model.dataset import as_of_day
    from delivery_analytics.writers.exports import export_figures

    history = options.loaded_data()
    data = history.known_on(as_of_day(history, as_of)).where(sector_id=sector, region_id=region)
    words = options.wording_of(data.registry, language)
    form = form or (out.suffix.removeprefix(".") if out else "csv")
    say(str(export_figures(data, words, out or Path(f"figures.{form}"), form)))


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise DefinitionError(f"--set {name}={text}: '{text}' is not a number") from None


def sector_of(registry: Registry, path: Path) -> Sector | None:
    """Return the sector whose folder under data/raw a file lies in."""
    raw, file = registry.workspace.raw, path.resolve()
    return registry.sectors.get(file.relative_to(raw).parts[0]) if raw in file.parents else None
