"""What is furthest behind its path, and who answers for it."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from delivery_analytics.analytics import rollup
from delivery_analytics.charts import common
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.registry import Registry
from delivery_analytics.report import theme
from delivery_analytics.report.figure import Column, Figure, NativeChart, Series
from delivery_analytics.wording.wording import Wording

_BEHIND = ("off_track", "at_risk")
_LABEL_ROOM = 1.9  # times the longest bar: labels stand at its right
_ROOM_INSIDE = 0.15  # of the longest bar, for the share to be written in a bar
_OWNER_WIDTH = 36


def deviations(
    assessments: pd.DataFrame,
    registry: Registry,
    words: Wording,
    *,
    top: int = 10,
    region_id: str | None = None,
    every_region: bool = False,
    data: Dataset | None = None,
) -> Figure:
    """Draw the indicators furthest behind, as bars of what is missing.

    A bar is the gap to what was expected, as a share of the whole change promised from
    baseline to target, so that different units compare. Beside it stand the gap in the
    indicator's own unit and the owner. A gap without such a share is in the table only.

    Parameters
    ----------
    assessments
        Of one method and one day.
    top
        How many bars at most.
    region_id
        Whose rows; by default the nation's.
    every_region
        The rows of the nation and of all regions instead.
    data
        What was judged; names the places in the table and the footnote.
    """
    found = rollup.deviations(
        assessments, registry, region_id=region_id, every_region=every_region
    )
    rows = _described(found, registry, words, data)
    drawn = rows[rows["missing_percent"] > 0].head(top).reset_index(drop=True)
    columns = _columns(words)
    subtitle = words("Gap to what was expected, % of the change promised by the final target")
    note = common.source_note(
        words,
        files=common.files_of(rows["source"]) if data is not None else [],
        as_of=common.latest_day(assessments["as_of"]),
        extra=_left_out(rows, drawn, words),
    )
    title = _title(rows, drawn, words)
    if drawn.empty:
        said = title if rows.empty else words("No gap can be drawn")
        return common.nothing(
            words,
            title=title,
            subtitle=subtitle,
            footnote=note,
            columns=columns,
            said=said,
            table=rows,
        )
    return common.build(
        _chart(drawn, words),
        words=words,
        title=title,
        subtitle=subtitle,
        footnote=note,
        alt_text=common.sentences(words("Bar chart"), title, _listed(drawn)),
        table=pd.concat([drawn, rows[~rows["key"].isin(drawn["key"])]])[
            [column.key for column in columns]
        ],
        columns=columns,
        native=NativeChart(
            "bar",
            [common.clean(name) for name in drawn["name"]],
            [
                Series(
                    words.status(status),
                    common.optional(drawn["missing_percent"].where(drawn["status"] == status)),
                    status,
                )
                for status in _BEHIND
                if (drawn["status"] == status).any()
            ],
            axis_title=words("% of the change promised"),
            decimals=0,
        ),
    )


def _described(
    found: pd.DataFrame, registry: Registry, words: Wording, data: Dataset | None
) -> pd.DataFrame:
    """Return the rows with the names, the gap as it is written, and the missing share."""
    indicators = [registry.indicators[i] for i in found["indicator_id"]]
    units = [registry.units[one.unit] for one in indicators]
    keeps = pd.Series([i.direction == "maintain" for i in indicators], index=found.index)
    goal = found["expected_value"].mask(keeps.astype(bool), found["target_value"])
    names = [words.name(one.name) for one in indicators]
    several = len(set(found["region_id"])) > 1
    places = [
        f", {words.name(registry.regions[r].name)}" if several else ""
        for r in found["region_id"]
    ]
    return found.assign(
        key=found["indicator_id"] + " " + found["region_id"],
        name=[name + place for name, place in zip(names, places, strict=True)],
        owner=[words.name(one.owner) for one in indicators],
        shown=[words.value(v, u) for v, u in zip(found["value"], units, strict=True)],
        wanted=[words.value(v, u) for v, u in zip(goal, units, strict=True)],
        difference=[
            words.change(v, u) for v, u in zip(found["value"] - goal, units, strict=True)
        ],
        missing_percent=common.finite(found, "gap_share")["gap_share"] * -100,
        source=data.place(found) if data is not None else found["source_cell"],
    )


def _columns(words: Wording) -> tuple[Column, ...]:
    return (
        Column("name", words("Indicator")),
        Column("period", words("Period"), "period"),
        Column("shown", words("Value"), "number"),
        Column("wanted", words("Expected then"), "number"),
        Column("difference", words("Difference"), "number"),
        Column("missing_percent", words("Gap, % of the change promised"), "percent"),
        Column("status", words("Status"), "status"),
        Column("owner", words("Owner")),
        Column("source", words("Source"), "source"),
    )


def _title(rows: pd.DataFrame, drawn: pd.DataFrame, words: Wording) -> str:
    if rows.empty:
        return words("No indicator is at risk or off track")
    first = (drawn if len(drawn) else rows).iloc[0]
    counted = words.plural(
        "{n} indicator is at risk or off track",
        "{n} indicators are at risk or off track",
        len(rows),
    )
    return words(
        "{counted}; first in line: {indicator}, {difference} from what was expected",
        counted=counted,
        indicator=first["name"],
        difference=first["difference"],
    )


def _left_out(rows: pd.DataFrame, drawn: pd.DataFrame, words: Wording) -> list[str]:
    more = len(rows) - len(drawn)
    if not more or drawn.empty:
        return []
    return [words.plural("{n} more in the table only", "{n} more in the table only", more)]


def _listed(drawn: pd.DataFrame) -> str:
    return "; ".join(
        f"{name}: {difference}"
        for name, difference in zip(drawn["name"], drawn["difference"], strict=True)
    )


def _chart(drawn: pd.DataFrame, words: Wording) -> Any:
    labels = common.row_labels(drawn["name"], lines=3)
    owners = [common.wrapped(owner, width=_OWNER_WIDTH, lines=1) for owner in drawn["owner"]]
    bars = pd.DataFrame(
        {
            "row": labels,
            "name": [common.clean(name) for name in drawn["name"]],
            "missing": drawn["missing_percent"],
            "percent": [words.percent(value, 0) for value in drawn["missing_percent"]],
            "difference": drawn["difference"],
            "owner": owners,
            "mark": [common.marked(words, status) for status in drawn["status"]],
            "ink": [theme.STATUS_STYLE[status].text_colour for status in drawn["status"]],
            "colour": [theme.role_colour(status) for status in drawn["status"]],
            "said": [words.status(status) for status in drawn["status"]],
        }
    )
    bars = bars.assign(
        label=[
            f"{mark} · {difference}\n{owner}" if owner else f"{mark} · {difference}"
            for mark, difference, owner in zip(
                bars["mark"], bars["difference"], owners, strict=True
            )
        ]
    )
    y = common.rows_channel(labels)
    longest = float(bars["missing"].max())
    x = alt.X(
        "missing:Q",
        scale=alt.Scale(domain=[0, longest * _LABEL_ROOM], nice=False),
        axis=None,
    )
    base = alt.Chart(common.records(bars))
    drawn_bars = base.mark_bar(height=alt.RelativeBandSize(0.7)).encode(
        x=x,
        y=y,
        fill=alt.Fill("colour:N", scale=None),
        tooltip=[
            alt.Tooltip("name:N", title=words("Indicator")),
            alt.Tooltip("said:N", title=words("Status")),
            alt.Tooltip("difference:N", title=words("Difference")),
            alt.Tooltip("percent:N", title=words("Gap, % of the change promised")),
            alt.Tooltip("owner:N", title=words("Owner")),
        ],
    )
    roomy = bars[bars["missing"] >= longest * _ROOM_INSIDE]
    shares = alt.Chart(common.records(roomy)).mark_text(align="right", baseline="middle", dx=-6)
    shares = shares.encode(x=x, y=y, text="percent:N", color=alt.Color("ink:N", scale=None))
    legend = common.status_legend(
        words,
        drawn["status"].unique(),
        x=alt.X(datum=0),
        y=alt.Y(datum=labels[0]),
    )
    layers = [
        drawn_bars,
        shares,
        *common.end_labels(bars, x=x, y=y),
        legend,
        common.zero_line(),
        *common.row_names(labels),
    ]
    return common.layered(layers, height=common.row_height(labels, least=40) * len(labels))
