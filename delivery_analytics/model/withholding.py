"""Black out the texts of restricted rows, as every reader of the tables sees them."""

import hashlib
import re

import pandas as pd

from delivery_analytics.model import schema
from delivery_analytics.model.secrecy import is_restricted

BLACK = "████"  # read alike in every language
_INDICATOR = re.compile(r"[a-z][a-z0-9_]*\.[a-z0-9_.]+")  # an id of the registry, no text
# What is no text of the sender's: ids of the registry, codes, currencies, cells.
_KNOWN = (
    *("source_id", "source_cell", "sector_id", "programme_id", "region_id", "indicator_id"),
    *("unit", "ramp", "dimension"),
)


def blacked_out(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the table called `name` with the texts of its restricted rows blacked out.

    Parameters
    ----------
    rows
        The table. One whose contract has no ``restricted`` holds no free text and stays.

    Returns
    -------
    DataFrame
        The same rows. A key keeps its own black name, so that rows stay apart.
    """
    table = schema.TABLES.get(name)
    if table is None or "restricted" not in table.columns:
        return rows
    texts = [
        column
        for column, spec in table.columns.items()
        if spec.kind == schema.TEXT and not spec.among and column not in _KNOWN
    ]
    if "restricted" not in rows:  # stored before rows were marked as they are read
        marks = rows[texts].map(is_restricted)
        rows = schema.conform(name, rows.assign(restricted=marks.any(axis=1)))
    if not rows["restricted"].any():
        return rows
    fact = [column for column in table.key if column != table.learned_on]
    marked = rows["restricted"].groupby([rows[column] for column in fact]).transform("any")
    out = rows.assign(restricted=marked)
    for column in texts:
        hide = _black_name if column in table.key else _black
        out[column] = out[column].where(~marked, out[column].map(hide))
    return out


def _black(text: str) -> str:
    return BLACK if text else ""


def _black_name(text: str) -> str:
    if _INDICATOR.fullmatch(text):
        return text
    return f"{BLACK} {hashlib.sha256(text.encode()).hexdigest()[:4]}"
