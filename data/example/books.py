"""Write a laid-out workbook as xlsx, xls, ods or csv, with the same bytes every time."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from html import escape
from pathlib import Path

Value = str | float | int | date | None
Span = tuple[int, int, int, int]

WRITTEN = datetime(2024, 1, 1)  # noqa: DTZ001, a workbook's clock has no zone
FONT = "Times New Roman"

# What each style looks like: bold, italic, size, framed, filled, wrapped, across, format.
STYLES: dict[str, dict[str, object]] = {
    "plain": {},
    "title": {"bold": True, "size": 13},
    "sub": {"italic": True, "size": 10},
    "note": {"italic": True, "size": 9},
    "head": {"bold": True, "frame": True, "fill": True, "wrap": True, "align": "center"},
    "text": {"frame": True, "wrap": True},
    "centre": {"frame": True, "align": "center"},
    "right": {"frame": True, "align": "right"},
    "day": {"frame": True, "align": "center", "format": "dd.mm.yyyy"},
    "n0": {"frame": True, "format": "#,##0"},
    "n1": {"frame": True, "format": "#,##0.0"},
    "n2": {"frame": True, "format": "#,##0.00"},
    "n3": {"frame": True, "format": "#,##0.000"},
    "any": {"frame": True, "format": "General"},
    "day_plain": {"format": "dd.mm.yyyy"},
}


@dataclass
class Page:
    """One sheet: cells by zero-based row and column, merged ranges, widths and heights."""

    name: str
    cells: dict[tuple[int, int], tuple[Value, str]] = field(default_factory=dict)
    merges: list[Span] = field(default_factory=list)
    widths: dict[int, float] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    wide: bool = False

    def put(self, row: int, column: int, value: Value, style: str = "plain") -> None:
        """Write one cell."""
        self.cells[row, column] = (value, style)

    def line(self, row: int, values: Iterable[Value], style: str | Sequence[str]) -> None:
        """Write cells side by side from the first column."""
        for column, value in enumerate(values):
            self.put(row, column, value, style if isinstance(style, str) else style[column])

    def line_at(self, row: int, left: int, values: Iterable[Value], style: str) -> None:
        """Write cells side by side from a column."""
        for column, value in enumerate(values, start=left):
            self.put(row, column, value, style)

    def merge(self, top: int, left: int, bottom: int, right: int, value: Value) -> None:
        """Write a heading over several cells."""
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                self.put(row, column, None, "head")
        self.put(top, left, value, "head")
        if (top, left) != (bottom, right):
            self.merges.append((top, left, bottom, right))

    def size(self) -> tuple[int, int]:
        """Return the number of rows and of columns."""
        return (
            max(row for row, _ in self.cells) + 1,
            max(column for _, column in self.cells) + 1,
        )


def write(path: Path, pages: Sequence[Page]) -> None:
    """Write the pages in the format that the file's name says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    writers = {".xlsx": _xlsx, ".xls": _xls, ".ods": _ods, ".csv": _csv}
    writers[path.suffix](path, pages)


def _xlsx(path: Path, pages: Sequence[Page]) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(
        path, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    )
    book.set_properties({"created": WRITTEN, "author": "", "comments": ""})
    formats = {}
    for name, style in STYLES.items():
        look: dict[str, object] = {"font_name": FONT, "font_size": style.get("size", 11)}
        look |= {key: True for key in ("bold", "italic") if style.get(key)}
        if style.get("frame"):
            look |= {"border": 1, "valign": "vcenter"}
        if style.get("fill"):
            look |= {"bg_color": "#E7EDF3"}
        if style.get("wrap"):
            look |= {"text_wrap": True}
        if "align" in style:
            look |= {"align": style["align"]}
        if "format" in style:
            look |= {"num_format": style["format"]}
        formats[name] = book.add_format(look)
    for page in pages:
        sheet = book.add_worksheet(page.name)
        if page.wide:
            sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        for column, width in page.widths.items():
            sheet.set_column(column, column, width)
        for row, height in page.heights.items():
            sheet.set_row(row, height)
        for span in page.merges:
            sheet.merge_range(*span, "", formats["head"])
        for (row, column), (value, name) in page.cells.items():
            if isinstance(value, date):
                sheet.write_datetime(row, column, value, formats[name])
            elif isinstance(value, str):
                sheet.write_string(row, column, value, formats[name])
            elif value is None:
                sheet.write_blank(row, column, None, formats[name])
            else:
                sheet.write_number(row, column, value, formats[name])
    book.close()


def _xls(path: Path, pages: Sequence[Page]) -> None:
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    styles = {}
    for name, style in STYLES.items():
        parts = [f"font: name {FONT}, height {20 * int(str(style.get('size', 11)))}"]
        parts[0] += "".join(f", {k} on" for k in ("bold", "italic") if style.get(k))
        if style.get("frame"):
            parts.append("borders: left thin, right thin, top thin, bottom thin")
        align = f"vert centre, horiz {style.get('align', 'general')}"
        parts.append(f"align: {align}, wrap {'on' if style.get('wrap') else 'off'}")
        if style.get("fill"):
            parts.append("pattern: pattern solid, fore_colour ice_blue")
        styles[name] = xlwt.easyxf(
            "; ".join(parts), num_format_str=str(style.get("format", "General"))
        )
    for page in pages:
        sheet = book.add_sheet(page.name)
        for column, width in page.widths.items():
            sheet.col(column).width = int(256 * width)
        sheet.fit_num_pages, sheet.fit_width_to_pages, sheet.fit_height_to_pages = 1, 1, 0
        covered = {
            (row, column)
            for top, left, bottom, right in page.merges
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        }
        for top, left, bottom, right in page.merges:
            value, style_name = page.cells[top, left]
            sheet.write_merge(top, bottom, left, right, value, styles[style_name])
        for (row, column), (value, style_name) in page.cells.items():
            if (row, column) not in covered:
                sheet.write(row, column, value, styles[style_name])
    book.save(str(path))


