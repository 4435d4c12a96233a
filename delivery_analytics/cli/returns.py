"""The commands of the round trip with the sender: a blank return, and a marked copy."""

from pathlib import Path

from delivery_analytics.cli import options
from delivery_analytics.cli.console import leave, print_result, say
from delivery_analytics.cli.data import sector_of


@options.command()
def template(
    sector: str,
    period: str | None = None,
    table: str = "observations",
    regions: str = "",
    language: str | None = None,
    send_to: str = "",
    out: Path | None = None,
) -> None:
    """Write a blank return for a sector, with lists to choose from and instructions.

    Examples: delivery template healthcare · delivery template water --period 2024 --language ru
    --out water.xlsx · delivery template health --regions all
    """
    from delivery_analytics.returns import blank_form

    registry = options.workspace_registry()
    [first, *_] = options.languages_of(registry, language)
    form = blank_form.form(
        registry,
        sector,
        table=table,
        period=period or "",
        regions=options.several(regions),
        language=first,
        send_to=send_to,
    )
    kind = "return" if table == "observations" else table
    path = out or Path(f"{sector}_{kind}.xlsx")
    blank_form.write(form, path)
    say(str(path))


@options.command("return")
def give_back(
    file: Path, sector: str | None = None, language: str | None = None, out: Path | None = None
) -> None:
    """Write the sender's workbook with each problem marked at its cell, and all listed.

    Examples: delivery return data/raw/water/plan.xlsx --language ru · delivery return new.csv
    --sector water --out marked.xlsx
    """
    from delivery_analytics.returns import marked_copy

    registry = options.workspace_registry()
    chosen = registry.sector(sector) if sector else sector_of(registry, file)
    path = out or Path(f"{file.stem}.marked.xlsx")
    [first, *_] = options.languages_of(registry, language)
    marked = marked_copy.give_back(registry, file, out=path, sector=chosen, language=first)
    print_result(marked.result)
    if marked.kind == "none":
        say(f"{path}: the file cannot be copied, so this holds only the list of its problems")
    else:
        say(f"{path}: {marked.marks} of {len(marked.result.problems)} problems have their cell")
    leave([marked.result])
