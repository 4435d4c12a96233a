"""Begin a workspace from files that are there: what they tell is drafted, the rest is asked."""

import glob
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import typer

from delivery_analytics.cli.console import say
from delivery_analytics.cli.describing import describe_asking, prompt
from delivery_analytics.cli.new_workspace import NewUnit, found, ids, slug
from delivery_analytics.cli.options import settings
from delivery_analytics.describing.draft import Question, comment
from delivery_analytics.describing.kinds import Kinds
from delivery_analytics.describing.survey import Survey
from delivery_analytics.describing.workbook import Answer, Description, open_file
from delivery_analytics.describing.writing import answer_text, answer_to, write_draft
from delivery_analytics.errors import DefinitionError
from delivery_analytics.model.lookup import mistake
from delivery_analytics.model.registry import open_registry
from delivery_analytics.parsing.matching import fold

OPEN, DRAFTS = "questions.toml", "drafts.toml"


def expanded(patterns: Sequence[str]) -> list[Path]:
    """Return the files that patterns mean, each once; the shell of Windows does not.

    Raises
    ------
    DefinitionError
        For a pattern that no file fits.
    """
    files: dict[Path, None] = {}
    for pattern in patterns:
        fits = [Path(name) for name in sorted(glob.glob(pattern, recursive=True)) or [pattern]]  # noqa: PTH207 - absolute ones, too
        if not (there := [path for path in fits if path.is_file()]):
            raise DefinitionError(f"No file is called {pattern}")
        files |= dict.fromkeys(there)
    named = [path.name for path in files]
    if twice := sorted({name for name in named if named.count(name) > 1}):
        raise DefinitionError(f"Two files are called {', '.join(twice)}. Give one another name")
    return list(files)


def sectors_of(
    files: Sequence[Path], given: str | None
) -> tuple[dict[str, str], dict[Path, str]]:
    """Return id → name of the sectors, and each file's: the one given, or by its folder.

    Raises
    ------
    DefinitionError
        If several sectors are given, and a file lies in no folder called so.
    """
    named = ids(given or "", "sector")
    if len(named) == 1:
        return named, dict.fromkeys(files, next(iter(named)))
    called = {fold(text): key for key, name in named.items() for text in (key, name)}
    folders = {path: path.resolve().parent.name for path in files}
    if named and (lost := [path for path, name in folders.items() if fold(name) not in called]):
        raise mistake("no-sector-folder", path=lost[0], known=", ".join(named))
    homes = {path: called.get(fold(name)) or slug(name) for path, name in folders.items()}
    return named or {homes[path]: name for path, name in folders.items()}, homes


def begin(
    folder: Path,
    files: Sequence[Path],
    homes: dict[Path, str],
    unit: NewUnit,
    answers: Sequence[Answer],
) -> bool:
    """Make `folder` a workspace that reads the files, and say what was found.

    Returns
    -------
    bool
        Whether it did: where anything is open, `folder` holds the drafts and the questions.
    """
    if folder.exists() and {path.name for path in folder.iterdir()} - {OPEN, DRAFTS}:
        raise DefinitionError(f"{folder} is not empty. Name a new folder")
    open_questions: list[str] = []

    def ask(file: str, sheet: str, question: Question, check: Callable[[str], object]) -> str:
        key = {"file": file, "sheet": sheet, "question": question.id}
        for one in answers:
            if all(one.get(name) in (text, "*", None) for name, text in key.items()):
                check(one["answer"])
                return one["answer"]
        title = " · ".join(filter(None, (file, sheet)))
        answer = prompt(title, question, check) if sys.stdin.isatty() else ""
        if not answer:
            open_questions.append(_left_open(key, question))
        return answer

    books = [(homes[path], open_file(path)) for path in files]
    with TemporaryDirectory() as place:
        registry = open_registry(found(Path(place, "seen"), replace(unit, regions={})))
        kinds = Kinds.of(registry, replace(registry.sectors[homes[files[0]]], indicators=()))
        survey = Survey(kinds, ask)
        survey.look(books)
        regions = {f"{unit.code}-{n:02d}": name for n, name in enumerate(survey.regions, 1)}
        measured = {key: survey.indicators.get(key, ()) for key in unit.sectors}
        whole = replace(unit, regions=unit.regions or regions, indicators=measured)
        whole = replace(whole, nation=survey.nation)
        say(f"{len(whole.regions)} regions: {', '.join(whole.regions.values())}")
        for key, own in whole.indicators.items():
            say(f"{key}, {len(own)} indicators: {'; '.join(one.name for one in own)}")
        described: list[Description] = []
        made = Path(place, "unit")
        if not open_questions:
            found(made, whole)
            described = _declare(made, files, homes, answers)
            for one in described:
                for draft, question in ((d, q) for d in one.drafts for q in d.questions):
                    asked = answer_to(one, draft, question.id, "")
                    open_questions.append(_left_open(asked, question))
        if open_questions:
            _leave_open(folder, described, answers, open_questions)
            return False
        for name in (OPEN, DRAFTS):
            (folder / name).unlink(missing_ok=True)
        shutil.copytree(made, folder, dirs_exist_ok=True)
    return True


def _declare(
    made: Path, files: Sequence[Path], homes: dict[Path, str], answers: Sequence[Answer]
) -> list[Description]:
    """Put the files into place and declare how each is read, as far as it is known."""
    described = []
    known = list(answers)
    for path in files:
        registry = open_registry(made)
        sector = registry.sectors[homes[path]]
        raw = made / "data" / "raw" / sector.id / path.name
        shutil.copyfile(path, raw)
        asks = sys.stdin.isatty()
        one, known = describe_asking(registry, sector, open_file(raw), known, asks=asks)
        described.append(one)
        told = one.known or f"{sum(draft.is_ready for draft in one.drafts)} tables are read"
        say(f"{path.name}: {told}")
        for draft in one.drafts:
            if draft.refused:
                say(f"  {draft.table.grid.sheet}: not read, {draft.refused}")
        if one.is_ready:
            write_draft(registry, [one], [a for a in known if a not in answers])
    return described


def _left_open(key: Answer, question: Question) -> str:
    """Return a question as `--answers` takes it, with the answers there are as comments."""
    lines = [question.text, *(f"  {o.name}: {o.meaning}" for o in question.options)]
    lines += [f"  or any {question.own}"] if question.own else []
    return "\n".join([*map(comment, lines), answer_text({**key, "answer": ""})])


def _leave_open(
    folder: Path,
    described: Sequence[Description],
    answers: Sequence[Answer],
    questions: Sequence[str],
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    asked = "\n".join([*map(answer_text, answers), *questions])
    (folder / OPEN).write_text(asked, encoding="utf-8")
    drafted = "\n".join(one.toml() for one in described)
    (folder / DRAFTS).write_text(drafted, encoding="utf-8")
    told = f"Nothing was begun, open questions: {len(questions)}. Write the answers into "
    told += f"{folder / OPEN}, and run the same command with --answers {folder / OPEN}"
    told += f". What is drafted so far: {folder / DRAFTS}" if drafted else ""
    typer.echo(told, err=True)


def publish_first(folder: Path) -> None:
    """Load the new workspace and publish its first edition, as pages."""
    from delivery_analytics.cli.publishing import publish

    settings.workspace = str(folder)
    publish(formats="html")
