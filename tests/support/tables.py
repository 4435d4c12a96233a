"""Write test tables the way people read them, and small worlds around them."""

from __future__ import annotations

import dataclasses
import io
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd

from delivery_analytics.model import periods, schema
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.definitions import Programme, StatusRules
from delivery_analytics.model.registry import Indicator, Region, Registry, Sector, Unit
from delivery_analytics.model.secrecy import is_open, is_restricted
from delivery_analytics.model.workspace import Workspace

_KINDS = {
    name: column.kind for one in schema.TABLES.values() for name, column in one.columns.items()
}
_KINDS |= dict.fromkeys(("baseline_on", "target_on", "split_on", "trend_on"), schema.DAY)
_KINDS |= dict.fromkeys(("reported", "stale", "running_total", "few"), schema.FLAG)
_KINDS |= dict.fromkeys(("expected_period", "latest_period", "period_before"), schema.TEXT)

AGES = {"annual": 800, "half_yearly": 400, "quarterly": 200, "monthly": 100}


def table(text: str) -> pd.DataFrame:
    """Return the DataFrame drawn in `text`: columns split by ``|``, blanks missing.

    Columns that a table of the package has get its type, where a flag is ``yes`` or
    ``no``; of other columns, numbers are found.
    """
    lines = [line for line in text.strip().splitlines() if line.strip(" -|")]
    rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    body = "\n".join("\t".join(row) for row in rows)
    drawn = pd.read_csv(io.StringIO(body), sep="\t", dtype="str", keep_default_na=False)
    return pd.DataFrame({name: _typed(name, drawn[name]) for name in drawn})


def _typed(name: str, cells: pd.Series) -> pd.Series:
    kind = _KINDS.get(name)
    if kind == schema.TEXT:
        return cells
    blank = cells.mask(cells == "")
    if kind == schema.DAY:
        return pd.to_datetime(blank).astype("datetime64[us]")
    if kind == schema.FLAG:
        return cells.isin(["yes"])
    try:
        return pd.to_numeric(blank)
    except ValueError:
        return cells


def rows(name: str, text: str) -> pd.DataFrame:
    """Return the package's table `name` from a drawing of the columns that matter."""
    return _rows(name, text).copy()


@cache  # one drawing is many tests'
def _rows(name: str, text: str) -> pd.DataFrame:
    drawn = table(text)
    if "period" in drawn and "period_end" in schema.TABLES[name].columns:
        drawn = drawn.assign(period_end=periods.ends(drawn["period"]))
        if "reported_on" not in drawn:
            drawn = drawn.assign(reported_on=drawn["period_end"])
    defaults = {
        "region_id": "KZ",
        "reported_on": pd.Timestamp("2020-01-01"),
        "set_on": pd.Timestamp("2019-06-01"),
        "as_of": pd.Timestamp("2025-01-31"),
        "method": "share_of_planned_change",
        "obs_status": "normal",
        "sector_id": "health",
        "unit": "KZT",
        "source_id": "source",
        "source_cell": [f"Sheet!B{n}" for n in range(2, len(drawn) + 2)],
    }
    if "restricted" in schema.TABLES[name].columns:  # as reading marks them
        marks = drawn.select_dtypes(exclude=["number", "datetime"]).astype("str")
        defaults["restricted"] = marks.map(is_restricted).any(axis=1)
        if "secrecy" in drawn:
            defaults["restricted"] |= ~drawn["secrecy"].fillna("").astype("str").map(is_open)
    missing = {key: value for key, value in defaults.items() if key not in drawn}
    return schema.check_contract(name, schema.conform(name, drawn.assign(**missing)))


def registry(
    indicators: str = "",
    *,
    rules: dict[str, dict[str, float]] | None = None,
    default_method: str = "share_of_planned_change",
) -> Registry:
    """Return a registry of four sectors and four regions with the indicators drawn.

    Columns: ``indicator_id`` and any field of `Indicator`; ``low`` and ``high`` draw the
    plausible range, programmes are split by spaces.
    """
    sectors = {name: [] for name in ("health", "education", "energy", "silent")}
    drawn = table(indicators) if indicators else pd.DataFrame()
    for row in drawn.to_dict("records"):
        sector_id = row["indicator_id"].split(".")[0]
        sectors[sector_id].append(_indicator(sector_id, row))
    regions = {"KZ": "country", "KZ-10": "oblast", "KZ-71": "city", "KZ-75": "city"}
    kinds = {"percent": "percent", "index": "index", "cases": "count", "years": "number"}
    return Registry(
        workspace=Workspace(Path("workspace")),
        country_id="KZ",
        sectors={
            name: Sector(name, {"en": name}, tuple(ones)) for name, ones in sectors.items()
        },
        regions={name: Region(name, kind, {"en": name}) for name, kind in regions.items()},
        units={name: Unit(name, {"en": name}, kind=kind) for name, kind in kinds.items()},
        programmes={name: Programme(name, {"en": name}) for name in ("rural", "digital")},
        rules=StatusRules(default_method, AGES, rules or {}),
    )


def _indicator(sector_id: str, row: dict) -> Indicator:
    fields = {key: value for key, value in row.items() if value == value and value != ""}
    name = fields.pop("indicator_id")
    plausible = (fields.pop("low", None), fields.pop("high", None))
    return Indicator(
        name,
        sector_id,
        {"en": name},
        fields.pop("unit", "percent"),
        fields.pop("direction", "increase"),
        plausible=plausible,
        programmes=tuple(fields.pop("programmes", "").split()),
        **fields,
    )


def dataset(as_of: str | None = None, *, registry: Registry, **tables: str) -> Dataset:
    """Return the drawn tables as a dataset, known on `as_of` if that is given."""
    data = Dataset({name: rows(name, text) for name, text in tables.items()}, registry)
    if not as_of:
        return data
    # All revisions there are were drawn: it may be taken for a history as well.
    return dataclasses.replace(data.known_on(date.fromisoformat(as_of)), latest_only=False)


def same(frame: pd.DataFrame, text: str) -> None:
    """Assert that `frame`, in the columns drawn, is the table drawn in `text`."""
    drawn = table(text)
    shown = frame[list(drawn)].reset_index(drop=True)
    pd.testing.assert_frame_equal(shown, drawn, check_dtype=False, rtol=1e-12, atol=1e-12)
