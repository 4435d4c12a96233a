"""The commands that make something to read: a report, a chart, a pack, an edition."""

from pathlib import Path
from typing import Any

from delivery_analytics.cli import options
from delivery_analytics.cli.console import progress, say
from delivery_analytics.writers import BRIEF


@options.command()
@options.keyed
def pack(
    name: str,
    keys: dict[str, str],
    as_of: str | None = None,
    languages: str | None = None,
    formats: str = "",
    out: Path = Path("out"),
    timeout: float = 600.0,
    cell_timeout: float | None = None,
    no_network: bool = False,
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
            languages=options.languages_of(registry, languages),
            formats=options.several(formats) if formats else (),
            out=out,
            limits=options.limited(timeout, cell_timeout, no_network),
            progress=lambda what, done, of: step(what, of, done),
        )
    for file in files:
        say(str(file))


@options.command()
def chart(
    name: str,
    indicator: str | None = None,
    region: str | None = None,
    sector: str | None = None,
    challenge: str | None = None,
    as_of: str | None = None,
    language: str | None = None,
    out: Path = Path("chart.pptx"),
    template: Path | None = None,
) -> None:
    """Draw one chart from what was loaded: as a slide, a picture, a sheet or a page.

    Examples: delivery chart trajectory --indicator healthcare.maternal_mortality --out
    mortality.pptx; delivery chart hundred_days --challenge building_permits --language ru --out
    permits.svg
    """
    from delivery_analytics.model.dataset import as_of_day
    from delivery_analytics.writers import single_chart

    data = options.loaded_data()
    day = as_of_day(data, as_of).isoformat()
    words = options.wording_of(data.registry, language)
    keys = options.given_keys(
        indicator_id=indicator, region_id=region, sector_id=sector, challenge_id=challenge
    )
    figure = single_chart.draw(name, data, words, as_of=day, keys=keys)
    known, corporate = data.known_on(day), template or ""
    path = single_chart.save_chart(figure, out, known, words, corporate=corporate)
    say(f"{figure.title}\n{path}")


@options.command()
@options.keyed
def report(
    notebook: str,
    keys: dict[str, str],
    parameters: list[str] | None = None,
    as_of: str | None = None,
    languages: str | None = None,
    formats: str = "",
    out: Path = Path("out"),
    template: Path | None = None,
    timeout: float = 600.0,
    cell_timeout: float | None = None,
    no_network: bool = False,
) -> None:
    """Make one report from one notebook.

    Examples: delivery report 20_sector --sector healthcare --language ru --out out; delivery
    report my_question -p years=5 -p place=Aktau
    """
    limits = options.limited(timeout, cell_timeout, no_network)
    own = {"parameters": options.named_values("--parameter", parameters), "limits": limits}
    own |= {"keys": keys, "as_of": as_of, "out": out, "corporate": template or ""}
    _make(notebook, languages, formats, **own)


@options.command()
@options.keyed
def brief(
    keys: dict[str, str],
    notebook: options.NOTEBOOK = "",
    as_of: str | None = None,
    languages: str | None = None,
    formats: str = "pdf,pptx",
    out: Path = Path("out"),
    template: Path | None = None,
) -> None:
    """Make the one-page brief of a report alone: of the nation, unless something is named.

    Examples: delivery brief; delivery brief --sector healthcare --language ru,kk; delivery
    brief --region KZ-47 --as-of 2025-01-31; delivery brief --challenge building_permits
    """
    from delivery_analytics.publishing.plan import plan

    run_per = next(iter(keys), "nation")
    planned = plan(options.checked_registry(), ["en"])
    named = notebook or next(one.notebook.stem for one in planned if one.run_per == run_per)
    asked = ",".join(f"{BRIEF}{name}" for name in options.several(formats))
    own = {"keys": keys, "as_of": as_of, "out": out, "corporate": template or ""}
    _make(named, languages, asked, **own)


def _make(notebook: str, languages: str | None, formats: str, **own: Any) -> None:
    from delivery_analytics.publishing.packs import make_one

    registry = options.checked_registry()
    chosen = options.languages_of(registry, languages)
    files: list[Path] = []
    with progress(f"Running {notebook}", len(chosen)) as step:
        for code in chosen:
            asked = {"language": code, "formats": options.several(formats), **own}
            files += make_one(registry, notebook, **asked)
            step(code)
    for file in files:
        say(str(file))
