"""The command that begins a workspace."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from delivery_analytics.cli.console import Shape, say
from delivery_analytics.cli.describing import TO_A_PERSON
from delivery_analytics.cli.options import ASKED, command, several
from delivery_analytics.errors import DefinitionError
from delivery_analytics.model.languages import LANGUAGES

if TYPE_CHECKING:
    from delivery_analytics.cli.new_workspace import NewUnit


@command()
def init(
    folder: Path,
    country: str | None = None,
    code: str | None = None,
    sectors: str | None = None,
    regions: str | None = None,
    languages: str | None = None,
    files: list[str] | None = None,
    answers: Path | None = None,
    example: bool = False,
) -> None:
    """Begin a workspace for another unit; asks for what is not given.

    Examples: delivery init my-unit · delivery init trial --example · delivery init my-unit
    --country Freedonia --code FD --sectors "water=Water supply,energy" --regions
    "FD-01=North,FD-02=South" --languages en,ru · delivery init my-unit --country Freedonia
    --code FD --from "returns/*.xlsx"
    """
    from delivery_analytics.cli import new_workspace

    if answers and not files:
        raise DefinitionError("--answers are to the questions about files. Give them: --from")
    if example:
        made = new_workspace.copy_example(folder)
    else:
        if country and not code and not sys.stdin.isatty():
            raise DefinitionError(f"What is the code of {country}? Give it: --code KZ")
        asked = {"country": country, "code": code, "languages": languages}
        asked |= {"sectors": "" if files else sectors}
        asked |= {"regions": regions or "" if files else regions}
        given = {name: one if one is not None else _asked(name) for name, one in asked.items()}
        named, places = (new_workspace.ids(given[f"{k}s"], k) for k in ("sector", "region"))
        called, speaks = (given["country"], given["code"].upper()), several(given["languages"])
        unit = new_workspace.NewUnit(*called, named, places, tuple(speaks))
        if files:
            _from_files(folder, files, unit, sectors, answers)
            return
        made = new_workspace.found(folder, unit)
    say(f"{made} is ready. Go on with:\n  cd {made}\n  delivery check data/raw")
    # Nothing was received yet in a new one, so the day to report on has to be said.
    say("  delivery publish" + ("" if example else " --as-of 2025-01-31   # or any other day"))


def _from_files(
    folder: Path, patterns: list[str], unit: NewUnit, sectors: str | None, answers: Path | None
) -> None:
    """Begin with files: with anything open, only its drafts and questions are written."""
    from delivery_analytics.cli import first_files
    from delivery_analytics.describing.writing import read_answers

    found = first_files.expanded(patterns)
    named, homes = first_files.sectors_of(found, sectors)
    given = [one for one in read_answers(answers) if one["answer"]] if answers else []
    if not first_files.begin(folder, found, homes, replace(unit, sectors=named), given):
        raise typer.Exit(TO_A_PERSON)
    first_files.publish_first(folder)


def _asked(name: str) -> str:
    """Ask on a terminal; elsewhere take what would be suggested there."""
    question, suggested = ASKED[name]
    if not sys.stdin.isatty():
        return str(suggested)
    question = question.format(languages=", ".join(LANGUAGES))
    return str(typer.prompt(question, default=suggested))


class Topic(StrEnum):
    """What `delivery help` tells of."""

    definitions = "definitions"


@command("help")
def explain(topic: Topic, form: Shape = Shape.text) -> None:
    """Tell every key of the definitions, and every field that a return may have.

    Examples: delivery help definitions · delivery help definitions --format json >
    sector.schema.json
    """
    from delivery_analytics.model.reference import definitions_schema, definitions_text

    if form == Shape.json:
        say(json.dumps(definitions_schema(), ensure_ascii=False, indent=2))
    else:
        say(definitions_text())
