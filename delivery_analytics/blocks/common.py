"""What many blocks have in common: names for ids, marks of what is illustrative, rounding."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from delivery_analytics.analytics import baselines, forecast
from delivery_analytics.analytics import forecast_record as reliability
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.registry import Indicator
from delivery_analytics.model.withholding import BLACK
from delivery_analytics.report.document import Table
from delivery_analytics.report.tables import table_of
from delivery_analytics.wording.codes import TABLES
from delivery_analytics.wording.numbers import decimals_apart
from delivery_analytics.wording.wording import Wording

MARK = "*"
TURN_MARK = "†"


def names(defined: Mapping[str, Any], words: Wording) -> dict[str, str]:
    """Return the id of each definition → its name in the reader's language."""
    return {key: words.name(one.name) for key, one in defined.items()}


def indicators_of(data: Dataset, rows: pd.DataFrame) -> list[Indicator]:
    """Return the indicator of each row."""
    return [data.registry.indicators[key] for key in rows["indicator_id"]]


def indicator_titles(
    data: Dataset, rows: pd.DataFrame, words: Wording, *, unit: bool = True
) -> list[str]:
    """Return each row's indicator, marked where the row's target is illustrative.

    And where its baseline is at a trough or a peak of its figures.

    Parameters
    ----------
    rows
        With ``indicator_id`` and ``region_id``.
    unit
        Whether the unit stands behind it.
    """
    units, invented = data.registry.units, illustrative_targets(data)
    turning, places = _turning_baselines(data), data.registry.at()
    # Of several regions that are told together each row says its own.
    regions = names(data.registry.regions, words) if len(places) > 1 else {}
    return [
        words.name(indicator.name)
        + (f" ({regions[region]})" if region in regions else "")
        + (MARK if (indicator.id, region) in invented else "")
        + (TURN_MARK if (indicator.id, region) in turning else "")
        + (f", {words.name(units[indicator.unit].name)}" if unit else "")
        for indicator, region in zip(indicators_of(data, rows), rows["region_id"], strict=True)
    ]


def rounded_column(
    data: Dataset,
    rows: pd.DataFrame,
    columns: Iterable[str],
    *,
    more: int = 0,
    against: Sequence[str] = (),
) -> dict[str, list[float]]:
    """Return `columns` rounded as each row's unit is shown, to so many decimals `more`.

    With as many as tell the figures of the columns `against` apart.
    """
    units = data.registry.units
    least = [units[one.unit].decimals + more for one in indicators_of(data, rows)]
    figures = rows[list(against)].itertuples(index=False, name=None)
    decimals = [decimals_apart(row, n) for row, n in zip(figures, least, strict=True)]
    return {
        column: [round(float(x), n) for x, n in zip(rows[column], decimals, strict=True)]
        for column in columns
    }


def table(
    name: str, rows: pd.DataFrame, data: Dataset, words: Wording, *, more: str = "", **how: Any
) -> Table:
    """Return `rows` as the table `name`, with the columns that are made as it declares.

    Parameters
    ----------
    rows
        Of a table with a column of sources, with the ids of source and cell.
    more
        What stands behind the declared note, beside what the marks mean.
    how
        What `report.tables.table_of` takes beside.
    """
    declared = TABLES[name]
    made = declared.get("made", {})
    frame = rows.assign(**{key: _made(one, rows, data, words) for key, one in made.items()})
    if "source" in declared["columns"] and "source" not in rows:
        frame = frame.assign(source=data.place(rows))
    marked = any("marked" in one for one in made.values())
    titles = [title for key, one in made.items() if one.get("titles") for title in frame[key]]
    before, behind = marked_note(rows, words) if marked else "", titles_note(titles, words)
    return table_of(name, frame, words, more=sentences(before, more, behind), **how)


def _made(how: Mapping[str, Any], rows: pd.DataFrame, data: Dataset, words: Wording) -> Any:
    """Return a column that is made, as ``wording/tables.toml`` says how."""
    match how:
        case {"titles": unit}:
            return indicator_titles(data, rows, words, unit=unit)
        case {"code": kind, "of": column}:
            return [words.code(kind, code) for code in rows[column]]
        case {"name": register, "of": column}:
            called = names(getattr(data.registry, register), words)
            return [called.get(key, key) for key in rows[column]]
        case {"marked": column}:
            return marked_texts(rows, column)
        case {"percent": column}:
            return 100 * rows[column]
    return coverages(rows[how["part"]], rows[how["of"]], words)


def coverages(n: Iterable[Any], of: Iterable[Any], words: Wording) -> list[str]:
    """Return for each row how many there are of how many there should be."""
    return [words.coverage(int(part), int(all_)) for part, all_ in zip(n, of, strict=True)]


