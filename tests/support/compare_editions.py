"""Say where two editions differ: figures, texts, pictures, slides, files.

    python -m tests.support.compare_editions reports/2025-01-31 ../before/reports/2025-01-31

It prints a line a difference and ends with 1 when there is any. It ignores what differs
between two runs of the same program, and nothing else:

- of ``manifest.json``: ``run`` (times, the machine), the fingerprints of files, which are
  compared themselves, and of notebooks;
- of executed notebooks: their source, times, execution counts, the ids of cells, and the random
  name of the folder that the edition was built in;
- of workbooks and slides: the order and the compression of the parts in the archive;
- of PDF: the document's id and the days it was made on.
"""

from __future__ import annotations

import io
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf

ARCHIVES = {".xlsx", ".pptx"}
_BUILDING = re.compile(r"\.building-[0-9a-f]+")
SHOWN = 160  # characters of a difference


def differences(one: Path, other: Path) -> Iterator[str]:
    """Yield a line for each difference between the editions in two folders."""
    files = [
        {
            path.relative_to(folder).as_posix(): path
            for path in folder.rglob("*")
            if path.is_file()
        }
        for folder in (one, other)
    ]
    for name in sorted({*files[0], *files[1]}):
        first, second = (found.get(name) for found in files)
        if first is None or second is None:
            yield f"{name}: only in {one if second is None else other}"
        elif first.read_bytes() != second.read_bytes():
            yield from _in_file(name, first, second)


def _in_file(name: str, one: Path, other: Path) -> Iterator[str]:
    ends, contents = Path(name).suffix, (one.read_bytes(), other.read_bytes())
    parts = [_parts(content, ends) for content in contents]
    for part in sorted({*parts[0], *parts[1]}):
        first, second = (found.get(part, "") for found in parts)
        if first != second:
            yield f"{name}{part and f' {part}'}: {_first(first, second)}"


def _parts(content: bytes, ends: str) -> dict[str, str]:
    """Return what of a file is compared, by the name of the part."""
    if ends in ARCHIVES:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {name: _text(archive.read(name)) for name in archive.namelist()}
    if ends == ".pdf":
        pages = pypdf.PdfReader(io.BytesIO(content)).pages
        drawn = {f"page {n}": page.get_contents() for n, page in enumerate(pages, 1)}
        return {
            name: _text(stream.get_data()) if stream else "" for name, stream in drawn.items()
        }
    if ends == ".ipynb":
        cells = json.loads(content)["cells"]
        return {
            f"cell {n}": _BUILDING.sub("", _plain(_outputs(cell)))
            for n, cell in enumerate(cells, 1)
        }
    if ends == ".json":
        held = json.loads(content)
        made = held.get("content", held)
        kept = {key: made[key] for key in made if key not in {"files", "notebooks"}}
        return {key: _plain(value) for key, value in kept.items()}
    return {"": _text(content)}


def _outputs(cell: dict[str, Any]) -> list[Any]:
    kept = {"output_type", "name", "text", "data", "ename", "evalue"}
    return [{key: out[key] for key in out if key in kept} for out in cell.get("outputs", [])]


def _plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)


def _text(content: bytes) -> str:
    return content.decode("utf-8", "backslashreplace")


def _first(one: str, other: str) -> str:
    """Return the first pieces that differ: lines, or tags where there are no lines."""
    pieces = [re.split(r"(?<=>)(?=<)|\n", text) for text in (one, other)]
    for first, second in zip(*pieces, strict=False):
        if first != second:
            start = next(
                (
                    n
                    for n, pair in enumerate(zip(first, second, strict=False))
                    if len({*pair}) > 1
                ),
                min(len(first), len(second)),
            )
            near = slice(max(0, start - 40), start + SHOWN)
            return f"{first[near]!r} and {second[near]!r}"
    return f"{len(pieces[0])} and {len(pieces[1])} lines"


def main(folders: list[str]) -> int:
    """Print the differences between two editions; 1 when there is any."""
    one, other = map(Path, folders)
    number = 0
    for line in differences(one, other):
        number += 1
        print(line)
    held = sum(path.is_file() for path in one.rglob("*"))
    print(f"{number} differences in {held} files")
    return 1 if number else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
