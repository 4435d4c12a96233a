"""Where indicators are heading: the forecast for the target's day, and the chance of it."""

from __future__ import annotations

from delivery_analytics.analytics import forecast
from delivery_analytics.analytics import forecast_record as reliability
from delivery_analytics.blocks import common
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report.document import Table
from delivery_analytics.report.figure import Column
from delivery_analytics.wording.wording import Wording


def outlook(data: Dataset, words: Wording, *, among: Dataset | None = None) -> Table:
    """Return each indicator's forecast for its final target, with how well it has forecast.

    Parameters
    ----------
    data
        As known on a day.
    among
        Whose targets of the past the chances are held against; otherwise those of `data`.
    """
    rows = forecast.outlook(data)
    rows = rows.assign(region_id=data.registry.country_id)
    computed = ("forecast", "lower", "upper", "required_rate", "achieved_rate")
    frame = rows.assign(
        indicator=common.indicator_titles(data, rows, words),
        percent=[common.chance(probability, words) for probability in rows["probability"]],
        chance=[common.outlook_word(outlook, words) for outlook in rows["outlook"]],
        record=[
            words.coverage(int(covered), int(tried)) if tried else ""
            for covered, tried in zip(rows["covered"], rows["tried"], strict=True)
        ],
        **common.rounded_column(data, rows, computed, more=1),
    )
    columns = (
        Column("indicator", words("Indicator, unit")),
        Column("value", words("Observed"), "number", decimals=None),
        Column("target_value", words("Target"), "number", decimals=None),
        Column("target_period", words("Due"), "period"),
        Column("forecast", words("Forecast"), "number", decimals=None),
        Column("lower", words("At least"), "number", decimals=None),
        Column("upper", words("At most"), "number", decimals=None),
        Column("percent", words("Chance of the target")),
        Column("chance", words("In words")),
        Column("required_rate", words("Needed a period"), "number", decimals=None),
        Column("achieved_rate", words("Of late"), "number", decimals=None),
        Column("record", words("Past forecasts that held")),
    )
    note = words(
        "The latest figure, moved by as much of its drift as the past bears out, with an 80 % "
        "interval. What is planned and not yet seen in the figures is not in it."
    )
    record = _target_record(among or data, words) if rows["probability"].notna().any() else ""
    return Table(
        words("Where the figures are heading"),
        frame,
        columns,
        note=common.sentences(note, record, common.titles_note(frame["indicator"], words)),
        empty_text=words("No indicator has a target that is still to come."),
    )


def _target_record(data: Dataset, words: Wording) -> str:
    """Return how such chances of today's targets came out in the past, beside "no change"."""
    told = reliability.against_targets(data)
    told = told[told["withheld"] == ""]
    if told.empty:
        return ""
    score = reliability.brier_scores(told).iloc[0]
    said, came = (forecast.printed_percent(told[name].mean()) for name in ("said", "came"))
    ours, plain = (round(float(score[name]), 3) for name in ("brier", "plain"))
    given = {"ours": words.number(ours, 3), "plain": words.number(plain, 3)}
    return common.sentences(
        words(
            "Such forecasts of the past, for today's final targets: {n}; said on average "
            "{said}, came true {came}.",
            n=words.number(len(told), 0),
            said=words.percent(said, 0),
            came=words.percent(came, 0),
        ),
        words("On average such chances were too high.") if said > came else "",
        words(
            "‘No change’ foretold better: Brier score {plain} against {ours}, 0 being best.",
            **given,
        )
        if ours > plain
        else words(
            "They were no worse than ‘no change’: Brier score {ours} against {plain}, 0 being "
            "best.",
            **given,
        ),
    )


def forecast_record(data: Dataset, words: Wording) -> Table:
    """Return how the forecasts that could have been made in the past came out.

    Those for which a chance would have been printed.
    """
    runs = forecast.unbroken_runs(data).values()
    told = reliability.asked(reliability.trials(runs))
    told = told[told["withheld"] == ""]
    record = reliability.by_class(told).iloc[::-1].reset_index(drop=True)
    frame = record.assign(
        name=[words.code("outlook", outlook) for outlook in record["outlook"]],
        **{f"{name}_percent": 100 * record[name] for name in ("said", "plain", "came")},
    )
    columns = (
        Column("name", words("In words")),
        Column("asked", words("Forecasts"), "number", decimals=0),
        Column("said_percent", words("Said"), "percent", decimals=0),
        Column("plain_percent", words("By ‘no change’"), "percent", decimals=0),
        Column("came_percent", words("Came true"), "percent", decimals=0),
    )
    note = words(
        "Every forecast one to three periods ahead that could have been made from these "
        "figures. Where less came true than was said, forecasts are too sure."
    )
    return Table(
        words("What was said, and what came"),
        frame,
        columns,
        note=common.sentences(note, _target_record(data, words)),
    )
