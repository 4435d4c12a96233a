"""An indicator against its planned path: the finding, the table and the native chart."""

import math

import pandas as pd

from delivery_analytics.analytics import baselines
from delivery_analytics.analytics import trajectory as paths
from delivery_analytics.analytics.forecast import beside_status
from delivery_analytics.charts import common, drawing, trajectory_layers, trajectory_subject
from delivery_analytics.charts.trajectory_fan import fan_of
from delivery_analytics.charts.trajectory_subject import Subject, subject_of
from delivery_analytics.model import periods
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report.figure import Figure, NativeChart
from delivery_analytics.report.printable import inside
from delivery_analytics.wording.wording import Wording


@common.chart("indicator_id", takes=("region_id",))
def trajectory(
    data: Dataset,
    indicator_id: str,
    words: Wording,
    *,
    region_id: str | None = None,
    assessments: pd.DataFrame | None = None,
    fan: bool = False,
) -> Figure:
    """Draw what was observed against the planned path and the promises on it.

    A period without a figure breaks the line; nothing is drawn across it. Hollow points
    are provisional, estimated or bounds. The last point carries its status. An indicator
    that is to be kept has no path but its level, and the band around it that keeps it.

    Parameters
    ----------
    data
        As known on a day; without one, nothing is judged.
    region_id
        Otherwise the nation.
    assessments
        A judgement already made, to be shown instead of a new one.
    fan
        Draw where the figures lead by themselves, with an interval of 80 %.
    """
    subject = subject_of(data, indicator_id, region_id=region_id, assessments=assessments)
    ahead, why = fan_of(subject)
    ahead, why = (ahead, why) if fan else (ahead.iloc[:0], "")
    table = _table(data, subject, words)
    caveats = [*_caveats(subject, ahead, why, words), *_turning(data, subject, words)]
    note = common.placed_note(words, data, table["source"], caveats)
    subtitle = _subtitle(data, subject, words)
    frame = common.framed(
        "trajectory", words, table, note, subtitle=subtitle, unit=subject.unit
    )
    if subject.last is None:
        name, title = words.name(subject.indicator.name), _title(subject, words)
        if subject.corners.empty:
            title = words("{indicator}: there is no figure and no target", indicator=name)
        return frame.nothing(title, common.sentences(*_ends(subject, words)))
    reason = ""
    if subject.verdict:
        reason = words.reason(subject.verdict, subject.unit, subject.indicator.direction)
    return frame.figure(
        trajectory_layers.path_chart(subject, words, ahead),
        f"{_title(subject, words)}{_but(data, subject, words)}",
        *_ends(subject, words),
        native=_native(subject, ahead, words),
        notes=(common.drawn_text(reason),) if reason else (),
    )


def _subtitle(data: Dataset, subject: Subject, words: Wording) -> str:
    place = words.name(data.registry.regions[subject.region].name)
    measure = f"{words.name(subject.indicator.name)}, {words.name(subject.unit.name)}"
    shown = subject.seen["period"]
    if shown.empty:
        return f"{measure}; {place}"
    return f"{measure}; {place}, {words.span(shown.iloc[0], shown.iloc[-1])}"


def _caveats(subject: Subject, fan: pd.DataFrame, why: str, words: Wording) -> list[str]:
    caveats = []
    if len(fan):
        caveats.append(words("Shaded: a forecast from the figures alone (80% interval)"))
    if why:
        reason = words.code("withheld", why)
        caveats.append(words("No forecast is drawn: {reason}", reason=reason))
    status = subject.seen["obs_status"]
    unsettled = status.isin(trajectory_subject.UNSETTLED)
    doubtful = status.isin(trajectory_subject.DOUBTFUL)
    if (unsettled & ~doubtful).iloc[:-1].any():
        caveats.append(words("Hollow points are provisional or estimated figures, or limits"))
    if doubtful.iloc[:-1].any():
        caveats.append(words("Hollow points are of low reliability or bear an unknown mark"))
    if unsettled.iloc[-1:].any():
        mark = words.code("obs_status", str(status.iloc[-1]))
        caveats.append(words("The latest figure: {mark}", mark=inside(mark)))
    if subject.targets["illustrative"].any():
        caveats.append(words("Targets are illustrative"))
    return caveats


def _turning(data: Dataset, subject: Subject, words: Wording) -> list[str]:
    """Return what to know of a baseline at a trough or a peak of the figures."""
    rows = baselines.turning(data)
    here = (rows["indicator_id"] == subject.indicator.id) & (
        rows["region_id"] == subject.region
    )
    said = []
    for row in rows[here].to_dict("records"):
        turn = {name: words.period(row[name]) for name in ("period", "first", "last")}
        said.append(words.code("turn", row["turn"], **turn))
    return said


