"""The first page of an edition: its reports with their statuses, and earlier editions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from delivery_analytics.analytics.rollup import status_counts
from delivery_analytics.analytics.status import assess
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.schema import STATUSES
from delivery_analytics.publishing.editions import editions
from delivery_analytics.publishing.manifest import Made
from delivery_analytics.wording.wording import Wording, open_wording
from delivery_analytics.writers.html import index_page

INDEX = "index.html"


def write_index(
    made: Sequence[Made], known: Dataset, *, root: Path, reports: Path, languages: Sequence[str]
) -> None:
    """Write the first page of the edition at `root`, in every language.

    Parameters
    ----------
    known
        What the edition was made from, as known on its day.
    reports
        The folder of editions; those up to that day are listed.
    """
    assert known.as_of is not None
    words = {language: open_wording(language) for language in dict.fromkeys(languages)}
    counts = _counts(known)
    earlier = [
        index_page.EarlierEdition(one.as_of, f"../{one.id}/{INDEX}", one.revision)
        for one in editions(reports)
        if one.as_of <= known.as_of
    ]
    index_page.write_index_pages(
        root / INDEX,
        [_entry(one, counts, words[one.planned.language]) for one in made],
        words=list(words.values()),
        as_of=known.as_of,
        statuses=_statuses(counts["region"], known.registry.country_id),
        editions=earlier,
        sources=known.sources,
    )


def _entry(one: Made, counts: dict[str, pd.DataFrame], words: Wording) -> index_page.Entry:
    planned = one.planned
    return index_page.Entry(
        title=words(planned.title),
        kind=planned.kind,
        language=planned.language,
        files=one.files,
        key=planned.key,
        names=planned.names,
        statuses=(
            _statuses(counts[planned.run_per], planned.key) if planned.run_per in counts else {}
        ),
        error=one.error,
        instead=one.instead,
        instead_as_of=one.instead_as_of,
    )


def _counts(known: Dataset) -> dict[str, pd.DataFrame]:
    """Return what a report runs per → how many indicators have each status, by its id."""
    assessed = assess(known)
    return {
        "sector": status_counts(assessed, known.registry, by="sector_id"),
        "programme": status_counts(assessed, known.registry, by="programme_id"),
        "region": status_counts(assessed, known.registry, by="region_id"),
    }


def _statuses(counts: pd.DataFrame, key: str) -> dict[str, int]:
    row = counts[counts.iloc[:, 0] == key]
    return {status: int(row[status].sum()) for status in STATUSES}
