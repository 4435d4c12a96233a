"""Hundred-day challenges: where each stands, its guard-rails, and what has lasted."""

from typing import Any

import pandas as pd

from delivery_analytics.analytics import challenge_reviews
from delivery_analytics.analytics import challenges as hundred
from delivery_analytics.blocks import common
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.definitions import Challenge
from delivery_analytics.report.document import Note, Table
from delivery_analytics.report.tables import key_figures
from delivery_analytics.wording.wording import Wording


def _standing(data: Dataset) -> pd.DataFrame:
    """Return `challenges.standing` of every challenge declared, on ``data.as_of``."""
    known, day = hundred.declared_challenges(data), pd.Timestamp(str(data.as_of)).date()
    return hundred.standing(
        known, hundred.results(data), as_of=day, guards=hundred.guarded(data)
    )


def _row(data: Dataset, challenge_id: str) -> dict[str, Any]:
    table = _standing(data)
    found = table[table["challenge_id"] == challenge_id].iloc[0]
    return {str(name): value for name, value in found.items()}


def challenge_title(data: Dataset, words: Wording, *, challenge_id: str) -> str:
    """Return the question of the day: whether it will be met, or whether it was."""
    challenge = data.registry.challenges[challenge_id]
    if _row(data, challenge.id)["day"] > hundred.DAYS:
        return words("Did this challenge reach its goal by day 100?")
    return words("Will this challenge reach its goal by day 100?")


def challenge_headlines(data: Dataset, words: Wording, *, challenge_id: str) -> Table:
    """Return the day, the share of the way, the projection and the guard-rails."""
    challenge = data.registry.challenges[challenge_id]
    row = _row(data, challenge_id)
    unit = data.registry.units[challenge.unit]
    ended = row["day"] > hundred.DAYS
    known = row["status"] != "not_judged"
    guards = len(challenge.guards)
    quiet = guards - int(row["guards_breached"]) - int(row["guards_unknown"])
    last_day = words.date(_last_day(challenge))
    running = words("of 100; day 100 is {date}", date=last_day)
    ends = words("ended on {date}", date=last_day) if ended else running
    figures = [row["projection"], row["lower"], row["upper"], challenge.target]
    shown, low, high, goal = words.values(figures, unit)
    way, reached = (100 * row["share"], row["projection"]) if known else (None, None)
    share = words.percent(way) if known else words("no data")
    code = words.code("challenge", row["status"])
    note = words("goal: {value}", value=goal)
    if known and row["lower"] < row["upper"]:
        note = words("80% interval: {low} to {high}", low=low, high=high)
    result = words("Projected for day 100")
    if row["basis"] == "result":
        result = words("Result of day {day}", day=int(row["last_day"]))
    quietly, apart = words.coverage(quiet, guards), words("not included in the result")
    figures = [
        (words("Day"), str(int(row["day"])), ends, row["day"]),
        (words("Progress from baseline to goal"), share, code, way),
        (result, shown if known else words("no data"), note, reached),
        (words("Safeguards met"), quietly, apart, quiet),
    ]
    return key_figures(figures, words)


def challenge_notes(data: Dataset, words: Wording, *, challenge_id: str) -> list[Note]:
    """Return what a team must not overlook: gaps, the refresh, broken guard-rails."""
    challenge = data.registry.challenges[challenge_id]
    row = _row(data, challenge_id)
    notes = []
    if challenge.illustrative:
        text = words("This challenge is illustrative, not official.")
        notes.append(Note(text, "illustrative"))
    if row["alert"]:
        notes.append(Note(words("Two weeks in a row have no result."), "warning"))
    elif row["weeks_missing"]:
        weeks = int(row["weeks_missing"])
        text = words.plural("{n} week has no result.", "{n} weeks have no result.", weeks)
        notes.append(Note(text, "coverage"))
    if row["refresh_due"]:
        notes.append(Note(words("The day 50 review is due."), "warning"))
    broken = hundred.guarded(data)
    broken = broken[(broken["challenge_id"] == challenge_id) & broken["breached"]]
    names = {guard.id: words.name(guard.name) for guard in challenge.guards}
    notes += [
        Note(words("A safeguard has been breached: {name}.", name=names[one]), "warning")
        for one in broken["measure"]
    ]
    return notes


def challenges(data: Dataset, words: Wording) -> Table:
    """Return every hundred-day challenge with its day, its pace and its projection."""
    table = _standing(data)
    known = data.registry.challenges
    units = [data.registry.units[known[one].unit] for one in table["challenge_id"]]
    shown, projected = words.columns(units, table["value"], table["projection"])
    agreed = table["challenge_id"].map(lambda key: len(known[key].guards))
    frame = table.assign(
        goal=[words.name(known[one].goal) for one in table["challenge_id"]],
        leader=[words.name(known[one].leader) for one in table["challenge_id"]],
        shown=shown,
        projected=projected,
        guards=common.coverages(agreed - table["guards_breached"], agreed, words),
    )
    invented = any(one.illustrative for one in known.values())
    more = words("The challenges are illustrative, not official.") if invented else ""
    return common.table("challenges", frame, data, words, more=more)


def guards(data: Dataset, words: Wording, *, challenge_id: str) -> Table:
    """Return the measures that must not get worse, with their latest figure and bound."""
    challenge = data.registry.challenges[challenge_id]
    rows = hundred.guarded(data)
    rows = rows[rows["challenge_id"] == challenge_id].reset_index(drop=True)
    known = {guard.id: guard for guard in challenge.guards}
    agreed = [known[one] for one in rows["measure"]]
    units = [data.registry.units[one.unit] for one in agreed]
    shown, bounds = words.columns(units, rows["value"], [one.bound for one in agreed])
    frame = rows.assign(
        name=[words.name(known[one].name) for one in rows["measure"]],
        shown=shown,
        limit=[
            words.code("limit", one.direction, value=bound)
            for one, bound in zip(agreed, bounds, strict=True)
        ],
        state=[
            words("no data") if missing else words("breached") if bad else words("met")
            for bad, missing in zip(rows["breached"], rows["value"].isna(), strict=True)
        ],
    )
    return common.table("guards", frame, data, words)


def sustained(data: Dataset, words: Wording, *, challenge_id: str) -> Table:
    """Return the reviews after day 100: when each is, and how much of the result was left."""
    challenge = data.registry.challenges[challenge_id]
    unit = data.registry.units[challenge.unit]
    known, day = hundred.declared_challenges(data), pd.Timestamp(str(data.as_of)).date()
    rows = challenge_reviews.sustain_reviews(known, hundred.results(data), as_of=day)
    rows = rows[rows["challenge_id"] == challenge_id].reset_index(drop=True)
    results, shown = words.columns([unit] * len(rows), rows["result"], rows["value"])
    frame = rows.assign(result_shown=results, shown=shown)
    return common.table("sustained", frame, data, words)


def _last_day(challenge: Challenge) -> pd.Timestamp:
    return pd.Timestamp(challenge.start_on) + pd.Timedelta(days=hundred.DAYS - 1)
