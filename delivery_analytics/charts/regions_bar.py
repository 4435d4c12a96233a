"""Regions beside one another."""

from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from delivery_analytics.analytics import rollup, status
from delivery_analytics.charts import common, drawing
from delivery_analytics.model import periods
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.registry import Indicator, Unit
from delivery_analytics.report import theme
from delivery_analytics.report.figure import Figure, NativeChart
from delivery_analytics.wording.wording import Wording


@common.chart("indicator_id", takes=("region_id",))
def regions_bar(
    data: Dataset,
    indicator_id: str,
    words: Wording,
    *,
    region_id: str | None = None,
    assessments: pd.DataFrame | None = None,
) -> Figure:
    """Draw an indicator's latest figure in every region, the best on top.

    Regions without a figure are named below the chart and never drawn as zero; nor are
    figures for an earlier period, which do not compare. The nation is a line. Totals are
    drawn by what they are divided by, `per` of the indicator; without it they are in the
    order of the regions, without a place and without the nation.

    Parameters
    ----------
    data
        As known on a day, which it must carry.
    region_id
        A region to stand out.
    assessments
        A judgement already made, instead of a new one.
    """
    data.registry.check("region", region_id)
    ranking = ranked(data, indicator_id, words, assessments=assessments)
    drawn, unit = ranking.drawn, ranking.unit
    if drawn.empty:
        return ranking.frame.nothing(ranking.title)
    nation = None if ranking.total else _nation(data, ranking, indicator_id)
    named = _nation_named(data, nation, unit, words)
    country = words.name(data.registry.regions[data.registry.country_id].name)
    short = "" if nation is None else drawing.short_value(nation, unit, words)
    return ranking.frame.figure(
        _chart(drawn, nation, f"{country}: {short}", unit, words, region_id=region_id),
        ranking.title,
        named,
        native=_native(data, ranking, nation, words, region_id=region_id),
    )


@dataclass(frozen=True)
class Ranked:
    """An indicator's latest figures by region, and all that stands beside a chart of them.

    `drawn` holds the regions with a figure for the period, the best first, and its ``value``
    what is drawn; the frame's table has all. `total` says that they do not compare; `times`,
    by what a figure per unit of a base was multiplied to be read.
    """

    drawn: pd.DataFrame
    period: str
    unit: Unit
    title: str
    frame: common.Frame
    total: bool
    times: float


def ranked(
    data: Dataset, indicator_id: str, words: Wording, *, assessments: pd.DataFrame | None = None
) -> Ranked:
    """Return an indicator's latest figures by region, ready to be drawn."""
    registry = data.registry
    indicator = registry.indicators[indicator_id]
    unit = registry.units[indicator.unit]
    if assessments is None:
        assessments = status.assess(data.where(indicator_id=indicator_id))
    rows = rollup.ranked_regions(assessments, data, indicator_id=indicator_id)
    rows = common.finite(rows, "value").assign(
        name=common.named(registry.regions, rows["region_id"], words),
        source=data.place(rows.assign(indicator_id=indicator_id)),
    )
    base, times = registry.bases.get(indicator_id), 1.0
    total = base is None and registry.is_total(indicator_id)
    drawn = rows[rows["latest"] & rows["value" if total else "compared"].notna()]
    drawn = drawn.reset_index(drop=True)
    if base is not None:
        times, unit = _per(drawn["compared"], unit, registry.units[base.unit], words)
        drawn = drawn.assign(value=times * drawn["compared"])
        rows = rows.assign(value=times * rows["compared"])
    period = str(drawn["period"].iloc[0]) if len(drawn) else ""
    subtitle = f"{words.name(indicator.name)}, {words.name(unit.name)}"
    if period:
        subtitle = f"{subtitle}; {words.period(period)}"
    remarks = _not_drawn(data, rows, drawn, period, words) + _not_ranked(drawn, total, words)
    note = common.placed_note(words, data, drawn["source"], remarks)
    table = pd.concat([drawn, rows[~rows["region_id"].isin(drawn["region_id"])]])
    return Ranked(
        drawn,
        period,
        unit,
        _title(drawn, indicator, unit, words, total=total),
        common.framed("regions_bar", words, table, note, subtitle=subtitle, unit=unit),
        total,
        times,
    )


