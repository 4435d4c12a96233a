"""What a report was made from: one row a file that was sent, for the end of each format."""

from delivery_analytics.report.document import Table
from delivery_analytics.report.report import Report
from delivery_analytics.report.tables import table_of
from delivery_analytics.wording.catalogue import marked

COLUMNS_NOTE = marked("Fingerprint: the first 12 digits of the file’s SHA-256.")


def input_table(report: Report) -> Table:
    """Return the files behind `report`, and what became of the rows of each."""
    sources = report.data.sources
    frame = sources.assign(fingerprint=sources["sha256"].str[:12])
    return table_of("inputs", frame, report.words)
