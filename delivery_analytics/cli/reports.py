"""The commands that make something to read: a report, a chart, a pack, an edition."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from delivery_analytics.cli.console import progress, say
from delivery_analytics.cli.options import (
    AS_OF,
    CELL_TIMEOUT,
    CHALLENGE,
    FORMATS,
    LANGUAGE,
    LANGUAGES,
    NO_NETWORK,
    REGION,
    SECTOR,
    TEMPLATE,
    TIMEOUT,
    app,
    checked_registry,
    given_keys,
    keyed,
    languages_of,
    limited,
    loaded_data,
    named_values,
    several,
)


@app.command(
    epilog="Examples: delivery pack monthly_note; "
    "delivery pack stocktake --programme human_capital --language ru,kk --out out"
)
@keyed
def pack(
    name: Annotated[str, typer.Argument(help="A pack of data/definitions/packs.toml.")],
    keys: dict[str, str],
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

    registry = checked_registry()
    with progress(f"Making {name}", None) as step:
        files = make_pack(
            registry,
            name,
            keys=keys,
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
    challenge: CHALLENGE = None,
    as_of: AS_OF = None,
    language: LANGUAGE = None,
    out: Annotated[
        Path, typer.Option(help="Where to; the ending is the format: pptx, svg, png, xlsx …")
    ] = Path("chart.pptx"),
    template: TEMPLATE = None,
) -> None:
    """Draw one chart from what was loaded: as a slide, a picture, a sheet or a page."""
    from delivery_analytics.model.dataset import as_of_day
    from delivery_analytics.wording.wording import open_wording
    from delivery_analytics.writers import single_chart

    data = loaded_data()
    day = as_of_day(data, as_of).isoformat()
    words = open_wording(languages_of(data.registry, language)[0])
    keys = given_keys(
        indicator_id=indicator, region_id=region, sector_id=sector, challenge_id=challenge
    )
    figure = single_chart.draw(name, data, words, as_of=day, keys=keys)
    path = single_chart.save_chart(
        figure, out, data.known_on(day), words, corporate=template or ""
    )
    say(f"{figure.title}\n{path}")


@app.command(
    epilog="Examples: delivery report 20_sector --sector healthcare --language ru --out out; "
    "delivery report my_question -p years=5 -p place=Aktau"
)
@keyed
def report(
    notebook: Annotated[str, typer.Argument(help="A notebook, such as 20_sector.")],
    keys: dict[str, str],
    parameters: Annotated[
        list[str] | None,
        typer.Option("--parameter", "-p", help="name=value, as the notebook declares it."),
    ] = None,
    as_of: AS_OF = None,
    language: LANGUAGES = None,
    formats: FORMATS = "",
    out: Annotated[Path, typer.Option(help="Where the report goes.")] = Path("out"),
    template: TEMPLATE = None,
    timeout: TIMEOUT = 600.0,
    cell_timeout: CELL_TIMEOUT = None,
    no_network: NO_NETWORK = False,
) -> None:
    """Make one report from one notebook."""
    from delivery_analytics.publishing.packs import make_one

    registry = checked_registry()
    chosen = languages_of(registry, language)
    files: list[Path] = []
    with progress(f"Running {notebook}", len(chosen)) as step:
        for code in chosen:
            files += make_one(
                registry,
                notebook,
                keys=keys,
                parameters=named_values("--parameter", parameters),
                as_of=as_of,
                language=code,
                formats=several(formats),
                out=out,
                corporate=template or "",
                limits=limited(timeout, cell_timeout, no_network),
            )
            step(code)
    for file in files:
        say(str(file))
