"""The notebook to copy from and the example's own work; no run leaves anything committed."""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from lxml import html

from delivery_analytics.model.registry import open_registry
from delivery_analytics.publishing.packs import make_one

ROOT = Path(__file__).parents[1]


def test_the_template_makes_a_report_once_it_says_what_it_runs_per(
    example, published, tmp_path
):
    notebook = nbformat.read(ROOT / "notebooks" / "00_template.ipynb", 4)
    notebook.metadata.delivery_analytics = {"run_per": "sector", "kind": "mine"}
    path = example / "notebooks" / "21_mine.ipynb"
    nbformat.write(notebook, path)
    try:
        [page] = make_one(
            open_registry(example),
            "21_mine",
            keys={"sector": "water"},
            formats=["html"],
            out=tmp_path,
        )
    finally:
        path.unlink()

    assert "Wastewater treated" in page.read_text(encoding="utf-8")


def test_an_output_that_is_committed_is_taken_away(tmp_path):
    told = (ROOT / ".gitattributes").read_text(encoding="utf-8")
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("1", outputs=[], execution_count=3)]
    )
    notebook.cells[0].outputs = [nbformat.v4.new_output("stream", text="secret")]
    nbformat.write(notebook, tmp_path / "a.ipynb")
    subprocess.run([sys.executable, "-m", "nbstripout", str(tmp_path / "a.ipynb")], check=True)
    left = nbformat.read(tmp_path / "a.ipynb", 4)

    assert "*.ipynb filter=nbstripout" in told
    assert left.cells[0].outputs == []
    assert left.cells[0].execution_count is None


# What may stand in Latin letters on a Russian or Kazakh page: who made it, and how files
# are told apart.
LATIN = {"delivery-analytics", "SHA"}
# Files, sheets with their cells, fingerprints.
NAMED = r"[\w/. -]+\.(?:xlsx|xlsm|xls|ods|csv)|[\w ]+![A-Z]+\d+|\b[0-9a-f]{12}\b"


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_the_examples_own_report_speaks_its_readers_language(
    example, published, tmp_path, language
):
    [page] = make_one(
        open_registry(example),
        "85_roads",
        keys={},
        language=language,
        formats=["html"],
        out=tmp_path,
    )
    body = html.parse(page).getroot().find("body")
    for other in body.xpath(f"//script | //style | //*[@lang != '{language}']"):
        other.drop_tree()
    shown = re.sub(NAMED, " ", " ".join(body.itertext()))

    assert "дорог" in shown or "жол" in shown
    assert set(re.findall(r"[A-Za-z]{3,}(?:-[a-z]+)*", shown)) <= LATIN