def _title(subject: Subject, words: Wording) -> str:
    name = words.name(subject.indicator.name)
    last = subject.last
    if last is None:
        return words("{indicator}: no data reported yet", indicator=name)
    expected = subject.verdict["expected_value"] if subject.verdict else math.nan
    value, planned = words.values([last["value"], expected], subject.unit)
    values = {"indicator": name, "value": value, "expected": planned}
    values["period"] = words.period(last["period"])
    if subject.verdict is None:
        return words("{indicator}: {value} for {period}", **values)
    values["status"] = inside(words.status(subject.status))
    if subject.band is not None:
        values["value"], low, high = words.values([last["value"], *subject.band], subject.unit)
        values |= {"level": low, "low": low, "high": high}
        if low == high:
            return words(
                "{indicator}: {status}, {value} for {period}; to stay at {level}", **values
            )
        return words(
            "{indicator}: {status}, {value} for {period}; to stay between {low} and {high}",
            **values,
        )
    if pd.isna(expected) or subject.verdict["period"] != last["period"]:
        return words("{indicator}: {status}, {value} for {period}", **values)
    return words(
        "{indicator}: {status}, {value} for {period}, against {expected} expected", **values
    )


def _but(data: Dataset, subject: Subject, words: Wording) -> str:
    """Return what reconciles the title's status with an outlook that disagrees with it."""
    if subject.verdict is None or data.as_of is None:
        return ""
    [row] = beside_status(pd.DataFrame([subject.verdict]), data).to_dict("records")
    if not row["disagreement"]:
        return ""
    return f", {words.disagreement(row['disagreement'], row['target_period'])}"


def _ends(subject: Subject, words: Wording) -> list[str]:
    """Return where the line begins and where it should end, for whoever cannot see it."""
    ends = []
    if len(subject.seen) > 1:
        first = subject.seen.iloc[0]
        value, period = words.value(first["value"], subject.unit), words.period(first["period"])
        ends.append(
            words("The line begins at {value} for {period}", value=value, period=period)
        )
    if not subject.goals.empty:
        last = subject.goals.iloc[-1]
        value, day = words.value(last["value"], subject.unit), words.date(last["due_on"])
        ends.append(words("The last target is {value}, due on {date}", value=value, date=day))
    return ends


def _table(data: Dataset, subject: Subject, words: Wording) -> pd.DataFrame:
    """Return the marks as rows: each figure with what was expected then, each promise."""
    seen, due = subject.observed, subject.targets
    figures = seen.assign(
        series=words("Observed"),
        when=[words.period(period) for period in seen["period"]],
        source=data.place(seen),
    )
    promises = due.assign(
        series=[words.code("kind", kind) for kind in due["kind"]],
        when=[words.date(day) for day in due["due_on"]],
        expected=due["value"],
        source=data.place(due),
    )
    keys = ["series", "when", "value", "expected", "source"]
    return pd.concat([figures[keys], promises[keys]], ignore_index=True)


def _native(subject: Subject, fan: pd.DataFrame, words: Wording) -> NativeChart:
    """Return the same lines over the reporting periods, from the first day to the last."""
    every = pd.DataFrame({"period": subject.periods()}).assign(
        indicator_id=subject.indicator.id, region_id=subject.region
    )
    every = every.assign(period_end=periods.ends(every["period"]))
    freq = subject.indicator.frequency
    due = {
        periods.containing(day.date(), freq): value
        for day, value in zip(subject.goals["due_on"], subject.goals["value"], strict=True)
    }
    seen = dict(zip(subject.observed["period"], subject.observed["value"], strict=True))
    lines = {
        "observed": every["period"].map(seen),
        "expected": paths.expected(every, subject.targets, kinds=subject.kinds),
        "target": every["period"].map(due),
    }
    judged, last = {}, subject.last
    if last is not None and subject.verdict and subject.verdict["period"] == last["period"]:
        lines["status"] = every["period"].map({last["period"]: last["value"]})
        said = f"{words.status(subject.status)}, {words.short_period(last['period'])}"
        judged = {"status": (said, subject.status)}
    if subject.band is not None:
        low, high = (pd.Series(end, every.index) for end in subject.band)
        level = float(subject.corners["expected_value"].iloc[-1])
        lines |= {"expected": pd.Series(level, every.index), "lower": low, "upper": high}
    names = trajectory_layers.series_names(words)
    forecast = {
        "middle": (words("Forecast"), "forecast"),
        "low": (words("Lower limit"), "bound"),
        "high": (words("Upper limit"), "bound"),
    }
    ahead = fan.set_index("period")
    lines |= {key: every["period"].map(ahead[key].astype("float64")) for key in forecast}
    edges = {"lower": (words("Lower limit"), "bound"), "upper": (words("Upper limit"), "bound")}
    looks = {role: (name, role) for role, name in names.items()}
    looks |= forecast | edges | judged
    series = [
        (looks[key][0], values / 10**subject.power, looks[key][1])
        for key, values in lines.items()
        if values.notna().any()
    ]
    return common.native(
        "line",
        [words.short_period(period) for period in every["period"]],
        series,
        axis=drawing.scaled_unit(words, words.name(subject.unit.name), subject.power),
        decimals=2 if subject.power else subject.unit.decimals,
    )
