"""Calls of functions: what is wrong with one, and what was asked before.

Analysts call `analytics`, `methods`, `charts` and `blocks` with tables of their own, and what
pandas says of a column that is not there names neither the function nor the table.
"""

from __future__ import annotations

import inspect
import re
import sys
import typing
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import wraps
from types import FunctionType, ModuleType, SimpleNamespace, UnionType
from typing import Any, Concatenate, ParamSpec, TypeVar

import pandas as pd

from delivery_analytics.errors import DefinitionError
from delivery_analytics.model.lookup import Thing, near_miss

P = ParamSpec("P")
Data = TypeVar("Data")
_KEPT = 4  # days, regions or others of one dataset; a series of months asks for many
_ERRORS = (KeyError, AttributeError, TypeError, ValueError, IndexError)


def explain_calls(package: str) -> None:
    """Let the public functions of a package say what they were asked wrongly.

    Called before any of its modules is read: Python sets each as an attribute of the package.
    """
    sys.modules[package].__class__ = _Asked


class _Asked(ModuleType):
    def __setattr__(self, name: str, value: Any) -> None:
        for key, one in [*vars(value).items()] if isinstance(value, ModuleType) else ():
            own = isinstance(one, FunctionType) and one.__module__ == value.__name__
            if own and not key.startswith("_"):
                setattr(value, key, explained(one))
        super().__setattr__(name, value)


def explained(function: Callable[P, Thing]) -> Callable[P, Thing]:
    """Return a function that says what it was asked wrongly, once a call of it has failed."""

    @wraps(function)
    def asked(*args: P.args, **kwargs: P.kwargs) -> Thing:
        try:
            return function(*args, **kwargs)
        except _ERRORS as error:
            # Only who asked from outside is told: within the package it is no mistake of hers.
            if not sys._getframe(1).f_globals["__name__"].startswith("delivery_analytics."):
                for told in _wrong(function, args, kwargs, error):
                    raise DefinitionError(told) from error
            raise

    return asked


def remembered(
    function: Callable[Concatenate[Data, P], Thing],
) -> Callable[Concatenate[Data, P], Thing]:
    """Keep with a dataset what was last made of it, as long as there is that dataset.

    The blocks of a report ask for the same days and judgements. What is returned is shared:
    a function that returns a table copies it.
    """

    @wraps(function)
    def kept(data: Data, /, *args: P.args, **kwargs: P.kwargs) -> Thing:
        made = vars(data).setdefault("_made", {}).setdefault(function, {})
        key = (args, *kwargs.items())
        if key not in made:
            made[key] = function(data, *args, **kwargs)
            if len(made) > _KEPT:
                del made[next(iter(made))]
        found: Thing = made[key]
        return found

    return kept


def _wrong(
    function: Any, args: Any, kwargs: Mapping[str, Any], error: Exception
) -> Iterator[str]:
    """Yield each argument that is none, is of another type, or lacks a column."""
    called, known = function.__name__, inspect.signature(function)
    for key in kwargs.keys() - known.parameters.keys():
        yield f"{called}: " + near_miss("argument", key, known.parameters)
    given = known.bind_partial(*args, **kwargs).arguments
    # What a Series holds is said to mypy, and cannot be asked for when the program runs.
    plain = {
        key: re.sub(r"(Series)\[\w+\]", r"\1", one) if isinstance(one, str) else one
        for key, one in function.__annotations__.items()
    }
    held = SimpleNamespace(__annotations__=plain)
    hints = typing.get_type_hints(held, inspect.unwrap(function).__globals__)
    for name, value in given.items():
        if not _is(value, hints.get(name, Any)):
            meant = re.findall(rf"(?m)^{name}\n    (.+)", inspect.getdoc(function) or "")
            shown = isinstance(value, str | int | float)
            found = f"{value!r:.40}" if shown else type(value).__name__
            expected = inspect.formatannotation(hints[name])
            expected = re.sub(r"\b(?:[a-z_]+\.)+", "", expected)  # without the modules
            yield ". ".join([f"{called}, {name}: expected {expected}, found {found}", *meant])
    for name, value in given.items():
        for key in re.findall("'([^']+)'", str(error)) if isinstance(error, KeyError) else ():
            if isinstance(value, pd.DataFrame) and key not in value:
                yield f"{called}, {name}: {near_miss('column', key, [*value])}"


def _is(value: Any, hint: Any) -> bool:
    """Say whether a value is of a type, and what a list of one kind holds."""
    kind, held = typing.get_origin(hint) or hint, typing.get_args(hint)
    if kind in (typing.Union, UnionType):
        return any(_is(value, one) for one in held)
    if kind is float:
        return pd.api.types.is_number(value)
    if len(held) == 1 and isinstance(value, kind) and isinstance(value, Collection):
        return all(_is(one, held[0]) for one in value)
    return not isinstance(kind, type) or isinstance(value, kind)
