"""A workspace for another unit: its definitions to begin with, notebooks, blank returns.

What is written passes `check`, `load` and `publish` as it stands, so that whatever
fails later was changed since.
"""

import csv
import io
import json
import re
import shutil
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from delivery_analytics.describing.draft import toml_value
from delivery_analytics.describing.survey import NewIndicator
from delivery_analytics.errors import DefinitionError
from delivery_analytics.model.languages import LANGUAGES, check_language
from delivery_analytics.model.lookup import mistake
from delivery_analytics.model.reference import definitions_schema
from delivery_analytics.model.registry import open_registry
from delivery_analytics.returns import blank_form

PACKAGE = Path(__file__).parents[1]
_BYPRODUCTS = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
# Nor the example's own question, which asks of an indicator of its own.
_NOT_NEW = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "85_*")
SHIPPED = ("data/definitions", "data/raw", "notebooks")
_CYRILLIC = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһі"
_SPELT = "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch  y  e yu ya a g q n o u u h i"  # noqa: E501
_LATIN = str.maketrans(dict(zip(_CYRILLIC, _SPELT.split(" "), strict=True)))
_ID = re.compile(r"^[a-z0-9][a-z0-9_-]{0,39}$")
_REGION = re.compile(r"^[A-Z0-9][A-Z0-9-]{0,15}$")


def _template(name: str) -> str:
    return (PACKAGE / "templates" / "workspace" / name).read_text(encoding="utf-8")


@dataclass(frozen=True)
class NewUnit:
    """What a new workspace begins with.

    Attributes
    ----------
    country, code
        What the nation is called, and its ISO 3166-1 code.
    sectors, regions
        Id → name, at least one sector. Names in several languages, as of `country`, stand
        in the order of `languages`: ``Water|Вода``.
    languages
        What it publishes in.
    nation
        What else its files call the nation, such as a total of the regions.
    indicators
        Sector → its indicators, as files that are there already name them.
    """

    country: str
    code: str
    sectors: Mapping[str, str]
    regions: Mapping[str, str] = field(default_factory=dict)
    languages: Sequence[str] = ("en",)
    nation: Sequence[str] = ()
    indicators: Mapping[str, Sequence[NewIndicator]] = field(default_factory=dict)

    def named(self, names: str) -> dict[str, str]:
        """Return language → name; one that is not given is that of the first language."""
        given = [one.strip() for one in names.split("|")]
        by_language = dict(zip(self.languages, given, strict=False))
        return {language: by_language.get(language) or given[0] for language in LANGUAGES}


def example() -> Path:
    """Return the folder of the example that ships with the package."""
    inside = PACKAGE / "example"
    return inside if inside.is_dir() else PACKAGE.parent


def copy_example(folder: Path) -> Path:
    """Make `folder` a copy of the example, and return it.

    Raises
    ------
    DefinitionError
        When there is something in `folder`.
    """
    _empty(folder)
    for name in SHIPPED:
        shutil.copytree(example() / name, folder / name, ignore=_BYPRODUCTS)
    return _emptied(folder)


def found(folder: Path, unit: NewUnit) -> Path:
    """Make `folder` the workspace of `unit`, and return it.

    Raises
    ------
    DefinitionError
        When there is something in `folder`, or an id cannot be one.
    """
    _check(unit)
    _empty(folder)
    definitions = folder / "data" / "definitions"
    (definitions / "sectors").mkdir(parents=True)
    shipped = example() / "data" / "definitions"
    for name in ("status.toml", "packs.toml"):
        shutil.copyfile(shipped / name, definitions / name)
    units = _template("units.toml")
    _write(definitions / "units.toml", units + "".join(_units(unit, tomllib.loads(units))))
    settings = _template("workspace.toml").format(languages=json.dumps([*unit.languages]))
    _write(definitions / "workspace.toml", settings)
    _write(definitions / "regions.csv", _regions(unit))
    agreed = json.dumps(definitions_schema(), ensure_ascii=False, indent=1)
    _write(definitions / "sector.schema.json", agreed)  # by which an editor completes
    for order, (key, name) in enumerate(unit.sectors.items(), start=1):
        names = toml_value(unit.named(name))[2:-2]  # names in braces stand there, too
        values = {"id": key, "code": key.upper().replace("_", "-")[:12], "order": 10 * order}
        text = _template("sector.toml").format(names=names, **values)
        if key in unit.indicators:
            head = text[: text.index("# One table an indicator.")]
            text = head + "\n".join(_indicators(unit.indicators[key], unit.languages[0]))
        _write(definitions / "sectors" / f"{key}.toml", text)
    shutil.copytree(example() / "notebooks", folder / "notebooks", ignore=_NOT_NEW)
    registry = open_registry(folder)
    for key in unit.sectors:
        raw = folder / "data" / "raw" / key
        raw.mkdir(parents=True)
        if key not in unit.indicators:  # or its returns are there already
            form = blank_form.form(registry, key, language=unit.languages[0])
            blank_form.write(form, raw / f"{key}_return.xlsx")
    told = _template("README.md").format(country=unit.country.partition("|")[0])
    _write(folder / "README.md", told)
    return _emptied(folder)


