"""What a notebook may be told: its own typed names, and nothing that is not plain JSON.

Papermill turns what it does not know into text (``np.bool_(False)`` becomes ``"False"``,
which is true), injects a parameter's name as code, and only warns of a name that the
notebook never declared. So everything passes through `bind` first.
"""

import ast
import builtins
import contextlib
import json
import keyword
import math
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path, PurePath
from typing import Any

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from delivery_analytics.errors import DefinitionError
from delivery_analytics.execution.contract import read_notebook
from delivery_analytics.model.lookup import mistake

Plain = str | int | float | bool | None | list[Any] | dict[str, Any]

_NAME = re.compile(r"^[a-z][a-z0-9_]{0,40}$")
_TYPES: dict[str, Any] = {kind.__name__: kind for kind in (str, int, float, bool)}
_TYPES |= {"list": list[Any], "dict": dict[str, Any]}


def declared(notebook: Path) -> type[BaseModel]:
    """Return the model of what `notebook` declares in its cell tagged ``parameters``.

    Each line is ``name: type = default  # meaning``; the types are str, int, float, bool,
    list and dict, because those are what papermill can inject unchanged.

    Raises
    ------
    DefinitionError
        When the notebook cannot be read, has not exactly one such cell, or a line of it
        is something else.
    """
    name = notebook.name
    cells = read_notebook(notebook).cells
    tagged = [cell for cell in cells if "parameters" in cell.metadata.get("tags", [])]
    if len(tagged) != 1:
        raise mistake("parameter-cells", name=name, n=len(tagged))
    try:
        lines = ast.parse(tagged[0].source).body
    except SyntaxError as error:
        raise DefinitionError(f"{name}, parameters, line {error.lineno}: {error.msg}") from None
    fields = dict(_declaration(line, name) for line in lines)
    strict = ConfigDict(strict=True, extra="forbid")
    return create_model("Parameters", __config__=strict, **fields)


def _declaration(line: ast.stmt, notebook: str) -> tuple[str, Any]:
    where = f"{notebook}, parameters, line {line.lineno}"
    if not (
        isinstance(line, ast.AnnAssign)
        and isinstance(line.target, ast.Name)
        and isinstance(line.annotation, ast.Name)
        and line.annotation.id in _TYPES
        and line.value is not None
    ):
        raise mistake(
            "parameter-line", where=where, line=ast.unparse(line), types=", ".join(_TYPES)
        )
    try:
        default = ast.literal_eval(line.value)
    except ValueError:
        raise DefinitionError(f"{where}: the default is not a plain value") from None
    return _name(line.target.id, where), (_TYPES[line.annotation.id], default)


def bind(notebook: Path, values: Mapping[str, Any]) -> dict[str, Plain]:
    """Return `values` as the plain JSON that may be injected into `notebook`.

    Raises
    ------
    DefinitionError
        Naming the parameter that the notebook does not declare, whose value has another
        type than declared, or that cannot be written as JSON without loss.
    """
    model = declared(notebook)
    out: dict[str, Plain] = {}
    for name, value in values.items():
        if name not in model.model_fields:
            told = {"name": _shown(name), "known": ", ".join(model.model_fields)}
            raise mistake("parameter-unknown", notebook=notebook.name, **told)
        out[name] = plain(value, name)
    try:
        model.model_validate(out)
    except ValidationError as error:
        first = error.errors()[0]
        where = f"{notebook.name}, parameter '{first['loc'][0]}'"
        raise DefinitionError(f"{where}: {first['msg']}. Found {first['input']!r}") from None
    return out


def from_text(notebook: Path, texts: Mapping[str, str]) -> dict[str, Plain]:
    """Return parameters that were typed as text, each of the type that `notebook` declares.

    Text is taken as it is, everything else is read as JSON is: ``5``, ``true``, ``["a"]``.

    Raises
    ------
    DefinitionError
        As `bind`.
    """
    fields = declared(notebook).model_fields
    values: dict[str, Plain] = dict(texts)
    for name, text in texts.items():
        # What is no JSON is refused below, by the type that was expected.
        with contextlib.suppress(ValueError):
            if name in fields and fields[name].annotation is not str:
                values[name] = json.loads(text)
    return bind(notebook, values)


def plain(value: Any, name: str = "value") -> Plain:
    """Return `value` as JSON holds it: days as ISO text, paths as text, no NumPy types.

    A missing value (``None``, ``pd.NA``, ``NaT``) becomes ``None``; a number that is not
    finite is refused, since JSON has none.
    """
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise DefinitionError(f"Parameter '{name}': {value} is not a finite number")
        return value
    if isinstance(value, (str, PurePath)):
        return _text(value if isinstance(value, str) else value.as_posix(), name)
    if isinstance(value, datetime):
        midnight = value.tzinfo is None and value.time() == time.min
        return value.date().isoformat() if midnight else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [plain(item, name) for item in value]
    if isinstance(value, Mapping):
        return {_text(key, name): plain(item, name) for key, item in value.items()}
    raise mistake("parameter-kind", name=name, kind=type(value).__name__)


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise DefinitionError(f"Parameter '{name}': the key {value!r} is not text")
    for letter in value:
        if unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\t\n":
            raise mistake("parameter-letter", name=name, letter=letter)
    return str(value)


def _name(name: str, where: str) -> str:
    if not _NAME.match(name) or keyword.iskeyword(name) or hasattr(builtins, name):
        raise mistake("parameter-name", where=where, name=_shown(name))
    return name


def _shown(name: object) -> str:
    return ascii(str(name))[1:-1][:60]
