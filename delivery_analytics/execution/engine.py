"""The engine ``warm`` that papermill knows by name.

``papermill -e warm`` finds it by its entry point, which papermill loads while it is itself
being imported; so this module must not import papermill.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any


class WarmEngine:
    """Runs notebooks in processes that have already imported what they need."""

    @staticmethod
    def execute_notebook(nb: Any, kernel_name: str, **options: Any) -> Any:
        """Run a notebook as papermill asks an engine to, and return it."""
        from delivery_analytics.execution.client import CellEngine

        return CellEngine.execute_notebook(nb, kernel_name, **options)

    @staticmethod
    def nb_kernel_name(nb: Any, name: str | None = None) -> Any:
        """Return the name of the notebook's kernel."""
        from delivery_analytics.execution.client import CellEngine

        return CellEngine.nb_kernel_name(nb, name)

    @staticmethod
    def nb_language(nb: Any, language: str | None = None) -> Any:
        """Return the notebook's language."""
        from delivery_analytics.execution.client import CellEngine

        return CellEngine.nb_language(nb, language)


def run_notebook(
    notebook: Path,
    output: Path,
    parameters: Mapping[str, Any],
    *,
    timeout: float,
    cell_timeout: float | None = None,
    network: bool = True,
) -> Any:
    """Run a notebook in its own folder and return it; written to `output` in any case.

    Where no warm worker can be had, it gets a kernel of its own, unless it may not reach
    a `network`: a kernel could.

    Raises
    ------
    PapermillExecutionError
        When a cell raised.
    CellTimeoutError, DeadKernelError
        When all took more than `timeout` seconds, or one cell more than `cell_timeout`,
        or its process ended.
    WorkerLostError
        When its process was lost with the one that started it; it may be run again.
    WorkerError
        When no worker can be had and a kernel will not do.
    """
    from papermill import execute_notebook
    from papermill.engines import papermill_engines

    from delivery_analytics.execution.kernel import KernelEngine
    from delivery_analytics.execution.worker import WorkerError

    papermill_engines.register("warm", WarmEngine)
    papermill_engines.register("kernel", KernelEngine)
    options: dict[str, Any] = {
        "parameters": dict(parameters),
        "progress_bar": False,
        "notebook_timeout": timeout,
        "execution_timeout": cell_timeout,
        "resources": {"metadata": {"path": str(notebook.parent)}},
    }
    paths = _literal(notebook), _literal(output)
    try:
        return execute_notebook(*paths, engine_name="warm", network=network, **options)
    except WorkerError:
        if not network:
            raise
        return execute_notebook(*paths, engine_name="kernel", **options)


def _literal(path: Path) -> str:
    """Return a path that papermill, which formats paths, leaves as it is."""
    return str(path).replace("{", "{{").replace("}", "}}")
