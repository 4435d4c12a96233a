"""Small multiples: every region's own line, with the others behind it."""

from typing import Any

import altair as alt
import pandas as pd

from delivery_analytics.charts import common, drawing
from delivery_analytics.model import periods
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.registry import Indicator, Unit
from delivery_analytics.report import theme
from delivery_analytics.report.figure import Figure, NativeChart
from delivery_analytics.wording.wording import Wording

_COLUMNS, _WIDTH, _HEIGHT = 5, 112, 64
FEWEST = 3  # periods; fewer make no line worth looking at


@common.chart("indicator_id")
def small_multiples(data: Dataset, indicator_id: str, words: Wording) -> Figure:
    """Draw an indicator's figures in each region as a small line of its own, on one scale.

    The country's line is behind each where it has one. Regions are in the order of their
    latest figure, the highest first. Totals do not compare: their regions are in the order
    of the registry, without the country.

    Parameters
    ----------
    data
        As known on a day.
    """
    indicator = data.registry.indicators[indicator_id]
    unit = data.registry.units[indicator.unit]
    rows = own_figures(data, indicator)
    nation = rows[rows["region_id"] == data.registry.country_id]
    if data.registry.is_total(indicator_id):
        nation = nation.iloc[:0]
    rows = rows[rows["region_id"] != data.registry.country_id]
    rows = rows.assign(
        name=common.named(data.registry.regions, rows["region_id"], words),
        source=data.place(rows),
    )
    name = words.name(indicator.name)
    subtitle = f"{name}, {words.name(unit.name)}"
    note = common.placed_note(words, data, rows["source"])
    frame = common.framed("small_multiples", words, rows, note, subtitle=subtitle, unit=unit)
    if rows["period"].nunique() < FEWEST or not rows["region_id"].duplicated().any():
        title = words("{indicator}: too few periods by region for lines", indicator=name)
        return frame.nothing(title)
    return frame.figure(
        _chart(rows, nation, words, decimals=unit.decimals, order=_order(data, rows)),
        _title(rows, name, words),
        native=_native(rows, nation, unit, words),
    )


def has_lines(data: Dataset, indicator_id: str) -> bool:
    """Say whether regions have figures for enough periods to be drawn as lines."""
    rows = own_figures(data, data.registry.indicators[indicator_id])
    rows = rows[rows["region_id"] != data.registry.country_id]
    return rows["period"].nunique() >= FEWEST


def own_figures(data: Dataset, indicator: Indicator) -> pd.DataFrame:
    """Return the indicator's figures of its own frequency, earliest first."""
    rows = common.finite(data.observations, "value")
    rows = rows[(rows["indicator_id"] == indicator.id) & rows["value"].notna()]
    own = [periods.frequency(period) == indicator.frequency for period in rows["period"]]
    return rows[pd.Series(own, rows.index, dtype=bool)].sort_values("period_end")


def _order(data: Dataset, rows: pd.DataFrame) -> list[str]:
    """Return the regions' names, by their latest figure where figures compare."""
    last = rows.drop_duplicates("region_id", keep="last").set_index("region_id")
    if data.registry.is_total(str(rows["indicator_id"].iloc[0])):
        return [last["name"][one] for one in data.registry.regions if one in last.index]
    return list(last.sort_values("value", ascending=False)["name"])


def _title(rows: pd.DataFrame, name: str, words: Wording) -> str:
    """Return how many regions rose since the first period that most of them have."""
    last = rows.drop_duplicates("region_id", keep="last")
    before = rows.drop(last.index)
    told = before.groupby("period").size()
    since = told.index[told > told.max() / 2][0]
    first = before[before["period"] == since].set_index("region_id")["value"]
    change = (last.set_index("region_id")["value"] - first).dropna()
    return words(
        "{indicator}: rose in {up} and fell in {down} of {n} regions since {period}",
        indicator=name,
        up=int((change > 0).sum()),
        down=int((change < 0).sum()),
        n=len(change),
        period=words.period(str(since)),
    )


def _chart(
    rows: pd.DataFrame, nation: pd.DataFrame, words: Wording, *, decimals: int, order: list[str]
) -> Any:
    order = [common.wrapped(region, width=20) for region in order]
    drawn = rows.assign(
        region=[common.wrapped(region, width=20) for region in rows["name"]],
        label=[words.short_period(period) for period in rows["period"]],
        shown=[words.number(value, decimals) for value in rows["value"]],
    )
    behind = nation.assign(label=[words.short_period(period) for period in nation["period"]])
    behind = behind[behind["label"].isin(drawn["label"])][["label", "value"]]
    behind = behind.merge(pd.DataFrame({"region": order}), how="cross")
    labels = list(dict.fromkeys(drawn.sort_values("period_end")["label"]))
    own = drawn[["region", "label", "value", "shown"]].assign(series="own")
    country = behind.assign(
        series="nation", shown=[words.number(value, decimals) for value in behind["value"]]
    )
    both = pd.concat([own, country], ignore_index=True)
    small: dict[str, Any] = {"labelFontSize": 10}
    ends = alt.Axis(title=None, values=[labels[0], labels[-1]], labelAngle=0, **small)
    values = drawing.number_axis(None, decimals, tickCount=3, **small)
    x = alt.X("label:N", sort=labels, axis=ends)
    y = alt.Y("value:Q", scale=alt.Scale(zero=False), axis=values)
    domain = ["nation", "own"]

    def scale(nation: Any, own: Any) -> dict[str, Any]:
        return {"scale": alt.Scale(domain=domain, range=[nation, own]), "legend": None}

    base = alt.Chart().encode(x=x, y=y)
    layers = alt.layer(
        # The chart as a whole says what it shows; a nameless part would be read out as one.
        base.mark_line(aria=False).encode(
            stroke=alt.Stroke(
                "series:N", **scale(theme.role_colour("nation"), theme.DARK_BLUE)
            ),
            strokeDash=alt.StrokeDash("series:N", **scale([4, 3], [1, 0])),
            strokeWidth=alt.StrokeWidth("series:N", **scale(1.2, 2)),
        ),
        base.mark_point(filled=True, fill=theme.DARK_BLUE, size=18, aria=False).encode(
            # The country's line has no points of its own here.
            opacity=alt.Opacity("series:N", **scale(0, 1)),
            tooltip=drawing.tooltip("small_multiples", words),
        ),
        data=drawing.records(both),
        width=_WIDTH,
        height=_HEIGHT,
    )
    return layers.facet(
        facet=alt.Facet(
            "region:N",
            sort=order,
            title=None,
            header=alt.Header(labelFontSize=11, labelLineHeight=13, labelAnchor="start"),
        ),
        columns=_COLUMNS,
        spacing={"row": 12, "column": 14},
    )


def _native(
    rows: pd.DataFrame, nation: pd.DataFrame, unit: Unit, words: Wording
) -> NativeChart:
    wide = rows.pivot_table(index="period", columns="name", values="value").sort_index()
    country = nation.set_index("period")["value"].reindex(wide.index)
    series = [(common.drawn_text(region), wide[region], "region") for region in wide]
    if country.notna().any():
        series.append((words("The country"), country, "nation"))
    return common.native(
        "line",
        [words.short_period(period) for period in wide.index],
        series,
        axis=words.name(unit.name),
        decimals=unit.decimals,
    )
