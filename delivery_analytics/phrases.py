"""What each code is called, in English: the texts that `wording` looks up and translates.

Analytics and the loader return codes, never prose. A code without a text here is printed
as it is, so nothing a reader must know is hidden by a missing word.
"""

from __future__ import annotations

from delivery_analytics.locales.catalogue import marked

STATUS = {
    "achieved": marked("Achieved"),
    "on_track": marked("On track"),
    "at_risk": marked("At risk"),
    "off_track": marked("Off track"),
    "not_judged": marked("Not judged"),
}
LETTER = {
    "achieved": marked("A", "status letter"),
    "on_track": marked("T", "status letter"),
    "at_risk": marked("R", "status letter"),
    "off_track": marked("F", "status letter"),
    "not_judged": marked("N", "status letter"),
}
REASON = {
    "target_reached": marked("The target is reached"),
    "on_trajectory": marked("On the trajectory"),
    "ahead_of_trajectory": marked("Ahead of the trajectory"),
    "below_trajectory": marked("Short of the trajectory"),
    "against_direction": marked("Moved the wrong way from the baseline"),
    "plan_met": marked("The plan is met"),
    "plan_nearly_met": marked("The plan is nearly met"),
    "plan_missed": marked("The plan is missed"),
    "within_tolerance": marked("Within the agreed tolerance"),
    "outside_tolerance": marked("Outside the agreed tolerance"),
    "no_observation": marked("Nothing is reported"),
    "value_missing": marked("The return gives no figure"),
    "no_target": marked("No target is agreed"),
    "no_baseline": marked("No baseline is agreed"),
    "no_planned_change": marked("The target equals the baseline: no change is planned"),
    "no_plan_for_period": marked("No plan is agreed for the period"),
    "target_contradicts_direction": marked("The target contradicts the agreed direction"),
    "observation_stale": marked("The latest figure is too old"),
    "before_baseline": marked("The latest figure is older than the baseline"),
    "zero_plan": marked("No percentage of the plan can be formed"),
}
METHOD = {
    "share_of_planned_change": marked("Share of planned change"),
    "kz_plan_execution": marked("Execution of the plan"),
    "delivery_confidence": marked("Delivery confidence"),
}
DIRECTION = {
    "increase": marked("Increase"),
    "decrease": marked("Decrease"),
    "maintain": marked("Maintain"),
}
KIND = {
    "baseline": marked("Baseline"),
    "interim": marked("Interim target"),
    "final": marked("Target"),
}
SEVERITY = {
    "error": marked("Error"),
    "warning": marked("Warning"),
    "note": marked("Note"),
}
OBS_STATUS = {
    "normal": marked("Final figure"),
    "missing": marked("No figure"),
    "not_applicable": marked("Not applicable"),
    "provisional": marked("Provisional"),
    "estimated": marked("Estimated"),
    "bounded": marked("A bound, not a figure"),
}
FREQUENCY = {
    "annual": marked("Annual"),
    "half_yearly": marked("Half-yearly"),
    "quarterly": marked("Quarterly"),
    "monthly": marked("Monthly"),
}
PROBLEM = {
    # the file as a whole
    "intake.lock_file": marked("A lock file left by an office program, not a return"),
    "intake.duplicate_content": marked("The same file was sent twice under different names"),
    "intake.duplicate_table": marked("The same table was sent twice"),
    "intake.unreadable": marked("The file cannot be opened"),
    "intake.not_a_file": marked("Not a file"),
    "intake.changing": marked("The file changed while it was read"),
    "intake.table-damaged": marked("A stored table is damaged or gone"),
    "intake.not-loaded": marked("Nothing has been loaded yet"),
    "container.corrupt": marked("The file is damaged"),
    "container.empty": marked("The file is empty"),
    "container.encrypted": marked("The file is protected by a password"),
    "container.extension_mismatch": marked("The file's ending does not match its format"),
    "container.wrong_type": marked("The file is not a spreadsheet"),
    "file.not-declared": marked("No sheet is declared for this file"),
    "file.name-unknown": marked("The file's name does not say what it must"),
    "security.expanded_size": marked("The file unpacks to more than is allowed"),
    "security.file_size": marked("The file is larger than is allowed"),
    "security.formula_dde": marked("A formula that would start another program"),
    "security.macros_ignored": marked("The file holds macros; they were ignored"),
    "security.sheet_extent": marked("The sheet reaches further than is allowed"),
    "security.xml_dtd": marked("The file refers to things outside itself"),
    "csv.dialect": marked("An unusual separator of columns"),
    "csv.encoding": marked("The text is in several encodings"),
    "csv.encoding-guessed": marked("The text encoding was guessed"),
    "csv.unclosed-quote": marked("A quotation mark is never closed"),
    # sheets, headings, columns
    "sheet.hidden": marked("A hidden sheet"),
    "sheet.not-declared": marked("A sheet that is not declared"),
    "structure.ambiguous_sheet": marked("Two sheets have the same name"),
    "structure.cell-missing": marked("A required cell has no value"),
    "structure.column-missing": marked("A required column is missing"),
    "structure.header_offset": marked("The heading is not in the first row"),
    "structure.marker-missing": marked("The text above the table was not found"),
    "structure.many_sheets": marked("More sheets than expected"),
    "structure.no_header": marked("No heading was found"),
    "structure.no_rows": marked("No rows below the heading"),
    "structure.stray_cell": marked("A stray cell far from the table"),
    "structure.too_wide": marked("More columns than are allowed"),
    "header.duplicate-label": marked("Two columns have the same heading"),
    "header.extra-label": marked("A column that is not declared"),
    "header.homoglyph": marked("Look-alike letters of another alphabet in a heading"),
    "column.hidden": marked("A hidden column"),
    # rows
    "row.blank": marked("A blank row"),
    "row.child": marked("A breakdown of a row that was read"),
    "row.duplicate": marked("The same figure stands twice"),
    "row.footnote": marked("A footnote"),
    "row.hidden": marked("A hidden row"),
    "row.primary-key": marked("The same figure stands twice with different values"),
    "row.section": marked("A caption inside the table"),
    "row.superseded": marked("Superseded by a later return"),
    "row.total": marked("A total"),
    "coverage.missing": marked("Not reported"),
    # cells
    "cell.bounded": marked("A bound or a range, not a figure"),
    "cell.constraint-error": marked("The value is not allowed here"),
    "cell.control-char": marked("Control characters in the text"),
    "cell.date-ambiguous": marked("A date that can be read in two ways"),
    "cell.date-as-text": marked("A date written as text"),
    "cell.excel-error": marked("A spreadsheet error instead of a value"),
    "cell.foreign-key": marked("Not in the list of what is agreed"),
    "cell.formula-uncached": marked("A formula whose result is not stored"),
    "cell.homoglyph": marked("Look-alike letters of another alphabet"),
    "cell.merged-key": marked("Merged cells in a column that names rows"),
    "cell.missing": marked("No figure is given"),
    "cell.missing-cell": marked("The line has too few cells"),
    "cell.extra-cell": marked("The line has too many cells"),
    "cell.missing-key": marked("The row does not say what it is about"),
    "cell.name-matched": marked("A name read as a similar one"),
    "cell.name-unknown": marked("A name that is not known"),
    "cell.normalised": marked("A code read in its usual form"),
    "cell.not-finite": marked("Not a finite number"),
    "cell.number-ambiguous": marked("A number that can be read in two ways"),
    "cell.number-as-text": marked("A number written as text"),
    "cell.out-of-range": marked("Outside what can be true"),
    "cell.period-length": marked("A period of the wrong length"),
    "cell.period-unknown": marked("Not a known reporting period"),
    "cell.precision-lost": marked("A number too long to be stored exactly"),
    "cell.trimmed": marked("Spaces around the text were removed"),
    "cell.type-error": marked("Not a value of the expected kind"),
    "cell.unit-mismatch": marked("The unit is not the agreed one"),
    "cell.unit-unknown": marked("A unit that is not known"),
    # values
    "value.date-future": marked("A period that has not begun"),
    "value.date-range": marked("A date that cannot be true"),
    "value.date_without_format": marked("A date stored as a plain number"),
    "value.external_link": marked("A value taken from another workbook"),
    "value.outlier": marked("Far from the other figures"),
    "value.percent-ambiguous": marked("A percentage that may be a share"),
    "value.percent-disagrees": marked("A percentage that its own row does not give"),
    "value.period-normalised": marked("A period read in its usual form"),
    "value.total-disagrees": marked("A total that is not the sum of its parts"),
    # figures that were read well and are doubtful
    "target.moved": marked("A target or its day was changed"),
    "spending.fall": marked("A running total that falls"),
    "spending.over_plan": marked("Spending far above its plan"),
    "value.copied": marked("The same figure several periods running"),
    "value.early": marked("Reported before the period ended"),
    "value.factor": marked("Ten times the figure before, or a tenth of it"),
    "value.implausible": marked("Outside what can be true"),
    "value.jump": marked("A far larger change than usual"),
    "series.break": marked("The region's borders changed between these figures"),
    "value.revised": marked("Revised since it was first reported"),
    # what we write
    "export.escaped": marked("Text that looks like markup; written as plain text"),
    "export.neutralised": marked("Text that looks like a formula; written as plain text"),
}
