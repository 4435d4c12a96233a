"""What may stand in a chart, on a page, on paper, in a cell or on a slide."""

import re

# Characters that XML forbids, those that end a line where nobody expects it, and those
# that turn the direction of the text around them.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def printable(text: object) -> str:
    """Return `text` without the characters that no document may hold.

    What a spreadsheet sent can contain control characters, lone surrogates, separators of
    lines and paragraphs, and marks that reverse the reading direction. They are shown as
    U+FFFD, the same in every format, so that nobody mistakes the text for a clean one.
    Tabs and line ends stay.
    """
    return _UNPRINTABLE.sub("\ufffd", str(text))


def inside(text: str) -> str:
    """Return `text`, which may open a sentence, as it stands inside one."""
    return text[:1].lower() + text[1:]
