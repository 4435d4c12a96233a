"""The figures behind a figure that was made, down to the cells that were sent."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from delivery_analytics.model import schema

_ID = ["indicator_id", "region_id", "period"]
_FIGURE = [*_ID, "breakdown", "reported_on"]
_BEHIND = ["parent_id", "parent_region_id", "parent_period", "breakdown", "parent_reported_on"]
_CELL = ["source_id", "source_cell"]
# What a table calls what ``parents`` has in these columns.
_CALLED = {
    "observations": dict(zip(_FIGURE, _FIGURE, strict=True)),
    "targets": {"indicator_id": "indicator_id", "reported_on": "set_on"},
    "spending": {"indicator_id": "line_id", "period": "period", "reported_on": "reported_on"},
}


def with_own_parents(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the tables, ``parents`` with the figures behind those that they have only."""
    parents = tables.get("parents")
    if parents is None or parents.empty:
        return dict(tables)
    kept = []
    for name, columns in _CALLED.items():
        own = parents[parents["table"] == name]
        rows = tables.get(name, schema.empty(name))
        named = {**columns, "region_id": "region_id"}
        known = pd.MultiIndex.from_frame(rows[[*named.values()]])
        kept.append(own[pd.MultiIndex.from_frame(own[[*named]]).isin(known)])
    return {**tables, "parents": pd.concat(kept, ignore_index=True)}


def tree_of(rows: pd.DataFrame, parents: pd.DataFrame) -> pd.DataFrame:
    """Return observations, each with the figures that it is made of below it.

    With ``level``: 0 of what was asked for, 1 of what that is made of, and so on.
    """
    parents = parents[parents["table"] == "observations"]
    below = {key: own for key, own in parents.groupby(_FIGURE) if len(rows)}

    def walk(figures: pd.DataFrame, level: int) -> Iterator[dict[Any, Any]]:
        for row in figures.to_dict("records"):
            yield {**row, "level": level}
            own = below.get(tuple(row[name] for name in _FIGURE))
            if not row["source_id"] and own is not None:
                own = own[[*_BEHIND, "value", *_CELL]]
                yield from walk(own.set_axis([*_FIGURE, "value", *_CELL], axis=1), level + 1)

    columns = [*rows.columns, "level"]
    return pd.DataFrame([*walk(rows, 0)], columns=columns).astype(rows.dtypes.to_dict())


def places_behind(
    rows: pd.DataFrame, parents: pd.DataFrame, files: Mapping[Any, str]
) -> pd.Series:
    """Return where the cells behind each row stand that has no cell of its own.

    As ``a.xlsx, Sheet!F14 · b.xlsx, Sheet!C3 · +18``: the first cell of each file, and how many
    more there are. Empty where nothing was made.

    Parameters
    ----------
    files
        The name of each source's file.
    """
    none = pd.Series("", rows.index, dtype="str")
    if parents.empty or not {*_ID, "source_id"} <= {*rows.columns}:
        return none
    asked = rows[rows["source_id"].fillna("") == ""][_ID].drop_duplicates()
    known = parents[parents["table"] == "observations"]
    steps = known.merge(asked, on=_ID, validate="many_to_one")
    latest = steps.groupby(_ID)["reported_on"].transform("max")
    steps, found = steps[steps["reported_on"] == latest], [steps.head(0)]
    while len(steps):
        sent = steps["source_id"] != ""
        found.append(steps[sent])
        asked_as = [f"asked_{name}" for name in _ID]
        further = steps[~sent][[*_ID, *_BEHIND]].set_axis([*asked_as, *_FIGURE], axis=1)
        steps = further.merge(known, on=_FIGURE, validate="many_to_many").drop(columns=_ID)
        steps = steps.rename(columns=dict(zip(asked_as, _ID, strict=True)))
    cells = pd.concat(found)[[*_ID, *_CELL]].drop_duplicates()
    cells = cells.assign(file=cells["source_id"].map(files).fillna(""))
    told = {}
    for key, own in cells.groupby(_ID):
        first = own.drop_duplicates("file")
        places = (first["file"] + ", " + first["source_cell"]).tolist()
        more = [f"+{len(own) - len(first)}"] if len(own) > len(first) else []
        told[key] = " · ".join([*places, *more])
    keys = pd.MultiIndex.from_frame(rows[_ID])
    return pd.Series([told.get(key, "") for key in keys], rows.index, dtype="str")
