"""Build a definition from what a file says, and say where it is wrong and what is near."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, get_args

from pydantic import TypeAdapter, ValidationError

from delivery_analytics.errors import DefinitionError
from delivery_analytics.model.lookup import hint

_UNKNOWN_KEY = "unexpected_keyword_argument"


def read_toml(path: Path) -> dict[str, Any]:
    """Return what a file of definitions says."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise DefinitionError(f"{path} is missing") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DefinitionError(f"{path}: {error}") from None


def build_definition(kind: Any, body: dict[str, Any], path: Path, where: str = "") -> Any:
    """Return `body` as a `kind`, or refuse it with the file, the place in it and the key."""
    try:
        return _adapter(kind).validate_python(body)
    except ValidationError as error:
        errors = error.errors()
        # A key that is missing is often one that was misspelt, which says more.
        first = next((e for e in errors if e["type"] == _UNKNOWN_KEY), errors[0])
        key = ".".join(part for part in map(str, first["loc"]) if part and "[" not in part)
        joint = ", " if "[[" in where else "."
        place = joint.join(filter(None, [where, key]))
        found = f"{first['msg']}. Found {first['input']!r}{_near(kind, first)}"
        raise DefinitionError(f"{path}, {place}: {found}") from None


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _near(kind: Any, error: Any) -> str:
    """Return what was meant by a key or a word that is none of those there are."""
    if error["type"] == _UNKNOWN_KEY:
        *above, key = error["loc"]
        return f". {hint(key, _keys(kind, above))}"
    if error["type"] == "literal_error":
        expected = re.findall("'([^']*)'", error["ctx"]["expected"])
        return f". {hint(error['input'], expected)}"
    return ""


def _keys(kind: Any, place: Iterable[str | int]) -> list[str]:
    """Return the keys that may stand at a place in the definition of a `kind`."""
    for part in place:
        kind = _within(kind, part)
    return [*kind.__pydantic_fields__]


def _within(kind: Any, part: str | int) -> Any:
    if hasattr(kind, "__pydantic_fields__"):
        kind = kind.__pydantic_fields__[part].annotation
        optional = [own for own in get_args(kind) if hasattr(own, "__pydantic_fields__")]
        return optional[0] if optional and type(None) in get_args(kind) else kind
    inner = get_args(kind)
    return inner[0] if isinstance(part, int) else inner[-1]
