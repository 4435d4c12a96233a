"""A table as a notebook's cell shows it: in the reader's words, and text as text."""

from dataclasses import dataclass
from functools import cache
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from delivery_analytics.report import theme
from delivery_analytics.report.document import Table
from delivery_analytics.wording.wording import Wording
from delivery_analytics.writers.cell_text import heading, is_numeric, written_rows

MOST_SHOWN = 60  # rows; what there is beyond is counted


@dataclass(frozen=True)
class ShownTables:
    """Tables to be shown one below the other, and links to files of the workspace."""

    tables: tuple[Table, ...]
    words: Wording
    files: tuple[str, ...] = ()

    def _repr_html_(self) -> str:
        link = Markup('<p>{}: <a href="../{}" download>{}</a></p>')
        links = (link.format(self.words("Open the file"), quote(f), f) for f in self.files)
        return "".join([*(as_html(table, self.words) for table in self.tables), *links])

    def __repr__(self) -> str:
        return "\n".join(f"{table.title}: {len(table.frame)}" for table in self.tables)


def as_html(table: Table, words: Wording) -> Markup:
    """Return a table as HTML that needs no style sheet, with statuses in words."""
    return rendered(
        "shown_table",
        table=table,
        words=words,
        rows=written_rows(table.frame.head(MOST_SHOWN), table.columns, words),
        more=len(table.frame) - MOST_SHOWN,
        heading=heading,
        is_numeric=is_numeric,
        looks=theme.STATUS_STYLE,
    )


def rendered(template: str, **values: object) -> Markup:
    """Return a template filled in, every text in it escaped."""
    filled = _templates().get_template(f"{template}.html.j2").render(values)
    return Markup(filled)  # noqa: S704  escaped by the template


@cache
def _templates() -> Environment:
    loader = PackageLoader("delivery_analytics")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
