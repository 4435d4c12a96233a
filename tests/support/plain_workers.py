"""Workers for notebooks that draw nothing: warm at once, without charts, writers and painters.

The warm process as it really starts is the subject of `test_engine` and `test_chart_server`.
"""

import pytest

from delivery_analytics.execution import pool

_IMPORT, _MAIN = pool._START.rsplit("; ", 1)
START = (
    f"{_IMPORT}; from delivery_analytics.execution import chart_server, fork_server; "
    "fork_server.preload = fork_server.rehearse = lambda: None; "
    f"chart_server.Painter.ensure = lambda self: None; {_MAIN}"
)


def dask_setup(_worker=None):
    """Start workers so in this process, from now on; called by Dask where it preloads this."""
    pool._START = START


@pytest.fixture(scope="module", autouse=True)
def plain_workers():
    """A whole module's workers; what it has started is gone afterwards, for others need more."""
    whole, before = pool._START, dict(pool._sources)
    dask_setup()
    yield
    pool._START = whole
    for key, source in list(pool._sources.items()):
        if before.get(key) is not source:
            pool._sources.pop(key).close()
