"""The commands that make something to read: a report, a chart, a pack, an edition."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from delivery_analytics.cli import options
from delivery_analytics.cli.console import progress, say


@options.command()
@options.keyed
def pack(
    name: Annotated[str, typer.Argument(help="A pack of data/definitions/packs.toml.")],
    keys: dict[str, str],
    as_of: options.AS_OF = None,
    language: options.LANGUAGES = None,
    formats: Annotated[
        str, typer.Option("--format", help="Instead of those that the pack declares.")
    ] = "",
    out: Annotated[Path, typer.Option(help="Where the pack goes.")] = Path("out"),
    timeout: options.TIMEOUT = 600.0,
    cell_timeout: options.CELL_TIMEOUT = None,
    no_network: options.NO_NETWORK = False,
) -> None:
    """Make the reports of one occasion together: a monthly note, a stocktake.

    Examples: delivery pack monthly_note; delivery pack stocktake --programme human_capital
    --language ru,kk --out out
    """
    from delivery_analytics.publishing.packs import make_pack

    registry = options.checked_registry()
    with progress(f"Making {name}", None) as step:
        files = make_pack(
            registry,
            name,
            keys=keys,
            as_of=as_of,
            languages=options.languages_of(registry, language),
            formats=options.several(formats) if formats else (),
            out=out,
            limits=options.limited(timeout, cell_timeout, no_network),
            progress=lambda what, done, of: step(what, of, done),
        )
    for file in files:
        say(str(file))


@options.command()
def chart(
    name: Annotated[str, typer.Argument(help="A chart, such as trajectory or tile_map.")],
    indicator: Annotated[str | None, typer.Option(help="One indicator, by its id.")] = None,
    region: options.REGION = None,
    sector: options.SECTOR = None,
    challenge: options.CHALLENGE = None,
    as_of: options.AS_OF = None,
    language: options.LANGUAGE = None,
    out: Annotated[
        Path, typer.Option(help="Where to; the ending is the format: pptx, svg, png, xlsx …")
    ] = Path("chart.pptx"),
    template: options.TEMPLATE = None,
) -> None:
    """Draw one chart from what was loaded: as a slide, a picture, a sheet or a page.

    Examples: delivery chart trajectory --indicator healthcare.maternal_mortality --out
    mortality.pptx; delivery chart hundred_days --challenge building_permits --language ru --out
    permits.svg
    """
    from delivery_analytics.model.dataset import as_of_day
    from delivery_analytics.wording.wording import open_wording
    from delivery_analytics.writers import single_chart

    data = options.loaded_data()
    day = as_of_day(data, as_of).isoformat()
    words = open_wording(options.languages_of(data.registry, language)[0])
    keys = options.given_keys(
        indicator_id=indicator, region_id=region, sector_id=sector, challenge_id=challenge
    )
    figure = single_chart.draw(name, data, words, as_of=day, keys=keys)
    path = single_chart.save_chart(
        figure, out, data.known_on(day), words, corporate=template or ""
    )
    say(f"{figure.title}\n{path}")


@options.command()
@options.keyed
def report(
    notebook: Annotated[str, typer.Argument(help="A notebook, such as 20_sector.")],
    keys: dict[str, str],
    parameters: Annotated[
        list[str] | None,
        typer.Option("--parameter", "-p", help="name=value, as the notebook declares it."),
    ] = None,
    as_of: options.AS_OF = None,
    language: options.LANGUAGES = None,
    formats: options.FORMATS = "",
    out: Annotated[Path, typer.Option(help="Where the report goes.")] = Path("out"),
    template: options.TEMPLATE = None,
    timeout: options.TIMEOUT = 600.0,
    cell_timeout: options.CELL_TIMEOUT = None,
    no_network: options.NO_NETWORK = False,
) -> None:
    """Make one report from one notebook.

    Examples: delivery report 20_sector --sector healthcare --language ru --out out; delivery
    report my_question -p years=5 -p place=Aktau
    """
    from delivery_analytics.publishing.packs import make_one

    registry = options.checked_registry()
    chosen = options.languages_of(registry, language)
    files: list[Path] = []
    with progress(f"Running {notebook}", len(chosen)) as step:
        for code in chosen:
            files += make_one(
                registry,
                notebook,
                keys=keys,
                parameters=options.named_values("--parameter", parameters),
                as_of=as_of,
                language=code,
                formats=options.several(formats),
                out=out,
                corporate=template or "",
                limits=options.limited(timeout, cell_timeout, no_network),
            )
            step(code)
    for file in files:
        say(str(file))
