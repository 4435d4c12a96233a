"""The comparer of editions sees what a reader would, and nothing that runs differ in."""

import json
import zipfile

import pytest

from tests.support.compare_editions import differences


def edition(folder, *, cell="7", status="on_track", run="10:00", extra=()):
    folder.mkdir()
    with zipfile.ZipFile(folder / "report.xlsx", "w") as book:
        book.writestr("xl/sheet1.xml", f"<row><c>{cell}</c></row>")
    (folder / "report.html").write_text(f"<p>text</p>\n<p>{status}</p>")
    outputs = [{"output_type": "stream", "name": "stdout", "text": status}]
    cells = [{"id": run, "execution_count": len(run), "source": run, "outputs": outputs}]
    (folder / "report.ipynb").write_text(json.dumps({"cells": cells, "metadata": {"at": run}}))
    manifest = {"content": {"as_of": "2025-01-31", "files": {"x": run}}, "run": {"at": run}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    for name in extra:
        (folder / name).write_text("")
    return folder


def test_two_runs_of_the_same_edition_are_equal(tmp_path):
    one = edition(tmp_path / "one", run="10:00")
    other = edition(tmp_path / "other", run="10:00:01")

    assert list(differences(one, other)) == []


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"cell": "8"}, ["report.xlsx xl/sheet1.xml: '<c>7</c>' and '<c>8</c>'"]),
        (
            {"status": "off_track"},
            [
                "report.html: '<p>on_track</p>' and '<p>off_track</p>'",
                'report.ipynb cell 1: \'  "text": "on_track"\' and \'  "text": "off_track"\'',
            ],
        ),
        ({"extra": ["more.png"]}, ["more.png: only in {other}"]),
    ],
)
def test_a_figure_a_text_and_a_file_that_differ_are_named(tmp_path, changed, told):
    one = edition(tmp_path / "one")
    other = edition(tmp_path / "other", **changed)

    assert list(differences(one, other)) == [line.format(other=other) for line in told]
