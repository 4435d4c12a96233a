"""What a notebook may run per, and what it says of itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from delivery_analytics.errors import DefinitionError
from delivery_analytics.wording.catalogue import marked

if TYPE_CHECKING:
    from delivery_analytics.model.definitions import Challenge, Programme, Region, Sector
    from delivery_analytics.model.registry import Registry

    Named = Sector | Region | Programme | Challenge
    RunPer = str  # the keys of `RUN_PER`


@dataclass(frozen=True)
class RunSubject:
    """What a notebook may run once for each of. Its parameter of that name receives the id.

    Attributes
    ----------
    heading
        What stands above its reports in the index.
    among
        What was agreed → everything there is of it, by id; ``None`` where there is just one.
    counted_by
        The column of assessments that tells which count for its report; empty where none
        do.
    """

    heading: str
    among: Callable[[Registry], Mapping[str, Named]] | None = None
    counted_by: Literal["sector_id", "programme_id", "region_id", ""] = ""


def _regions(registry: Registry) -> dict[str, Named]:
    """Return the regions themselves, without the nation and the organisations within them."""
    regions = registry.regions.items()
    return {key: one for key, one in regions if one.kind != "country" and not one.parent}


# The one list of what a notebook may run per, in the order of the index. Plans, packs, the
# index and the commands ask it.
RUN_PER: dict[str, RunSubject] = {
    "nation": RunSubject(marked("The nation")),
    "sector": RunSubject(marked("Sectors"), attrgetter("sectors"), "sector_id"),
    "programme": RunSubject(marked("Programmes"), attrgetter("programmes"), "programme_id"),
    "region": RunSubject(marked("Regions"), _regions, "region_id"),
    "challenge": RunSubject(marked("Hundred-day challenges"), attrgetter("challenges")),
}
if not TYPE_CHECKING:
    RunPer = Literal[tuple(RUN_PER)]  # what a notebook's metadata is checked against


@dataclass(frozen=True)
class Contract:
    """What a notebook says of itself, as ``delivery_analytics`` in its metadata.

    Attributes
    ----------
    run_per
        What it runs once for: a key of `RUN_PER`.
    kind
        The sort of report it makes; gives the report's place and its group in the index.
    publish
        Whether it belongs to every edition. One that an analyst saved does not, until
        somebody has looked it over and says so; ``delivery report`` makes it all the same.
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}
    run_per: RunPer
    kind: str
    publish: bool = True


def subjects(registry: Registry, run_per: RunPer) -> dict[str, Mapping[str, str]]:
    """Return id → names by language of all that a notebook runs for; the nation has no id."""
    among = RUN_PER[run_per].among
    if among is None:
        return {"": {}}
    return {key: {**subject.name} for key, subject in among(registry).items()}


def read_notebook(path: Path) -> Any:
    """Return a notebook as nbformat reads it, or say that it is none."""
    import nbformat  # here, as is pydantic: the commands ask `RUN_PER` for their options

    try:
        return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    except FileNotFoundError:
        raise DefinitionError(f"There is no notebook {path}") from None
    except Exception as error:
        raise DefinitionError(f"{path.name} is not a notebook: {error}") from None


def contract(notebook: Path) -> tuple[Contract, str] | None:
    """Return what `notebook` says of itself, and its title; ``None`` if it says nothing."""
    from pydantic import TypeAdapter, ValidationError

    content = read_notebook(notebook)
    metadata = content.metadata.get("delivery_analytics")
    if not metadata or "run_per" not in metadata:
        return None
    first = content.cells[0].source.splitlines() if content.cells else []
    try:
        title = "".join(first[:1]).lstrip("# ").strip()
        return TypeAdapter(Contract).validate_python(dict(metadata)), title
    except ValidationError as error:
        wrong = error.errors()[0]
        where = f"{notebook.name}, metadata {'.'.join(map(str, wrong['loc']))}"
        raise DefinitionError(f"{where}: {wrong['msg']}. Found {wrong['input']!r}") from None