def _per(figures: pd.Series, unit: Unit, base: Unit, words: Wording) -> tuple[float, Unit]:
    """Return the power of ten that makes figures per unit of a base readable, and its unit."""
    largest = float(figures.abs().max())
    times = next((n for n in (10**3, 10**4, 10**5) if n * largest >= 1), 10**6)
    name = words(
        "{unit} per {n} {base}",
        unit=words.name(unit.name),
        n=words.number(times, 0),
        base=words.name(base.name),
    )
    names = {words.language: name}
    return float(times), Unit("per", names, names, decimals=1)


def _nation(data: Dataset, ranking: Ranked, indicator_id: str) -> float | None:
    """Return the nation's own figure for the period; regions are never added up to it."""
    rows = common.finite(data.observations, "value")
    rows = rows[
        (rows["indicator_id"] == indicator_id)
        & (rows["region_id"] == data.registry.country_id)
        & (rows["period"] == ranking.period)
        & rows["value"].notna()
    ]
    figures = rollup.compared(rows, data, indicator_id=indicator_id).dropna()
    return None if figures.empty else ranking.times * float(figures.iloc[-1])


def _not_ranked(drawn: pd.DataFrame, total: bool, words: Wording) -> list[str]:
    """Return why regions that are drawn have no place."""
    if total:
        return [words("Totals depend on the size of the region and are not ranked")]
    few = drawn.loc[drawn["few"], "name"]
    if few.empty:
        return []
    names = words.join(sorted(few, key=words.sort_key))
    return [words("Too few events for a place: {regions}", regions=names)]


def _not_drawn(
    data: Dataset, rows: pd.DataFrame, drawn: pd.DataFrame, period: str, words: Wording
) -> list[str]:
    """Return which regions are not drawn, and why: no figure, or one for an earlier period.

    A region that did not exist in the period is not missing from it.
    """
    regions = data.registry.regions
    rest = rows[~rows["region_id"].isin(drawn["region_id"])]
    day = periods.end(period) if period else data.as_of
    existed = [
        day is None or (begun := regions[r].valid_from) is None or begun <= day
        for r in rest["region_id"]
    ]
    older = rest["value"].notna()
    without = rest[~older & pd.Series(existed, index=rest.index, dtype=bool)]
    remarks = []
    if len(without) and len(drawn):
        names = words.join(sorted(without["name"], key=words.sort_key))
        remarks.append(words("No figure: {regions}", regions=names))
    if older.any():
        names = words.join(
            f"{name} ({words.period(period)})"
            for name, period in zip(
                rest.loc[older, "name"], rest.loc[older, "period"], strict=True
            )
        )
        remarks.append(words("Earlier figures, not drawn: {regions}", regions=names))
    return remarks


def _title(
    drawn: pd.DataFrame, indicator: Indicator, unit: Unit, words: Wording, *, total: bool
) -> str:
    name = words.name(indicator.name)
    if drawn.empty:
        return words("{indicator}: no region has a figure", indicator=name)
    placed = drawn[drawn["rank"].notna()]
    if len(drawn) > 1 and (total or len(placed) < 2):
        return words("{indicator}: by region, without places", indicator=name)
    placed = drawn if placed.empty else placed
    first, last = placed.iloc[0], placed.iloc[-1]
    high, low = words.values([first["value"], last["value"]], unit)
    values = {"indicator": name, "best": first["name"], "high": high}
    if len(drawn) == 1:
        return words("{indicator}: only {best} reported a figure, {high}", **values)
    if high == low and len(placed) == len(drawn):
        return words("{indicator}: {high} in every region", indicator=name, high=high)
    return words(
        "{indicator}: from {high} in {best} to {low} in {worst}",
        **values,
        worst=last["name"],
        low=low,
    )


