"""What each code is called, in English: the texts that `wording` looks up and translates.

They stand in ``codes.toml``. Analytics and the loader return codes, never prose. A code
without a text there is printed as it is, so nothing a reader must know is hidden by a
missing word.
"""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

LETTER = "status letter"  # its texts are told from others by this context


def table(name: str) -> dict[str, Any]:
    """Return a file of texts that stands beside this module."""
    return tomllib.loads((files(__package__) / name).read_text(encoding="utf-8"))


# Kind of code → code → text.
KINDS: dict[str, dict[str, str]] = table("codes.toml")
# Every table that a reader sees; `report.tables` makes it.
TABLES: dict[str, dict[str, Any]] = table("tables.toml")
REASON, METHOD, PROBLEM = KINDS["reason"], KINDS["method"], KINDS["problem"]
