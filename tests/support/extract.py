"""List the texts that readers see and that must be translated.

``python -m tests.support.extract`` lists them all; with a language, only
those its file lacks, as entries to paste into it and fill in.

Babel finds a text where it is written out: in ``words("…")``, ``words.plural("…", "…", n)``
and ``marked("…")``, in the package, its page templates and the notebooks, but not inside
an f-string; and as a text of a ``.toml`` file of `wording` and `model`.
"""

import json
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from babel.messages.extract import extract_from_dir, extract_python
from babel.messages.pofile import escape

import delivery_analytics
from delivery_analytics.model import forms
from delivery_analytics.model.workspace import Workspace
from delivery_analytics.wording import codes, dates, remedies
from delivery_analytics.wording.catalogue import Key, translations
from delivery_analytics.wording.own_words import own_words

PACKAGE = Path(delivery_analytics.__file__).parent
# How a `Wording` is called: `words(…)`, `report.words(…)`, `self(…)` within it, and
# `one(…)` where a page is written in one language after another.
_CALLED: dict[str, Any] = {
    **dict.fromkeys(("words", "self", "one"), (1,)),
    "plural": (1, 2),
    "marked": {1: (1,), 2: ((2, "c"), 1)},
}
_BESIDE = ("title", "finding", "subtitle", "kind", "empty", "note")  # of a declared table


class Message(NamedTuple):
    """One text to translate, and the places it stands at, as ``charts/bars.py:14``."""

    context: str
    one: str
    many: str
    places: tuple[str, ...]

    @property
    def key(self) -> Key:
        """What the text is filed under."""
        return self.context, self.one


def texts(package: Path = PACKAGE, notebooks: Path | None = None) -> dict[Key, Message]:
    """Return every text below `package`, and in the notebooks beside it.

    Parameters
    ----------
    notebooks
        The folder of notebooks; the one beside the package where it is left out.
    """
    folder = notebooks or package.parent / "notebooks"
    found: dict[Key, Message] = {}
    for text in [
        *_called_in(package, [("**.py", "python"), ("**.j2", "jinja2")]),
        *_called_in(folder, [("*.ipynb", _notebook)], "notebooks/"),
        *(_in_tables() if package == PACKAGE else ()),
    ]:
        known = found.get(text.key, text)
        places = known.places if known is text else known.places + text.places
        many = known.many or text.many
        found[text.key] = Message(text.context, text.one, many, places)
    return dict(sorted(found.items(), key=lambda item: (item[1].places[0], item[0])))


def untranslated(language: str) -> list[Message]:
    """Return the texts that a language's file lacks."""
    there = {*translations(language), *own_words(Workspace(PACKAGE.parent))[language]}
    return [text for key, text in texts().items() if key not in there]


def _called_in(
    folder: Path, methods: list[tuple[str, Any]], before: str = ""
) -> Iterator[Message]:
    called = extract_from_dir(folder, methods, keywords=_CALLED)
    for name, line, said, _, context in called:
        one, many = said if isinstance(said, tuple) else (said, "")
        yield Message(context or "", one, many, (f"{before}{name}:{line}",))


def _notebook(file: Any, keywords: Any, comments: Any, options: Any) -> Iterator[Any]:
    """Yield the calls in a notebook's code, as Babel's extraction from Python does."""
    for cell in json.load(file)["cells"]:
        if cell["cell_type"] == "code":
            code = re.sub(r"^[ \t]*[%!].*$", "", "".join(cell["source"]), flags=re.M)
            yield from extract_python(BytesIO(code.encode()), keywords, comments, options)


def _in_forms() -> Iterator[tuple[str, str]]:
    """Yield every text of the forms that a sender sees, with its context."""
    yield from ((forms.RETURN, text) for text in (forms.GUIDE_TITLE, forms.LISTS_TITLE))
    for form in forms.FORMS.values():
        yield forms.RETURN, form.sheet
        for one in form.asked.values():
            yield from ((forms.RETURN, text) for text in (one.heading, *one.among))
            yield "", one.meaning


def _in_tables() -> Iterator[Message]:
    for names in codes.KINDS.values():
        yield from (Message("", one, "", ("wording/codes.toml",)) for one in names.values())
    for one in dict.fromkeys(remedies.REMEDY.values()):
        yield Message("", one, "", ("wording/remedies.toml",))
    for context, one in _in_forms():
        yield Message(context, one, "", ("model/forms.toml",))
    for context, one in dates.period_texts():
        yield Message(context, one, "", ("wording/periods.toml",))
    for shown in codes.TABLES.values():
        columns = [one for one in shown["columns"].values() if not isinstance(one, dict)]
        headings = [one if isinstance(one, str) else one[0] for one in columns]
        for one in (*(shown[key] for key in _BESIDE if key in shown), *headings):
            yield Message("", one, "", ("wording/tables.toml",))
    for heading in (one for read in codes.TOOLTIPS.values() for one in read.values()):
        one = heading if isinstance(heading, str) else heading[0]
        yield Message("", one, "", ("wording/tooltips.toml",))


def as_entry(text: Message, forms: int) -> str:
    """Return an untranslated entry of a ``.po`` file."""
    lines = [f"#: {' '.join(text.places)}"]
    if text.context:
        lines.append(f"msgctxt {escape(text.context)}")
    lines.append(f"msgid {escape(text.one)}")
    if text.many:
        lines.append(f"msgid_plural {escape(text.many)}")
        lines += [f'msgstr[{number}] ""' for number in range(forms)]
    else:
        lines.append('msgstr ""')
    return "\n".join([*lines, ""])


def main(arguments: list[str]) -> None:
    """Print the texts, or the entries that a language's file lacks."""
    if not arguments:
        sys.stdout.writelines(f"{text.one}\n" for text in texts().values())
        return
    from delivery_analytics.wording.language import Language

    forms = len(Language(arguments[0]).plural_categories)
    sys.stdout.writelines(f"{as_entry(text, forms)}\n" for text in untranslated(arguments[0]))


if __name__ == "__main__":
    main(sys.argv[1:])
