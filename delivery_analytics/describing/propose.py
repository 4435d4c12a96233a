"""Draft the layout of one table from its columns' roles and what stands beside it."""

from __future__ import annotations

from delivery_analytics.describing.draft import Draft
from delivery_analytics.describing.given import complete
from delivery_analytics.describing.kinds import Kinds
from delivery_analytics.describing.maker import Maker
from delivery_analytics.describing.roles import roles_of
from delivery_analytics.describing.tables import FoundTable
from delivery_analytics.model.registry import Registry, Sector
from delivery_analytics.spreadsheets import Book


def propose(
    table: FoundTable,
    kinds: Kinds,
    registry: Registry,
    sector: Sector,
    book: Book,
    *,
    alone: bool,
) -> Draft:
    """Return the draft of a table: its layout, and what has to be asked of it.

    `alone` says whether it is the only one of its sheet.
    """
    maker = Maker(table, kinds, registry, sector, book, roles_of(table, kinds))
    if reason := maker.refusal():
        return Draft(table, refused=reason)
    maker.place(alone=alone)
    maker.wide()
    maker.columns()
    complete(maker)
    maker.left_over()
    maker.decimal()
    return maker.draft()
