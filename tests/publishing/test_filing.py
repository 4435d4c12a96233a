"""An edition appears whole or not at all, and never changes."""

import os
import shutil
import stat
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from delivery_analytics.publishing import editions
from delivery_analytics.publishing.editions import latest, verify
from delivery_analytics.publishing.filing import BusyError, building, commit, lock

JUNE = date(2025, 6, 30)


def published(reports, text="one", as_of=JUNE, **run):
    with lock(reports), building(reports) as folder:
        root = folder / "edition"
        (root / "en").mkdir(parents=True)
        (root / "evidence").mkdir()
        (root / "en" / "national.html").write_text(text)
        (root / "evidence" / "a.ipynb").write_text(str(run))
        return commit(root, reports, as_of, {"as_of": str(as_of)}, run)


def test_latest_leads_to_what_was_published(tmp_path):
    made = published(tmp_path)

    assert made.id == "2025-06-30"
    assert (tmp_path / "latest" / "en" / "national.html").read_text() == "one"
    assert verify(made) == []
    assert not list(tmp_path.glob(".building-*"))


def test_the_same_content_again_is_nothing_to_do(tmp_path):
    first = published(tmp_path, seconds=1)

    assert published(tmp_path, seconds=2) == first
    assert [one.id for one in editions.editions(tmp_path)] == ["2025-06-30"]


def test_other_content_for_the_same_day_is_another_revision(tmp_path):
    for text in "abcdefghijk":
        published(tmp_path, text)

    assert [one.id for one in editions.editions(tmp_path)][-2:] == [
        "2025-06-30-r10",
        "2025-06-30-r11",
    ]
    assert (tmp_path / "2025-06-30" / "en" / "national.html").read_text() == "a"
    assert (tmp_path / "latest" / "en" / "national.html").read_text() == "k"


def test_an_earlier_day_published_late_is_not_the_latest(tmp_path):
    published(tmp_path, "june")
    published(tmp_path, "march", as_of=date(2025, 3, 31))

    assert latest(tmp_path).id == "2025-06-30"
    assert (tmp_path / "latest" / "en" / "national.html").read_text() == "june"


def test_everyone_may_read_what_is_published(tmp_path):
    before = os.umask(0o077)
    try:
        made = published(tmp_path)
    finally:
        os.umask(before)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in made.folder.rglob("*")}

    assert modes == {0o644, 0o755}
    assert stat.S_IMODE(made.folder.stat().st_mode) == 0o755


def test_a_damaged_edition_is_not_taken_for_the_same_content(tmp_path):
    made = published(tmp_path)
    (made.folder / "en" / "national.html").write_text("other")

    assert published(tmp_path).id == "2025-06-30-r2"


def test_only_one_publish_runs_at_a_time(tmp_path):
    with (
        lock(tmp_path),
        pytest.raises(BusyError, match=r"Another publish is running since \d{4}-"),
        lock(tmp_path),
    ):
        pass
    with lock(tmp_path):
        pass


HOLDER = """
import sys, time
from pathlib import Path
from delivery_analytics.publishing.filing import lock, building
reports = Path(sys.argv[1])
with lock(reports), building(reports) as folder:
    (folder / "half.html").write_text("half")
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_publish_that_was_killed_holds_nothing_and_leaves_nothing(tmp_path):
    old = published(tmp_path)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(BusyError), lock(tmp_path):
        pass
    holder.kill()
    holder.wait()
    holder.stdout.close()

    assert verify(latest(tmp_path)) == []
    assert latest(tmp_path) == old
    assert published(tmp_path, "two").id == "2025-06-30-r2"
    assert not list(tmp_path.glob(".building-*"))


STEPS = ["rename", "fsync", "chmod", "replace", "mkdir"]


@pytest.mark.parametrize("step", STEPS)
def test_a_disk_that_fails_at_any_step_leaves_a_whole_edition(tmp_path, monkeypatch, step):
    # The step fails at its first call, then at its second, and so on until it no longer does.
    published(tmp_path / "clean")
    for failing in range(1, 40):
        reports = tmp_path / f"{step}{failing}"
        shutil.copytree(tmp_path / "clean", reports, symlinks=True)
        with monkeypatch.context() as patched:
            calls = _fail_at(patched, step, failing)
            try:
                published(reports, "two")
            except OSError:
                pass
            else:
                assert calls["n"] < failing
                break
        shown = (reports / "latest" / "en" / "national.html").read_text()
        assert verify(latest(reports)) == []
        assert shown in ("one", "two")
        assert published(reports, "two").revision == 2
        assert (reports / "latest" / "en" / "national.html").read_text() == "two"
    else:
        pytest.fail("never ended")


def _fail_at(patched, step, failing):
    owner = os if step == "fsync" else Path
    real = getattr(owner, step)
    calls = {"n": 0}

    def broken(*args, **kwargs):
        calls["n"] += 1
        if calls["n"] == failing:
            raise OSError(28, "No space left on device")
        return real(*args, **kwargs)

    patched.setattr(owner, step, broken)
    return calls


def test_where_links_are_not_allowed_a_page_leads_to_the_latest(tmp_path, monkeypatch):
    def refused(*_, **__):
        raise OSError("A required privilege is not held by the client")

    monkeypatch.setattr(Path, "symlink_to", refused)
    published(tmp_path, "one")
    published(tmp_path, "two")

    assert "url=../2025-06-30-r2/index.html" in (tmp_path / "latest/index.html").read_text()


def test_a_link_that_cannot_be_renewed_leaves_what_it_leads_to_alone(tmp_path, monkeypatch):
    first = published(tmp_path, "one")

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "symlink_to", full)
    with pytest.raises(OSError, match="No space left"):
        published(tmp_path, "two")

    assert verify(first) == []
    assert (tmp_path / "latest").readlink() == Path("2025-06-30")


def test_the_lock_says_since_when(tmp_path):
    with lock(tmp_path):
        held = time.strftime("%Y-%m-%d %H:")
        with pytest.raises(BusyError, match=held), lock(tmp_path):
            pass
