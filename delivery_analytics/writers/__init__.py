"""Write a report to files: one module or folder a format, and its name is the format's.

A format has ``write(report, path, …)`` and ``is_whole(path)``, and may have a ``LABEL``
by which readers know it. It is added by adding its file; nothing else has to be told about it.
"""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

from delivery_analytics.errors import DefinitionError
from delivery_analytics.report.report import Report
from delivery_analytics.wording.catalogue import marked

Writer = Callable[[Report, Path], object]
BRIEF = "brief."  # before a format: a file that holds a report's brief alone
BESIDE = {"brief": marked("brief"), "appendix": marked("appendix")}
ANSWER = "application/vnd.delivery-analytics.answer"  # the kind of output that holds it
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

    Of paper and slides its brief, if it has one, is a format too: ``brief.pdf``.

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
        workspace's own, ``data/definitions/template.pptx`` or ``.potx``, where there is one.

    Returns
    -------
    list of Path
        In the order of `formats`, each with what stands beside it: a brief, an appendix.

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
    alone = [name for name in named if name.startswith(BRIEF)]
    if alone and not report.brief:
        raise DefinitionError(f"{alone[0]}: this report has no brief. Add da.brief(…) to it")
    both = [name for name in named if "alone" in _asked(name) and name not in alone]
    beside = [f"{BRIEF}{name}" for name in both if report.brief and not alone]
    if directory == "":
        return []
    folder = Path(directory)
    folder.mkdir(parents=True, exist_ok=True)
    mains = [folder / f"{stem}.{name}" for name in named]
    for one in [beside for main in mains for beside in companions(main)]:
        one.unlink()  # of an earlier report
    options = {"assets": assets, "corporate": corporate}
    for name in (*named, *beside):
        asked = _asked(name)
        given: dict[str, Any] = {key: options[key] for key in options if key in asked}
        if name.startswith(BRIEF):
            given["alone"] = True
        writer(name)(report, folder / f"{stem}.{name}", **given)
    _tell(report)
    return [path for main in mains for path in (main, *companions(main))]


def _tell(report: Report) -> None:
    """Leave the report's answer with the notebook that writes it, for whoever runs that."""
    from IPython.core.getipython import get_ipython

    if shell := get_ipython():
        shell.display_pub.publish({ANSWER: report.answer, "text/plain": report.answer})


def companions(path: Path) -> list[Path]:
    """Return what was written beside a report's file: ``report.appendix.pptx``."""
    paths = (path.with_suffix(f".{what}{path.suffix}") for what in BESIDE)
    return [one for one in paths if one.is_file()]


def ending_of(path: Path) -> str:
    """Return the format of a report's file, behind what it is beside one: ``appendix.pptx``."""
    stem, _, what = path.stem.rpartition(".")
    return f"{what}{path.suffix}" if stem and what in BESIDE else path.suffix[1:]


def _asked(name: str) -> Collection[str]:
    return inspect.signature(writer(name)).parameters


def writer(name: str) -> Writer:
    """Return the function that writes the format called `name`, or say which there are.

    ``brief.pdf`` is the brief alone, where its format can hold that.
    """
    module = _format(name.removeprefix(BRIEF))
    alone = name.startswith(BRIEF)
    if module is None or (alone and "alone" not in _asked(name.removeprefix(BRIEF))):
        raise DefinitionError(f"There is no format '{name}'. Formats: {', '.join(available())}")
    write_report: Writer = module.write
    return write_report


def is_whole(path: Path) -> bool:
    """Say whether a file is as long as it was made: one that was cut short is not.

    Its ending says which format is asked. Of any other file nothing is known, and only an
    empty one is refused.
    """
    module = _format(path.suffix.removeprefix("."))
    return path.stat().st_size > 0 and (module is None or bool(module.is_whole(path)))


def available() -> list[str]:
    """Return the formats there are, in alphabetical order."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return [name for name in names if _format(name)]


def label(name: str) -> str:
    """Return what readers call the format called `name`, such as ``Excel``."""
    return str(getattr(_format(name), "LABEL", name))


def _format(name: str) -> ModuleType | None:
    """Return the module of a format; the others of this folder write none."""
    if not _FORMAT.fullmatch(name):
        return None
    full = f"{__name__}.{name}"
    try:
        module = importlib.import_module(full)
    except ModuleNotFoundError as error:
        if error.name == full:
            return None
        raise  # the format is there, and something that it needs is not
    return module if hasattr(module, "write") else None
