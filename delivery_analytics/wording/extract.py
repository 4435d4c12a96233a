"""List the texts that readers see and that must be translated.

``python -m delivery_analytics.wording.extract`` lists them all; with a language, only
those its file lacks, as entries to paste into it and fill in.

A text is found where it is written out: in ``words("…")``, ``words.plural("…", "…", n)``
and ``marked("…")``, in the package, its page templates and the notebooks.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from babel.messages.pofile import escape
from jinja2.ext import babel_extract

from delivery_analytics.wording.catalogue import Key, translations

PACKAGE = Path(__file__).parents[1]
# How a `Wording` is called: `words(…)`, `report.words(…)`, `self(…)` within it, and
# `one(…)` where a page is written in one language after another.
_CALLED = ("words", "self", "one", "marked")


class Text(NamedTuple):
    """One text to translate, and the places it stands at, as ``charts/bars.py:14``."""

    context: str
    one: str
    many: str
    places: tuple[str, ...]

    @property
    def key(self) -> Key:
        """What the text is filed under."""
        return self.context, self.one


def texts(package: Path = PACKAGE, notebooks: Path | None = None) -> dict[Key, Text]:
    """Return every text below `package`, and in the notebooks beside it.

    Parameters
    ----------
    notebooks
        The folder of notebooks; the one beside the package where it is left out.
    """
    folder = notebooks or package.parent / "notebooks"
    found: dict[Key, Text] = {}
    for text in [*_in_modules(package), *_in_templates(package), *_in_notebooks(folder)]:
        known = found.get(text.key, text)
        places = known.places if known is text else known.places + text.places
        many = known.many or text.many
        found[text.key] = Text(text.context, text.one, many, places)
    return dict(sorted(found.items(), key=lambda item: (item[1].places[0], item[0])))


def missing(language: str) -> list[Text]:
    """Return the texts that a language's file lacks."""
    there = translations(language)
    return [text for key, text in texts().items() if key not in there]


def _in_modules(package: Path) -> Iterator[Text]:
    for path in sorted(package.rglob("*.py")):
        place = path.relative_to(package).as_posix()
        yield from _in_code(path.read_text(encoding="utf-8"), place)


def _in_notebooks(folder: Path) -> Iterator[Text]:
    for path in sorted(folder.glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                code = re.sub(r"^[ \t]*[%!].*$", "", "".join(cell["source"]), flags=re.M)
                yield from _in_code(code, f"notebooks/{path.name}")


def _in_templates(package: Path) -> Iterator[Text]:
    for path in sorted(package.rglob("*.j2")):
        place = path.relative_to(package).as_posix()
        with path.open("rb") as lines:
            for line, _, said, _ in babel_extract(lines, ["words"], [], {}):
                text = said[0] if isinstance(said, tuple) else said
                yield Text("", str(text), "", (f"{place}:{line}",))


def _in_code(code: str, place: str) -> Iterator[Text]:
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        name = node.func.id if isinstance(node.func, ast.Name) else name
        at = (f"{place}:{node.lineno}",)
        said = [literals(arg) for arg in node.args]
        if name in _CALLED:
            context = said[1] if name == "marked" and len(said) > 1 else [""]
            yield from (Text(context[0], text, "", at) for text in said[0])
        elif name == "plural" and len(said) > 1:
            pairs = zip(said[0], said[1], strict=False)
            yield from (Text("", one, many, at) for one, many in pairs)


def literals(node: ast.expr) -> list[str]:
    """Return the texts that an expression written out may be: one, or one on each side."""
    if isinstance(node, ast.IfExp):
        return [*literals(node.body), *literals(node.orelse)]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    return []


def as_entry(text: Text, forms: int) -> str:
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
    sys.stdout.writelines(f"{as_entry(text, forms)}\n" for text in missing(arguments[0]))


if __name__ == "__main__":
    main(sys.argv[1:])
