"""What many tests share: the example workspace, published once for the whole run."""

import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from tests.browsing import browser, reader

# How long an example takes says nothing on a machine that does other work as well.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

__all__ = ["browser", "reader"]
ROOT = Path(__file__).parents[1]
AS_OF = "2025-01-31"


@pytest.fixture
def tally(record_property):
    """Record how many of how many published answers came out; the run ends with the table."""

    def count(what, good, of):
        record_property("tally", (what, int(good), int(of)))

    return count


def pytest_terminal_summary(terminalreporter):
    """Print how many of how many answers of every oracle were reproduced."""
    reports = terminalreporter.stats.get("passed", []) + terminalreporter.stats.get(
        "failed", []
    )
    rows = [value for one in reports for name, value in one.user_properties if name == "tally"]
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
def published(example):
    """The example's edition in English and Russian, every format."""
    from delivery_analytics.publish import publish
    from delivery_analytics.registry import open_registry

    return publish(open_registry(example), languages=("en", "ru"), as_of=AS_OF)
