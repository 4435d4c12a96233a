"""The commands about editions: publish one, what it alerts to, and all there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from delivery_analytics.cli import options
from delivery_analytics.cli.console import Shape, print_frame, progress, say
from delivery_analytics.errors import DefinitionError, ReportError

if TYPE_CHECKING:
    from delivery_analytics.model.registry import Registry
    from delivery_analytics.publishing.alert_rules import AlertSettings
    from delivery_analytics.publishing.editions import Edition
    from delivery_analytics.publishing.mail import Mail


@options.command()
def publish(
    as_of: str | None = None,
    languages: str | None = None,
    formats: str = "",
    parameters: list[str] | None = None,
    workers: int | None = None,
    force: bool = False,
    wait: float = 0.0,
    timeout: float = 600.0,
    cell_timeout: float | None = None,
    no_network: bool = False,
    cluster: str | None = None,
    through: str = "",
) -> None:
    """Load, make every report, and put the new edition into place in one move.

    A publish that was killed is continued: what it had finished is not made again.

    Examples: delivery publish · delivery publish --as-of 2024-06-30 --language ru -p years=5 ·
    delivery publish --cluster tcp://10.0.0.5:8786 --no-network
    """
    from delivery_analytics.publishing import mail
    from delivery_analytics.publishing import publish as publishing
    from delivery_analytics.publishing.alert_rules import alert_settings

    registry = options.checked_registry(loads=True)
    # A mistake in it is told before all the work.
    wanted = mail.mail_settings(registry.workspace.root)
    settings = alert_settings(registry)
    limits = options.limited(timeout, cell_timeout, no_network)
    try:
        with (
            options.cluster_at(cluster, through) as machines,
            progress("Publishing", None) as step,
        ):
            edition = publishing.publish(
                registry,
                as_of=as_of,
                languages=options.languages_of(registry, languages),
                formats=options.several(formats),
                parameters=options.named_values("--parameter", parameters),
                workers=workers,
                force=force,
                wait=wait,
                limits=limits,
                cluster=machines,
                progress=lambda what, done, of: step(what, of, done),
            )
    except ReportError as error:
        if error.edition:
            options.sent(error.edition.folder, "reports")
            _tell(registry, error.edition, wanted, settings)
        raise
    options.sent(registry.workspace.processed, "data/processed")
    place = options.sent(edition.folder, "reports")
    _tell(registry, edition, wanted, settings)
    say(f"Published {place}/index.html")
    if place == str(edition.folder):  # behind an address, latest.json names it
        say(f"Latest    {edition.folder.parent / 'latest' / 'index.html'}")


def _tell(
    registry: Registry, made: Edition, wanted: Mail | None, settings: AlertSettings
) -> None:
    """Tell of a new edition; what could not be reached is said, and keeps nobody waiting."""
    from delivery_analytics.publishing.announce import announce

    for failure in announce(registry, made, wanted, settings):
        typer.echo(failure, err=True)


@options.command("alerts")
def show_alerts(language: str | None = None, form: Shape = Shape.text) -> None:
    """Say what turned red, came late or failed in the latest edition.

    Examples: delivery alerts · delivery alerts --language ru · delivery alerts --format json
    """
    import pandas as pd

    from delivery_analytics.publishing import alerts
    from delivery_analytics.publishing.editions import latest

    registry = options.checked_registry()
    words = options.wording_of(registry, language)
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


@options.command()
def runs(check: bool = False, form: Shape = Shape.text) -> None:
    """List the editions: when each was published, how long it took, and what failed.

    Examples: delivery runs · delivery runs --check
    """
    from delivery_analytics.publishing.editions import runs as all_runs

    found = all_runs(options.workspace_registry().workspace.reports, check=check)
    if form != Shape.text:
        print_frame(found, form)
        return
    if found.empty:
        say("Nothing was published yet. Run `delivery publish` first")
    for row in found.to_dict("records"):
        whole = {True: "  whole", False: "  DAMAGED"}.get(row["whole"], "")
        failed = f", {row['failed']} failed" if row["failed"] else ""
        told = f"{row['reports']} reports, {row['made']} made{failed}{whole}"
        took = f"published {row['started']:25} in {row['seconds']:7.1f} s"
        say(f"{row['edition']:14} {took}: {told}{'  latest' if row['latest'] else ''}")
