"""Ids to be completed with the Tab key, and what is near one that does not exist."""

from __future__ import annotations

import difflib
import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

from delivery_analytics.errors import DefinitionError


class Ids(Mapping[str, Any]):
    """Names to type a part of and complete with Tab; each is the id that it stands for.

    ``ids.healthcare.maternal_mortality`` and ``ids["healthcare.maternal_mortality"]`` are
    both the text ``healthcare.maternal_mortality``.

    Parameters
    ----------
    what
        What they are ids of.
    listed
        Id → what it is called.
    parts
        Further names, each an id or more names: a sector's indicators under the sector.
    """

    def __init__(
        self, what: str, listed: Mapping[str, str], parts: Mapping[str, Any] | None = None
    ) -> None:
        self._what, self._listed = what, dict(listed)
        self._parts = {
            name_of(key): one for key, one in (parts or listed_by_name(listed)).items()
        }

    def __getitem__(self, key: str) -> str:
        check(self._what, key, self._listed)
        return key

    def __iter__(self) -> Iterator[str]:
        return iter(self._listed)

    def __len__(self) -> int:
        return len(self._listed)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # Python and IPython ask for many that nobody typed
            raise AttributeError(name)
        if name in self._parts:
            return self._parts[name]
        raise AttributeError(missing(self._what, name, dict.fromkeys(self._parts, "")))

    def __dir__(self) -> list[str]:
        return sorted(self._parts)

    def _ipython_key_completions_(self) -> list[str]:
        return list(self._listed)

    def __repr__(self) -> str:
        return f"<{len(self)} ids of {self._what}s: {', '.join(self._listed)}>"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td><code>{html.escape(key)}</code></td>"
            f"<td style='text-align:left'>{html.escape(called)}</td></tr>"
            for key, called in self._listed.items()
        )
        return f"<table>{rows}</table>"


def name_of(text: str) -> str:
    """Return `text` as a name of Python: ``Almaty Region`` is ``almaty_region``."""
    name = re.sub(r"\W+", "_", text.casefold()).strip("_")
    return f"_{name}" if name[:1].isdigit() else name


def listed_by_name(listed: Mapping[str, str]) -> dict[str, str]:
    """Return what each id is called → the id; the id too, where two are called alike."""
    called = [name_of(one) for one in listed.values()]
    return {
        name if called.count(name) == 1 and name else key: key
        for name, key in zip(called, listed, strict=True)
    }


def check(what: str, key: str | None, among: Mapping[str, Any]) -> None:
    """Refuse an id that does not exist, and say which ones are near.

    Parameters
    ----------
    among
        Id → what it is called, or a thing with its ``name`` in several languages.

    Raises
    ------
    DefinitionError
        If `key` is none of them.
    """
    if key is not None and key not in among:
        raise DefinitionError(missing(what, key, among))


def missing(what: str, key: str, among: Mapping[str, Any]) -> str:
    """Return the sentence that says what is near an id that does not exist.

    A name is recognised too: whoever types ``Astana`` is told of ``KZ-71 (Astana)``.
    """
    called = {name: one for one in among for name in _names(one, among[one])}
    folded: dict[str, list[str]] = {}
    for name in called:
        folded.setdefault(name.casefold(), []).append(name)
    near = difflib.get_close_matches(str(key).casefold(), folded, n=3, cutoff=0.5)
    found = dict.fromkeys(called[name] for one in near for name in folded[one])
    told = [_told(one, among[one]) for one in found]
    listed = ", ".join(among)
    hint = f"Did you mean {' or '.join(told)}?" if told else f"There are: {listed}"
    return f"There is no {what} '{key}'. {hint}"


def _names(key: str, thing: Any) -> list[str]:
    """Return what one may type for an id: itself, its last part, its names."""
    named = getattr(thing, "name", None)
    names = list(named.values()) if isinstance(named, Mapping) else []
    return [
        key,
        key.rpartition(".")[2],
        *(one for one in names if isinstance(one, str) and one),
    ]


def _told(key: str, thing: Any) -> str:
    named = getattr(thing, "name", None)
    called = named.get("en", "") if isinstance(named, Mapping) else ""
    return f"{key} ({called})" if called and name_of(called) != name_of(key) else key
