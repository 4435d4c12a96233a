"""The command that looks at files nobody has declared, and drafts how to read them."""

from __future__ import annotations

import json
import sys
from dataclasses import is_dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from delivery_analytics.cli.console import say
from delivery_analytics.cli.data import sector_of
from delivery_analytics.cli.options import command, workspace_registry
from delivery_analytics.errors import DefinitionError

if TYPE_CHECKING:
    from collections.abc import Callable

    from delivery_analytics.describing.draft import Question
    from delivery_analytics.describing.workbook import Answer, Description
    from delivery_analytics.model.registry import Registry, Sector
    from delivery_analytics.spreadsheets import Book

TO_A_PERSON = 3  # the exit code where anything is open, or nothing could be drafted


class DraftShape(StrEnum):
    """How drafts are printed."""

    text = "text"
    toml = "toml"
    json = "json"


@command()
def describe(
    files: list[Path],
    sector: str | None = None,
    write: bool = False,
    answers: Path | None = None,
    form: DraftShape = DraftShape.text,
) -> None:
    """Look at files nobody has declared, and draft how to read them. Stores nothing else.

    Examples: delivery describe returns/roads_2024.xlsx --sector transport · delivery describe
    data/raw/water/new.csv --answers answers.toml --write
    """
    from delivery_analytics.describing.workbook import open_file
    from delivery_analytics.describing.writing import kept_answers, read_answers, write_draft

    registry = workspace_registry()
    if sector:
        registry.check("sector", sector)
    if missing := [str(path) for path in files if not path.is_file()]:
        raise DefinitionError(f"There is no file {', '.join(missing)}")
    owners = [_owner(registry, path, sector) for path in files]
    if len({owner.id for owner in owners}) > 1:
        raise DefinitionError("These files are of several sectors. Describe one at a time")
    given = [*read_answers(answers)] if answers else []
    known = [*given, *kept_answers(registry, owners[0].id)]
    asks = form == DraftShape.text and sys.stdin.isatty() and not answers
    described = []
    for path, owner in zip(files, owners, strict=True):
        book = open_file(path, asks=True)
        found, known = describe_asking(registry, owner, book, known, asks=asks)
        described.append(found)
    if form == DraftShape.json:
        say(json.dumps({"files": described}, ensure_ascii=False, default=_as_json))
    else:
        for one in described:
            say(one.toml().rstrip() if form == DraftShape.toml else _as_text(one))
    if write:
        for path in write_draft(registry, described, known):
            typer.echo(f"written: {path}", err=True)
    open_ = any(not (one.is_ready or one.known) for one in described)
    raise typer.Exit(TO_A_PERSON if open_ else 0)


def _owner(registry: Registry, path: Path, named: str | None) -> Sector:
    """Return the sector a file is of: named, by its folder, or the only one there is."""
    if named:
        return registry.sector(named)
    if owner := sector_of(registry, path):
        return owner
    if len(registry.sectors) == 1:
        return next(iter(registry.sectors.values()))
    known = ", ".join(registry.sectors)
    raise DefinitionError(f"Of which sector is {path}? Name it with --sector: {known}")


def describe_asking(
    registry: Registry, sector: Sector, book: Book, known: list[Answer], *, asks: bool
) -> tuple[Description, list[Answer]]:
    """Describe a file, asking on a terminal until nothing is open or five were asked."""
    from delivery_analytics.describing.draft import MOST_ASKED
    from delivery_analytics.describing.workbook import describe_book
    from delivery_analytics.describing.writing import answer_to

    found = describe_book(registry, sector, book, known)
    passed: set[tuple[str, str]] = set()
    for number in range(1, MOST_ASKED + 1) if asks else ():
        asked = ((draft, one) for draft in found.drafts for one in draft.questions)
        still = [(d, one) for d, one in asked if (d.table.grid.sheet, one.id) not in passed]
        if not still:
            break
        draft, question = max(still, key=lambda pair: pair[1].cells)
        passed.add((draft.table.grid.sheet, question.id))
        title = f"{number}. {draft.table.grid.sheet}"
        if answer := prompt(title, question, question.answered):
            named = question.answered(answer).name
            known = [answer_to(found, draft, question.id, named), *known]
            found = describe_book(registry, sector, book, known)
    return found, known


def prompt(title: str, question: Question, check: Callable[[str], object]) -> str:
    """Ask on the terminal until `check` takes the answer; "" leaves the question open."""
    from rich.console import Console
    from rich.markup import escape
    from rich.prompt import Prompt

    console = Console(stderr=True)
    while True:
        told = f"{title} · {question.id} · {question.cells} cells"
        console.print(f"\n[bold]{escape(told)}[/]\n  {escape(question.text)}")
        for place, option in enumerate(question.options, 1):
            console.print(f"  {place} {escape(option.name)}  {escape(option.meaning)}")
        own = f", or any {question.own}" if question.own else ""
        asked = f"  a number{own}; Enter leaves it open"
        answer = Prompt.ask(asked, console=console, default="")
        try:
            if answer:
                check(answer)
            return answer
        except DefinitionError as error:
            console.print(escape(str(error)))


def _as_text(one: Description) -> str:
    lines = []
    for draft in one.drafts:
        is_open = f"{len(draft.questions)} questions open" if draft.questions else "ready"
        state = f"no draft, {draft.refused}" if draft.refused else is_open
        lines.append(f"{draft.table.grid.sheet or one.file}: {state}")
    return "\n".join([*lines, one.toml().rstrip()])


def _as_json(value: object) -> object:
    """Return a record as its fields, a table as its sheet's name, what else as its text."""
    if (grid := getattr(value, "grid", None)) is not None:
        return grid.sheet
    return vars(value) if is_dataclass(value) else str(value)
