"""Where indicators are heading: the forecast for the target's day, and the chance of it."""

from __future__ import annotations

from delivery_analytics.analytics import forecast
from delivery_analytics.analytics import forecast_record as reliability
from delivery_analytics.blocks import common
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report.document import Table
from delivery_analytics.report.figure import Column
from delivery_analytics.wording.wording import Wording


def outlook(data: Dataset, words: Wording) -> Table:
    """Return each indicator's forecast for its final target, with how well it has forecast."""
    rows = forecast.outlook(data)
    rows = rows.assign(region_id=data.registry.country_id)
    computed = ("forecast", "lower", "upper", "required_rate", "achieved_rate")
    frame = rows.assign(
        indicator=common.indicator_titles(data, rows, words),
        percent=100 * rows["probability"].astype("float64"),
        chance=[words.code("outlook", outlook) for outlook in rows["outlook"]],
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
        Column("percent", words("Chance of the target"), "percent", decimals=0),
        Column("chance", words("In words")),
        Column("required_rate", words("Needed a period"), "number", decimals=None),
        Column("achieved_rate", words("Of late"), "number", decimals=None),
        Column("record", words("Past forecasts that held")),
    )
    note = words(
        "A damped trend of eight figures or more, a straight line of four to seven, with an "
        "80 % interval. What is planned and not yet seen in the figures is not in it."
    )
    return Table(
        words("Where the figures are heading"),
        frame,
        columns,
        note=common.sentences(note, common.titles_note(frame["indicator"], words)),
        empty_text=words("No indicator has a target that is still to come."),
    )


def forecast_record(data: Dataset, words: Wording) -> Table:
    """Return how the forecasts that could have been made in the past came out."""
    values = [run for run in forecast.unbroken_runs(data) if len(run) > forecast.FEWEST]
    record = reliability.by_class(reliability.trials(values)).iloc[::-1].reset_index(drop=True)
    frame = record.assign(
        name=[words.code("outlook", outlook) for outlook in record["outlook"]],
        said_percent=100 * record["said"],
        came_percent=100 * record["came"],
    )
    columns = (
        Column("name", words("In words")),
        Column("asked", words("Forecasts"), "number", decimals=0),
        Column("said_percent", words("Said"), "percent", decimals=0),
        Column("came_percent", words("Came true"), "percent", decimals=0),
    )
    return Table(
        words("What was said, and what came"),
        frame,
        columns,
        note=words(
            "Every forecast one to three periods ahead that could have been made from these "
            "figures. Where less came true than was said, forecasts are too sure."
        ),
    )
