"""The words with which figures, days and periods are written: ``words.toml``."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

_TEXT = (files(__package__) / "words.toml").read_text(encoding="utf-8")
VOCABULARY: dict[str, Any] = tomllib.loads(_TEXT)


def word_of(kind: str) -> str:
    """Return the pattern of any word of a `kind`."""
    return "|".join(VOCABULARY[kind])
