"""Where a workspace keeps what was agreed, what was sent, and what was made of it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Workspace(os.PathLike[str]):
    """A folder and the places in it that have a meaning; a path wherever one is asked for.

    Attributes
    ----------
    root
        The folder itself.
    """

    root: Path

    @property
    def definitions(self) -> Path:
        """What was agreed."""
        return self.root / "data" / "definitions"

    @property
    def raw(self) -> Path:
        """What was sent, a folder a sector."""
        return self.root / "data" / "raw"

    @property
    def processed(self) -> Path:
        """The tidy tables."""
        return self.root / "data" / "processed"

    @property
    def notebooks(self) -> Path:
        """The questions that reports answer."""
        return self.root / "notebooks"

    @property
    def reports(self) -> Path:
        """The editions that were published."""
        return self.root / "reports"

    @classmethod
    def around(cls) -> Workspace | None:
        """Return the one that this is run in or below, as a notebook is; there need be none."""
        here = Path.cwd()
        folders = map(cls, (here, *here.parents))
        return next((one for one in folders if one.definitions.is_dir()), None)

    def __truediv__(self, below: str | Path) -> Path:
        return self.root / below

    def __fspath__(self) -> str:
        return str(self.root)

    __str__ = __fspath__