def _csv(path: Path, pages: Sequence[Page]) -> None:
    """Write as the old systems do: windows-1251, semicolons, decimal commas."""
    (page,) = pages
    rows, columns = page.size()
    lines = []
    for row in range(rows):
        texts = [
            _csv_text(page.cells.get((row, column), (None, ""))[0]) for column in range(columns)
        ]
        lines.append(";".join(texts))
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode("cp1251"))


def _csv_text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    text = value if isinstance(value, str) else f"{value:.15g}".replace(".", ",")
    return '"' + text.replace('"', '""') + '"' if set(text) & set(';"\n') else text


_NAMESPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{full}:1.0"'
    for short, full in (
        ("office", "office"),
        ("style", "style"),
        ("text", "text"),
        ("table", "table"),
        ("fo", "xsl-fo-compatible"),
        ("number", "datastyle"),
    )
)
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


def _ods(path: Path, pages: Sequence[Page]) -> None:
    mime = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        f"{_XML}<manifest:manifest "
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
        'manifest:version="1.2">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mime}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" '
        'manifest:media-type="text/xml"/></manifest:manifest>'
    )
    tables = "".join(_ods_table(page) for page in pages)
    widths = sorted({width for page in pages for width in page.widths.values()})
    content = (
        f'{_XML}<office:document-content {_NAMESPACES} office:version="1.2">'
        f"<office:automatic-styles>{_ods_styles(widths)}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name, text, packing in (
            ("mimetype", mime, zipfile.ZIP_STORED),
            ("content.xml", content, zipfile.ZIP_DEFLATED),
            ("META-INF/manifest.xml", manifest, zipfile.ZIP_DEFLATED),
        ):
            member = zipfile.ZipInfo(name, WRITTEN.timetuple()[:6])
            member.compress_type = packing
            member.create_system = 3
            archive.writestr(member, text)


def _ods_styles(widths: Sequence[float]) -> str:
    out = [
        f'<style:style style:name="w{width:g}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width * 0.2:.2f}cm"/>'
        "</style:style>"
        for width in widths
    ]
    for digits in range(4):
        out.append(
            f'<number:number-style style:name="f{digits}"><number:number '
            f'number:decimal-places="{digits}" number:min-decimal-places="{digits}" '
            'number:min-integer-digits="1" number:grouping="true"/></number:number-style>'
        )
    for name, style in STYLES.items():
        fonts = f'fo:font-size="{style.get("size", 11)}pt"'
        fonts += ' fo:font-weight="bold"' if style.get("bold") else ""
        fonts += ' fo:font-style="italic"' if style.get("italic") else ""
        cell = ' fo:border="0.5pt solid #000000"' if style.get("frame") else ""
        cell += ' fo:background-color="#e7edf3"' if style.get("fill") else ""
        cell += ' fo:wrap-option="wrap"' if style.get("wrap") else ""
        data = f' style:data-style-name="f{name[1]}"' if name[1:] in "0123" else ""
        align = {"center": "center", "right": "end"}.get(str(style.get("align")), "")
        paragraph = f'<style:paragraph-properties fo:text-align="{align}"/>' if align else ""
        out.append(
            f'<style:style style:name="{name}" style:family="table-cell"{data}>'
            f"<style:table-cell-properties{cell}/>{paragraph}"
            f"<style:text-properties {fonts}/></style:style>"
        )
    return "".join(out)


def _ods_table(page: Page) -> str:
    rows, columns = page.size()
    spans = {(top, left): (bottom, right) for top, left, bottom, right in page.merges}
    covered = {
        (row, column)
        for (top, left), (bottom, right) in spans.items()
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    } - set(spans)
    out = [f'<table:table table:name="{escape(page.name)}">']
    for column in range(columns):
        width = page.widths.get(column)
        style = f' table:style-name="w{width:g}"' if width else ""
        out.append(f"<table:table-column{style}/>")
    for row in range(rows):
        out.append("<table:table-row>")
        for column in range(columns):
            value, style = page.cells.get((row, column), (None, "plain"))
            kind = "covered-table-cell" if (row, column) in covered else "table-cell"
            span = ""
            if (row, column) in spans:
                bottom, right = spans[row, column]
                span = (
                    f' table:number-rows-spanned="{bottom - row + 1}"'
                    f' table:number-columns-spanned="{right - column + 1}"'
                )
            out.append(_ods_cell(kind, value, style, span))
        out.append("</table:table-row>")
    out.append("</table:table>")
    return "".join(out)


def _ods_cell(kind: str, value: Value, style: str, span: str) -> str:
    opening = f'<table:{kind} table:style-name="{style}"{span}'
    if value is None:
        return f"{opening}/>"
    if isinstance(value, date):
        typed = f'office:value-type="date" office:date-value="{value.isoformat()}"'
        shown = f"{value:%d.%m.%Y}"
    elif isinstance(value, str):
        typed, shown = 'office:value-type="string"', value
    else:
        typed = f'office:value-type="float" office:value="{value!r}"'
        shown = f"{value:.15g}"
    return f"{opening} {typed}><text:p>{escape(shown)}</text:p></table:{kind}>"
