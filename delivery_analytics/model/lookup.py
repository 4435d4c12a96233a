"""Ids to be completed with the Tab key, what is near one that does not exist, and mistakes.

Every mistyped id is told by the one sentence of `near_miss`, whoever was asked for it.
"""

import difflib
import fnmatch
import html
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NoReturn, TypeVar

from delivery_analytics.errors import DefinitionError
from delivery_analytics.model.files import packaged

Thing = TypeVar("Thing")
_AS_NEAR = 0.7  # of the nearest's likeness
_MISTAKES = packaged(__file__, "mistakes.toml")


class ById(dict[str, Thing]):
    """Id → thing; for an id that does not exist it says what is near.

    Parameters
    ----------
    what
        What they are: ``sector``.

    Raises
    ------
    DefinitionError
        Where a `dict` would raise `KeyError`.
    """

    def __init__(self, what: str, things: Mapping[str, Thing]) -> None:
        super().__init__(things)
        self.what = what

    def __missing__(self, key: str) -> NoReturn:
        raise DefinitionError(near_miss(self.what, key, self))


class Ids(Mapping[str, Any]):
    """Names to type a part of and complete with Tab; each is the id that it stands for.

    ``ids.healthcare.maternal_mortality`` and ``ids["healthcare.maternal_mortality"]`` are
    both the text ``healthcare.maternal_mortality``.

    Parameters
    ----------
    what
        What they are ids of.
    listed
        Id → what it is called, or a thing with its ``name`` in several languages.
    parts
        Further names, each an id or more names: a sector's indicators under the sector.
    """

    def __init__(
        self, what: str, listed: Mapping[str, Any], parts: Mapping[str, Any] | None = None
    ) -> None:
        self._what, self._listed = what, dict(listed)
        parts = parts or listed_by_name(listed)
        self._parts = {name_of(key): part for key, part in parts.items()}

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
        raise AttributeError(near_miss(self._what, name, [*self._parts]))

    def __dir__(self) -> list[str]:
        return sorted(self._parts)

    def _ipython_key_completions_(self) -> list[str]:
        return list(self._listed)

    def __repr__(self) -> str:
        return f"<{len(self)} ids of {self._what}s: {', '.join(self._listed)}>"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td><code>{html.escape(key)}</code></td>"
            f"<td style='text-align:left'>{html.escape(english(thing))}</td></tr>"
            for key, thing in self._listed.items()
        )
        return f"<table>{rows}</table>"


def name_of(text: str) -> str:
    """Return `text` as a name of Python: ``Almaty Region`` is ``almaty_region``."""
    name = re.sub(r"\W+", "_", text.casefold()).strip("_")
    return f"_{name}" if name[:1].isdigit() else name


def english(thing: Any) -> str:
    """Return what a thing is called in English; empty where it has no name."""
    named = getattr(thing, "name", thing)
    called = named.get("en") if isinstance(named, Mapping) else named
    return called if isinstance(called, str) else ""


def listed_by_name(listed: Mapping[str, Any]) -> dict[str, str]:
    """Return what each id is called → the id; the id too, where two are called alike."""
    called = [name_of(english(thing)) for thing in listed.values()]
    return {
        name if called.count(name) == 1 and name else key: key
        for name, key in zip(called, listed, strict=True)
    }


def check(what: str, key: str | None, among: Collection[str]) -> None:
    """Refuse an id that does not exist, and say which ones are near.

    Parameters
    ----------
    what
        What `key` is an id of, as a reader calls it.
    among
        The ids there are; or id → what it is called, or a thing with its ``name`` in
        several languages.

    Raises
    ------
    DefinitionError
        If `key` is none of them.
    """
    if key is not None and key not in among:
        raise DefinitionError(near_miss(what, key, among))


def chosen(
    what: str, wanted: str | Collection[str] | None, among: Collection[str]
) -> set[str] | None:
    """Return the ids that are meant by one, by several, or by patterns such as ``water.*``.

    ``None`` is no choice, and stays so.

    Raises
    ------
    DefinitionError
        If an id does not exist, or a pattern is that of none.
    """
    if wanted is None:
        return None
    ids = set()
    for key in [wanted] if isinstance(wanted, str) else wanted:
        met = fnmatch.filter(among, key) if any(mark in key for mark in "*?[") else [key]
        check(what, met[0] if met else key, among)
        ids.update(met)
    return ids


def mistake(code: str, /, **values: object) -> DefinitionError:
    """Return the error with a sentence of ``mistakes.toml``: what is wrong, and the mend."""
    return DefinitionError(_MISTAKES[code].format(**values))


def near_miss(what: str, key: str, among: Collection[str]) -> str:
    """Return the sentence that says what is near an id that does not exist.

    A name is recognised too: whoever types ``Astana`` is told of ``KZ-71 (Astana)``.
    """
    return f"There is no {what} '{key}'. {hint(key, among)}"


def hint(key: str, among: Collection[str]) -> str:
    """Return what was meant by `key`, or else all that there is."""
    things: Mapping[str, Any] = among if isinstance(among, Mapping) else dict.fromkeys(among)
    typed: dict[str, list[str]] = {}  # what one may type, in small letters → ids
    for name, thing in things.items():
        for text in _names(name, thing):
            typed.setdefault(text.casefold(), []).append(name)
    cutoff = 0.5 if len(str(key)) > 2 else 1  # of two letters, one alike says nothing
    near = difflib.get_close_matches(str(key).casefold(), typed, n=3, cutoff=cutoff)
    # Beside what is nearly it, what is merely alike says nothing.
    near = [text for text in near if _alike(key, text) > _AS_NEAR * _alike(key, near[0])]
    ids = dict.fromkeys(name for text in near for name in typed[text])
    called = " or ".join(_called(name, things[name]) for name in ids)
    return f"Did you mean {called}?" if called else f"There are: {', '.join(things) or 'none'}"


def _alike(key: str, text: str) -> float:
    return difflib.SequenceMatcher(None, text, str(key).casefold()).ratio()


def _names(key: str, thing: Any) -> list[str]:
    """Return what one may type for an id: itself, its last part, its names."""
    named = getattr(thing, "name", None)
    names = named.values() if isinstance(named, Mapping) else (english(thing),)
    return [key, key.rpartition(".")[2], *filter(None, names)]


def _called(key: str, thing: Any) -> str:
    called = english(thing)
    return f"{key} ({called})" if called and name_of(called) != name_of(key) else key
