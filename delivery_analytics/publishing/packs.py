"""Reports made together for one occasion, into a folder to be handed on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from delivery_analytics.errors import DefinitionError, ReportError
from delivery_analytics.execution.jobs import NO_HURRY, Limits, run_jobs
from delivery_analytics.model.dataset import as_of_day, open_dataset
from delivery_analytics.model.registry import Pack, Registry
from delivery_analytics.publishing.collect import forget_paths, move
from delivery_analytics.publishing.job_parameters import job_for
from delivery_analytics.publishing.plan import Planned, plan
from delivery_analytics.writers import writer

Progress = Callable[[str, int, int], None]


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
    formats = formats or pack.formats
    for ending in formats:
        writer(ending)
    languages = languages or registry.prefers.languages
    planned = _chosen(registry, pack, languages, keys or {})
    stored = registry.workspace.processed
    day = as_of_day(open_dataset(stored, registry), as_of)
    folder = Path(out).resolve() / name
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder, prefix=".making-") as scratch:
        places = {one.place: Path(scratch, str(n)) for n, one in enumerate(planned)}
        for place in places.values():
            place.mkdir()
        jobs = [
            job_for(
                one,
                data_dir=stored,
                day=day,
                formats=formats,
                output_dir=places[one.place],
                executed=places[one.place] / "executed.ipynb",
            )
            for one in planned
        ]
        outcomes = run_jobs(
            jobs,
            None,
            limits=limits,
            executor=None,
            progress=progress and (lambda one, done, of: progress(one.job.key, done, of)),
        )
        files, failed = [], []
        for one, outcome in zip(planned, outcomes, strict=True):
            forget_paths(outcome.job.output)
            if not outcome.ok:
                failed.append(f"{one.place}: {outcome.error}")
                continue
            files += [_kept(path, one, folder) for path in outcome.files]
    if failed:
        raise ReportError(
            f"{len(failed)} of {len(planned)} reports failed; {folder} has the others:\n"
            + "\n".join(failed)
        )
    return files


def _chosen(
    registry: Registry, pack: Pack, languages: Sequence[str], keys: Mapping[str, str]
) -> list[Planned]:
    planned = plan(registry, languages)
    missing = sorted(set(pack.notebooks) - {one.notebook.stem for one in planned})
    absent = [
        one for one in missing if not (registry.workspace.notebooks / f"{one}.ipynb").exists()
    ]
    if absent:
        raise DefinitionError(
            f"packs.toml, {pack.id}: there is no notebook {', '.join(absent)} to run"
        )
    if missing:
        raise DefinitionError(
            f"packs.toml, {pack.id}: there is nothing yet for {', '.join(missing)} to report "
            "on. Define it (programmes.toml, challenges.toml), or take the notebook out of the "
            "pack"
        )
    mine = [one for one in planned if one.notebook.stem in pack.notebooks]
    for run_per, key in keys.items():
        registry.check(run_per, key)
        of = [one.key for one in mine if one.run_per == run_per]
        if key not in of:
            among = ", ".join(dict.fromkeys(of)) or f"no report per {run_per}"
            raise DefinitionError(f"The pack has no {run_per} '{key}'. It has: {among}")
    return [one for one in mine if keys.get(one.run_per, one.key) == one.key]


def _kept(path: Path, one: Planned, folder: Path) -> Path:
    """Move a report's file to its place in the pack, named by what it is about."""
    name = "_".join(filter(None, [one.kind, one.key.lower()]))
    target = folder / one.language
    target.mkdir(exist_ok=True)
    return move(path, target / f"{name}{path.suffix}")
