"""The commands that make something to read: a report, a chart, a pack, an edition."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from delivery_analytics.console import Shape, print_frame, progress, say
from delivery_analytics.errors import DefinitionError, ReportError
from delivery_analytics.options import (
    AS_OF,
    CELL_TIMEOUT,
    FORMATS,
    LANGUAGE,
    LANGUAGES,
    NO_NETWORK,
    REGION,
    SECTOR,
    TEMPLATE,
    TIMEOUT,
    app,
    cluster_at,
    languages_of,
    limited,
    sent,
    several,
    workspace_registry,
)

if TYPE_CHECKING:
    from delivery_analytics.model.registry import Registry
    from delivery_analytics.publishing.editions import Edition
    from delivery_analytics.publishing.mail import Mail


@app.command(
    epilog="Examples: delivery init my-unit · delivery init trial --example · "
    'delivery init my-unit --country Freedonia --code FD --sectors "water=Water supply,energy" '
    '--regions "FD-01=North,FD-02=South" --languages en,ru'
)
def init(
    folder: Annotated[Path, typer.Argument(help="A new folder.")],
    country: Annotated[str | None, typer.Option(help="What the nation is called.")] = None,
    code: Annotated[str | None, typer.Option(help="Its ISO 3166-1 code, such as KZ.")] = None,
    sectors: Annotated[
        str | None, typer.Option(help="Sectors with commas, each as id=Name or a Latin name.")
    ] = None,
    regions: Annotated[
        str | None, typer.Option(help="Regions with commas, each as code=Name.")
    ] = None,
    languages: Annotated[
        str | None,
        typer.Option(
            help="What it publishes in: en, ru, kk, with commas. Names may be given in each, "
            "in this order, as water=Water|Вода."
        ),
    ] = None,
    example: Annotated[
        bool, typer.Option("--example", help="Copy the example of nine sectors instead.")
    ] = False,
) -> None:
    """Begin a workspace for another unit; asks for what is not given."""
    from delivery_analytics import founding

    if example:
        made = founding.copy_example(folder)
    else:
        if country and not code and not sys.stdin.isatty():
            raise DefinitionError(f"What is the code of {country}? Give it: --code KZ")
        asked = {
            "country": country,
            "code": code,
            "languages": languages,
            "sectors": sectors,
            "regions": regions,
        }
        given = {name: one if one is not None else _asked(name) for name, one in asked.items()}
        unit = founding.Unit(
            given["country"],
            given["code"].upper(),
            founding.ids(given["sectors"], "sector"),
            founding.ids(given["regions"], "region"),
            tuple(several(given["languages"])),
        )
        made = founding.found(folder, unit)
    say(f"{made} is ready. Go on with:\n  cd {made}\n  delivery check data/raw")
    # Nothing was received yet in a new one, so the day to report on has to be said.
    say("  delivery publish" + ("" if example else " --as-of 2025-01-31   # or any other day"))


_QUESTIONS = {
    "country": ("What is the nation called?", "Kazakhstan"),
    "code": ("Its ISO 3166-1 code?", "KZ"),
    "languages": ("Languages of its reports, with commas: en, ru, kk?", "en"),
    "sectors": ("Sectors, with commas?", "health,education"),
    "regions": ("Regions with commas, each as code=Name? Empty for none", ""),
}


def _asked(name: str) -> str:
    """Ask on a terminal; elsewhere take what would be suggested there."""
    question, suggested = _QUESTIONS[name]
    if not sys.stdin.isatty():
        return suggested
    answer: str = typer.prompt(question, default=suggested)
    return answer


@app.command(
    epilog="Examples: delivery pack monthly_note; "
    "delivery pack stocktake --programme human_capital --language ru,kk --out out"
)
def pack(
    name: Annotated[str, typer.Argument(help="A pack of data/definitions/packs.toml.")],
    sector: SECTOR = None,
    region: REGION = None,
    programme: Annotated[str | None, typer.Option(help="One programme.")] = None,
    challenge: Annotated[str | None, typer.Option(help="One 100-day challenge.")] = None,
    as_of: AS_OF = None,
    language: LANGUAGES = None,
    formats: Annotated[
        str, typer.Option("--format", help="Instead of those that the pack declares.")
    ] = "",
    out: Annotated[Path, typer.Option(help="Where the pack goes.")] = Path("out"),
    timeout: TIMEOUT = 600.0,
    cell_timeout: CELL_TIMEOUT = None,
    no_network: NO_NETWORK = False,
) -> None:
    """Make the reports of one occasion together: a monthly note, a stocktake."""
    from delivery_analytics.publishing.packs import make_pack

    keys = {"sector": sector, "region": region, "programme": programme, "challenge": challenge}
    registry = workspace_registry()
    with progress(f"Making {name}", None) as step:
        files = make_pack(
            registry,
            name,
            keys={run_per: key for run_per, key in keys.items() if key},
            as_of=as_of,
            languages=languages_of(registry, language),
            formats=several(formats) if formats else (),
            out=out,
            limits=limited(timeout, cell_timeout, no_network),
            progress=lambda what, done, of: step(what, of, done),
        )
    for file in files:
        say(str(file))


@app.command(
    epilog="Examples: delivery chart trajectory --indicator healthcare.maternal_mortality "
    "--out mortality.pptx; delivery chart hundred_days --challenge building_permits "
    "--language ru --out permits.svg"
)
def chart(
    name: Annotated[str, typer.Argument(help="A chart, such as trajectory or tile_map.")],
    indicator: Annotated[str | None, typer.Option(help="One indicator, by its id.")] = None,
    region: REGION = None,
    sector: SECTOR = None,
    challenge: Annotated[str | None, typer.Option(help="One 100-day challenge.")] = None,
    as_of: AS_OF = None,
    language: LANGUAGE = None,
    out: Annotated[
        Path, typer.Option(help="Where to; the ending is the format: pptx, svg, png, xlsx …")
    ] = Path("chart.pptx"),
    template: TEMPLATE = None,
) -> None:
    """Draw one chart from what was loaded: as a slide, a picture, a sheet or a page."""
    from delivery_analytics.model.dataset import open_dataset
    from delivery_analytics.publishing.job_parameters import day_of
    from delivery_analytics.wording.wording import open_wording
    from delivery_analytics.writers import single_chart

    registry = workspace_registry()
    data = open_dataset(registry.workspace / "data" / "processed", registry)
    day = day_of(data, as_of).isoformat()
    words = open_wording(languages_of(registry, language)[0])
    keys = {
        "indicator_id": indicator,
        "region_id": region,
        "sector_id": sector,
        "challenge_id": challenge,
    }
    given = {key: one for key, one in keys.items() if one}
    figure = single_chart.draw(name, data, words, as_of=day, keys=given)
    path = single_chart.save(figure, out, data.known_on(day), words, corporate=template or "")
    say(f"{figure.title}\n{path}")


@app.command(
    epilog="Example: delivery report 20_sector --sector healthcare --language ru --out out"
)
def report(
    notebook: Annotated[str, typer.Argument(help="A notebook, such as 20_sector.")],
    sector: SECTOR = None,
    region: REGION = None,
    programme: Annotated[str | None, typer.Option(help="One programme.")] = None,
    challenge: Annotated[str | None, typer.Option(help="One 100-day challenge.")] = None,
    as_of: AS_OF = None,
    language: LANGUAGES = None,
    formats: FORMATS = "html,xlsx,pptx,pdf",
    out: Annotated[Path, typer.Option(help="Where the report goes.")] = Path("out"),
    template: TEMPLATE = None,
    timeout: TIMEOUT = 600.0,
    cell_timeout: CELL_TIMEOUT = None,
    no_network: NO_NETWORK = False,
) -> None:
    """Make one report from one notebook."""
    from delivery_analytics.publishing.publish import make_one

    registry = workspace_registry()
    keys = {
        "sector": sector,
        "region": region,
        "programme": programme,
        "challenge": challenge,
    }
    chosen = languages_of(registry, language)
    files: list[Path] = []
    with progress(f"Running {notebook}", len(chosen)) as step:
        for one in chosen:
            files += make_one(
                registry,
                notebook,
                keys={name: key for name, key in keys.items() if key},
                as_of=as_of,
                language=one,
                formats=several(formats),
                out=out,
                corporate=template or "",
                limits=limited(timeout, cell_timeout, no_network),
            )
            step(one)
    for file in files:
        say(str(file))


@app.command(
    epilog="Examples: delivery publish · delivery publish --as-of 2024-06-30 --language ru,kk"
    " · delivery publish --cluster tcp://10.0.0.5:8786 --no-network"
)
def publish(
    as_of: AS_OF = None,
    language: LANGUAGES = None,
    formats: FORMATS = "html,xlsx,pptx,pdf",
    workers: Annotated[int | None, typer.Option(help="Reports made at once.")] = None,
    force: Annotated[bool, typer.Option(help="Make unchanged reports again, too.")] = False,
    wait: Annotated[
        float, typer.Option(help="Seconds to wait while another publish is running.")
    ] = 0.0,
    timeout: TIMEOUT = 600.0,
    cell_timeout: CELL_TIMEOUT = None,
    no_network: NO_NETWORK = False,
    cluster: Annotated[
        str | None,
        typer.Option(help="A Dask scheduler that makes them, such as tcp://10.0.0.5:8786."),
    ] = None,
    through: Annotated[
        str,
        typer.Option(
            help="A storage that this machine and the cluster reach, such as "
            "s3://bucket/staging, where they do not share the workspace's folder."
        ),
    ] = "",
) -> None:
    """Load, make every report, and put the new edition into place in one move.

    A publish that was killed is continued: what it had finished is not made again.
    """
    from delivery_analytics.publishing import mail
    from delivery_analytics.publishing import publish as publishing

    registry = workspace_registry()
    wanted = mail.settings(registry.workspace)  # a mistake in it is told before all the work
    limits = limited(timeout, cell_timeout, no_network)
    try:
        with cluster_at(cluster, through) as machines, progress("Publishing", None) as step:
            edition = publishing.publish(
                registry,
                as_of=as_of,
                languages=languages_of(registry, language),
                formats=several(formats),
                workers=workers,
                force=force,
                wait=wait,
                limits=limits,
                cluster=machines,
                progress=lambda what, done, of: step(what, of, done),
            )
    except ReportError as error:
        if error.edition:
            sent(error.edition.folder, "reports")
            _tell(registry, error.edition, wanted)
        raise
    sent(registry.workspace / "data" / "processed", "data/processed")
    place = sent(edition.folder, "reports")
    _tell(registry, edition, wanted)
    say(f"Published {place}/index.html")
    if place == str(edition.folder):  # behind an address, latest.json names it
        say(f"Latest    {edition.folder.parent / 'latest' / 'index.html'}")


def _tell(registry: Registry, made: Edition, wanted: Mail | None) -> None:
    """Write the alerts of a new edition, and mail its summary where that is wanted."""
    from delivery_analytics.publishing import alerts, mail

    told = alerts.tell(registry, made)
    if told is None:
        return
    failure = mail.send(told, wanted) if wanted else ""
    if failure:  # the edition is published all the same
        typer.echo(failure, err=True)


@app.command(
    name="alerts",
    epilog="Examples: delivery alerts · delivery alerts --language ru · "
    "delivery alerts --format json",
)
def show_alerts(
    language: LANGUAGE = None,
    form: Annotated[Shape, typer.Option("--format", help="text, json or csv")] = Shape.text,
) -> None:
    """Say what turned red, came late or failed in the latest edition."""
    import pandas as pd

    from delivery_analytics.publishing import alerts
    from delivery_analytics.publishing.editions import latest
    from delivery_analytics.wording.wording import open_wording

    registry = workspace_registry()
    words = open_wording(languages_of(registry, language)[0])
    made = latest(registry.workspace / "reports")
    if made is None:
        raise DefinitionError("Nothing was published yet. Run `delivery publish` first")
    told = alerts.alerts_of(registry, made)
    rows = [{**vars(one), "text": one.text[words.language]} for one in told.alerts]
    if form != Shape.text:
        print_frame(pd.DataFrame(rows), form)
        return
    say(f"{made.id}, compared with {told.since}: {len(rows)} alerts")
    for row in rows:
        say(f"  {row['kind']:17} {row['text']}")


@app.command(epilog="Examples: delivery runs · delivery runs --check")
def runs(
    check: Annotated[
        bool, typer.Option(help="Hold every file against its fingerprint.")
    ] = False,
    form: Annotated[Shape, typer.Option("--format", help="text, json or csv")] = Shape.text,
) -> None:
    """List the editions: when each was published, how long it took, and what failed."""
    from delivery_analytics.publishing import ledger

    found = ledger.runs(workspace_registry().workspace / "reports", check=check)
    if form != Shape.text:
        print_frame(found, form)
        return
    if found.empty:
        say("Nothing was published yet. Run `delivery publish` first")
    for row in found.to_dict("records"):
        whole = {True: "  whole", False: "  DAMAGED"}.get(row["whole"], "")
        failed = f", {row['failed']} failed" if row["failed"] else ""
        say(
            f"{row['edition']:14} published {row['started']:25} in {row['seconds']:7.1f} s: "
            f"{row['reports']} reports, {row['made']} made{failed}{whole}"
            + ("  latest" if row["latest"] else "")
        )
