"""What many tests share: the example workspace, published once for the whole run."""

import gc
import os
import shutil
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import settings

from delivery_analytics.execution.import_guard import without_grammars
from tests.support import warm_readers
from tests.support.browsing import browser, reader, windows

without_grammars()
# As in the processes that make reports: of small tables it saves a third of the work. That
# Arrow's strings, an analyst's own, show the same is held where both engines run a notebook.
pd.set_option("mode.string_storage", "python")
# How long an example takes says nothing on a machine that does other work as well.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

__all__ = ["browser", "reader", "windows"]
ROOT = Path(__file__).parents[1]
AS_OF = "2025-01-31"
# By language, the reports that tests look at. The others of an edition differ from these by
# their figures alone; `make report` makes them in English, a long test in Kazakh.
PUBLISHED = {
    "en": (
        "national", "instructions", "quality", "methods",
        "sector/healthcare", "sector/water",
        "region/kz-71",
        "programme/human_capital",
        "challenge/building_permits",
    ),
    "ru": ("national", "quality", "sector/healthcare", "sector/water"),
    "kk": ("national",),
}  # fmt: skip


# The files that take longest, so that with several processes none is left alone with one at
# the end. While the first publishes the example the next ones do not ask for it.
LONGEST = (
    "tests/publishing/test_published.py",
    "tests/browser/test_lab.py",
    "tests/test_documents.py",
    "tests/lab/test_explorer.py",
    "tests/publishing/test_publish.py",
    "tests/execution/test_dask_cluster.py",
    "tests/returns/test_marked_copy.py",
    "tests/browser/test_published.py",
    "tests/publishing/test_readers_check.py",
    "tests/browser/test_pages.py",
    "tests/charts/test_every_chart.py",
    "tests/charts/test_trajectory.py",
    "tests/cli/test_mistakes.py",
    "tests/sentences/test_sentences.py",
    "tests/writers/test_single_chart.py",
    "tests/charts/test_table.py",
    "tests/wording/test_a_language_is_one_file.py",
    "tests/loading/test_corpus.py",
    "tests/loading/test_owed.py",
    "tests/test_on_windows.py",
    "tests/cli/test_commands.py",
    "tests/execution/test_engine.py",
    "tests/charts/test_axes.py",
    "tests/writers/test_office_validity.py",
    "tests/loading/test_cases_marks.py",
    "tests/analytics/test_forecast.py",
    "tests/loading/test_cases_definitions.py",
    "tests/model/test_dataset.py",
    "tests/execution/test_jobs.py",
    "tests/publishing/test_alerts.py",
)


def publish_some(workspace):
    """Publish what the tests need, in every format."""
    from delivery_analytics.model.registry import open_registry
    from delivery_analytics.publishing.publish import publish

    return publish(
        open_registry(workspace),
        languages=tuple(PUBLISHED),
        as_of=AS_OF,
        only=lambda report: report.place.partition("/")[2] in PUBLISHED[report.language],
    )


def pytest_collection_modifyitems(items):
    """Run the `LONGEST` files first."""
    place = {file: n for n, file in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.nodeid.partition("::")[0], len(place)))


def pytest_collection_finish():
    """Leave what was imported and collected out of every later search for cycles."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000)


@pytest.fixture(scope="session", autouse=True)
def readers_kept_warm():
    with pytest.MonkeyPatch.context() as patch:
        warm_readers.keep_between_tests(patch)
        yield
    warm_readers.end_all()


@pytest.fixture
def tally(record_property):
    """Record how many of how many published answers came out; the run ends with the table."""

    def count(what, good, of):
        record_property("tally", (what, int(good), int(of)))

    return count


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Record which of the shared cases a test reads: those it holds, if it passes."""
    cases = sys.modules.get("tests.support.cases")
    read_by_now = [] if cases is None else cases.read_by_now
    read_by_now.clear()
    try:
        return (yield)
    finally:
        item.user_properties += [("case", name) for name in dict.fromkeys(read_by_now)]


def held_cases(reports):
    """Return how many cases of the README's "Reading" are read by tests that all passed."""
    from tests.support import cases

    outcomes = {}
    for one in reports:
        for name in (value for what, value in one.user_properties if what == "case"):
            outcomes.setdefault(name, set()).add(one.passed)
    folders = cases.of_reading() if outcomes else []
    held = [name for name in folders if outcomes.get(name) == {True}]
    return ('cases of "Reading" that hold their right value', len(held), len(folders))


def pytest_terminal_summary(terminalreporter):
    """Print how many of how many answers of every oracle were reproduced."""
    reports = terminalreporter.stats.get("passed", []) + terminalreporter.stats.get(
        "failed", []
    )
    rows = [value for one in reports for name, value in one.user_properties if name == "tally"]
    rows += [held] if (held := held_cases(reports))[2] else []
    if not rows:
        return
    terminalreporter.section("published answers reproduced")
    width = max(len(what) for what, _, _ in rows)
    for what, good, of in sorted(map(tuple, rows)):
        terminalreporter.write_line(f"{what:<{width}}  {good:>5} of {of:>5}")


@pytest.fixture(scope="session")
def example(tmp_path_factory):
    """A copy of the example workspace that a test run may publish in."""
    workspace = tmp_path_factory.mktemp("example")
    for name in ("data/definitions", "data/raw", "notebooks"):
        shutil.copytree(ROOT / name, workspace / name)
    return workspace


@pytest.fixture(scope="session")
def example_data():
    """The example's tables, with every revision."""
    from delivery_analytics.loading.load import load
    from delivery_analytics.model.registry import open_registry

    return load(open_registry(ROOT)).dataset


@pytest.fixture(scope="session")
def published(example, tmp_path_factory):
    """The example's edition: some of its reports, in every format.

    Of several processes that run the tests one publishes, and the others take a copy.
    """
    from delivery_analytics.publishing.editions import latest

    if "PYTEST_XDIST_WORKER" not in os.environ:
        return publish_some(example)
    shared = tmp_path_factory.getbasetemp().parent
    whole, failed = shared / "published", shared / "published.failed"
    try:
        (shared / "published.begun").mkdir()
    except FileExistsError:
        deadline = time.monotonic() + 600
        while not whole.exists():
            assert not failed.exists(), "publishing the example failed in another process"
            assert time.monotonic() < deadline, "the example is published for ten minutes now"
            time.sleep(0.2)
        shutil.copytree(whole, example, dirs_exist_ok=True, symlinks=True)
        return latest(example / "reports")
    try:
        edition = publish_some(example)
        shutil.copytree(example, shared / "published.part", symlinks=True)
        (shared / "published.part").rename(whole)
    except BaseException:
        failed.mkdir()
        raise
    return edition
