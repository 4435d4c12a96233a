"""What is furthest behind its path, and who answers for it."""

from typing import Any

import altair as alt
import pandas as pd

from delivery_analytics.analytics import rollup, status
from delivery_analytics.charts import common, drawing
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report import theme
from delivery_analytics.report.figure import Figure
from delivery_analytics.wording.wording import Wording

_LABEL_ROOM = 1.9  # times the longest bar: labels stand at its right
_ROOM_INSIDE = 0.15  # of the longest bar, for the gap to be written in a bar
_OWNER_WIDTH = 36


@common.chart(takes=("region_id",))
def deviations(
    data: Dataset,
    words: Wording,
    *,
    top: int = 20,
    region_id: str | None = None,
    every_region: bool = False,
    assessments: pd.DataFrame | None = None,
) -> Figure:
    """Draw the indicators furthest behind, as bars of what is missing.

    A bar is the gap to what was expected, in usual yearly changes of the indicator itself,
    so that different units compare and a timid promise does not lead. Beside it stand the
    gap in the indicator's own unit and the owner. The order is that of `by_urgency`; where
    the history does not tell what is usual there is no bar.

    Parameters
    ----------
    data
        As known on a day, which it must carry; names the places in the table.
    top
        How many bars at most.
    region_id
        Whose rows; by default the nation's.
    every_region
        The rows of the nation and of all regions instead.
    assessments
        Of one method and one day; otherwise a new judgement.
    """
    if assessments is None:
        assessments = status.assess(data)
    behind = rollup.deviations(
        assessments, data, region_id=region_id, every_region=every_region
    )
    rows = _described(behind, words, data)
    drawn = rows.head(top)
    drawn = drawn if (drawn["missing"] > 0).any() else drawn.head(0)
    more = len(rows) - len(drawn)
    note = common.source_note(
        words,
        files=common.files_of(rows["source"]),
        as_of=common.latest_day(assessments["as_of"]),
        extra=common.in_table_only(more, words) if len(drawn) else [],
    )
    table = pd.concat([drawn, rows[~rows["key"].isin(drawn["key"])]]) if len(drawn) else rows
    frame = common.framed("deviations_drawn", words, table, note)
    title = _title(rows, words)
    if drawn.empty:
        return frame.nothing(title, title if rows.empty else words("No gap can be drawn"))
    series = [
        (words.status(code), drawn["missing"].where(drawn["status"] == code), code)
        for code in rollup.BEHIND
        if (drawn["status"] == code).any()
    ]
    return frame.figure(
        _chart(drawn, words),
        title,
        common.listed(drawn["name"], drawn["difference"]),
        native=common.native(
            "bar",
            drawn["name"] + ", " + drawn["difference"],
            series,
            axis=words("usual yearly changes"),
            decimals=1,
        ),
    )


def _described(behind: pd.DataFrame, words: Wording, data: Dataset) -> pd.DataFrame:
    """Return the rows with the names, the gap as it is written, and the missing share."""
    registry = data.registry
    indicators = [registry.indicators[key] for key in behind["indicator_id"]]
    units = [registry.units[indicator.unit] for indicator in indicators]
    keeps = pd.Series([i.direction == "maintain" for i in indicators], index=behind.index)
    goal = behind["expected_value"].mask(keeps.astype(bool), behind["target_value"])
    shown, wanted = words.columns(units, behind["value"], goal)
    names = [words.name(indicator.name) for indicator in indicators]
    if len(set(behind["region_id"])) > 1:
        places = common.named(registry.regions, behind["region_id"], words)
        names = [f"{name}, {place}" for name, place in zip(names, places, strict=True)]
    return behind.assign(
        key=behind["indicator_id"] + " " + behind["region_id"],
        name=names,
        owner=[words.name(indicator.owner) for indicator in indicators],
        shown=shown,
        wanted=wanted,
        difference=[
            words.difference(value, planned, unit)
            for value, planned, unit in zip(behind["value"], goal, units, strict=True)
        ],
        missing=-common.finite(behind, "gap_years")["gap_years"],
        source=data.place(behind),
    )


def _title(rows: pd.DataFrame, words: Wording) -> str:
    if rows.empty:
        return words("No indicator is at risk or off track")
    first = rows.iloc[0]
    counted = words.plural(
        "{n} indicator is at risk or off track",
        "{n} indicators are at risk or off track",
        len(rows),
    )
    return words(
        "{counted}; furthest behind: {indicator}, {difference} from the expected value",
        counted=counted,
        indicator=first["name"],
        difference=first["difference"],
    )


def _chart(drawn: pd.DataFrame, words: Wording) -> Any:
    labels = common.row_labels(drawn["name"], lines=3)
    owners = [common.wrapped(owner, width=_OWNER_WIDTH, lines=1) for owner in drawn["owner"]]
    looks = drawing.status_looks(words, drawn["status"])
    bars = pd.DataFrame(
        {
            "row": labels,
            "name": common.cleaned(drawn["name"]),
            "missing": drawn["missing"].clip(lower=0).fillna(0.0),
            "years": [words.number(value, 1) for value in drawn["missing"]],
            "difference": drawn["difference"],
            "owner": owners,
            "mark": [theme.STATUS_STYLE[status].glyph for status in drawn["status"]],
            **{key: looks[key] for key in ("ink", "colour", "said")},
        }
    )
    bars = bars.assign(
        label=[
            f"{mark} {difference}\n{owner}".rstrip("\n")
            for mark, difference, owner in bars[["mark", "difference", "owner"]].to_numpy()
        ]
    )
    y = drawing.rows_channel(labels)
    longest = float(bars["missing"].max())
    scale = alt.Scale(domain=[0, longest * _LABEL_ROOM], nice=False)
    x = alt.X("missing:Q", scale=scale, axis=None)
    base = alt.Chart(drawing.records(bars))
    base = base.encode(x=x, y=y)
    drawn_bars = base.mark_bar(height=alt.RelativeBandSize(0.7)).encode(
        fill=alt.Fill("colour:N", scale=None), tooltip=drawing.tooltip("deviations", words)
    )
    roomy = bars[bars["missing"] >= longest * _ROOM_INSIDE]
    written = alt.Chart(drawing.records(roomy)).mark_text(
        align="right", baseline="middle", dx=-6
    )
    written = written.encode(x, y, alt.Color("ink:N", scale=None), text="years:N")
    layers = [
        drawn_bars,
        written,
        *drawing.end_labels(bars, x=x, y=y),
        drawing.status_legend(words, drawn["status"], labels[0]),
        drawing.zero_line(),
    ]
    return drawing.in_rows(layers, labels, least=40)
