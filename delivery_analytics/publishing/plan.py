"""Which reports an edition has: every notebook, for everything it runs per, per language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from delivery_analytics.errors import DefinitionError
from delivery_analytics.execution.contract import Contract, RunPer, contract
from delivery_analytics.model.languages import check_language
from delivery_analytics.model.lookup import check, missing
from delivery_analytics.model.registry import (
    Challenge,
    Programme,
    Region,
    Registry,
    Sector,
)
from delivery_analytics.publishing.editions import below


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


def plan(registry: Registry, languages: Sequence[str]) -> list[Planned]:
    """Return every report to make: notebooks by name, then languages, then keys.

    A notebook that does not say what it runs per is left out; it is for exploring. So is
    one that says it is not to be published.

    Raises
    ------
    DefinitionError
        When a language is not known, there is no notebook to run, or two would write the
        same report.
    """
    for language in languages:
        check_language(language)
    folder = registry.workspace.notebooks
    planned: dict[str, Planned] = {}
    for notebook in sorted(folder.glob("*.ipynb")):
        said = contract(notebook)
        if said is None or not said[0].publish:
            continue
        for language in dict.fromkeys(languages):
            for one in _reports(registry, notebook, *said, language):
                if one.place in planned:
                    other = planned[one.place].notebook.name
                    raise DefinitionError(
                        f"{notebook.name} and {other} both write {one.place}. "
                        "Give one of them another kind in its metadata"
                    )
                planned[one.place] = one
    if not planned:
        raise DefinitionError(f"{folder} holds no notebook that says what it runs per")
    return list(planned.values())


def plan_one(
    registry: Registry, notebook: str, keys: Mapping[str, str], language: str
) -> Planned:
    """Return the one report that `notebook` makes for what `keys` names.

    Raises
    ------
    DefinitionError
        When there is no such notebook, it runs per something that `keys` does not name,
        or there is nothing of that id.
    """
    check_language(language)
    folder = registry.workspace.notebooks
    name = notebook.removesuffix(".ipynb")
    known = {path.stem: path for path in sorted(folder.glob("*.ipynb"))}
    said = contract(known[name]) if name in known else None
    if said is None:
        among = [stem for stem, path in known.items() if contract(path)]
        raise DefinitionError(missing("notebook", notebook, among))
    run_per = said[0].run_per
    expected = [] if run_per == "nation" else [run_per]
    if list(keys) != expected:
        raise DefinitionError(
            f"{name} runs per {run_per}: "
            + (f"name one with --{run_per}" if expected else "it takes no key")
        )
    reports = {one.key: one for one in _reports(registry, known[name], *said, language)}
    key = keys.get(run_per, "")
    if key not in reports:
        registry.check(run_per, key)
        check(run_per, key, reports)  # the nation is a region, and has no report as one
    return reports[key]


def _reports(
    registry: Registry, notebook: Path, said: Contract, title: str, language: str
) -> list[Planned]:
    reports = []
    for key, names in _subjects(registry, said.run_per).items():
        # Ids are checked where they become a path, wherever they came from.
        place = below(Path(), language, said.kind, *([key.lower()] if key else []))
        reports.append(
            Planned(
                notebook,
                title,
                said.run_per,
                said.kind,
                key,
                names,
                language,
                place.as_posix(),
            )
        )
    return reports


def _subjects(registry: Registry, run_per: RunPer) -> dict[str, Mapping[str, str]]:
    """Return id → names of everything there is of a sort; the nation has no id."""
    if run_per == "nation":
        return {"": {}}
    things: Mapping[str, Sector | Programme | Region | Challenge]
    if run_per == "sector":
        things = registry.sectors
    elif run_per == "programme":
        things = registry.programmes
    elif run_per == "challenge":
        things = registry.challenges
    else:
        regions = registry.regions.values()
        things = {region.id: region for region in regions if region.kind != "country"}
    return {
        key: {str(language): name for language, name in thing.name.items()}
        for key, thing in things.items()
    }
