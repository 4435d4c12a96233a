"""Draft the layouts of one table from its columns' roles and what stands beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from delivery_analytics.describing.draft import Draft
from delivery_analytics.describing.given import complete
from delivery_analytics.describing.kinds import Sent
from delivery_analytics.describing.maker import Maker
from delivery_analytics.describing.registers import (
    rated_columns,
    register_of,
    table_question,
    take_register,
)
from delivery_analytics.describing.roles import Roles, roles_of
from delivery_analytics.describing.tables import FoundTable


def propose(
    sent: Sent, table: FoundTable, known: Mapping[str, str], *, alone: bool
) -> Iterator[Draft]:
    """Yield the drafts of a table: its layout, and what has to be asked of it.

    A register with a column of ratings beside its days gives two.

    Parameters
    ----------
    known
        Question → what was answered before.
    alone
        Whether it is the only table of its sheet.
    """
    roles = roles_of(table, sent.kinds, known)
    register = register_of(roles)
    if register == "?":
        yield Draft(table, questions=(table_question(roles),))
        return
    second = ["judgements"] if register and rated_columns(roles) else []
    for name in dict.fromkeys([register, *second]):
        if name:
            roles = Roles(table, sent.kinds, known)
            take_register(roles, name)
        elif not any(table.evidence[column].has_figures for column in table.figures):
            yield Draft(table, refused="it has days, and no heading says what they are of")
            return
        maker = Maker(sent, roles, name)
        maker.place(alone=alone)
        maker.wide()
        maker.columns()
        complete(maker)
        maker.left_over()
        maker.decimal()
        yield maker.draft()