def _indicators(found: Sequence[NewIndicator], language: str) -> Iterator[str]:
    """Yield each indicator as a sector's file has it, under an id of its own."""
    taken: set[str] = set()
    for number, one in enumerate(found, 1):
        key = slug(one.code or one.name) or f"indicator_{number}"
        key = f"{key[:36]}_{number}" if key in taken else key
        taken.add(key)
        body = {"id": key, "code": one.code, "name": {language: one.name}}
        rest = {"unit": slug(one.unit), "direction": one.direction, "frequency": one.frequency}
        lines = (f"{k} = {toml_value(v)}" for k, v in {**body, **rest}.items() if v)
        yield "\n".join(["[[indicator]]", *lines, ""])


def _units(unit: NewUnit, known: Collection[str]) -> Iterator[str]:
    """Yield the units that files count in and that nobody has defined."""
    counted = dict.fromkeys(one.unit for own in unit.indicators.values() for one in own)
    for text in counted:
        if text and slug(text) not in known:
            yield f"\n[{slug(text)}]\nname = {toml_value(unit.named(text))}\n"


def slug(text: str) -> str:
    """Return an id made of a text, Cyrillic letters as Latin ones; "" of a text of none."""
    return _spaced(text.lower().translate(_LATIN))[:40].strip("_")


def _spaced(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text).strip("_")


def ids(text: str, what: str) -> dict[str, str]:
    """Return id → name of a list such as ``water=Water supply, energy``.

    Raises
    ------
    DefinitionError
        When an id is given twice, or none can be made of a name.
    """
    found: dict[str, str] = {}
    for part in filter(None, (one.strip() for one in text.split(","))):
        key, equals, name = (one.strip() for one in part.partition("="))
        if not equals:
            key, name = _spaced(part.lower()), part
        if not key or not name:
            raise mistake("no-latin-id", part=part, what=what)
        if key in found:
            raise DefinitionError(f"'{part}': there are two {what}s '{key}'")
        found[key] = name
    return found


def _check(unit: NewUnit) -> None:
    for what, pattern, expected, keys in (
        ("sector", _ID, "small Latin letters, digits and _", unit.sectors),
        ("region", _REGION, "an ISO 3166 code such as KZ-71", [*unit.regions, unit.code]),
    ):
        for key in keys:
            if not pattern.match(key):
                raise mistake("no-id", key=key, what=what, expected=expected)
    for language in unit.languages:
        check_language(language)
    if not unit.languages:
        raise DefinitionError("A unit needs one language at least: --languages en,ru")
    if not unit.sectors:
        raise DefinitionError("A unit needs one sector at least: --sectors water,energy")


def _regions(unit: NewUnit) -> str:
    columns = ["region_id", "kind", *(f"name_{one}" for one in LANGUAGES), "aliases"]
    rows = [[unit.code, "country", unit.country, "|".join(unit.nation)]]
    rows += [[key, "region", name, ""] for key, name in unit.regions.items()]
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(columns)
    lines.writerows([key, kind, *unit.named(n).values(), more] for key, kind, n, more in rows)
    return out.getvalue()


def _empty(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise DefinitionError(f"{folder} is not empty. Name a new folder")
    folder.mkdir(parents=True, exist_ok=True)


def _emptied(folder: Path) -> Path:
    """Make the folders that hold nothing yet."""
    for name in ("data/processed", "reports"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    return folder


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
