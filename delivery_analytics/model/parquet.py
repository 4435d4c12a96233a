"""A table in a Parquet file whose name carries its content's fingerprint."""

import hashlib
import io
from pathlib import Path
from typing import Any

import pandas as pd

from delivery_analytics.errors import Problem, SourceError
from delivery_analytics.model import schema
from delivery_analytics.model.files import write_whole


def stored_table(path: Path) -> pd.DataFrame:
    """Read a table that `save` has checked; its name tells whether it is still the same."""
    content = path.read_bytes() if path.exists() else b""
    if _fingerprint(content) != path.name.split(".")[1]:
        message = "the table is damaged or gone. Run `delivery load` again"
        raise SourceError([Problem("intake.table-damaged", message, str(path))])
    rows, name = pd.read_parquet(io.BytesIO(content)), path.name.split(".")[0]
    # One of an earlier version may lack a column.
    return rows if {*schema.TABLES[name].columns} <= {*rows} else schema.conform(name, rows)


def _fingerprint(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


def store_table(folder: Path, name: str, rows: pd.DataFrame) -> str:
    """Write a table where it is not there yet; return the file's name."""
    content: Any = rows.to_parquet(index=False, compression="zstd")
    file = f"{name}.{_fingerprint(content)}.parquet"
    if not (folder / file).exists() or (folder / file).read_bytes() != content:
        write_whole(folder / file, content)
    return file
