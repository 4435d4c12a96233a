"""Keep what was drafted and answered beside a sector's definition."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from delivery_analytics.describing.draft import toml_value
from delivery_analytics.describing.trial import sector_path
from delivery_analytics.describing.workbook import Answer, Description
from delivery_analytics.errors import DefinitionError, StorageError
from delivery_analytics.model.building import read_toml
from delivery_analytics.model.registry import Registry

_OF_ONE_FILE = ("reported_on", "period")  # questions whose answers are no other file's


def read_answers(path: Path) -> list[Answer]:
    """Return the answers of a TOML file, each an ``[[answer]]``.

    Raises
    ------
    DefinitionError
        If one has no question or no answer.
    """
    answers = read_toml(path).get("answer", [])
    if not isinstance(answers, list) or not all(isinstance(one, dict) for one in answers):
        raise DefinitionError(f"{path}, answer: each is written under [[answer]]")
    for one in answers:
        if not {"question", "answer"} <= one.keys():
            raise DefinitionError(f"{path}, answer: one has no question, or no answer: {one}")
    return [{key: _one_text(told) for key, told in one.items()} for one in answers]


def _one_text(told: object) -> str:
    """Return an answer as one text; a table, as of marks and their meanings, has several."""
    entries = told.items() if isinstance(told, dict) else ()
    return ", ".join(f"{name} = {text}" for name, text in entries) or str(told)


def kept_answers(registry: Registry, sector_id: str) -> list[Answer]:
    """Return what was answered to earlier files of a sector."""
    path = _beside(registry, sector_id, "answers")
    return read_answers(path) if path.exists() else []


def _beside(registry: Registry, sector_id: str, what: str) -> Path:
    folder = sector_path(registry, registry.sector(sector_id)).parent
    return Path(folder / f"{sector_id}.{what}.toml")


def write_draft(
    registry: Registry, described: Sequence[Description], answers: Sequence[Answer]
) -> list[Path]:
    """Write drafts of one sector: into its definition, or beside it where anything is open.

    ``water.draft.toml`` is never loaded; ``water.answers.toml`` is heeded by the next
    `describe_book` of a file of that kind.

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    StorageError
        If it cannot be written.
    """
    drafted = [one for one in described if one.drafts]
    if not drafted:
        return []
    [sector_id] = {one.sector_id for one in drafted}
    text = "\n".join(one.toml() for one in drafted)
    written = []
    try:
        if all(one.is_ready for one in drafted):
            path = sector_path(registry, registry.sector(sector_id))
            whole = f"{path.read_text(encoding='utf-8').rstrip()}\n\n{text}"
            tomllib.loads(whole)
        else:
            path = _beside(registry, sector_id, "draft")
            whole = text
        path.write_text(whole, encoding="utf-8")
        written.append(path)
        if answers:
            kept = _beside(registry, sector_id, "answers")
            kept.write_text("\n".join(map(answer_text, answers)), encoding="utf-8")
            written.append(kept)
    except OSError as error:
        raise StorageError.of(error, "the draft") from None
    return written


def answer_text(answer: Answer) -> str:
    lines = [f"{key} = {toml_value(text)}" for key, text in answer.items()]
    return "\n".join(["[[answer]]", *lines, ""])


def answer_to(description: Description, draft: Any, question_id: str, text: str) -> Answer:
    """Return an answer as it is kept: for all files that the draft's pattern is of.

    A day of report, and a period, are those of the one file.
    """
    files = draft.body.get("files", [description.file])
    file = description.file if question_id in _OF_ONE_FILE else files[0]
    sheet = draft.table.grid.sheet
    return {"file": file, "sheet": sheet, "question": question_id, "answer": text}
