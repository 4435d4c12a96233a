"""Whatever an analyst adds to a report, as the blocks that every format writes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import altair as alt
import pandas as pd
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from PIL import Image, ImageOps

from delivery_analytics.errors import DefinitionError
from delivery_analytics.model.lookup import mistake
from delivery_analytics.report.document import Block, Bullets, Heading, Picture, Table, Text
from delivery_analytics.report.figure import Figure
from delivery_analytics.report.own_chart import completed
from delivery_analytics.wording.wording import Wording

_WIDEST = 1600  # pixels of a picture, which is twice what a page shows
_MARKDOWN = MarkdownIt("commonmark", {"html": False})
_BLOCKS = get_args(Block)


def blocks_of(item: Any, words: Wording, **said: Any) -> list[Block]:
    """Return `item` as blocks.

    Parameters
    ----------
    item
        A block; a text in Markdown; a DataFrame or Series; an Altair chart; a picture: the
        path or the bytes of a PNG or JPEG, an image of Pillow, a figure of matplotlib.
    said
        What stands beside it: ``title``, and what else `Table`, `Figure` or `Picture` take.

    Raises
    ------
    DefinitionError
        If it is none of these, or cannot be shown in every format.
    """
    if isinstance(item, str):
        return [*_written(SyntaxTreeNode(_MARKDOWN.parse(item)).children)]
    if isinstance(item, pd.DataFrame | pd.Series):
        return [Table(pd.DataFrame(item), **said)]
    if isinstance(item, alt.TopLevelMixin):
        item, said = Figure(item, **said), {}
    elif isinstance(item, Path | bytes | Image.Image) or hasattr(item, "savefig"):
        return [_picture(item, **said)]
    if isinstance(item, Figure) and item.is_empty:
        return [Text(item.alt)]
    if not isinstance(item, _BLOCKS) or said:
        raise DefinitionError(_refusal(item, said))
    return [completed(item, words) if isinstance(item, Figure) else item]


def _refusal(item: Any, said: dict[str, Any]) -> str:
    name = type(item).__name__
    if isinstance(item, _BLOCKS):
        return f"{name} takes {', '.join(said)} when it is made, not when it is added"
    mends = {"Styler": "add its .data, with da.Table for marks and bars", "list": "add_each"}
    mend = "add its .to_pandas()" if hasattr(item, "to_pandas") else mends.get(name)
    return (
        f"A report cannot show a {name}: {mend or 'make it one of these'}. It takes blocks, "
        "DataFrames, Altair charts, texts in Markdown and pictures (a Path, bytes, an image of "
        "Pillow, a figure of matplotlib)"
    )


def _picture(item: Any, title: str = "", alt: str = "") -> Picture:
    """Return a picture as large as pages show it, and with nothing hidden in its file."""
    name = item.name if isinstance(item, Path) else ""
    source, file = io.BytesIO(item) if isinstance(item, bytes) else item, io.BytesIO()
    if hasattr(item, "savefig"):
        source = io.BytesIO()
        item.savefig(source, format="png", dpi=200, bbox_inches="tight")
    try:
        image = item
        if not isinstance(item, Image.Image):
            image = Image.open(source, formats=("PNG", "JPEG"))
        kind = "JPEG" if image.format == "JPEG" else "PNG"
        image = ImageOps.exif_transpose(image)
        image.thumbnail((_WIDEST, _WIDEST))
        image = image.convert("RGB" if kind == "JPEG" else "RGBA")
        Image.frombytes(image.mode, image.size, image.tobytes()).save(file, kind, quality=90)
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise mistake("picture-unread", name=name, error=error) from error
    return Picture(file.getvalue(), title, alt or title or Path(name).stem)


def _written(nodes: list[SyntaxTreeNode]) -> Iterator[Block]:
    """Yield the blocks of a Markdown text; what we have no block for stays as its text."""
    for node in nodes:
        if node.type == "heading":
            yield Heading(_paragraph(node).text, max(2, int(node.tag[1:])))
        elif node.type.endswith("_list"):
            items = [one for item in node.children for one in _points(item)]
            ordered = node.type == "ordered_list"
            yield Bullets(tuple(items), int(node.attrs.get("start", 1)) if ordered else None)
        elif node.type == "blockquote":
            yield from _written(node.children)
        elif node.type != "hr":
            yield _paragraph(node)


def _points(item: SyntaxTreeNode) -> Iterator[Text | Bullets]:
    """Yield the text of a list's point, and the lists within it."""
    found = [*_written(item.children)]
    texts = [one for one in found if isinstance(one, Text | Heading)]
    strong = [phrase for one in texts if isinstance(one, Text) for phrase in one.strong]
    yield Text(" ".join(one.text for one in texts), tuple(strong))
    yield from (one for one in found if isinstance(one, Bullets))


def _paragraph(node: SyntaxTreeNode) -> Text:
    """Return what a node says, its links in brackets, and which phrases of it stand out."""
    strong: list[str] = []

    def said(one: SyntaxTreeNode) -> str:
        text = "".join(map(said, one.children)) or (one.content if not one.children else "")
        if one.type.endswith("break"):
            return " "
        if one.type == "strong":
            strong.append(text)
        address = str(one.attrs.get("href") or one.attrs.get("src") or "")
        return f"{text} ({address})" if address not in ("", text) else text

    return Text(said(node).strip(), tuple(strong))
