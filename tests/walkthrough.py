"""Follow a document: run the commands and snippets that it shows, and compare what they say.

A block of a kind that is run is run, unless a comment right before it says why not:
``<!-- not run: … -->``. ``…`` in a shown answer stands for anything.
"""

import re
from dataclasses import dataclass

RUN = ("console", "python", "toml")
_FENCE = re.compile(
    r"(?:<!-- not run: (?P<why>[^>]+?) -->\s*)?^```(?P<kind>\w*)\n(?P<body>.*?)^```$",
    re.M | re.S,
)


@dataclass
class Block:
    """A fenced block: its language, its text, its line, and why it is not run."""

    kind: str
    body: str
    line: int
    why: str


def blocks(path):
    """Return the fenced blocks of a document, in order."""
    text = path.read_text(encoding="utf-8")
    return [
        Block(
            found["kind"],
            found["body"],
            text.count("\n", 0, found.start("body")),
            (found["why"] or "").strip(),
        )
        for found in _FENCE.finditer(text)
    ]


def commands(block):
    """Yield each command of a console block with the answer that is shown below it."""
    for part in re.split(r"^\$ ", block.body, flags=re.M)[1:]:
        line, _, shown = part.partition("\n")
        yield line.strip(), shown.strip()


def says(shown, told):
    """Whether an answer is the one that was shown, which may leave out with ``…``."""
    lines = [" ".join(one.split()) for one in told.strip().splitlines()]
    wanted = [" ".join(one.split()) for one in shown.strip().splitlines()]
    pattern = r"\n".join(
        r"(?:.*\n?)*?" if one == "…" else r"[^\n]*".join(map(re.escape, one.split("…")))
        for one in wanted
    )
    return re.fullmatch(pattern + r"\n?", "\n".join(lines)) is not None