def _nation_named(data: Dataset, nation: float | None, unit: Unit, words: Wording) -> str:
    if nation is None:
        return ""
    country = words.name(data.registry.country.name)
    return f"{country}: {words.value(nation, unit)}"


def _chart(
    drawn: pd.DataFrame,
    nation: float | None,
    named: str,
    unit: Unit,
    words: Wording,
    *,
    region_id: str | None,
) -> Any:
    labels = common.row_labels(drawn["name"])
    stands_out = (drawn["region_id"] == region_id) | (region_id is None)
    bars = pd.DataFrame(
        {
            "row": labels,
            "name": common.cleaned(drawn["name"]),
            "value": drawn["value"],
            "label": [drawing.short_value(value, unit, words) for value in drawn["value"]],
            "colour": stands_out.map(
                {True: theme.role_colour("highlight"), False: theme.role_colour("region")}
            ),
        }
    )
    ends = [0.0, *bars["value"], *([] if nation is None else [nation])]
    domain = [min(ends), max(ends) or 1.0]
    x = alt.X("value:Q", scale=alt.Scale(domain=domain, nice=False, zero=True), axis=None)
    y = drawing.rows_channel(labels)
    base = alt.Chart(drawing.records(bars))
    layers = [
        base.mark_bar(height=alt.RelativeBandSize(0.72)).encode(
            x=x,
            y=y,
            fill=alt.Fill("colour:N", scale=None),
            tooltip=drawing.tooltip("regions_bar", words),
        ),
        drawing.edge_labels(base.encode(y=y), "label:N"),
        drawing.zero_line(),
        *drawing.row_names(labels),
        *_nation_layers(nation, named),
    ]
    return drawing.layered(layers, height=drawing.row_height(labels) * len(labels))


def _native(
    data: Dataset,
    ranking: Ranked,
    nation: float | None,
    words: Wording,
    *,
    region_id: str | None,
) -> NativeChart:
    """Return the same bars, the worst first: that which stands out, the nation's in place."""
    rows = ranking.drawn[["region_id", "name", "value", "rank"]]
    country = data.registry.country_id
    if nation is not None:
        ranked = rows.loc[rows["rank"].notna(), "value"]
        rising = ranked.is_monotonic_increasing
        better = int(((ranked < nation) if rising else (ranked > nation)).sum())
        name = words.name(data.registry.country.name)
        own = pd.DataFrame({"region_id": [country], "name": [name], "value": [nation]})
        rows = pd.concat([rows.iloc[:better], own, rows.iloc[better:]], ignore_index=True)
    placed = rows["rank"].notna() | (rows["region_id"] == country)
    if rows["rank"].notna().any():
        rows = pd.concat([rows[placed].iloc[::-1], rows[~placed]], ignore_index=True)
    is_nation, outstanding = rows["region_id"] == country, rows["region_id"] == region_id
    others = "highlight" if region_id is None else "region"
    parts = [
        (words("Region"), ~is_nation & ~outstanding, others),
        (
            words.name(data.registry.regions[region_id or country].name),
            outstanding,
            "highlight",
        ),
        (words("The country"), is_nation, "nation"),
    ]
    return common.native(
        "bar",
        rows["name"],
        [(name, rows["value"].where(own), role) for name, own, role in parts if own.any()],
        axis=words.name(ranking.unit.name),
        decimals=ranking.unit.decimals,
    )


def _nation_layers(nation: float | None, named: str) -> list[alt.Chart]:
    """Return the nation as a line across the bars, its name above it."""
    if nation is None:
        return []
    line = alt.Chart(alt.InlineData(values=[{"nation": nation, "said": named}]))
    return [
        line.mark_rule(
            stroke=theme.role_colour("nation"), strokeWidth=2, strokeDash=[6, 3]
        ).encode(x="nation:Q"),
        line.mark_text(baseline="bottom", dy=-4).encode(
            x="nation:Q", y=drawing.at_y(0), text="said:N"
        ),
    ]
