"""The first page of an edition: every report of it, what failed, and earlier editions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from delivery_analytics import writers
from delivery_analytics.model.schema import STATUSES
from delivery_analytics.report import theme
from delivery_analytics.wording.catalogue import native_names
from delivery_analytics.wording.wording import Wording
from delivery_analytics.writers.html import page

# What to read comes first, then what to work with; a format that is not here comes last.
_FORMATS_IN_ORDER = ("html", "pptx", "xlsx", "pdf")


@dataclass(frozen=True)
class Entry:
    """One report of the edition, made or failed.

    Attributes
    ----------
    title
        In the report's own language.
    kind
        What sort of report: a group of the page.
    files
        Format → path relative to the page; empty when the report failed.
    key, names
        The sector, region, programme or challenge it was made for, and what that is called
        in each language; empty for the nation.
    statuses
        Status → how many indicators of the report have it.
    answer
        The sentence that its page opens with.
    error
        What the notebook said when it failed.
    instead, instead_as_of
        The last good report: format → path relative to the page, and its as-of day.
    """

    title: str
    kind: str
    language: str
    files: Mapping[str, str] = field(default_factory=dict)
    key: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, int] = field(default_factory=dict)
    answer: str = ""
    error: str = ""
    instead: Mapping[str, str] = field(default_factory=dict)
    instead_as_of: date | None = None


@dataclass(frozen=True)
class EarlierEdition:
    """An edition that was published before, and where its first page is."""

    as_of: date
    path: str
    revision: int = 1


@dataclass(frozen=True)
class Share:
    """One status of a whole, with where its piece of a bar lies, in per cent."""

    chip: page.Chip
    count: int
    start: float
    width: float


@dataclass(frozen=True)
class Line:
    """An entry as the page lists it."""

    entry: Entry
    name: str
    shares: list[Share]
    links: list[tuple[str, str]]
    sought: str


@dataclass(frozen=True)
class Group:
    """Entries of one kind under their heading."""

    kind: str
    heading: str
    lines: list[Line]


def write_index_pages(
    path: str | Path,
    entries: Sequence[Entry],
    *,
    words: Sequence[Wording],
    as_of: date,
    kinds: Mapping[str, str] | None = None,
    statuses: Mapping[str, int] | None = None,
    editions: Sequence[EarlierEdition] = (),
    sources: pd.DataFrame | None = None,
) -> list[Path]:
    """Write the first page of an edition in each language and return the paths.

    Parameters
    ----------
    path
        The page in the first language. Beside it each language has its own, such as
        ``index.ru.html``, and they link to each other.
    kinds
        Kind → its heading in English, in the order of the page. A kind that is not here
        comes after these, under its own name.
    statuses
        Status → how many national indicators have it, for the head of the page. Without
        it, those of the one report for the nation that has any.
    editions
        Earlier ones, in any order.
    sources
        The table of files that were read, to say how much was.
    """
    out = Path(path)
    beside = {w.language: f"{out.stem}.{w.language}{out.suffix}" for w in words}
    shared = {
        "as_of": as_of,
        "languages": beside,
        "editions": sorted(editions, key=lambda e: (e.as_of, e.revision), reverse=True),
        "intake": _intake(sources),
    }
    written = []
    for place, own in enumerate(words):
        groups = _groups(entries, own, kinds or {})
        text = _rendered(entries, own, groups, statuses, sources, **shared)
        names = [beside[own.language], *([out.name] if place == 0 else [])]
        written += [page.save(out.with_name(name), text) for name in names]
    return written


def _rendered(
    entries: Sequence[Entry],
    words: Wording,
    groups: Sequence[Group],
    statuses: Mapping[str, int] | None,
    sources: pd.DataFrame | None,
    **shared: Any,
) -> str:
    failures = [_line(e, words) for e in _own_first(entries, words) if e.error]
    return page.render_page(
        "index.html.j2",
        words=words,
        title=words("Delivery reports"),
        scripts=("page.js", "portal.js"),
        groups=groups,
        overview=_shares(_overview(entries, statuses), words),
        failures=failures,
        filters=_filters(entries, groups, words),
        tally=_tally(entries, sources, words),
        failed=words.plural(
            "{n} report was not made", "{n} reports were not made", len(failures)
        ),
        **shared,
    )


def _groups(
    entries: Sequence[Entry], words: Wording, headings: Mapping[str, str]
) -> list[Group]:
    own = sorted({entry.kind for entry in entries} - headings.keys())
    named = {kind: words(heading) for kind, heading in headings.items()}
    named |= {kind: words(kind.replace("_", " ").capitalize()) for kind in own}
    lines: dict[str, list[Line]] = {kind: [] for kind in named}
    for entry in _own_first(entries, words):
        lines[entry.kind].append(_line(entry, words))
    return [
        Group(
            kind, named[kind], sorted(listed, key=lambda line: _worst_first(line.entry, words))
        )
        for kind, listed in lines.items()
        if listed
    ]


def _worst_first(entry: Entry, words: Wording) -> tuple[bool, int, int, float]:
    """Return what a group is sorted by: own language, off track, at risk, share judged."""
    counts = entry.statuses
    off, risk, silent = (counts.get(code, 0) for code in ("off_track", "at_risk", "not_judged"))
    return entry.language != words.language, -off, -risk, silent / max(sum(counts.values()), 1)


def _own_first(entries: Iterable[Entry], words: Wording) -> list[Entry]:
    """Return the entries with the page's own language first, otherwise in their order."""
    return sorted(entries, key=lambda entry: entry.language != words.language)


