"""Where indicators are heading: the forecast for the target's day, and the chance of it."""

import pandas as pd

from delivery_analytics.analytics import forecast, rollup
from delivery_analytics.analytics import forecast_record as reliability
from delivery_analytics.blocks import common
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report.document import Table
from delivery_analytics.wording.wording import Wording

_SIDE_BY_SIDE = ("value", "target_value", "forecast", "lower", "upper")


def outlook(
    data: Dataset, words: Wording, *, among: Dataset | None = None, region_id: str | None = None
) -> Table:
    """Return each indicator's forecast for its final target, with how well it has forecast.

    Parameters
    ----------
    data
        As known on a day.
    among
        Whose targets of the past the chances are held against; otherwise those of `data`.
    region_id
        Otherwise the nation.
    """
    rows = forecast.outlook(data, region_id=region_id)
    computed = ("forecast", "lower", "upper", "required_rate", "achieved_rate")
    frame = rows.assign(
        percent=[common.chance(probability, words) for probability in rows["probability"]],
        chance=[common.outlook_word(outlook, words) for outlook in rows["outlook"]],
        record=[
            words.coverage(int(covered), int(tried)) if tried else ""
            for covered, tried in zip(rows["covered"], rows["tried"], strict=True)
        ],
        **common.rounded_column(data, rows, computed, more=1, against=_SIDE_BY_SIDE),
    )
    record = common.chance_record(among or data, words, printed=rows["probability"])
    return common.table("outlook", frame, data, words, more=record)


def slipping(data: Dataset, assessments: pd.DataFrame, words: Wording) -> Table:
    """Return what is on track today and is not expected to arrive; see `beside_status`."""
    good = assessments["status"].isin(["achieved", "on_track"])
    return _disagreeing(data, assessments[good], words, way="slipping")


def recovering(data: Dataset, assessments: pd.DataFrame, words: Wording) -> Table:
    """Return what is behind today and is expected to arrive; see `beside_status`."""
    behind = assessments["status"].isin(["at_risk", "off_track"])
    return _disagreeing(data, assessments[behind], words, way="recovering")


def _disagreeing(
    data: Dataset, assessments: pd.DataFrame, words: Wording, *, way: str
) -> Table:
    national = assessments[assessments["region_id"].isin(data.registry.at())]
    rows = rollup.by_urgency(forecast.beside_status(national, data), data)
    n, unsaid = len(rows), int((~rows["outlook"].isin(forecast.OUTLOOKS)).sum())
    rows = rows[rows["disagreement"] == way].reset_index(drop=True)
    frame = rows.assign(
        chance=[
            common.chance(chance, words) or common.outlook_word(outlook, words)
            for chance, outlook in zip(rows["probability"], rows["outlook"], strict=True)
        ]
    )
    record = common.chance_record(data, words, printed=rows["probability"])
    return common.table(way, frame, data, words, more=record, n=n, unsaid=unsaid)


def forecast_record(data: Dataset, words: Wording) -> Table:
    """Return how the forecasts that could have been made in the past came out.

    Those for which a chance would have been printed.
    """
    runs = forecast.unbroken_runs(data).values()
    told = reliability.asked(reliability.trials(runs))
    told = told[told["withheld"] == ""]
    record = reliability.by_class(told).iloc[::-1].reset_index(drop=True)
    percents = {f"{name}_percent": 100 * record[name] for name in ("said", "plain", "came")}
    more = common.chance_record(data, words, printed=told["said"])
    return common.table("forecast_record", record.assign(**percents), data, words, more=more)
