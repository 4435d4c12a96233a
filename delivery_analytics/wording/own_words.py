"""The words of a workspace: its own questions in every language, and what its unit is."""

import csv
from typing import Any

from delivery_analytics.errors import DefinitionError
from delivery_analytics.model.building import read_toml
from delivery_analytics.model.files import packaged
from delivery_analytics.model.languages import LANGUAGES, SOURCE
from delivery_analytics.model.lookup import check
from delivery_analytics.model.workspace import Workspace
from delivery_analytics.wording.catalogue import Key, placeholders, translations

WORDS = "words.csv"
# What the unit is → an English text about the country → language → its forms there.
PLACES: dict[str, dict[str, Any]] = packaged(__file__, "places.toml")


def own_words(workspace: Workspace) -> dict[str, dict[Key, tuple[str, ...]]]:
    """Return language → texts of ``words.csv``, and those that name the unit.

    Raises
    ------
    DefinitionError
        Naming the row: it has no English text, stands twice, has other ``{names}`` than its
        English, or is a text of this library, which a workspace adds to and does not change.
    """
    prefers, path = workspace.definitions / "workspace.toml", workspace.definitions / WORDS
    place = read_toml(prefers).get("place") if prefers.exists() else None
    found: dict[str, dict[Key, tuple[str, ...]]] = {language: {} for language in LANGUAGES}
    for text, forms in PLACES.get(str(place), {}).items():
        for language in LANGUAGES:
            spoken = forms[language]
            found[language]["", text] = (spoken,) if isinstance(spoken, str) else tuple(spoken)
    if not path.exists():
        return found
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.DictReader(lines, restval="")
            for column in rows.fieldnames or ():
                check(f"column in {path}", column, LANGUAGES)
            for row in rows:
                where, text = f"{path}, line {rows.line_num}", (row.get(SOURCE) or "").strip()
                wrong = _wrong(text, row, {one for _, one in found[SOURCE]})
                if wrong:
                    raise DefinitionError(f"{where}: {wrong}")
                for language in LANGUAGES:
                    if spoken := (row.get(language) or "").strip():
                        found[language]["", text] = (spoken,)
    except (UnicodeDecodeError, csv.Error) as error:
        raise DefinitionError(f"{path}: {error}. Expected a CSV in UTF-8") from None
    return found


def _wrong(text: str, row: dict[str, str], there: set[str]) -> str:
    """Return what is wrong with a row of ``words.csv``."""
    if not text:
        return f"there is no text under '{SOURCE}'"
    if None in row:
        return "more cells than columns. Put quotes around a text with a comma"
    if any(("", text) in translations(language) for language in LANGUAGES):
        return f"'{text}' is a text of this library, which words.csv adds to. Word it otherwise"
    if text in there:
        return f"'{text}' stands twice"
    for language in LANGUAGES:
        if row.get(language) and placeholders(row[language]) != placeholders(text):
            return f"under '{language}' are other names in braces than in '{text}'"
    return ""
