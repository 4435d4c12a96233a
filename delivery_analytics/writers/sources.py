"""What a report was made from: one row a file that was sent, for the end of each format."""

from __future__ import annotations

from delivery_analytics.report.document import Report, Table
from delivery_analytics.report.figure import Column
from delivery_analytics.wording.catalogue import marked
from delivery_analytics.wording.wording import Wording

COLUMNS_NOTE = marked("Fingerprint: the first 12 digits of the file's SHA-256.")


def input_table(report: Report) -> Table:
    """Return the files behind `report`, and what became of the rows of each."""
    words, sources = report.words, report.data.sources
    columns = (
        Column("path", words("File")),
        Column("fingerprint", words("Fingerprint"), "source"),
        *intake_columns(words),
    )
    return Table(
        words("Files this report was made from"),
        sources.assign(fingerprint=sources["sha256"].str[:12]),
        columns,
        empty_text=words("There is nothing to list."),
    )


def intake_columns(words: Wording) -> tuple[Column, ...]:
    """Return when a file was received, and the four counts of its rows."""
    return (
        Column("received_on", words("Received"), "date"),
        Column("rows_read", words("Rows read"), "number", decimals=0),
        Column("rows_kept", words("Kept"), "number", decimals=0),
        Column("rows_quarantined", words("Set aside"), "number", decimals=0),
        Column("rows_skipped", words("Not data"), "number", decimals=0),
    )