def _line(entry: Entry, words: Wording) -> Line:
    files = entry.files or entry.instead
    return Line(
        entry,
        name=words.name(entry.names),
        shares=_shares(entry.statuses, words),
        links=[(_label(name, words), files[name]) for name in sorted(files, key=_place)],
        sought=" ".join([entry.title, entry.key, *entry.names.values()]),
    )


def _label(name: str, words: Wording) -> str:
    """Return what a file is called: its format, and what it is beside the report."""
    what, _, form = name.rpartition(".")
    return ", ".join([writers.label(form), *([words(writers.BESIDE[what])] if what else [])])


def _place(name: str) -> tuple[int, int]:
    what, _, form = name.rpartition(".")
    known = _FORMATS_IN_ORDER
    return known.index(form) if form in known else len(known), len(what)


def _shares(statuses: Mapping[str, int], words: Wording) -> list[Share]:
    """Return the statuses that occur as pieces of one bar, worst first."""
    whole = sum(statuses.get(status, 0) for status in STATUSES)
    shares, start = [], 0.0
    for status in theme.COUNTED:
        count = statuses.get(status, 0)
        if count:
            width = 100 * count / whole
            shares.append(
                Share(page.chip(status, words), count, round(start, 2), round(width, 2))
            )
            start += width
    return shares


def _overview(
    entries: Sequence[Entry], statuses: Mapping[str, int] | None
) -> Mapping[str, int]:
    if statuses is not None:
        return statuses
    national = (e.statuses for e in entries if e.kind in ("nation", "national") and e.statuses)
    return next(national, {})


def _filters(
    entries: Sequence[Entry], groups: Sequence[Group], words: Wording
) -> dict[str, list[tuple[str, str]]]:
    """Return what the list can be narrowed by: (value, text) in the order of the page."""
    subjects = {entry.key: words.name(entry.names) or entry.key for entry in entries}
    spoken = {entry.language for entry in entries}
    met = {status for entry in entries for status, n in entry.statuses.items() if n}
    return {
        "kind": [(group.kind, group.heading) for group in groups],
        "key": [(key, text) for key, text in subjects.items() if key],
        "language": [(code, native_names()[code]) for code in sorted(spoken)],
        "status": [(status, words.status(status)) for status in STATUSES if status in met],
    }


def _tally(entries: Sequence[Entry], sources: pd.DataFrame | None, words: Wording) -> list[str]:
    whole = sum(not entry.error for entry in entries)
    texts = [words.plural("{n} report", "{n} reports", whole)]
    if sources is not None:
        aside = int(sources["rows_quarantined"].sum())
        texts += [
            words.plural("{n} file read", "{n} files read", len(sources)),
            words.plural("{n} row not accepted", "{n} rows not accepted", aside),
        ]
    return texts


def _intake(sources: pd.DataFrame | None) -> dict[str, int]:
    if sources is None:
        return {}
    counts = ("rows_read", "rows_kept", "rows_quarantined", "rows_skipped")
    return {"files": len(sources), **{name: int(sources[name].sum()) for name in counts}}
