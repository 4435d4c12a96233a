"""Open the tidy tables that a load put down."""

import json
from pathlib import Path

from delivery_analytics.errors import Problem, SourceError
from delivery_analytics.model.dataset import BROKEN, MANIFEST, Dataset
from delivery_analytics.model.parquet import stored_table
from delivery_analytics.model.registry import Registry, as_last_loaded, open_registry
from delivery_analytics.model.workspace import Workspace


def open_dataset(
    folder: str | Path | None = None,
    registry: Registry | None = None,
    *,
    restricted: bool = False,
    breakdown: str | None = "",
    within: str | None = "",
    as_sent: bool = False,
) -> Dataset:
    """Open the tidy tables that ``load`` put in `folder`.

    Without a `folder`, they are those of the workspace that this is run in or below: a
    notebook of ``notebooks`` finds them. Without a `registry`, the definitions of the
    workspace that `folder` lies in are read.

    Parameters
    ----------
    restricted
        Show restricted texts too, which otherwise nobody sees who reads tables from here
        (`Dataset.withheld`).
    breakdown, within
        Of which part of the whole figures are, as ``women``, and in which region organisations
        are, as ``KZ-71``; "" is the whole, and the nation's regions. None keeps them all.
    as_sent
        Call bodies and acts as each return does, not as their registers have them
        (`Dataset.named`).

    Raises
    ------
    DefinitionError
        If no figure is of that part, or there is no such region.
    SourceError
        If nothing was loaded there yet, or a table's file was damaged since.
    """
    around = Workspace.around() or Workspace(Path.cwd())
    folder = around.processed if folder is None else Path(folder)
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        message = "nothing was loaded here yet. Run `delivery load` first"
        raise SourceError([Problem("intake.not-loaded", message, str(folder))]) from None
    tables = {name: stored_table(folder / file) for name, file in manifest["tables"].items()}
    if registry is None:
        registry = open_registry(folder.resolve().parents[1], tolerant=True)
        told = tables["problems"][tables["problems"]["code"] == BROKEN]
        broken = dict(zip(told["sector_id"], told["message"], strict=True))
        registry = as_last_loaded(registry, broken) if broken else registry
    data = Dataset(tables, registry).read_as(breakdown=breakdown, within=within)
    data = data if as_sent else data.named()
    return data if restricted else data.withheld()
