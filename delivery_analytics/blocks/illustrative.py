"""What in a report is illustrative, and how it is marked."""

from collections.abc import Collection

from delivery_analytics.blocks import common
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.report.document import Note
from delivery_analytics.wording.wording import Wording


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
        "targets": (len(common.illustrative_targets(data)), words("targets")),
        "milestones": (int(data.milestones["illustrative"].sum()), words("milestones")),
        "instructions": (int(data.instructions["illustrative"].sum()), words("instructions")),
    }
    said = [f"{what}: {n}" for name, (n, what) in parts.items() if n and name in tables]
    if not said:
        return Note(words("Nothing in this report is illustrative."))
    text = words.code("beneath", "illustrative", what=", ".join(said), mark=common.MARK)
    return Note(text, "illustrative")
