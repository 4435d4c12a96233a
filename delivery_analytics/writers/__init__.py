"""Write a report to files: one module per format, and a module's name is its format.

A format is added by adding its module with a function ``write(report, path)``; nothing
else has to be told about it.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import cast

from delivery_analytics.errors import DefinitionError
from delivery_analytics.report.document import Report

Writer = Callable[[Report, Path], object]
_FORMAT = re.compile(r"[a-z][a-z0-9]*")
_STEM = re.compile(r"[\w-][\w.-]*")


def write(
    report: Report,
    directory: str | Path,
    formats: Iterable[str],
    stem: str = "report",
    *,
    assets: str = "",
    corporate: str = "",
) -> list[Path]:
    """Write `report` below `directory`, one file a format, called ``stem.format``.

    Every format is looked up before the first file is written, so a mistyped one leaves
    nothing half done.

    Parameters
    ----------
    directory
        Made if it is not there. Empty writes nothing, as in a notebook that is explored.
    assets
        For writers that share files between reports: where those are, relative to the
        report. Empty keeps them beside it.
    corporate
        For slides: a presentation whose theme and master are taken. Empty takes the
        workspace's own, ``data/definitions/template.pptx``, where there is one.

    Returns
    -------
    list of Path
        In the order of `formats`.

    Raises
    ------
    DefinitionError
        If there is no such format, or `stem` is more than a plain file name.
    """
    if not _STEM.fullmatch(stem):
        raise DefinitionError(
            f"'{stem}' cannot name a file. Expected letters, digits, '-', '_' and '.'"
        )
    named = list(dict.fromkeys(formats))
    writers = [writer(name) for name in named]
    if directory == "":
        return []
    folder = Path(directory)
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{stem}.{name}" for name in named]
    for write_one, path in zip(writers, paths, strict=True):
        asked = inspect.signature(write_one).parameters
        options = {"assets": assets, "corporate": corporate}
        write_one(report, path, **{name: options[name] for name in options if name in asked})
    return paths


def writer(name: str) -> Writer:
    """Return the function that writes the format called `name`, or say which there are."""
    found = _writer(name) if _FORMAT.fullmatch(name) else None
    if found is None:
        raise DefinitionError(f"There is no format '{name}'. Formats: {', '.join(available())}")
    return found


def available() -> list[str]:
    """Return the formats there are, in alphabetical order."""
    modules = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return [name for name in modules if _writer(name)]


def _writer(name: str) -> Writer | None:
    full = f"{__name__}.{name}"
    try:
        module = importlib.import_module(full)
    except ModuleNotFoundError as error:
        if error.name == full:
            return None
        raise
    return cast("Writer | None", getattr(module, "write", None))
