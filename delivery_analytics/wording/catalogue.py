"""The texts of a language: the English text is the key, as in gettext.

A language is one file of the folder `locales`. Its header may say ``X-Order`` (the place
among the languages), ``X-Native-Name`` and ``X-Sort-Alike`` (letters that sort as another);
what it does not say is Unicode's, by Babel.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from io import BytesIO
from types import MappingProxyType

from babel import Locale
from babel.core import get_global
from babel.messages.pofile import read_po

from delivery_analytics.model.files import packaged
from delivery_analytics.model.languages import FOLDER, LANGUAGES, SOURCE, check_language, header

# British days and months: the day stands first, as in the other two languages.
_TERRITORY = {"en": "en_GB"}
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)(?::([a-z]+))?\}")

_CATEGORIES = ("zero", "one", "two", "few", "many", "other")
_CASES = packaged(__file__, "cases.toml")
# A whole number at the end, its thousands parted by a no-break space; no decimal.
_NUMBER = re.compile(r"(?<![\d,.])\d+(?:\u00a0\d{3})*$")

Key = tuple[str, str]  # context, English text


def marked(text: str, context: str = "") -> str:
    """Return `text` unchanged, and have it listed among the texts to be translated.

    For English that is kept in a table and asked for later. `context` parts texts that
    are alike in English and not elsewhere.
    """
    return text


def placeholders(text: str) -> list[str]:
    """Return the names in braces of `text`, sorted, whatever case it asks for."""
    return sorted(name for name, _ in _PLACEHOLDER.findall(text))


def filled(text: str, values: Mapping[str, object], language: str = SOURCE) -> str:
    """Return `text` with each ``{name}`` replaced by its value, exactly as it stands.

    A value is never read as a pattern again, so text that somebody sent may hold braces.
    ``{name:abl}`` has the ending that `language` gives it, by `in_case`.

    Raises
    ------
    KeyError
        When a name has no value.
    """

    def value(match: re.Match[str]) -> str:
        if match[1] not in values:
            raise KeyError(f"No value for {match[0]} in {text!r}")
        told = str(values[match[1]])
        return in_case(told, match[2], language) if match[2] else told

    return _PLACEHOLDER.sub(value, text)


def in_case(text: str, case: str, language: str) -> str:
    """Return a day, a period or a number with the ending of a `case` of ``cases.toml``.

    What ends in anything else, a decimal too, stays as it is: no ending is guessed.
    """
    if not (known := _CASES.get(language)):
        return text
    number = _NUMBER.search(text)
    last = _last_word(re.sub(r"\s", "", number[0])) if number else "%" * text.endswith("%")
    for endings, stems in known["endings"].items():
        hyphen = last in stems
        if hyphen or re.split(r"\s", text)[-1] in stems:
            ending = endings.split()[known["cases"].index(case)]
            return f"{text}-{ending}" if hyphen else text + ending
    return text


def _last_word(digits: str) -> str:
    """Return the number that is spoken last: 7 of 47, 40 of 240, 1000 of 12000."""
    zeros = len(digits) - len(digits.rstrip("0"))
    if zeros < 2:
        return digits[-1 - zeros :] if digits.strip("0") else "0"
    return str(10 ** (2 if zeros == 2 else min(zeros, 14) // 3 * 3))


@cache
def native_names() -> dict[str, str]:
    """Return language → what it calls itself."""
    return {
        language: header(language, "X-Native-Name")
        or str(Locale.parse(language).get_display_name()).capitalize()
        for language in LANGUAGES
    }


@cache
def likely(language: str) -> tuple[str, str]:
    """Return the script and the territory that a language is most used with: Cyrl, KZ."""
    _, script, territory = get_global("likely_subtags").get(language, "__").split("_")
    return script, territory


def spoken_in(text: str, language: str) -> str:
    """Return the language of a text by its letters; "" where it may be the reader's."""
    if not re.search("[а-яё]", text, re.IGNORECASE):
        is_other = likely(language)[0] == "Cyrl" and re.search("[a-z]{2}", text, re.IGNORECASE)
        return SOURCE if is_other else ""
    found = "kk" if set("әғқңөұүһі") & set(text.lower()) else "ru"
    return "" if found == language else found


@cache
def translations(language: str) -> dict[Key, tuple[str, ...]]:
    """Return a language's file as key → forms, one for each plural category.

    What is empty or marked fuzzy counts as not translated.
    """
    if language == SOURCE:
        return {}
    with BytesIO(FOLDER.joinpath(f"{language}.po").read_bytes()) as lines:
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

    Parameters
    ----------
    own
        Texts beside those of its file, or instead of them; see `own_words`.

    Raises
    ------
    DefinitionError
        When there is no such language, naming those there are.
    """

    def __init__(
        self, language: str = SOURCE, own: Mapping[Key, tuple[str, ...]] = MappingProxyType({})
    ) -> None:
        self.language = check_language(language)
        self.locale = Locale.parse(_TERRITORY.get(language, language))
        self._forms = {**translations(language), **own}
        self._missing: set[str] = set()

    def __call__(self, text: str, **values: object) -> str:
        """Return `text`, which is English, in the reader's language.

        Values stand in for ``{name}`` exactly as they are: write quantities with
        `number` and its kin first. Text without a translation stays English and is
        remembered in `missing`.
        """
        return filled(self._text(text), values, self.language)

    def in_context(self, context: str, text: str) -> str:
        """Return a text that is told from others by its `context`, as `marked` has it."""
        return self._text(text, context)

    @property
    def plural_categories(self) -> list[str]:
        """The plural categories of the language, in the order of a ``.po`` file's forms."""
        known = {*self.locale.plural_form.tags, "other"}
        return [category for category in _CATEGORIES if category in known]

    def agreeing(self, forms: tuple[str, ...], n: float | Decimal) -> str:
        """Return the form that agrees with `n`: of one for each category, or of one for all."""
        place = self.plural_categories.index(self.locale.plural_form(n))
        return forms[min(place, len(forms) - 1)]

    @property
    def tag(self) -> str:
        """The language and its country, as office programs write them: kk-KZ."""
        return f"{self.language}-{self.locale.territory or likely(self.language)[1]}"

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
