"""Where indicators are heading: the forecast for the target's day, and the chance of it."""

from __future__ import annotations

import pandas as pd

from delivery_analytics.analytics import forecast, rollup
from delivery_analytics.analytics import forecast_record as reliability
from delivery_analytics.blocks import common
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report.document import Table
from delivery_analytics.report.figure import Column
from delivery_analytics.wording.catalogue import marked
from delivery_analytics.wording.wording import Wording

_SIDE_BY_SIDE = ("value", "target_value", "forecast", "lower", "upper")


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
        **common.rounded_column(data, rows, computed, more=1, against=_SIDE_BY_SIDE),
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
    record = common.chance_record(among or data, words, printed=rows["probability"])
    return Table(
        words("Where the figures are heading"),
        frame,
        columns,
        note=common.sentences(note, record, common.titles_note(frame["indicator"], words)),
        empty_text=words("No indicator has a target that is still to come."),
    )


def slipping(data: Dataset, assessments: pd.DataFrame, words: Wording) -> Table:
    """Return what is on track today and is not expected to arrive; see `beside_status`."""
    good = assessments["status"].isin(["achieved", "on_track"])
    return _disagreeing(
        data,
        assessments[good],
        words,
        way="slipping",
        title=words("On track today, not expected to arrive"),
        note=marked("On track or achieved: {n}; no chance can be given of {unsaid} of them."),
        empty_text=words(
            "Of what is on track today, nothing is foretold to miss its target by its figures "
            "alone."
        ),
    )


def recovering(data: Dataset, assessments: pd.DataFrame, words: Wording) -> Table:
    """Return what is behind today and is expected to arrive; see `beside_status`."""
    behind = assessments["status"].isin(["at_risk", "off_track"])
    return _disagreeing(
        data,
        assessments[behind],
        words,
        way="recovering",
        title=words("Behind, but recovering"),
        note=marked("At risk or off track: {n}; no chance can be given of {unsaid} of them."),
        empty_text=words(
            "Of what is behind today, nothing is foretold to reach its target by its figures "
            "alone."
        ),
    )


def _disagreeing(
    data: Dataset,
    assessments: pd.DataFrame,
    words: Wording,
    *,
    way: str,
    note: str,
    **texts: str,
) -> Table:
    national = assessments[assessments["region_id"] == data.registry.country_id]
    rows = rollup.by_urgency(forecast.beside_status(national, data), data)
    told = rows["outlook"].isin(forecast.OUTLOOKS)
    said = words(note, n=len(rows), unsaid=int((~told).sum()))
    rows = rows[rows["disagreement"] == way].reset_index(drop=True)
    frame = rows.assign(
        indicator=common.indicator_titles(data, rows, words),
        sector=rows["sector_id"].map(common.names(data.registry.sectors, words)),
        chance=[
            common.chance(chance, words) or common.outlook_word(outlook, words)
            for chance, outlook in zip(rows["probability"], rows["outlook"], strict=True)
        ],
    )
    columns = (
        Column("indicator", words("Indicator, unit")),
        Column("sector", words("Sector")),
        Column("value", words("Observed"), "number", decimals=None),
        Column("target_value", words("Target"), "number", decimals=None),
        Column("target_period", words("Due"), "period"),
        Column("status", words("Status"), "status"),
        Column("chance", words("Chance of the target")),
        Column("source", words("Source"), "source"),
    )
    record = common.chance_record(data, words, printed=rows["probability"])
    note = common.sentences(said, record, common.titles_note(frame["indicator"], words))
    return Table(
        columns=columns, frame=frame.assign(source=data.place(rows)), note=note, **texts
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
        note=common.sentences(note, common.chance_record(data, words, printed=told["said"])),
    )
