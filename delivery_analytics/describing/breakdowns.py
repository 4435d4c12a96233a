"""Columns that divide what is counted, as sex and age do, and the levels of a tree."""

from collections.abc import Mapping, Sequence
from typing import Any

from delivery_analytics.describing.draft import LEAVE, Option, Question
from delivery_analytics.describing.roles import Roles
from delivery_analytics.describing.tables import FoundTable
from delivery_analytics.loading.form_rows import is_total_word, total_words
from delivery_analytics.parsing.matching import fold
from delivery_analytics.parsing.parse import clean

_FEW = 30  # distinct values of a column that divides what is counted
_FLAGS = ("true", "false")
_KNOWN = {"region", "indicator", "unit"}


def dividing(roles: Roles, keys: Sequence[int]) -> list[int]:
    """Return the columns left over that divide what is counted: sex, age, town and country.

    They are those that rows with the same `keys` differ by, and others of few values. Of a
    tree it is the column of its levels.
    """
    table = roles.table
    if roles.tree is not None:
        return [roles.tree[0]]
    rows = max(1, len(table.rows))
    found = _needed(table, keys, roles.free())
    for column in roles.free():
        held = table.evidence[column]
        count = len(held.values) + (held.filled < rows)
        is_told = "comment" in roles.fields(column) or column in table.figures
        if count == 1:  # such as the nation, or a unit, in each row
            [value] = held.values
            is_told |= is_total(value) or clean(value).casefold() in _FLAGS
            is_told |= bool(_KNOWN & roles.kinds.kinds(value))
        if not is_told and count <= min(_FEW, max(2, rows // 3)):
            found.append(column)
    return [*dict.fromkeys(found)]


def is_total(value: object) -> bool:
    """Say whether a value of a column that divides figures stands for all of them."""
    return is_total_word(clean(value), total_words()) or fold(clean(value)) == "_t"


def _needed(table: FoundTable, keys: Sequence[int], among: Sequence[int]) -> list[int]:
    """Return the fewest further columns, up to three, that make the rows' keys unique."""

    def repeats(columns: Sequence[int]) -> int:
        return len(table.rows) - len({tuple(row[c] for c in columns) for row in table.rows})

    chosen: list[int] = []
    left = repeats(keys) if keys else 0
    texts = [c for c in among if c not in table.figures]
    while left and texts and len(chosen) < 3:
        fewer, best = min((repeats([*keys, *chosen, c]), c) for c in texts)
        if fewer >= left:
            break
        chosen.append(best)
        texts.remove(best)
        left = fewer
    return chosen


def keep_question(
    roles: Roles, columns: Sequence[int], blank: Mapping[str, str], *, divides: bool
) -> Question:
    """Ask which rows to keep by the columns that divide them; totals of all stand first.

    `blank` is what a blank key means in the rows of the totals; `divides` says whether the
    table keeps the parts of a whole beside it.
    """
    rows, changes = len(roles.table.rows), dict[str, Any]()
    of_blank = {"blank": dict(blank)} if blank else {}
    labels = [roles.heading(column) for column in columns]
    options, totals = [], dict[str, str]()
    for column, label in zip(columns, labels, strict=True):
        held = roles.table.evidence[column]
        counts = dict(held.values.most_common(_FEW))
        counts |= {None: rows - held.filled} if held.filled < rows else {}
        ranked = sorted(counts, key=lambda v: (not (v is None or is_total(v)), -counts[v]))
        if ranked[0] is None or is_total(ranked[0]):
            totals[label] = clean(ranked[0])
        for value in ranked[:8] if len(columns) == 1 else ():
            changes = {"keep": [{"column": [label], "among": [clean(value)]}]}
            changes |= of_blank if label in totals else {}
            told = f"{counts[value]} rows"
            options.append(Option(clean(value) or "(blank)", told, changes))
    if len(totals) == len(labels) > 1:
        rules = [{"column": [label], "among": [text]} for label, text in totals.items()]
        shown = ", ".join(f"{label} '{text}'" for label, text in totals.items())
        told = f"the rows that are not divided: {shown}"
        options.append(Option("totals", told, {"keep": rules, **of_blank}))
    if divides and len(columns) == 1 < len(roles.table.evidence[columns[0]].values):
        changes = {"columns": {"breakdown": labels}, **of_blank}
        options.append(Option("each", "each is a part, kept beside the whole", changes))
    told = "it divides nothing: leave the column out"
    options += [Option("all", told, {"ignore": labels}), LEAVE]
    text = "{}: which rows are the figure itself?"
    if roles.tree:
        text = f"{{}} has the levels of a tree, {roles.tree[1]}. Which one is kept?"
    text = text.format(", ".join(map(roles.named, columns)))
    if len(labels) == 1:
        return Question(f"keep-{labels[0][:40]}", text, tuple(options), rows)
    own = f"of {labels[0]} = …, {labels[1]} = …"
    return Question("keep", text, tuple(options), rows, own, "keep")
