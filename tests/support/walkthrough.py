"""The blocks of a document, and whether what happens is what it shows."""

import re
from dataclasses import dataclass
from pathlib import Path

BLOCK = re.compile(
    r"(?:^<!-- (?P<mark>[^\n]*) -->\n)?^```(?P<kind>\S*)[^\n]*\n(?P<text>.*?)^```$", re.M | re.S
)


@dataclass
class Block:
    """A fenced block: its language, its text, and the comment right before it."""

    page: Path
    kind: str
    text: str
    mark: str


def blocks(page):
    """Return the fenced blocks of a page, in order."""
    found = BLOCK.finditer(page.read_text(encoding="utf-8"))
    return [Block(page, one["kind"], one["text"], one["mark"] or "") for one in found]


def commands(text):
    """Return each command of a console block with the lines expected of it."""
    parts = re.split(r"^\$ ", text, flags=re.M)
    assert parts[0] == "", f"a console block begins with its prompt: {text!r}"
    return [tuple(part.partition("\n")[::2]) for part in parts[1:]]


def expected(lines):
    """Return the pattern of an answer that is shown; ``…`` in it stands for anything."""
    return re.compile(re.escape(lines.strip()).replace("…", ".*"), re.S)
