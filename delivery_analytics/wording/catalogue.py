"""The texts of a language: the English text is the key, as in gettext.

``ru.po`` and ``kk.po`` stand beside this module. A new language is a new file there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from io import BytesIO

from babel import Locale
from babel.messages.pofile import read_po

from delivery_analytics.model.lookup import check

LOCALES = files("delivery_analytics") / "locales"
SOURCE = "en"
# British days and months: the day stands first, as in the other two languages.
_TERRITORY = {"en": "en_GB"}
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")

Key = tuple[str, str]  # context, English text


def marked(text: str, context: str = "") -> str:
    """Return `text` unchanged, and have it listed among the texts to be translated.

    For English that is kept in a table and asked for later. `context` parts texts that
    are alike in English and not elsewhere.
    """
    return text


def placeholders(text: str) -> list[str]:
    """Return the names in braces of `text`, sorted."""
    return sorted(_PLACEHOLDER.findall(text))


def filled(text: str, values: Mapping[str, object]) -> str:
    """Return `text` with each ``{name}`` replaced by its value, exactly as it stands.

    A value is never read as a pattern again, so text that somebody sent may hold braces.

    Raises
    ------
    KeyError
        When a name has no value.
    """

    def value(match: re.Match[str]) -> str:
        if match[1] not in values:
            raise KeyError(f"No value for {match[0]} in {text!r}")
        return str(values[match[1]])

    return _PLACEHOLDER.sub(value, text)


def languages() -> tuple[str, ...]:
    """Return the languages there are: English, and each that has a file here."""
    names = sorted(entry.name for entry in LOCALES.iterdir())
    return (SOURCE, *(name.removesuffix(".po") for name in names if name.endswith(".po")))


@cache
def translations(language: str) -> dict[Key, tuple[str, ...]]:
    """Return a language's file as key → forms, one for each plural category.

    What is empty or marked fuzzy counts as not translated.
    """
    if language == SOURCE:
        return {}
    with BytesIO(LOCALES.joinpath(f"{language}.po").read_bytes()) as lines:
        catalogue = read_po(lines, locale=language)
    out: dict[Key, tuple[str, ...]] = {}
    for message in catalogue:
        key = message.id[0] if message.pluralizable else message.id
        text = message.string or ""
        forms = (text,) if isinstance(text, str) else tuple(text)
        if key and all(forms) and not message.fuzzy:
            out[message.context or "", str(key)] = forms
    return out


class Texts:
    """One language: its texts, and which of those asked for it does not have.

    Raises
    ------
    DefinitionError
        When there is no such language, naming those there are.
    """

    def __init__(self, language: str = SOURCE) -> None:
        check("language", language, languages())
        self.language = language
        self.locale = Locale.parse(_TERRITORY.get(language, language))
        self._forms = translations(language)
        self._missing: set[str] = set()

    def __call__(self, text: str, **values: object) -> str:
        """Return `text`, which is English, in the reader's language.

        Values stand in for ``{name}`` exactly as they are: write quantities with
        `number` and its kin first. Text without a translation stays English and is
        remembered in `missing`.
        """
        return filled(self._text(text), values)

    @property
    def missing(self) -> set[str]:
        """English texts asked for that this language does not have."""
        return set(self._missing)

    def _text(self, text: str, context: str = "") -> str:
        return self._all_forms(text, context)[0]

    def _all_forms(self, text: str, context: str = "") -> tuple[str, ...]:
        found = self._forms.get((context, text))
        if found is None and text and self.language != SOURCE:
            self._missing.add(text)
        return found or (text,)
