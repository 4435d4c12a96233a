"""The commands about editions: publish one, what it alerts to, and all there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from delivery_analytics.cli.console import Shape, print_frame, progress, say
from delivery_analytics.cli.options import (
    AS_OF,
    CELL_TIMEOUT,
    FORM,
    FORMATS,
    LANGUAGE,
    LANGUAGES,
    NO_NETWORK,
    TIMEOUT,
    app,
    checked_registry,
    cluster_at,
    languages_of,
    limited,
    sent,
    several,
    workspace_registry,
)
from delivery_analytics.errors import DefinitionError, ReportError

if TYPE_CHECKING:
    from delivery_analytics.model.registry import Registry
    from delivery_analytics.publishing.editions import Edition
    from delivery_analytics.publishing.mail import Mail


@app.command(
    epilog="Examples: delivery publish · delivery publish --as-of 2024-06-30 --language ru,kk"
    " · delivery publish --cluster tcp://10.0.0.5:8786 --no-network"
)
def publish(
    as_of: AS_OF = None,
    language: LANGUAGES = None,
    formats: FORMATS = "",
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

    registry = checked_registry(loads=True)
    wanted = mail.mail_settings(
        registry.workspace.root
    )  # a mistake in it is told before all the work
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
    sent(registry.workspace.processed, "data/processed")
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
def show_alerts(language: LANGUAGE = None, form: FORM = Shape.text) -> None:
    """Say what turned red, came late or failed in the latest edition."""
    import pandas as pd

    from delivery_analytics.publishing import alerts
    from delivery_analytics.publishing.editions import latest
    from delivery_analytics.wording.wording import open_wording

    registry = checked_registry()
    words = open_wording(languages_of(registry, language)[0])
    made = latest(registry.workspace.reports)
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
    form: FORM = Shape.text,
) -> None:
    """List the editions: when each was published, how long it took, and what failed."""
    from delivery_analytics.publishing.editions import runs as all_runs

    found = all_runs(workspace_registry().workspace.reports, check=check)
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
