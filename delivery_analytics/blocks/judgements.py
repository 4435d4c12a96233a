"""What people judged: the assessment framework, and the league table made of it."""

import pandas as pd

from delivery_analytics.analytics import facts, judgements
from delivery_analytics.blocks import common
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report.document import Table
from delivery_analytics.report.tables import table_of
from delivery_analytics.wording.wording import Wording


def league(data: Dataset, words: Wording) -> Table:
    """Return every priority that was rated on the latest day, the likeliest first."""
    ratings = judgements.ratings(data, facts.facts_of(data))
    as_of = ratings["as_of"].max()
    rows = judgements.league(ratings, as_of=as_of) if len(ratings) else ratings
    frame = rows.assign(
        subject=_subjects(data, rows, words),
        place=rows["rank"] if len(rows) else pd.Series(dtype="float64"),
        was=rows["previous_rank"] if len(rows) else pd.Series(dtype="float64"),
        arrow=[_arrow(one) for one in rows["moved"]] if len(rows) else [],
        **_rated_words(rows, words),
    )
    judged = words("Judged on {date}", date=words.date(as_of)) if len(rows) else ""
    judged = judged and f"{judged.removesuffix('.')}."
    more = common.sentences(judged, words.code("beneath", "league"), *_marks(data, words))
    return table_of("league", frame, words, empty=_none(data, words), more=more)


def ratings(data: Dataset, words: Wording) -> Table:
    """Return the latest ratings of each priority beside what the rules would suggest."""
    rows = judgements.ratings(data)
    rows = rows.sort_values("as_of").drop_duplicates("subject_id", keep="last")
    rows = rows.sort_values("subject_id", ignore_index=True)
    suggested = [words.code("rating", code) for code in rows["suggested"]]
    frame = rows.assign(
        subject=_subjects(data, rows, words),
        suggested_said=suggested,
        why=[
            words("a reason is missing") if missing else given
            for missing, given in zip(rows["needs_reason"], rows["reason"], strict=True)
        ],
        **_rated_words(rows, words),
    )
    marks, none = " ".join(_marks(data, words)), _none(data, words)
    return table_of("ratings", frame, words, empty=none, more=marks)


def _none(data: Dataset, words: Wording) -> str:
    """Return why no priority is rated: nothing was judged, or something else was."""
    if data.judgements.empty:
        return words("There are no assessor ratings.")
    return words("Ratings known: {n}; none of them is of a priority.", n=len(data.judgements))


def _rated_words(rows: pd.DataFrame, words: Wording) -> dict[str, list[str]]:
    return {
        f"{name}_said": [words.code("rating", code) for code in rows[name]]
        for name in judgements.DIMENSIONS
    }


def _arrow(moved: float) -> str:
    if pd.isna(moved):
        return ""
    return "=" if moved == 0 else f"{'▲' if moved > 0 else '▼'} {abs(int(moved))}"


def _subjects(data: Dataset, rows: pd.DataFrame, words: Wording) -> list[str]:
    """Return what each subject is called: an indicator's or programme's name, or its id."""
    registry = data.registry
    called = common.names({**registry.indicators, **registry.programmes}, words)
    return [called.get(key, key) for key in rows["subject_id"]]


def _marks(data: Dataset, words: Wording) -> list[str]:
    """Return what a reader of ratings must know: words that are none, and what is invented."""
    unknown = judgements.unknown_ratings(data.judgements)["text"].drop_duplicates()
    marks = []
    if len(unknown):
        said = words.join(unknown)
        told = words("Words that are not ratings and are not counted: {said}.", said=said)
        marks.append(told)
    if data.judgements["illustrative"].any():
        marks.append(words("The ratings are illustrative, not official."))
    return marks
