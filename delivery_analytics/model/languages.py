"""Which languages there are: the source, and each that has a file in the folder `locales`.

What the packages below `wording` must know of a language is found here, as its file has it.
"""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

from delivery_analytics.model.lookup import check

SOURCE = "en"
FOLDER = files("delivery_analytics") / "locales"


@cache
def _file(language: str) -> str:
    if language == SOURCE:
        return ""
    return FOLDER.joinpath(f"{language}.po").read_text(encoding="utf-8")


def header(language: str, name: str) -> str:
    """Return a line of the header of a language's file; empty where there is none."""
    line = re.search(rf'^"{name}: (.*)\\n"$', _file(language), re.MULTILINE)
    return line[1] if line else ""


def _listed() -> tuple[str, ...]:
    """Return English, then those whose header says their place, then the others by name."""
    names = (entry.name for entry in FOLDER.iterdir() if entry.name.endswith(".po"))
    others = (name.removesuffix(".po") for name in names)
    return (SOURCE, *sorted(others, key=lambda name: (header(name, "X-Order") or "~", name)))


LANGUAGES = _listed()
if TYPE_CHECKING:
    Language = str
else:  # known only when the folder has been listed
    Language = Literal[LANGUAGES]
Names = dict[Language, str]


def check_language(language: str) -> str:
    """Return `language`.

    Raises
    ------
    DefinitionError
        When there is no such language, naming those there are.
    """
    check("language", language, LANGUAGES)
    return language


def named_in(language: str, names: Mapping[str, str]) -> str:
    """Return a name in a language, else in English, else in any; empty where there is none."""
    return next((names[one] for one in (language, SOURCE, *names) if names.get(one)), "")


def in_language(language: str, text: str) -> str:
    """Return a text of one line in a language; in English where it is not translated."""
    entry = rf'(?m)(?<!"\n)^msgid "{re.escape(text)}"\nmsgstr "(.+)"$'
    found = re.search(entry, _file(language))
    return found[1] if found else text


def in_each(context: str, text: str) -> tuple[str, ...]:
    """Return a text of one line and its translations: all that a heading may be called."""
    entry = re.compile(
        rf'^msgctxt "{re.escape(context)}"\nmsgid "{re.escape(text)}"\nmsgstr "(.+)"$',
        re.MULTILINE,
    )
    found = (entry.search(_file(language)) for language in LANGUAGES)
    return tuple(dict.fromkeys((text, *(one[1] for one in found if one))))