def reasons(data: Dataset, assessments: pd.DataFrame, words: Wording) -> list[str]:
    """Return each assessment's reason as a sentence, and one where its outlook disagrees."""
    units = data.registry.units
    rows: Sequence[dict[str, Any]] = assessments.to_dict("records")  # type: ignore[assignment]
    of, but = indicators_of(data, assessments), reconciled(data, assessments, words)
    return [
        sentences(words.reason(row, units[one.unit], one.direction), more)
        for row, one, more in zip(rows, of, but, strict=True)
    ]


def illustrative_targets(data: Dataset) -> set[tuple[str, str]]:
    """Return the indicator and region of every target that is illustrative."""
    rows = data.targets[data.targets["illustrative"]]
    return set(zip(rows["indicator_id"], rows["region_id"], strict=True))


def _turning_baselines(data: Dataset) -> set[tuple[str, str]]:
    rows = baselines.turning(data)
    return set(zip(rows["indicator_id"], rows["region_id"], strict=True))


def titles_note(titles: Iterable[str], words: Wording) -> str:
    """Return the footnote that explains the marks in `indicator_titles`, or nothing."""
    seen, marks = "".join(titles), {"target": MARK, "turning": TURN_MARK}
    told = {name: mark for name, mark in marks.items() if mark in seen}
    return sentences(*(words.code("mark", name, mark=mark) for name, mark in told.items()))


def marked_texts(rows: pd.DataFrame, column: str) -> pd.Series:
    """Return a column of texts, marked where the row is illustrative."""
    return rows[column] + rows["illustrative"].map({True: MARK, False: ""})


def marked_note(rows: pd.DataFrame, words: Wording) -> str:
    """Return the footnote of a table with illustrative or restricted rows, or nothing."""
    restricted = "restricted" in rows and rows["restricted"].any()
    return sentences(
        words.code("mark", "illustrative", mark=MARK) if rows["illustrative"].any() else "",
        words.code("mark", "restricted", mark=BLACK) if restricted else "",
    )


def sentences(*parts: str) -> str:
    """Return those parts of a note that say something, one behind the other."""
    return " ".join(filter(None, parts))


def chance(probability: float, words: Wording) -> str:
    """Return a chance as it is printed: no figure is given beyond nine in ten."""
    if math.isnan(probability):
        return ""
    if probability > forecast.MOST:
        return words("over {percent}", percent=words.percent(100 * forecast.MOST, 0))
    if probability < forecast.LEAST:
        return words("under {percent}", percent=words.percent(100 * forecast.LEAST, 0))
    return words.percent(forecast.printed_percent(probability), 0)


def outlook_word(outlook: str, words: Wording) -> str:
    """Return the word for a chance, or why none is given."""
    if outlook in forecast.NO_CHANCE:
        return words("no chance is given: {reason}", reason=words.code("withheld", outlook))
    return words.code("outlook", outlook)


def chance_record(data: Dataset, words: Wording, *, printed: pd.Series[float]) -> str:
    """Return how such chances of today's targets came out in the past, beside "no change".

    Nothing where no chance is `printed`; with a chance that there is no record is said.
    """
    if printed.isna().all():
        return ""
    told = reliability.against_targets(data)
    told = told[told["withheld"] == ""]
    if told.empty:
        return words.code("chance_record", "none")
    score = reliability.brier_scores(told).iloc[0]
    said, came = (forecast.printed_percent(told[name].mean()) for name in ("said", "came"))
    ours, plain = (round(float(score[name]), 3) for name in ("brier", "plain"))
    values = {
        "n": words.number(len(told), 0),
        "said": words.percent(said, 0),
        "came": words.percent(came, 0),
        "ours": words.number(ours, 3),
        "plain": words.number(plain, 3),
    }
    parts = ["told", "too_high"] if said > came else ["told"]
    parts.append("worse" if ours > plain else "better")
    return sentences(*(words.code("chance_record", part, **values) for part in parts))


def reconciled(data: Dataset, rows: pd.DataFrame, words: Wording) -> list[str]:
    """Return a sentence for each assessment whose status and outlook disagree, else nothing."""
    beside = forecast.beside_status(rows, data)
    names = ("status", "disagreement", "target_period")
    return [
        words("{status} today, {but}.", status=words.status(code), but=words.disagreement(*but))
        if but[0]
        else ""
        for code, *but in zip(*(beside[name] for name in names), strict=True)
    ]


def line_name(line_id: str, words: Wording) -> str:
    """Return a budget line as readers call it; as it was sent, where it has a name."""
    return words.code("budget", line_id.partition(".")[2])
