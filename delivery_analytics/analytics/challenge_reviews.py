"""What is left of a hundred-day challenge's result at the reviews after it."""

from datetime import date

import numpy as np
import pandas as pd

from delivery_analytics.analytics.challenges import DAYS, known_results
from delivery_analytics.methods.base import SLACK, coded

REVIEWS = (130, 190, 280)  # days on which it is seen whether the result has lasted
_DEFINED = ["challenge_id", "start_on", "base", "target"]


def sustained(
    reviews: pd.DataFrame, *, kept: float = 0.9, eroding: float = 0.5
) -> pd.DataFrame:
    """Return how much of the result of day 100 was left at each review.

    Parameters
    ----------
    reviews
        ``challenge_id, day, base, result`` (on day 100) and ``value`` (at the review);
        with ``target`` too, a result that went the wrong way is no gain.

    Returns
    -------
    DataFrame
        `reviews` with ``retained``, a share, and ``state``: ``kept, eroding, lost``, or
        ``not_judged`` where nothing was gained or nothing is known.
    """
    gained = reviews["result"] - reviews["base"]
    if "target" in reviews:
        # Of what fell away from its goal nothing can be kept, however well it is kept.
        gained = gained.where(gained * (reviews["target"] - reviews["base"]) > 0)
    retained = (reviews["value"] - reviews["base"]) / gained.where(gained != 0)
    flags = {
        "not_judged": retained.isna(),
        "kept": retained >= kept - SLACK,
        "eroding": retained >= eroding - SLACK,
    }
    return reviews.assign(retained=retained, state=coded(flags, "lost"))


def sustain_reviews(
    challenges: pd.DataFrame,
    results: pd.DataFrame,
    *,
    as_of: date,
    days: tuple[int, ...] = REVIEWS,
) -> pd.DataFrame:
    """Return every sustain review of every challenge: when it is, and what was left by then.

    Parameters
    ----------
    challenges, results
        As for `standing`; results after day 100 are those of the reviews. A review has the
        first one from its day on, before the day of the next.
    days
        The days of the reviews.

    Returns
    -------
    DataFrame
        One row per challenge and review, sorted by both: ``challenge_id, review_day,
        review_on, base, target, result`` and ``result_day``, the latest of day 100 or
        before; ``day`` and ``value`` found at the review, ``retained`` and ``state`` of
        `sustained`, or ``upcoming`` before its day and ``due`` from it until there is one.
    """
    reviews = pd.DataFrame({"review_day": sorted(days)})
    table = challenges[_DEFINED].merge(reviews, how="cross")
    today = (pd.Timestamp(as_of) - table["start_on"]).dt.days + 1
    table = table.assign(
        review_on=table["start_on"] + pd.to_timedelta(table["review_day"] - 1, unit="D"),
        today=today,
    )
    seen = known_results(results, table.groupby("challenge_id")["today"].first())
    result = seen[seen["day"] <= DAYS].drop_duplicates("challenge_id", keep="last")
    result = result.rename(columns={"day": "result_day", "value": "result"})
    columns = ["challenge_id", "result_day", "result"]
    table = table.merge(result[columns], on="challenge_id", how="left", validate="many_to_one")
    place = np.searchsorted(reviews["review_day"], seen["day"], side="right") - 1
    after = seen.assign(review_day=reviews["review_day"].to_numpy()[place])[place >= 0]
    key = ["challenge_id", "review_day"]
    after = after.drop_duplicates(key)[[*key, "day", "value"]]
    table = sustained(table.merge(after, on=key, how="left", validate="one_to_one"))
    waiting = table["value"].isna()
    early = waiting & (table["today"] < table["review_day"])
    state = table["state"].mask(waiting, "due").mask(early, "upcoming")
    table = table.assign(state=state).drop(columns=["start_on", "today"])
    return table.sort_values(key, ignore_index=True)
