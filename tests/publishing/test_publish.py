"""An edition holds every report that could be made, and says what became of the others."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from delivery_analytics.errors import DefinitionError, ReportError, StorageError
from delivery_analytics.loading.load import Loaded
from delivery_analytics.model import schema
from delivery_analytics.model.dataset import STORED, Dataset
from delivery_analytics.model.registry import open_registry
from delivery_analytics.publishing import editions, filing, reuse
from delivery_analytics.publishing.editions import latest, verify
from delivery_analytics.publishing.filing import BusyError
from delivery_analytics.publishing.publish import publish
from tests.support.notebooks import write_notebook
from tests.support.plain_workers import plain_workers

__all__ = ["plain_workers"]

DEFINITIONS = Path(__file__).parents[2] / "data" / "definitions"
PARAMETERS = """\
{key}as_of: str = "2025-06-30"  # know only this
language: str = "en"  # which language
data_dir: str = ""  # where the tables are
output_dir: str = ""  # where the report goes
formats: list = ["html"]  # which formats
assets: str = ""  # where the page finds what it shares
"""
WRITE = """\
from pathlib import Path
for ending in formats:
    loaded = Path(data_dir, "manifest.json").exists()
    text = f"{{as_of}} {{language}} {key} {{assets}} {{loaded}}"
    text += "%%EOF" if ending == "pdf" else "</html>"
    Path(output_dir, f"report.{{ending}}").write_text(text)
