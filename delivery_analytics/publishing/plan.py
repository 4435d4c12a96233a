"""What is planned: which reports there are to make, and each as a job.

Every notebook makes one for everything that it runs per, in every language.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from os.path import relpath
from pathlib import Path
from types import MappingProxyType
from typing import Any

from delivery_analytics.errors import DefinitionError
from delivery_analytics.execution.contract import Contract, RunPer, contract, subjects
from delivery_analytics.execution.jobs import Job
from delivery_analytics.execution.parameters import Plain, declared, from_text
from delivery_analytics.model.languages import check_language
from delivery_analytics.model.lookup import check, mistake, near_miss
from delivery_analytics.model.registry import Registry

_PART = re.compile(r"^[a-z0-9][a-z0-9_-]{0,39}$")


@dataclass(frozen=True)
class Planned:
    """One report to make.

    Attributes
    ----------
    title
        The notebook's question, in English.
    key, names
        Id of the sector, region, programme or challenge, and what it is called in each
        language; empty for the nation.
    own
        What its notebook is told of its own parameters.
    place
        Below the edition and without ending: ``en/national``, ``en/sector/health``.
    """

    notebook: Path
    title: str
    run_per: RunPer
    kind: str
    key: str
    names: Mapping[str, str]
    language: str
    place: str
    own: Mapping[str, Plain] = field(default_factory=dict)


Choice = Callable[[Planned], bool]


def plan(
    registry: Registry,
    languages: Sequence[str],
    only: Choice | None = None,
    own: Mapping[str, str] = MappingProxyType({}),
) -> list[Planned]:
    """Return the reports to make: notebooks by name, then languages, then keys.

    A notebook that does not say what it runs per is left out; it is for exploring. So is
    one that says it is not to be published.

    Parameters
    ----------
    only
        Which of them; all unless said.
    own
        Parameters as text, for each notebook that declares one of that name.

    Raises
    ------
    DefinitionError
        When a language is not known, there is no notebook to run, two would write the
        same report, `only` leaves none, or no notebook has a parameter of `own`.
    """
    for language in languages:
        check_language(language)
    folder = registry.workspace.notebooks
    planned: dict[str, Planned] = {}
    known: dict[str, None] = {}
    for notebook in sorted(folder.glob("*.ipynb")):
        agreed = contract(notebook)
        if agreed is None or not agreed[0].publish:
            continue
        names = declared(notebook).model_fields if own else {}
        known |= dict.fromkeys(names)
        told = from_text(notebook, {name: own[name] for name in names if name in own})
        for language in dict.fromkeys(languages):
            for report in _reports(registry, notebook, *agreed, language, told):
                if report.place in planned:
                    other = planned[report.place].notebook.name
                    raise mistake("same-report", notebook=notebook, other=other, report=report)
                planned[report.place] = report
    if not planned:
        raise DefinitionError(f"{folder} holds no notebook that says what it runs per")
    for name in own:
        check("parameter", name, known)
    if not (chosen := [*filter(only, planned.values())] if only else [*planned.values()]):
        raise DefinitionError(f"None of {len(planned)} reports is one of those asked for")
    return chosen


def plan_one(
    registry: Registry,
    notebook: str,
    keys: Mapping[str, str],
    language: str,
    own: Mapping[str, str] = MappingProxyType({}),
) -> Planned:
    """Return the one report that `notebook` makes for what `keys` names.

    Raises
    ------
    DefinitionError
        When there is no such notebook, it runs per something that `keys` does not name,
        there is nothing of that id, or it has no such parameter of its `own`.
    """
    check_language(language)
    folder = registry.workspace.notebooks
    name = notebook.removesuffix(".ipynb")
    known = {path.stem: path for path in sorted(folder.glob("*.ipynb"))}
    agreed = contract(known[name]) if name in known else None
    if agreed is None:
        among = [stem for stem, path in known.items() if contract(path)]
        raise DefinitionError(near_miss("notebook", notebook, among))
    run_per = agreed[0].run_per
    told = from_text(known[name], own)
    planned = _reports(registry, known[name], *agreed, language, told)
    reports = {report.key: report for report in planned}
    expected = [] if "" in reports else [run_per]
    if list(keys) != expected:
        code = "runs-per" if expected else "takes-no-key"
        raise mistake(code, name=name, run_per=run_per)
    key = keys.get(run_per, "")
    if key not in reports:
        registry.check(run_per, key)
        check(run_per, key, reports)  # the nation is a region, and has no report as one
    return reports[key]


def _reports(
    registry: Registry,
    notebook: Path,
    agreed: Contract,
    title: str,
    language: str,
    own: Mapping[str, Plain],
) -> list[Planned]:
    about = notebook, title, agreed.run_per, agreed.kind
    reports = []
    for key, names in subjects(registry, agreed.run_per).items():
        # Ids are checked where they become a path, wherever they came from.
        parts = (language, agreed.kind, *([key.lower()] if key else ()))
        place = path_below(Path(), *parts).as_posix()
        reports.append(Planned(*about, key, names, language, place, own))
    return reports


def path_below(root: Path, *parts: str) -> Path:
    """Return the path of `parts` below `root`.

    Raises
    ------
    DefinitionError
        Unless every part is a plain identifier (small Latin letters, digits, ``_``, ``-``)
        and the result, links followed, lies inside `root`.
    """
    for part in parts:
        if not _PART.match(part):
            raise mistake("no-path", part=part)
    path = root.joinpath(*parts)
    if not path.resolve().is_relative_to(root.resolve()):
        raise DefinitionError(f"{'/'.join(parts)} leads out of {root.name}")
    return path


def job_for(
    report: Planned,
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
    """Return how to make a planned report: what its notebook is told, and where it writes.

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

    The last three are told only to a notebook that asks for them.

    Raises
    ------
    DefinitionError
        When the notebook lacks a parameter that decides what it reports on, or was told one
        as its own that is decided here.
    """
    start = report.notebook.parent
    folders = {"data_dir": _from(start, data_dir), "output_dir": _from(start, output_dir)}
    values: dict[str, Any] = {"as_of": day, "language": report.language, **folders}
    values |= {"formats": list(formats), **({report.run_per: report.key} if report.key else {})}
    asked = declared(report.notebook).model_fields
    missing = [name for name in values if name not in asked]
    if missing:
        raise mistake("parameter-lacking", report=report, names=", ".join(missing))
    wanted = {
        "assets": assets,
        "since": since or day.replace(day=1) - timedelta(days=1),
        "corporate": _from(start, corporate) if corporate else "",
    }
    values |= {name: value for name, value in wanted.items() if value and name in asked}
    decided = [name for name in report.own if name in {*values, *wanted}]
    if decided:
        raise DefinitionError(f"'{decided[0]}' is no parameter of {report.notebook.name}'s own")
    values |= report.own
    return Job(report.notebook, report.place, values, executed)


def _from(start: Path, path: Path) -> Path:
    """Return `path` from `start`, so that the evidence names no folder of this machine."""
    try:
        return Path(relpath(path, start))
    except ValueError:  # on another drive
        return path
