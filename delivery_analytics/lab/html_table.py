"""A table as a notebook's cell shows it: in the reader's words, and text as text."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from delivery_analytics.report import theme
from delivery_analytics.report.document import Table
from delivery_analytics.report.figure import Column
from delivery_analytics.wording.wording import Wording
from delivery_analytics.writers.cell_text import WrittenCell, heading, is_numeric, written_rows

MOST_SHOWN = 60  # rows; what there is beyond is counted


@dataclass(frozen=True)
class ShownTables:
    """Tables to be shown one below the other."""

    tables: tuple[Table, ...]
    words: Wording

    def _repr_html_(self) -> str:
        return "".join(as_html(table, self.words) for table in self.tables)

    def __repr__(self) -> str:
        return "\n".join(f"{table.title}: {len(table.frame)}" for table in self.tables)


def as_html(table: Table, words: Wording) -> Markup:
    """Return a table as HTML that needs no style sheet, with statuses in words."""
    parts = [Markup("<h4>{}</h4>").format(table.title)] if table.title else []
    if table.frame.empty:
        nothing = table.empty_text or words("There is nothing to list.")
        return Markup().join([*parts, Markup("<p>{}</p>").format(nothing)])
    shown = written_rows(table.frame.head(MOST_SHOWN), table.columns, words)
    heads = Markup().join(_tag("th", heading(column), column) for column in table.columns)
    rows = Markup().join(
        Markup("<tr>{}</tr>").format(Markup().join(map(_cell, row, table.columns)))
        for row in shown
    )
    parts.append(
        Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(heads, rows)
    )
    more = len(table.frame) - MOST_SHOWN
    notes = [words("And {n} more.", n=more) if more > 0 else "", table.note]
    parts += [Markup("<p><small>{}</small></p>").format(note) for note in notes if note]
    return Markup().join(parts)


def _cell(cell: WrittenCell, column: Column) -> Markup:
    text: str | Markup = cell.text
    if cell.status in theme.STATUS_STYLE:
        look = theme.STATUS_STYLE[cell.status]
        text = Markup('<span style="color:{}">{}</span> {}').format(
            look.colour, look.glyph, text
        )
    return _tag("td", text, column)


def _tag(tag: str, text: str, column: Column) -> Markup:
    side = "right" if is_numeric(column) else "left"
    look = f"text-align:{side};max-width:32em"
    if column.kind in ("date", "period", "status"):
        look += ";white-space:nowrap"
    if tag == "th":
        return Markup('<th style="{}">{}</th>').format(look, text)
    return Markup('<td style="{}">{}</td>').format(look, text)
