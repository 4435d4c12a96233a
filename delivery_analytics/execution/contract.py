"""What a notebook says of itself: what it runs per, and its kind."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import nbformat
from pydantic import BaseModel, ConfigDict, ValidationError

from delivery_analytics.errors import DefinitionError

RunPer = Literal["nation", "sector", "region", "programme", "challenge"]


class Contract(BaseModel):
    """What a notebook says of itself, as ``delivery_analytics`` in its metadata.

    Attributes
    ----------
    run_per
        What it runs once for. Its parameter of that name receives the id.
    kind
        The sort of report it makes; gives the report's place and its group in the index.
    publish
        Whether it belongs to every edition. One that an analyst saved does not, until
        somebody has looked it over and says so; ``delivery report`` makes it all the same.
    """

    model_config = ConfigDict(extra="forbid")
    run_per: RunPer
    kind: str
    publish: bool = True


def contract(notebook: Path) -> tuple[Contract, str] | None:
    """Return what `notebook` says of itself, and its title; ``None`` if it says nothing."""
    try:
        content = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
    except Exception as error:
        raise DefinitionError(f"{notebook.name} is not a notebook: {error}") from None
    said = content.metadata.get("delivery_analytics")
    if not said or "run_per" not in said:
        return None
    first = content.cells[0].source.splitlines() if content.cells else []
    try:
        return Contract.model_validate(said), "".join(first[:1]).lstrip("# ").strip()
    except ValidationError as error:
        wrong = error.errors()[0]
        raise DefinitionError(
            f"{notebook.name}, metadata {'.'.join(map(str, wrong['loc']))}: {wrong['msg']}. "
            f"Found {wrong['input']!r}"
        ) from None
