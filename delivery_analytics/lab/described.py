"""A workbook nobody has declared, in JupyterLab: its cells by role, the draft, a button."""

from collections.abc import Mapping
from pathlib import Path

import ipywidgets as widgets
from markupsafe import Markup

from delivery_analytics.describing.draft import Draft
from delivery_analytics.describing.workbook import describe_book, open_file
from delivery_analytics.describing.writing import write_draft
from delivery_analytics.errors import DeliveryAnalyticsError
from delivery_analytics.lab.html_table import rendered
from delivery_analytics.model.registry import open_registry
from delivery_analytics.parsing.parse import clean, shortened
from delivery_analytics.report import theme
from delivery_analytics.spreadsheets.addresses import letters

MOST_SHOWN = 30  # rows of a table, and columns
_LEFT_OUT, _ACROSS = "left out", "across"
# What a column's top edge is coloured by; the role stands there in words as well.
_COLOURS = {_LEFT_OUT: theme.RULE_GREY, _ACROSS: theme.BAR}


class Described(widgets.VBox):  # type: ignore[misc]
    """What `describe` shows: each table's cells under their roles, the draft, and a button.

    Attributes
    ----------
    found
        The `Description`, with its drafts and open questions.
    """

    def __init__(self, path: Path, workspace: Path, sector: str, answers: Mapping[str, str]):
        self._registry = open_registry(workspace, tolerant=True)
        self._answers = [{"question": key, "answer": told} for key, told in answers.items()]
        book = open_file(path, asks=True)
        owner = self._registry.sector(sector)
        self.found = describe_book(self._registry, owner, book, self._answers)
        button = widgets.Button(description="Write the draft", disabled=not self.found.drafts)
        button.on_click(lambda _: self.write())
        self._said = widgets.HTML()
        grids = [widgets.HTML(str(_table(draft))) for draft in self.found.drafts]
        text = widgets.HTML(str(Markup("<pre>{}</pre>").format(self.found.toml())))
        super().__init__([*grids, text, button, self._said])

    def write(self) -> list[Path]:
        """Write the draft: into the definition, or beside it where anything is open."""
        try:
            paths = write_draft(self._registry, [self.found], self._answers)
        except DeliveryAnalyticsError as error:
            self._said.value = str(Markup("<p>{}</p>").format(error))
            return []
        self._said.value = str(Markup("<p>{}</p>").format(", ".join(map(str, paths))))
        return paths


def describe(
    path: str | Path, *, sector: str, workspace: str | Path = ".", **answers: str
) -> Described:
    """Look at a file nobody has declared: its cells by role, and a draft of its layout.

    Parameters
    ----------
    sector
        Whose return it is, by id.
    answers
        Answers to its questions by their ids, as ``reported_on="2025-01-20"``.

    Raises
    ------
    SourceError
        If the file cannot be read.
    DefinitionError
        If an answer is none of those there are.
    """
    return Described(Path(path), Path(workspace), sector, answers)


def _table(draft: Draft) -> Markup:
    """Return a table's first rows, each column under its role; every text is escaped."""
    table = draft.table
    columns = range(min(table.grid.width, MOST_SHOWN))
    rows = range(table.heading, min(table.last + 1, table.heading + MOST_SHOWN))
    left_out = dict.fromkeys(draft.left_out, _LEFT_OUT)
    return rendered(
        "described",
        table=table,
        roles={c: draft.fields.get(c, left_out.get(c, "")) for c in columns},
        rows={
            row: [shortened(clean(table.grid.rows[row][c]), 40) for c in columns]
            for row in rows
        },
        more=table.last + 1 - table.heading - MOST_SHOWN,
        letters=letters,
        colours=_COLOURS,
        colour=theme.DARK_BLUE,
        paper=theme.PAPER,
    )
