"""Keep apart what stands raised or lowered in a workbook's texts (.xlsx, .xlsm).

A reader of values joins the runs of a text, so that 31 with a footnote's 1 becomes 311. Here
the raised characters become those that are raised by themselves: 31¹.
"""

import re

_HOLDER = re.compile(rb"<(si|is)(?:\s[^<>]*)?>.*?</\1\s*>", re.DOTALL)
_RUN = re.compile(rb"<r(?:\s[^<>]*)?>.*?</r\s*>", re.DOTALL)
_SHIFTED = re.compile(
    rb"<vertAlign\b[^<>]*?\bval\s*=\s*[\"'](super|sub)script[\"']", re.IGNORECASE
)
_TEXT = re.compile(rb"(<t(?:\s[^<>]*)?>)(.*?)(</t\s*>)", re.DOTALL)
# A figure, with the marks of thousands, decimals, bounds and percentages it may have.
_FIGURE = re.compile(r"[\s\d.,'’()<>≤≥~≈%+\-–−]*\d[\s\d.,'’()<>≤≥~≈%+\-–−]*")
_RAISED = str.maketrans("0123456789()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾")
_LOWERED = str.maketrans("0123456789()", "₀₁₂₃₄₅₆₇₈₉₍₎")
_RAISED_LETTERS = str.maketrans("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")


def with_raised_runs(xml: bytes) -> bytes:
    """Return a part's XML with raised runs written in raised characters; itself if none is.

    Digits behind a number are shifted whether they stand above or below the line; elsewhere
    only raised ones are, and the letters and the figures of CO₂ stay as they were typed.
    """
    if not _SHIFTED.search(xml):
        return xml
    return _HOLDER.sub(lambda match: _item(match[0]), xml)


def _item(xml: bytes) -> bytes:
    if not _SHIFTED.search(xml):
        return xml
    runs = [run[0] for run in _RUN.finditer(xml) if not _SHIFTED.search(run[0])]
    level = b"".join(match[2] for run in runs for match in _TEXT.finditer(run))
    is_figure = _FIGURE.fullmatch(level.decode("utf-8", "replace")) is not None
    return _RUN.sub(lambda match: _run(match[0], is_figure=is_figure), xml)


def _run(xml: bytes, *, is_figure: bool) -> bytes:
    shift = _SHIFTED.search(xml)
    if shift is None or (shift[1].lower() == b"sub" and not is_figure):
        return xml

    def shifted(match: re.Match[bytes]) -> bytes:
        text = match[2].decode("utf-8", "replace")
        if "&" in text:
            return match[0]
        if shift[1].lower() == b"sub":
            text = text.translate(_LOWERED)
        else:
            text = text.translate(_RAISED)
            text = text.translate(_RAISED_LETTERS) if is_figure else text
        return match[1] + text.encode() + match[3]

    return _TEXT.sub(shifted, xml)
