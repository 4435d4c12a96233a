"""The commands that read what was sent, and tell what is known: check, load, status, trace."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from delivery_analytics.cli.console import (
    Shape,
    as_json,
    print_frame,
    print_result,
    print_statuses,
    progress,
    say,
)
from delivery_analytics.cli.options import AS_OF, REGION, SECTOR, app, sent, workspace_registry
from delivery_analytics.errors import DefinitionError

if TYPE_CHECKING:
    from delivery_analytics.model.registry import Registry, Sector


@app.command(
    epilog="Examples: delivery check data/raw/healthcare · delivery check return.xlsx "
    "--sector healthcare --format json"
)
def check(
    paths: Annotated[list[Path], typer.Argument(help="Returns, or folders of returns.")],
    sector: SECTOR = None,
    form: Annotated[Shape, typer.Option("--format", help="text or json")] = Shape.text,
) -> None:
    """Read returns without storing them, and list what is wrong with each."""
    from delivery_analytics.loading.combine import combine
    from delivery_analytics.loading.load import read_files, returns

    registry = workspace_registry()
    chosen = registry.sector(sector) if sector else None
    files = [f for p in paths for f in (returns(p) if p.is_dir() else [p])]
    missing = [str(path) for path in files if not path.exists() and not path.is_symlink()]
    if missing:
        raise DefinitionError(f"There is no file {', '.join(missing)}")
    found = [(path, chosen or sector_of(registry, path)) for path in files]
    with progress("Reading", len(found)) as step:
        results = read_files(registry, found, progress=lambda done, of, name: step(name))
    combine(registry, results)
    if form == Shape.json:
        say(json.dumps({"files": [as_json(one) for one in results]}, ensure_ascii=False))
    else:
        for one in results:
            print_result(one)
    bad = ("rejected", "rows_quarantined")
    raise typer.Exit(3 if any(one.outcome in bad for one in results) else 0)


@app.command(epilog="Example: delivery load")
def load() -> None:
    """Read every return under data/raw into the tidy tables of data/processed."""
    from delivery_analytics.loading import load as loader

    registry = workspace_registry()
    with progress("Loading", None) as step:
        loaded = loader.load(
            registry,
            previous=registry.workspace / "data" / "processed",
            progress=lambda done, of, name: step(name, of, done),
        )
    sent(loaded.save(), "data/processed")
    counts = ["rows_read", "rows_kept", "rows_quarantined", "rows_skipped"]
    read, kept, aside, skipped = (int(n) for n in loaded.dataset.sources[counts].sum())
    say(
        f"{len(loaded.files)} files: {read} rows read = {kept} kept + {aside} set aside + "
        f"{skipped} skipped"
    )
    for one in loaded.files:
        if one.outcome in ("rejected", "rows_quarantined"):
            print_result(one, errors_only=True)
    bad = [one for one in loaded.files if one.outcome in ("rejected", "rows_quarantined")]
    raise typer.Exit(3 if bad else 0)


@app.command(
    epilog="Examples: delivery status --sector water · delivery status --as-of 2024-06-30 "
    "--format csv"
)
def status(
    sector: SECTOR = None,
    region: REGION = None,
    as_of: AS_OF = None,
    method: Annotated[str | None, typer.Option(help="Judge everything by this.")] = None,
    form: Annotated[Shape, typer.Option("--format", help="text, json or csv")] = Shape.text,
) -> None:
    """Judge every indicator, and say why."""
    from delivery_analytics.analytics.status import assess

    data = _known(as_of).where(sector_id=sector)
    judged = assess(data, method=method)
    wanted = region or data.registry.country_id
    if region:
        data.where(region_id=region)  # says so if there is no such region
    judged = judged[judged["region_id"] == wanted]
    if form == Shape.text:
        print_statuses(judged, data.registry)
    else:
        print_frame(judged, form)


@app.command(
    epilog="Examples: delivery trace healthcare.maternal_mortality --period 2023 · "
    "delivery trace water.wastewater_treated --region KZ-71"
)
def trace(
    indicator: Annotated[str, typer.Argument(help="sector.indicator")],
    region: REGION = None,
    period: Annotated[str | None, typer.Option(help="Such as 2023 or 2024-06.")] = None,
    form: Annotated[Shape, typer.Option("--format", help="text, json or csv")] = Shape.text,
) -> None:
    """Lead from a figure to the file, sheet and cell it was sent in, with its revisions."""
    from delivery_analytics.model.dataset import open_dataset

    registry = workspace_registry()
    data = open_dataset(registry.workspace / "data" / "processed", registry)
    found = data.trace(indicator, region, period)
    if found.empty:
        raise DefinitionError(
            f"Nothing was reported for {indicator}"
            f" in {region or registry.country_id}{f' for {period}' if period else ''}"
        )
    if form != Shape.text:
        print_frame(found, form)
        return
    figures = found["value"].map("{:.12g}".format, na_action="ignore").fillna("no figure")
    for row, figure in zip(found.itertuples(), figures, strict=True):
        say(
            f"{row.period}  {figure}  reported {row.reported_on:%Y-%m-%d}\n"
            f"  {row.path}, {row.source_cell}\n"
            f"  sha256 {row.sha256}"
        )


def _known(as_of: str | None) -> Any:
    from delivery_analytics.model.dataset import open_dataset

    registry = workspace_registry()
    data = open_dataset(registry.workspace / "data" / "processed", registry)
    day = as_of or data.last_reported_on
    if day is None:
        raise DefinitionError(
            "Nothing was received yet, so there is no day to judge by. Give one: "
            "--as-of 2025-01-31"
        )
    return data.known_on(day)


def sector_of(registry: Registry, path: Path) -> Sector | None:
    """Return the sector whose folder under data/raw a file lies in."""
    raw = registry.workspace / "data" / "raw"
    resolved = path.resolve()
    if not resolved.is_relative_to(raw):
        return None
    return registry.sectors.get(resolved.relative_to(raw).parts[0])