"""


def add_notebook(workspace, name, run_per, kind, *cells):
    key = "" if run_per == "nation" else f'{run_per}: str = "x"\n'
    write = WRITE.format(key=f"{{{run_per}}}" if key else "nation")
    return write_notebook(
        workspace / "notebooks" / f"{name}.ipynb",
        *cells,
        write,
        parameters=PARAMETERS.format(key=key),
        delivery_analytics={"run_per": run_per, "kind": kind},
    )


@pytest.fixture
def registry(tmp_path):
    """A workspace with two sectors and two notebooks."""
    root = tmp_path / "workspace"
    shutil.copytree(DEFINITIONS, root / "data" / "definitions")
    (root / "data" / "raw").mkdir()
    registers = [root / "data" / "definitions" / name for name in ("bodies.csv", "acts.csv")]
    for sector in list((root / "data/definitions/sectors").glob("*.toml"))[2:]:
        sector.unlink()
        for register in registers:  # its bodies and acts are of no sector then
            text = register.read_text(encoding="utf-8").replace(f",{sector.stem},", ",,")
            register.write_text(text, encoding="utf-8")
    (root / "data/definitions/challenges.toml").unlink()
    add_notebook(root, "10_national", "nation", "national")
    add_notebook(root, "20_sector", "sector", "sector")
    return open_registry(root)


def received(registry, *days):
    """Return what was loaded where a file came on each of some days."""
    rows = [
        {
            "source_id": f"{n:012}",
            "path": f"data/raw/{n}.xlsx",
            "received_on": pd.Timestamp(day),
        }
        for n, day in enumerate(days)
    ]
    tables = {name: schema.empty(name) for name in STORED}
    tables["sources"] = schema.conform("sources", pd.DataFrame(rows))
    return Loaded(Dataset(tables, registry), ())


def published(registry, days=("2025-06-30",), **options):
    """Publish what was received on some days."""
    return publish(registry, formats=["html"], loaded=received(registry, *days), **options)


def texts(made, ending=".html"):
    return {
        path.relative_to(made.folder).as_posix(): path.read_text().removesuffix("</html>")
        for path in sorted(made.folder.rglob(f"*{ending}"))
        if not path.name.startswith("index")
    }


def test_every_notebook_runs_for_everything_it_runs_per(registry):
    made = published(registry, languages=["en", "kk"])
    one, other = registry.sectors

    assert made.id == "2025-06-30"
    assert texts(made) == {
        "en/national.html": "2025-06-30 en nation ../assets True",
        f"en/sector/{one}.html": f"2025-06-30 en {one} ../../assets True",
        f"en/sector/{other}.html": f"2025-06-30 en {other} ../../assets True",
        "kk/national.html": "2025-06-30 kk nation ../assets True",
        f"kk/sector/{one}.html": f"2025-06-30 kk {one} ../../assets True",
        f"kk/sector/{other}.html": f"2025-06-30 kk {other} ../../assets True",
    }
    assert (made.folder / "evidence" / "kk" / f"20_sector_{one}.ipynb").exists()
    assert (registry.workspace / "reports" / "latest" / "index.html").exists()
    assert verify(made) == []


def test_the_index_leads_to_every_report(registry):
    made = published(registry)
    index = (made.folder / "index.html").read_text()

    assert all(f'href="{name}"' in index for name in texts(made))


def test_regions_and_programmes_have_their_own_reports(registry):
    add_notebook(registry.workspace, "30_region", "region", "region")
    add_notebook(registry.workspace, "40_programme", "programme", "programme")
    made = published(registry, workers=2)

    assert "2025-06-30 en KZ-10 ../../assets True" in texts(made)["en/region/kz-10.html"]
    regions = [name for name in texts(made) if name.startswith("en/region/")]
    assert len(regions) == len(registry.regions) - 1
    assert {name.split("/")[-1] for name in texts(made) if "programme" in name} == {
        f"{programme}.html" for programme in registry.programmes
    }


def test_the_manifest_says_what_the_edition_was_made_from(registry):
    made = published(registry)
    content, run = made.manifest["content"], made.manifest["run"]

    assert content["inputs"][0]["path"] == "data/raw/0.xlsx"
    assert content["notebooks"].keys() == {"10_national.ipynb", "20_sector.ipynb"}
    assert "data/definitions/regions.csv" in content["definitions"]
    assert content["versions"]["pandas"] == pd.__version__
    assert content["reports"][0]["place"] == "en/national"
    assert content["files"].keys() >= texts(made).keys()
    assert run["durations"].keys() == {report["place"] for report in content["reports"]}
    assert str(registry.workspace) not in json.dumps(made.manifest)


def test_evidence_names_no_folder_of_this_machine(registry):
    made = published(registry)

    assert not any(str(registry.workspace) in text for text in texts(made, ".ipynb").values())


def test_publishing_again_changes_nothing(registry):
    first = published(registry)

    assert published(registry) == first
    assert len(editions.editions(registry.workspace / "reports")) == 1


def test_only_what_changed_is_made_again(registry):
    first = published(registry)
    add_notebook(registry.workspace, "10_national", "nation", "national", "# a change")
    second = published(registry)
    third = published(registry, force=True)

    assert second.manifest["run"]["durations"].keys() == {"en/national"}
    assert texts(second) == texts(first)
    assert verify(second) == []
    assert texts(second, ".ipynb").keys() == texts(first, ".ipynb").keys()
    assert third == second


def test_what_came_out_the_same_after_a_change_is_not_made_a_third_time(registry, monkeypatch):
    first = published(registry)
    monkeypatch.setattr(reuse, "versions", lambda: {"pandas": "another"})
    made = []

    def progress(what, done, of):
        made.append(what)

    assert published(registry, progress=progress) == first
    assert len(made) == len(first.manifest["content"]["reports"]) == 3
    assert published(registry, progress=progress) == first
    assert len(made) == 3


def test_all_is_made_again_when_something_else_was_received(registry):
    published(registry)
    again = published(registry, days=("2025-06-29", "2025-06-30"))

    assert len(again.manifest["run"]["durations"]) == 3


def test_a_file_that_was_changed_after_it_was_published_is_not_copied(registry):
    first = published(registry)
    (first.folder / "en" / "national.html").write_text("other")
    second = published(registry)

    assert second.manifest["run"]["durations"].keys() == {"en/national"}
    assert texts(second)["en/national.html"].startswith("2025-06-30 en nation")


def test_after_a_failure_only_the_failed_report_is_made_again(registry):
    notebook = registry.workspace / "notebooks" / "10_national.ipynb"
    good = notebook.read_bytes()
    add_notebook(registry.workspace, "10_national", "nation", "national", "1 / 0")
    with pytest.raises(ReportError):
        published(registry)
    notebook.write_bytes(good)
    made = published(registry)

    assert made.manifest["run"]["durations"].keys() == {"en/national"}
    assert made.id == "2025-06-30-r2"


def test_the_day_may_be_another_than_the_last(registry):
    made = published(registry, as_of="2025-03-31")

    assert made.as_of == date(2025, 3, 31)
    assert texts(made)["en/national.html"].startswith("2025-03-31")
    assert made.manifest["content"]["inputs"] == []


def test_a_failed_report_is_replaced_by_its_last_good_one_in_the_index(registry):
    good = published(registry)
    bad = next(iter(registry.sectors))
    fault = f"if sector == {bad!r}:\n    raise ValueError('broken')"
    add_notebook(registry.workspace, "20_sector", "sector", "sector", fault)

    with pytest.raises(ReportError) as caught:
        published(registry, days=("2025-07-31",))
    made = latest(registry.workspace / "reports")
    index = (made.folder / "index.html").read_text()

    assert caught.value.exit_code == 5
    assert "1 of 3 reports failed; reports/2025-07-31 has the others" in str(caught.value)
    assert f"en/sector/{bad}: In [3] if sector == {bad!r}:: ValueError: broken" in str(
        caught.value
    )
    assert f"../{good.id}/en/sector/{bad}.html" in index
    assert (made.folder / f"../{good.id}/en/sector/{bad}.html").exists()
    assert f"en/sector/{bad}.html" not in texts(made)
    assert len(texts(made)) == 2
    assert "broken" in (made.folder / "evidence/en" / f"20_sector_{bad}.ipynb").read_text()
    assert "Traceback" in made.manifest["run"]["tracebacks"][f"en/sector/{bad}"]
    assert verify(made) == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"languages": ["de"]}, "There is no language 'de'"),
        ({"as_of": "30.06.2025"}, "'30.06.2025' is not a day"),
    ],
)
def test_a_wrong_wish_is_refused_before_anything_runs(registry, options, said):
    with pytest.raises(DefinitionError, match=said):
        published(registry, **options)
    assert editions.editions(registry.workspace / "reports") == []


def test_a_format_nobody_writes_is_refused_before_anything_runs(registry):
    with pytest.raises(DefinitionError, match="There is no format 'docx'"):
        publish(registry, formats=["docx"])


@pytest.mark.parametrize("kind", ["../../x", "/tmp/x", "a/b", "Сектор", ""])
def test_a_notebook_cannot_choose_a_place_outside_the_edition(registry, kind):
    add_notebook(registry.workspace, "90_bad", "nation", kind)

    with pytest.raises(DefinitionError, match="cannot be part of a path"):
        published(registry)
    assert editions.editions(registry.workspace / "reports") == []


def test_two_notebooks_for_one_place_are_refused(registry):
    add_notebook(registry.workspace, "21_sector", "sector", "sector")

    with pytest.raises(DefinitionError, match=r"21_sector\.ipynb and 20_sector\.ipynb both"):
        published(registry)


def test_a_notebook_that_lacks_a_parameter_is_refused(registry):
    write_notebook(
        registry.workspace / "notebooks" / "50_bad.ipynb",
        parameters='sector: str = "x"',
        delivery_analytics={"run_per": "sector", "kind": "other"},
    )

    with pytest.raises(DefinitionError, match=r"50_bad\.ipynb lacks the parameter as_of"):
        published(registry)


def test_a_notebook_for_exploring_is_left_out(registry):
    write_notebook(registry.workspace / "notebooks" / "80_explore.ipynb", "1/0")

    assert len(texts(published(registry))) == 3


def test_a_second_publish_writes_nothing_while_the_first_runs(registry):
    with filing.lock(registry.workspace / "reports"), pytest.raises(BusyError):
        published(registry)


PUBLISHER = """
import sys
from pathlib import Path
from delivery_analytics.publishing.publish import publish
from delivery_analytics.model.registry import open_registry
from tests.publishing.test_publish import received
from tests.support.plain_workers import dask_setup
dask_setup()
registry = open_registry(Path(sys.argv[1]))
publish(registry, formats=["html"], loaded=received(registry, "2025-07-31"))
"""


def test_a_publish_killed_half_way_leaves_the_last_edition_whole(registry):
    good = published(registry)
    reports = registry.workspace / "reports"
    notebook = registry.workspace / "notebooks" / "20_sector.ipynb"
    before = notebook.read_bytes()
    add_notebook(
        registry.workspace, "20_sector", "sector", "sector", "import time\ntime.sleep(600)"
    )
    publisher = subprocess.Popen(
        [sys.executable, "-c", PUBLISHER, str(registry.workspace)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    deadline = time.monotonic() + 300
    # The national report is done, the others are running.
    while not list(reports.glob(".building-*/finished/en/national.json")):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    publisher.send_signal(signal.SIGKILL)
    publisher.wait(20)

    assert latest(reports) == good
    assert verify(good) == []
    notebook.write_bytes(before)
    assert published(registry) == good
    assert not list(reports.glob(".building-*"))


def test_a_publish_that_was_killed_is_continued(registry):
    reports = registry.workspace / "reports"

    def interrupt(what, done, of):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        published(registry, progress=interrupt, workers=1)
    left = [
        json.loads(path.read_text()) for path in reports.glob(".building-*/finished/**/*.json")
    ]
    made = published(registry)

    assert len(left) == 2
    assert len(made.manifest["run"]["durations"]) == 1
    assert len(texts(made)) == 3
    assert len(texts(made, ".ipynb")) == 3
    assert verify(made) == []
    assert not list(reports.glob(".building-*"))


def test_a_finished_report_of_a_killed_publish_that_was_damaged_is_made_again(registry):
    def interrupt(what, done, of):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        published(registry, progress=interrupt, workers=1)
    [left] = (registry.workspace / "reports").glob(".building-*/edition/en/national.html")
    left.write_text("half")
    made = published(registry)

    assert "en/national" in made.manifest["run"]["durations"]
    assert texts(made)["en/national.html"].startswith("2025-06-30")


FULL = "raise OSError(28, 'No space left on device')"


def test_a_full_disk_publishes_nothing_and_is_told_in_a_sentence(registry):
    good = published(registry)
    add_notebook(registry.workspace, "10_national", "nation", "national", FULL)
    with pytest.raises(StorageError, match=r"The disk is full: .*reports could not be written"):
        published(registry)

    assert latest(registry.workspace / "reports") == good
    assert not list((registry.workspace / "reports").glob(".building-*"))


def test_a_disk_without_room_for_another_edition_is_told_before_anything_runs(
    registry, monkeypatch
):
    published(registry)
    monkeypatch.setattr(filing.shutil, "disk_usage", lambda _: SimpleNamespace(free=1))
    with pytest.raises(StorageError, match="has 0 MB left, and an edition like the last one"):
        published(registry)


def test_a_folder_that_may_not_be_written_to_is_named(registry, monkeypatch):
    def refuse(self, *args, **kwargs):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(StorageError, match="reports cannot be written: Permission denied"):
        published(registry)


def test_a_second_publish_may_wait_for_the_first(registry):
    reports = registry.workspace / "reports"
    held = threading.Event()

    def hold():
        with filing.lock(reports):
            held.set()
            time.sleep(0.5)

    first = threading.Thread(target=hold)
    first.start()
    held.wait()
    made = published(registry, wait=30)
    first.join()

    assert made.id == "2025-06-30"
