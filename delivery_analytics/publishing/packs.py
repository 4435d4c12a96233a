"""Reports made outside an edition, into a folder to be handed on: one, or those of a pack."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

from delivery_analytics.errors import DefinitionError, ReportError
from delivery_analytics.execution.engine import NO_HURRY, Limits
from delivery_analytics.execution.jobs import Outcome, run_jobs
from delivery_analytics.model.dataset import as_of_day
from delivery_analytics.model.definitions import Pack
from delivery_analytics.model.files import format_of
from delivery_analytics.model.lookup import mistake
from delivery_analytics.model.opening import open_dataset
from delivery_analytics.model.registry import Registry
from delivery_analytics.publishing.assembly import forget_paths, move
from delivery_analytics.publishing.plan import Planned, job_for, plan, plan_one
from delivery_analytics.writers import available, writer

Progress = Callable[[str, int, int], None]


def make_one(
    registry: Registry,
    notebook: str,
    *,
    keys: Mapping[str, str],
    parameters: Mapping[str, str] = MappingProxyType({}),
    as_of: str | date | None = None,
    language: str = "en",
    formats: Sequence[str] = (),
    out: str | Path = "out",
    limits: Limits = NO_HURRY,
    corporate: str | Path = "",
) -> list[Path]:
    """Make one report from what was loaded, and return its files, in the order of `formats`.

    Parameters
    ----------
    notebook
        Its name below ``notebooks``, with or without ending.
    keys
        ``sector``, ``region``, ``programme`` or ``challenge`` → id, as the notebook runs per.
    parameters
        The notebook's own, as text; each is read by the type that it declares.
    formats
        By default every one there is.
    corporate
        The presentation that slides are dressed like.

    Raises
    ------
    ReportError
        When the notebook failed: which cell, and what it said. The executed notebook is
        in `out`.
    DefinitionError
        When there is no such notebook, key or parameter.
    """
    report = plan_one(registry, notebook, keys, language, parameters)
    folder = Path(out).resolve()
    name = "_".join(filter(None, [report.notebook.stem, report.key.lower(), language]))
    wanted: dict[str, Any] = {"as_of": as_of, "formats": formats or available()}
    wanted |= {"executed": folder / f"{name}.ipynb", "corporate": corporate, "limits": limits}
    files, [outcome] = _made(registry, [report], folder, lambda _: name, **wanted)
    if not outcome.ok:
        told = f"{outcome.error}\nThe executed notebook is {outcome.job.output}"
        error = ReportError(told)
        error.add_note(outcome.traceback)
        raise error
    return files


def make_pack(
    registry: Registry,
    name: str,
    *,
    keys: Mapping[str, str] | None = None,
    as_of: str | date | None = None,
    languages: Sequence[str] = (),
    formats: Sequence[str] = (),
    out: str | Path = "out",
    limits: Limits = NO_HURRY,
    progress: Progress | None = None,
) -> list[Path]:
    """Make the reports of a pack from what was loaded, and return their files.

    Parameters
    ----------
    name
        A table of ``data/definitions/packs.toml``.
    keys
        ``sector``, ``region``, ``programme`` or ``challenge`` → id: of the notebooks that
        run per one of these, only the report of that id.
    formats
        By default those the pack declares.
    out
        Files go to a folder of the pack's name in it, and there to one a language.

    Raises
    ------
    ReportError
        After all have run, when a report failed; names each. The others are there.
    DefinitionError
        When there is no such pack, key or format.
    """
    pack = registry.packs[name]
    planned = _chosen(registry, pack, languages or registry.prefers.languages, keys or {})
    folder = Path(out).resolve() / name
    wanted: dict[str, Any] = {"as_of": as_of, "formats": formats or pack.formats}
    wanted |= {"limits": limits, "progress": progress}
    files, outcomes = _made(registry, planned, folder, _place, **wanted)
    failed = [f"{outcome.job.key}: {outcome.error}" for outcome in outcomes if not outcome.ok]
    if failed:
        told = f"{len(failed)} of {len(planned)} reports failed; {folder} has the others:"
        raise ReportError("\n".join([told, *failed]))
    return files


def _made(
    registry: Registry,
    planned: Sequence[Planned],
    folder: Path,
    place: Callable[[Planned], str],
    *,
    as_of: str | date | None,
    formats: Sequence[str],
    limits: Limits,
    executed: Path | None = None,
    corporate: str | Path = "",
    progress: Progress | None = None,
) -> tuple[list[Path], list[Outcome]]:
    """Make reports into `folder`; return their files, and what came of each report.

    Parameters
    ----------
    place
        Where a report's files go below `folder`, without ending.
    executed
        Where the one report's executed notebook goes; those of several are not kept.
    """
    for ending in formats:
        writer(ending)
    stored = registry.workspace.processed
    day = as_of_day(open_dataset(stored, registry), as_of)
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    with TemporaryDirectory(dir=folder, prefix=".making-") as making:
        jobs = []
        for number, report in enumerate(planned):
            scratch = Path(making, str(number))
            scratch.mkdir()
            job = job_for(
                report,
                data_dir=stored,
                day=day,
                formats=formats,
                output_dir=scratch,
                executed=executed or scratch / "executed.ipynb",
                corporate=Path(corporate).resolve() if corporate else None,
            )
            jobs.append(job)

        def step(outcome: Outcome, done: int, of: int) -> None:
            if progress:
                progress(outcome.job.key, done, of)

        outcomes = run_jobs(jobs, limits=limits, progress=step)
        for report, outcome in zip(planned, outcomes, strict=True):
            forget_paths(outcome.job.output)
            made = ((path, f"{place(report)}.{format_of(path)}") for path in outcome.files)
            files += [move(path, folder / name) for path, name in made]
    return files, outcomes


def _place(report: Planned) -> str:
    """Return a report's place in a pack, named by what it is about."""
    name = "_".join(filter(None, [report.kind, report.key.lower()]))
    return f"{report.language}/{name}"


def _chosen(
    registry: Registry, pack: Pack, languages: Sequence[str], keys: Mapping[str, str]
) -> list[Planned]:
    planned = plan(registry, languages)
    missing = sorted(set(pack.notebooks) - {report.notebook.stem for report in planned})
    folder = registry.workspace.notebooks
    absent = [name for name in missing if not (folder / f"{name}.ipynb").exists()]
    if absent:
        raise mistake("pack-no-notebook", pack=pack.id, names=", ".join(absent))
    if missing:
        raise mistake("pack-nothing-yet", pack=pack.id, names=", ".join(missing))
    chosen = [report for report in planned if report.notebook.stem in pack.notebooks]
    for run_per, key in keys.items():
        registry.check(run_per, key)
        among = [report.key for report in chosen if report.run_per == run_per]
        if key not in among:
            listed = ", ".join(dict.fromkeys(among)) or f"no report per {run_per}"
            raise DefinitionError(f"The pack has no {run_per} '{key}'. It has: {listed}")
    return [report for report in chosen if keys.get(report.run_per, report.key) == report.key]
