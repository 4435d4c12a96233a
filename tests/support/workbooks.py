"""Small workbooks for tests, drawn as their rows, and workspaces to load them in."""

from datetime import date, datetime

import xlsxwriter

UNITS = """
[units]
name = { en = "units", ru = "единиц", kk = "бірлік" }
kind = "count"
decimals = 0

[percent]
name = { en = "per cent", ru = "процент", kk = "пайыз" }
symbol = { en = "%", ru = "%", kk = "%" }
kind = "percent"
"""
REGIONS = """region_id,kind,name_en,name_ru,name_kk,aliases
KZ,country,Kazakhstan,Казахстан,Қазақстан,
KZ-10,oblast,Abai Region,область Абай,Абай облысы,Абайская
KZ-71,city,Astana,г. Астана,Астана қаласы,Нур-Султан
"""
STATUS = """
default_method = "share_of_planned_change"
[max_age_days]
annual = 900
quarterly = 200
monthly = 100
"""
# An indicator to add to `INDICATORS`, which is reported by quarters.
VISITS = """
[[indicator]]
id = "visits"
code = "H-003"
name = { en = "Visits", ru = "Посещения", kk = "Келулер" }
unit = "units"
direction = "increase"
frequency = "quarterly"
"""
INDICATORS = """
name = { en = "Health", ru = "Здравоохранение", kk = "Денсаулық сақтау" }

[[indicator]]
id = "clinics"
code = "H-001"
name = { en = "Clinics renovated", ru = "Отремонтировано поликлиник", kk = "Жөнделген емханалар" }
unit = "units"
direction = "increase"

[[indicator]]
id = "vaccination"
code = "H-002"
name = { en = "Vaccination coverage", ru = "Охват вакцинацией", kk = "Вакцинациямен қамту" }
unit = "percent"
direction = "increase"
plausible = [0, 100]
"""


def workspace(folder, sheets="", indicators=INDICATORS):
    """Write a workspace with one sector, `health`, whose returns look as `sheets` says."""
    definitions = folder / "data" / "definitions"
    (definitions / "sectors").mkdir(parents=True)
    (definitions / "units.toml").write_text(UNITS, encoding="utf-8")
    (definitions / "regions.csv").write_text(REGIONS, encoding="utf-8")
    (definitions / "status.toml").write_text(STATUS, encoding="utf-8")
    (definitions / "sectors" / "health.toml").write_text(indicators + sheets, encoding="utf-8")
    (folder / "data" / "raw" / "health").mkdir(parents=True)
    return folder


def write(path, *rows, sheet="Progress", merges=(), hidden_rows=(), more=(), created=1):
    """Write a workbook of one sheet, or of several by `more` (name, rows); return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"created": datetime(2025, 1, created)})
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        for name, lines in ((sheet, rows), *more):
            page = book.add_worksheet(name)
            for row, cells in enumerate(lines):
                for column, value in enumerate(cells):
                    if isinstance(value, date):
                        moment = datetime(value.year, value.month, value.day)
                        page.write_datetime(row, column, moment, day)
                    elif value is not None:
                        page.write(row, column, value)
            if name == sheet:
                for area, text in merges:
                    page.merge_range(area, text)
                for row in hidden_rows:
                    page.set_row(row - 1, None, None, {"hidden": True})
    return path
