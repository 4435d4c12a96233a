"""The sentences of a published page, and what each of them is said of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from lxml import html

_HEADINGS = ("h1", "h2", "h3", "h4", "h5")
_SPOKEN = ("title", "p", "li", "dd", "dt", "summary", *_HEADINGS)


@dataclass(frozen=True)
class Sentence:
    """A text as it was published.

    Attributes
    ----------
    page
        ``sector/water``; ``index`` of the portal.
    role
        Its element, and the class of it: ``p.remark``, ``h3``, ``td``, ``alt``.
    above
        The heading, the chart's title or the label that it stands under.
    part
        The heading of the second level that it stands under.
    row, column
        What its row of a table is headed by, and its column.
    """

    page: str
    language: str
    role: str
    text: str
    above: str = ""
    part: str = ""
    row: str = ""
    column: str = ""


def sentences(folder: Path) -> list[Sentence]:
    """Return what is said on every page of an edition, once for each place it is said of."""
    out = []
    for path in sorted(folder.glob("index.*.html")):
        out += page_sentences(path, "index", path.name.split(".")[1])
    for path in sorted(folder.glob("??/**/*.html")):
        language, _, place = path.relative_to(folder).with_suffix("").as_posix().partition("/")
        out += page_sentences(path, place, language)
    return list(dict.fromkeys(out))


def page_sentences(path: Path, page: str, language: str) -> list[Sentence]:
    """Return what one page says, in its order, but for what is in another language."""
    tree = html.document_fromstring(path.read_text("utf-8"))
    found = (one for one in _walk(tree, [Sentence(page, language, "", "")]) if one.text)
    return [one for one in found if any(map(str.isalnum, one.text))]


def texts_in(path: Path, language: str) -> list[str]:
    """Return every text of a page that says it is in its language, without files and cells."""
    tree = html.document_fromstring(path.read_text("utf-8"))
    return [text.strip() for text in _own_texts(tree, language) if text.strip()]


def _own_texts(element: html.HtmlElement, language: str) -> Iterator[str]:
    said = {element.get("lang"), element.get("data-language")} <= {None, language}
    if element.tag in ("script", "style") or element.get("class") == "source" or not said:
        return
    yield element.text or ""
    for child in element.iterchildren(html.etree.Element):
        yield from _own_texts(child, language)
        yield child.tail or ""


def _walk(element: html.HtmlElement, above: list[Sentence]) -> Iterator[Sentence]:
    """Yield what is said in an element; the last of `above` has what it stands under."""
    for child in element.iterchildren(html.etree.Element):
        tag, look, here = child.tag, child.get("class") or "", above[-1]
        if tag in ("script", "style", "nav", "form") or look in ("files", "skip"):
            continue
        if not {child.get("lang"), child.get("data-language")} <= {None, here.language}:
            continue
        if tag in (*_HEADINGS, "dt") or look in ("label", "caption", "name"):
            here = replace(here, above=next(filter(None, _runs(child)), ""))
            if tag == "h2":
                here = replace(here, part=here.above)
            above[-1] = here
        if tag == "table":
            yield from _table(child, here)
        elif tag == "li" and look.startswith("status-") and child.find(".//p") is None:
            number = "".join(filter(str.isdigit, child.text_content()))
            yield replace(here, role="count", text=number, column=look.removeprefix("status-"))
        elif tag in _SPOKEN and not child.xpath(".//p | .//ul | .//h2"):
            for text in _runs(child):
                yield replace(here, role=f"{tag}.{look}".rstrip("."), text=text)
        else:
            if look == "chart":
                yield replace(here, role="alt", text=child.get("aria-label"))
            yield from _walk(child, above)


def _table(table: html.HtmlElement, here: Sentence) -> Iterator[Sentence]:
    """Yield a table's caption, and its cells that are sentences, with their headings."""
    for caption in table.iterchildren("caption"):
        here = replace(here, above=_text(caption))
        yield replace(here, role="caption", text=here.above)
    headings = [_text(one) for one in table.iterfind("./thead/tr/th")]
    keyed = "key-figures" in "".join(table.xpath("ancestor::section[1]/@class"))
    for row in table.iterfind("./tbody/tr"):
        if keyed:
            label, figure, *notes = map(_text, row)
            yield replace(here, role="p.value", text=figure, above=label)
            yield from (replace(here, role="p.remark", text=n, above=label) for n in notes)
        for column, cell in zip(headings, row, strict=True):
            # In a brief the name and the figure stand in one cell.
            told, name = cell.find(".//span[@class='facts']"), row[0].find("./b")
            text = _text(cell if told is None else told)
            # Four words and a full stop are a sentence; a Russian day ends with a stop too.
            if text.endswith(".") and len(text.split(" ")) > 3:
                yield replace(
                    here,
                    role="td",
                    text=text,
                    row=_text(row[0] if name is None else name),
                    column=column,
                )


def _runs(element: html.HtmlElement) -> list[str]:
    """Return an element's text; where spans or links stand in it, each of them by itself."""
    if len(element):
        return [_one(text) for text in element.itertext()]
    return [_text(element)]


def _text(element: html.HtmlElement) -> str:
    return _one(element.text_content())


def _one(text: str) -> str:
    return re.sub(r"[ \n\t]+", " ", text).strip().removeprefix(": ")
