"""Any file that was sent → grids of cells that know their address; hostile ones are refused."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from delivery_analytics.spreadsheets.grid import Book, Grid
    from delivery_analytics.spreadsheets.reader import Reader
    from delivery_analytics.spreadsheets.workbook import open_book

__all__ = ["Book", "Grid", "Reader", "open_book"]

# Imported when first used: who only turns a column into letters needs no reader.
_HOME = {"Book": "grid", "Grid": "grid", "Reader": "reader", "open_book": "workbook"}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
