"""Every figure of a dataset as one tidy table: what was reported beside what was promised."""

from datetime import date

import pandas as pd

from delivery_analytics.analytics.status import assess
from delivery_analytics.model import periods, schema
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.figures import of_the_whole
from delivery_analytics.wording.wording import Wording

_FIGURE = ["indicator_id", "region_id", "breakdown", "period_end"]
_JUDGED = ["indicator_id", "region_id", "period"]
_MADE = ["indicator_id", "region_id", "breakdown", "span"]
_PARENT = ["parent_id", "parent_region_id", "parent_period"]
_COLUMNS = [
    *("sector_id", "sector", "indicator_id", "indicator", "unit", "region_id", "region"),
    *("breakdown", "period", "year", "period_end", "value", "obs_status", "target"),
    *("illustrative", "status_id", "status", "file", "sheet", "cell", "reported_on", "as_of"),
]


def tidy_figures(data: Dataset, words: Wording) -> pd.DataFrame:
    """Return what was reported and what was promised, one row a figure, with its names.

    Parameters
    ----------
    data
        As known on a day; otherwise no figure has a status.
    words
        The language of names and statuses. Columns are called alike in every language.

    Returns
    -------
    DataFrame
        Sorted by its ids and the period: ``sector_id, sector, indicator_id, indicator,
        unit, region_id, region, period`` (SDMX text; empty of a promise for a day that ends
        no period), ``year, period_end``; ``value`` and ``target`` in the unit, either missing
        where there is none (a baseline is no target); ``obs_status``; ``illustrative``, which
        the target is; ``status_id, status`` of the figure that was judged, empty beside
        others; ``file, sheet, cell`` of the value, of the target where that stands alone;
        ``reported_on``, missing without a value; ``as_of``. What was made of others says in
        ``file`` of how many, and by which formula, and in ``cell`` where those stand. With
        ``breakdown`` where figures are of a part of the whole.
    """
    registry, name = data.registry, words.name
    promised = data.targets[data.targets["kind"] != "baseline"]
    promised = promised.rename(columns={"value": "target", "due_on": "period_end"})
    promised = promised.drop(columns=["set_on", "kind"]).drop_duplicates(_FIGURE, keep="last")
    beside = ("", "_of_target")
    rows = data.observations.merge(promised, on=_FIGURE, how="outer", suffixes=beside)
    units = registry.units
    agreed = [
        (one.id, name(one.name), one.sector_id, name(units[one.unit].name), one.frequency)
        for one in registry.indicators.values()
    ]
    columns = ["indicator_id", "indicator", "sector_id", "unit", "frequency"]
    rows = rows.merge(pd.DataFrame(agreed, columns=columns), on="indicator_id", how="left")
    alone = rows["period"].isna()
    due = zip(rows["period_end"][alone], rows["frequency"][alone], strict=True)
    rows.loc[alone, "period"] = [_ending(day.date(), frequency) for day, frequency in due]
    for key in ("source_id", "source_cell"):
        rows[key] = rows[key].mask(alone, rows[f"{key}_of_target"])
    behind = data.parents.assign(span=data.parents["period"].str.split(" ").str[0])
    behind = behind.drop_duplicates([*_MADE, *_PARENT])
    behind["own"] = behind["parent_id"] == behind["indicator_id"]
    counted = behind.groupby(_MADE, as_index=False).agg(n=("own", "size"), whole=("own", "any"))
    rows["span"] = rows["period"].mask(alone, rows["period_end"].dt.strftime("%Y-%m-%d"))
    rows = rows.merge(counted.astype({"span": "str"}), on=_MADE, how="left")
    judged = assess(data) if data.as_of else schema.empty("assessments")
    judged = judged[[*_JUDGED, "status"]].rename(columns={"status": "status_id"})
    rows = rows.merge(judged, on=_JUDGED, how="left")
    made = rows["n"].notna() & rows["source_id"].fillna("").eq("")
    formulas = {one.id: f": {one.formula}" for one in registry.indicators.values()}
    behind_them = data.place(rows[made])
    rows = rows.join(rows["source_cell"].str.extract("^(?:(?P<sheet>.*)!)?(?P<cell>.*)$"))
    rows = rows.assign(
        sector=rows["sector_id"].map({s.id: name(s.name) for s in registry.sectors.values()}),
        region=rows["region_id"].map({r.id: name(r.name) for r in registry.regions.values()}),
        year=rows["period_end"].dt.year,
        illustrative=rows["illustrative"].eq(True),
        status=rows["status_id"].map(words.status, na_action="ignore"),
        file=rows["source_id"].map(data.sources.set_index("source_id")["path"]),
        as_of=pd.Series(data.as_of, rows.index, dtype="datetime64[us]"),
    )
    rows.loc[made, "cell"] = behind_them
    rows.loc[made, "file"] = [
        words.plural("made of {n} figure", "made of {n} figures", n)
        + ("" if whole else formulas[key])
        for n, whole, key in rows[made][["n", "whole", "indicator_id"]].itertuples(index=False)
    ]
    texts = ["obs_status", "status_id", "status", "file", "sheet"]
    return of_the_whole(rows[_COLUMNS].fillna(dict.fromkeys(texts, "")))


def _ending(day: date, frequency: str) -> str:
    """Return the period that ends on `day`, of this frequency if one does."""
    for each in (frequency, *periods.MONTHS_IN):
        period = periods.containing(day, each)
        if periods.end(period) == day:
            return period
    return ""
