"""What the sender should do about each problem, in English: texts that `wording` translates.

A remedy is said in the reader's language beside the problem's own message, which is in
English. Names of programs and endings of files stand in braces, being alike in every
language.
"""

from __future__ import annotations

from delivery_analytics.wording.catalogue import marked

NAMES = {"program": "Excel", "ending": ".xlsx", "encoding": "UTF-8"}
OTHERWISE = marked("See the details.")
_REMEDIES = {
    # the file as a whole
    marked("Send the spreadsheet itself."): "intake.lock_file intake.not_a_file",
    marked("Nothing, if the copy was meant. Otherwise send the right file."): (
        "intake.duplicate_content intake.duplicate_table row.superseded"
    ),
    marked("Open the file in {program}, save it as a workbook ({ending}) and send it again."): (
        "intake.unreadable intake.changing container.corrupt container.empty "
        "container.extension_mismatch container.wrong_type security.xml_dtd "
        "cell.formula-uncached"
    ),
    marked("Remove the password, save the file and send it again."): "container.encrypted",
    marked("Use the agreed form, with its sheets and headings as they are."): (
        "file.not-declared structure.no_header structure.column-missing "
        "structure.marker-missing structure.cell-missing"
    ),
    marked("Name the file as agreed."): "file.name-unknown",
    marked("Remove what is no part of the table, or split the file."): (
        "security.expanded_size security.file_size security.sheet_extent "
        "structure.too_wide structure.many_sheets"
    ),
    marked("Replace the formula by its value."): "security.formula_dde value.external_link",
    marked("Save the file without macros ({ending})."): "security.macros_ignored",
    marked("Save the text as {encoding}, or send a workbook ({ending})."): (
        "csv.encoding csv.encoding-guessed"
    ),
    marked("Nothing, if the columns are divided as they should be."): "csv.dialect",
    marked("Close the quotation mark."): "csv.unclosed-quote cell.too-long",
    # sheets, headings, columns
    marked("Unhide the sheet if it must be read; otherwise delete it."): "sheet.hidden",
    marked("Nothing, if no figures were to be read there."): (
        "sheet.not-declared row.child row.group row.other row.footnote row.section row.total "
        "row.blank"
    ),
    marked("Give each sheet a name of its own."): "structure.ambiguous_sheet",
    marked("Put the heading back into its agreed row."): "structure.header_offset",
    marked("Fill in the rows below the heading."): "structure.no_rows",
    marked("Delete the cell, or move it into the table."): "structure.stray_cell",
    marked("Leave one of the two columns."): "header.duplicate-label",
    marked("Delete the column, or give it its agreed heading."): "header.extra-label",
    marked("Type the text again in one alphabet."): "header.homoglyph cell.homoglyph",
    marked("Unhide it, or delete it if it was not to be read."): "column.hidden row.hidden",
    # rows
    marked("Leave one of the rows."): "row.duplicate",
    marked("Leave the row with the right figure."): "row.primary-key",
    marked("Add a row for it; where there is no figure, say so in the row."): (
        "coverage.missing"
    ),
    # cells
    marked("Enter one figure, not a bound or a range."): "cell.bounded",
    marked("Check the figure and its unit. If it is right, tell us so."): (
        "cell.constraint-error cell.out-of-range value.outlier"
    ),
    marked("Type the text again, without spaces around it."): "cell.control-char cell.trimmed",
    marked("Enter the date as a date, such as 31.12.2024, not as text."): (
        "cell.date-ambiguous cell.date-as-text value.date_without_format value.date-range"
    ),
    marked("Correct the formula, or replace it by its value."): "cell.excel-error",
    marked("Choose a name or a code from the agreed list."): (
        "cell.foreign-key cell.name-unknown cell.name-matched cell.normalised"
    ),
    marked("Unmerge the cells, and fill in every row."): "cell.merged-key",
    marked("Enter the figure. If there is none, leave it as it is."): "cell.missing",
    marked("Give the line as many cells as the heading has."): (
        "cell.missing-cell cell.extra-cell"
    ),
    marked("Fill in the cell."): "cell.missing-key",
    marked("Enter a number as a number and a date as a date, without other text."): (
        "cell.type-error cell.not-finite cell.number-ambiguous cell.number-as-text "
        "cell.precision-lost"
    ),
    marked("Write the period in the agreed form, such as 2024 or 2024-06."): (
        "cell.period-length cell.period-unknown value.period-normalised"
    ),
    marked("Give the figure in the agreed unit, and name that unit."): (
        "cell.unit-mismatch cell.unit-unknown"
    ),
    marked("Correct the period, or the day of the report."): "value.date-future",
    marked("Enter a percentage as 85, not as 0.85."): "value.percent-ambiguous",
    marked("Check these figures: they do not agree."): (
        "value.percent-disagrees value.total-disagrees"
    ),
}
REMEDY = {code: text for text, codes in _REMEDIES.items() for code in codes.split()}
