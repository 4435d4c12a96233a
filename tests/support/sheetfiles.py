"""Write spreadsheets part by part, so that each can be wrong in one exact way."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
SHEET = "xl/worksheets/sheet1.xml"


def cell(name: str, value: object, *, more: str = "") -> str:
    """Return one cell's XML: text inline, anything else as a number."""
    if isinstance(value, str):
        return f'<c r="{name}" t="inlineStr"{more}><is><t>{escape(value)}</t></is></c>'
    return f'<c r="{name}"{more}><v>{value}</v></c>'


def rows(*lines: tuple[object, ...], first: int = 1) -> str:
    """Return the XML of rows of cells; None leaves a cell out."""
    return "".join(
        f'<row r="{number}">'
        + "".join(
            cell(f"{chr(65 + place)}{number}", value)
            for place, value in enumerate(line)
            if value is not None
        )
        + "</row>"
        for number, line in enumerate(lines, start=first)
    )


GOOD = rows(("code", "actual"), ("H-001", 31), ("H-002", 84.5))


def sheet(data: str, *, head: str = "", tail: str = "") -> str:
    """Return a worksheet part around rows of cells."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}">{head}'
        f"<sheetData>{data}</sheetData>{tail}</worksheet>"
    )


def relations(**targets: tuple[str, str]) -> str:
    """Return a relationships part: id = (last word of the type, target)."""
    body = "".join(
        f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{PACKAGE}">{body}</Relationships>'


def parts(
    data: str = GOOD, *, shared: str = "", styles: str = "", head: str = "", tail: str = ""
) -> dict[str, str]:
    """Return the parts of a workbook with one sheet, ``Progress``."""
    targets = {"r1": ("worksheet", "worksheets/sheet1.xml")}
    made = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations(r1=("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="Progress" sheetId="1" r:id="r1"/></sheets></workbook>',
        SHEET: sheet(data, head=head, tail=tail),
    }
    if shared:
        targets["r2"] = ("sharedStrings", "sharedStrings.xml")
        made["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{shared}</sst>'
    if styles:
        targets["r3"] = ("styles", "styles.xml")
        made["xl/styles.xml"] = f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>'
    made["xl/_rels/workbook.xml.rels"] = relations(**targets)
    return made


def packed(members: dict[str, str | bytes]) -> bytes:
    """Return a zip of the members."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, data in members.items():
            bundle.writestr(name, data)
    return target.getvalue()


def book(folder: Path, data: str = GOOD, *, name: str = "book.xlsx", **more: str) -> Path:
    """Write a workbook with one sheet, ``Progress``, and return its path."""
    path = folder / name
    path.write_bytes(packed(parts(data, **more)))
    return path


def changed(folder: Path, name: str = "book.xlsx", **members: str | bytes | None) -> Path:
    """Write a good workbook with some members changed, added, or (None) left out.

    Members are given by the name's letters alone: ``xl_workbook_xml``.
    """
    made: dict[str, str | bytes] = dict(parts())
    short = {"".join(c if c.isalnum() else "_" for c in key): key for key in made}
    for key, value in members.items():
        target = short.get(key, key)
        made.pop(target, None)
        if value is not None:
            made[target] = value
    path = folder / name
    path.write_bytes(packed(made))
    return path


def opendocument(folder: Path, table: str, *, name: str = "book.ods", before: str = "") -> Path:
    """Write an OpenDocument spreadsheet with one sheet, ``Progress``."""
    spaces = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
        for prefix in ("office", "table", "text")
    )
    calc = (
        'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    )
    content = (
        f"{before}<office:document-content {spaces} {calc}><office:body><office:spreadsheet>"
        f'<table:table table:name="Progress">{table}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    path = folder / name
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = '<manifest:manifest xmlns:manifest="m"/>'
    members = {"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content}
    path.write_bytes(packed(members))
    return path


def odf_cell(value: object, *, more: str = "", kind: str = "") -> str:
    """Return one cell of an OpenDocument sheet."""
    if isinstance(value, str):
        inside = f"<text:p>{escape(value)}</text:p>" if value else ""
        return (
            f'<table:table-cell office:value-type="{kind or "string"}"{more}>'
            f"{inside}</table:table-cell>"
        )
    return (
        f'<table:table-cell office:value-type="{kind or "float"}" office:value="{value}"{more}>'
        f"<text:p>{value}</text:p></table:table-cell>"
    )


def odf_row(*values: object, more: str = "") -> str:
    """Return one row of an OpenDocument sheet; text that is XML already stays as it is."""
    cells = (v if str(v).startswith("<table:") else odf_cell(v) for v in values)
    return f"<table:table-row{more}>{''.join(map(str, cells))}</table:table-row>"


def record(kind: int, data: bytes = b"") -> bytes:
    """Return one record of a binary workbook: its number, its length, its bytes."""
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return head + bytes([len(data)]) + data


def wide(text: str) -> bytes:
    """Return text as a binary workbook writes it."""
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def binary_row(number: int, *, hidden: bool = False) -> bytes:
    """Return the record that opens a row, counted from zero."""
    flags = 0x10 if hidden else 0
    return record(0, struct.pack("<IIHBBBI", number, 0, 300, 0, flags, 0, 0))


def binary_cell(kind: int, column: int, data: bytes, *, style: int = 0) -> bytes:
    """Return the record of one cell of a binary workbook."""
    return record(kind, struct.pack("<II", column, style) + data)


def binary_book(folder: Path, records: bytes, *, styles: bytes = b"") -> Path:
    """Write a binary workbook with one sheet, ``Progress``."""
    begin, end = record(129), record(130)
    listed = record(156, struct.pack("<II", 0, 1) + wide("r1") + wide("Progress"))
    targets = {"r1": ("worksheet", "worksheets/sheet1.bin")}
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations(r1=("officeDocument", "xl/workbook.bin")),
        "xl/workbook.bin": record(131) + record(143) + listed + record(144) + record(132),
        "xl/worksheets/sheet1.bin": begin
        + record(148, bytes(16))
        + record(145)
        + records
        + record(146)
        + end,
    }
    if styles:
        targets["r2"] = ("styles", "styles.bin")
        members["xl/styles.bin"] = styles
    members["xl/_rels/workbook.bin.rels"] = relations(**targets)
    path = folder / "book.xlsb"
    path.write_bytes(packed(members))
    return path
