"""One chart alone: drawn by its name, and written as a slide, a sheet, a page or a picture."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from delivery_analytics.charts import CHARTS
from delivery_analytics.errors import DefinitionError
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.lookup import check
from delivery_analytics.report import still
from delivery_analytics.report.document import Picture, Table
from delivery_analytics.report.figure import Figure
from delivery_analytics.report.own import blocks_of
from delivery_analytics.report.report import Report
from delivery_analytics.wording.wording import Wording, open_wording
from delivery_analytics.writers import pptx, writer

NAMES = tuple(CHARTS)
_PICTURES = ("svg", "png")
ENDINGS = ("pptx", "xlsx", "pdf", "html", "svg", "png")


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
    check("chart", name, dict.fromkeys(NAMES, ""))
    chart = CHARTS[name]
    history = data.learned_by(as_of).where(sector_id=keys.get("sector_id"))
    known = history.known_on(as_of)
    given = {key: value for key, value in keys.items() if key != "sector_id"}
    for key, value in given.items():
        if key not in (*chart.subject, *chart.takes):
            raise DefinitionError(f"The chart '{name}' takes no {key}")
        known.registry.check(key.removesuffix("_id"), value)
    for key in chart.subject:
        if key not in given:
            raise DefinitionError(f"The chart '{name}' needs --{key.removesuffix('_id')}")
    subject = [given.pop(key) for key in chart.subject]
    revisions = {"history": history} if "history" in chart.takes else {}
    return chart.draw(known, *subject, words, **given, **revisions)


def save_chart(
    item: Any,
    path: str | Path = "slide.pptx",
    data: Dataset | None = None,
    words: Wording | None = None,
    *,
    corporate: str | Path = "",
    **said: Any,
) -> Path:
    """Write a chart, a table or a picture to `path`, in the format of its ending.

    As ``pptx`` it is a slide with a chart, or table, that PowerPoint can edit. Return the path.

    Parameters
    ----------
    item
        A chart of `charts`, or what else `Report.add` takes: an Altair chart, a DataFrame.
    data
        What it was drawn from: a workbook, page or PDF lists its files.
    words
        The language of what is written beside the chart; English where it is left out.
    corporate
        For a slide: a presentation whose theme and master are taken.
    said
        What stands beside it, as in `Report.add`: ``title``, ``unit``, ``as_of``, ``source``.

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
    block: Any = [*blocks_of(item, words, **said), None][0]
    kinds = (Figure,) if ending in _PICTURES else (Figure, Table, Picture)
    if type(block) not in kinds:
        raise DefinitionError(
            f"'{path.name}': charts alone are written as {', '.join(_PICTURES)}; tables and "
            "pictures as pptx, xlsx, pdf or html; texts only within a report"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    if ending == "svg":
        path.write_text(still.captioned(block), encoding="utf-8")
    elif ending == "png":
        path.write_bytes(still.captioned_png(block))
    elif ending == "pptx":
        pptx.write_slide(block, path, words, corporate=corporate)
    elif data is None:
        raise DefinitionError(f"'{path.name}' lists where its figures are from: give the data")
    else:
        report = Report(block.title, data, words)
        report.add(block)
        writer(ending)(report, path)
    return path
