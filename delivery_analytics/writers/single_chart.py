"""One chart alone: drawn by its name, and written as a slide, a sheet, a page or a picture."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from delivery_analytics import charts
from delivery_analytics.analytics import quality, spending, status
from delivery_analytics.errors import DefinitionError
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.lookup import check
from delivery_analytics.report import still
from delivery_analytics.report.document import Report
from delivery_analytics.report.figure import Figure
from delivery_analytics.wording.wording import Wording, open_wording
from delivery_analytics.writers import pptx, writer

NAMES = tuple(name for name in charts.__all__ if name != "has_lines")
ENDINGS = ("pptx", "xlsx", "pdf", "html", "svg", "png")
_KEYS = ("indicator_id", "region_id", "challenge_id", "sector_id")


def draw(
    name: str, data: Dataset, words: Wording, *, as_of: str, keys: Mapping[str, str]
) -> Figure:
    """Return the chart called `name`.

    Parameters
    ----------
    name
        One of `NAMES`, the functions of `charts`.
    data
        As loaded, with every revision.
    as_of
        The day to know things by.
    keys
        ``indicator_id``, ``region_id``, ``challenge_id`` or ``sector_id`` → id, as the
        chart needs them; a sector narrows the data.

    Raises
    ------
    DefinitionError
        If there is no such chart, or a key is missing, unknown, or of no use to it.
    """
    check("chart", name, NAMES)
    function: Callable[..., Figure] = getattr(charts, name)
    wanted = inspect.signature(function).parameters
    history = data.learned_by(as_of).where(sector_id=keys.get("sector_id"))
    known = history.known_on(as_of)
    for key, value in keys.items():
        if key != "sector_id" and key not in wanted:
            raise DefinitionError(f"The chart '{name}' takes no {key}")
        known.registry.check(key.removesuffix("_id"), value)
    made: dict[str, Callable[[], Any]] = {
        "data": lambda: known,
        "history": lambda: history,
        "words": lambda: words,
        "registry": lambda: known.registry,
        "assessments": lambda: status.assess(known),
        "execution": lambda: spending.execution(known, by="sector_id"),
        "monthly": lambda: spending.monthly(known, by="sector_id"),
        "table": lambda: quality.returns_received(known),
    }
    given: dict[str, Any] = {}
    for key, parameter in wanted.items():
        if key in keys:
            given[key] = keys[key]
        elif key in made:
            given[key] = made[key]()
        elif parameter.default is inspect.Parameter.empty:
            raise DefinitionError(f"The chart '{name}' needs --{key.removesuffix('_id')}")
    return function(**given)


def save_chart(
    figure: Figure,
    path: str | Path = "slide.pptx",
    data: Dataset | None = None,
    words: Wording | None = None,
    *,
    corporate: str | Path = "",
) -> Path:
    """Write a chart to `path`, in the format of its ending, and return the path.

    Parameters
    ----------
    figure
        Any chart of `charts`.
    data
        What it was drawn from: a workbook, page or PDF lists its files.
    words
        The language of what is written beside the chart; English where it is left out.
    corporate
        For a slide: a presentation whose theme and master are taken.

    Raises
    ------
    DefinitionError
        If nothing is written with that ending, or it needs `data` and there is none.
    """
    path = Path(path)
    ending = path.suffix.removeprefix(".")
    if ending not in ENDINGS:
        raise DefinitionError(
            f"'{path.name}': a chart is written as {', '.join(ENDINGS)}. Give one as ending"
        )
    words = words or open_wording("en")
    path.parent.mkdir(parents=True, exist_ok=True)
    if ending == "svg":
        path.write_text(still.svg(figure), encoding="utf-8")
    elif ending == "png":
        path.write_bytes(still.png(figure))
    elif ending == "pptx":
        pptx.write_slide(figure, path, words, corporate=corporate)
    elif data is None:
        raise DefinitionError(f"'{path.name}' lists where its figures are from: give the data")
    else:
        report = Report(figure.title, data, words)
        report.add(figure)
        writer(ending)(report, path)
    return path
