"""What in a report is illustrative, and how it is marked."""

from __future__ import annotations

from collections.abc import Collection

from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report.document import Note
from delivery_analytics.wording.wording import Wording

MARK = "*"


def illustrative_targets(data: Dataset) -> set[tuple[str, str]]:
    """Return the indicator and region of every target that is illustrative."""
    rows = data.targets[data.targets["illustrative"]]
    return set(zip(rows["indicator_id"], rows["region_id"], strict=True))


def illustrative_note(data: Dataset, words: Wording) -> str:
    """Return the footnote of a table with illustrative targets, or nothing."""
    if not illustrative_targets(data):
        return ""
    return words("{mark} The target is illustrative, not an official one.", mark=MARK)


def illustrative(
    data: Dataset,
    words: Wording,
    *,
    tables: Collection[str] = ("targets", "milestones", "instructions"),
) -> Note:
    """Return the note that says what in the report is invented for the example.

    Parameters
    ----------
    tables
        Those that the report shows something of.
    """
    parts = {
        "targets": (len(illustrative_targets(data)), words("targets")),
        "milestones": (int(data.milestones["illustrative"].sum()), words("milestones")),
        "instructions": (int(data.instructions["illustrative"].sum()), words("instructions")),
    }
    said = [f"{what}: {n}" for name, (n, what) in parts.items() if n and name in tables]
    if not said:
        return Note(words("Nothing in this report is illustrative."))
    text = words(
        "Illustrative, made for the example and not official ({what}). Marked {mark}. "
        "Observed figures and spending are published facts.",
        what=", ".join(said),
        mark=MARK,
    )
    return Note(text, "illustrative")
