"""A planned report as a job: what its notebook is told, and where it writes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from os.path import relpath
from pathlib import Path
from typing import Any

from delivery_analytics.errors import DefinitionError
from delivery_analytics.execution.jobs import Job
from delivery_analytics.execution.parameters import declared
from delivery_analytics.publishing.plan import Planned


def job_for(
    one: Planned,
    *,
    data_dir: Path,
    day: date,
    formats: Sequence[str],
    output_dir: Path,
    executed: Path,
    assets: str = "",
    since: date | None = None,
    corporate: Path | None = None,
) -> Job:
    """Return how to make the report `one`.

    Parameters
    ----------
    output_dir
        Where the notebook writes; nobody else may.
    executed
        Where the executed notebook goes.
    assets
        Where the page finds what it shares with others, relative to its final place.
    since
        The day of the edition before; otherwise the last day of the month before `day`.

    corporate
        The presentation that slides are dressed like.

    These are told only to a notebook that asks for them.

    Raises
    ------
    DefinitionError
        When the notebook lacks a parameter that decides what it reports on.
    """
    start = one.notebook.parent
    values: dict[str, Any] = {
        "as_of": day,
        "language": one.language,
        "data_dir": _from(start, data_dir),
        "output_dir": _from(start, output_dir),
        "formats": list(formats),
    }
    if one.key:
        values[one.run_per] = one.key
    asked = declared(one.notebook).model_fields
    missing = [name for name in values if name not in asked]
    if missing:
        raise DefinitionError(f"{one.notebook.name} lacks the parameter {', '.join(missing)}")
    wanted = {
        "assets": assets,
        "since": since or day.replace(day=1) - timedelta(days=1),
        "corporate": _from(start, corporate) if corporate else "",
    }
    values |= {name: value for name, value in wanted.items() if value and name in asked}
    return Job(one.notebook, one.place, values, executed)


def _from(start: Path, path: Path) -> Path:
    """Return `path` from `start`, so that the evidence names no folder of this machine."""
    try:
        return Path(relpath(path, start))
    except ValueError:  # on another drive
        return path
