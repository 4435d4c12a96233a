"""The engine ``warm`` that papermill knows by name.

``papermill -e warm`` finds it by its entry point, which papermill loads while it is itself
being imported; so this module must not import papermill.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Limits:
    """What one report may take.

    Attributes
    ----------
    seconds, cell_seconds
        For the whole report, and for one of its cells; then it is killed with all it
        started. ``cell_seconds`` is ``None`` where only the whole counts.
    network
        Whether its notebook may reach one. Without, it fails where the system cannot see
        to that.
    """

    seconds: float = 600.0
    cell_seconds: float | None = None
    network: bool = True


NO_HURRY = Limits()


class _WarmEngine:
    """Runs notebooks in processes that have already imported what they need."""

    def __getattr__(self, name: str) -> Any:
        """Return what papermill asks an engine for; by then it is imported itself."""
        from delivery_analytics.execution.client import CellEngine

        return getattr(CellEngine, name)


WarmEngine = _WarmEngine()


def run_notebook(
    notebook: Path, output: Path, parameters: Mapping[str, Any], limits: Limits = NO_HURRY
) -> Any:
    """Run a notebook in its own folder and return it; written to `output` in any case.

    Where no warm worker can be had, papermill's stock engine gives it a kernel of its own,
    unless it may not reach a network: a kernel could.

    Raises
    ------
    PapermillExecutionError
        When a cell raised.
    CellTimeoutError, DeadKernelError
        When all cells, or one of them, took longer than its `limits`, or its process ended.
    WorkerLostError
        When its process was lost with the one that started it; it may be run again.
    WorkerError
        When no worker can be had and a kernel will not do.
    """
    from papermill import execute_notebook
    from papermill.engines import papermill_engines

    from delivery_analytics.execution.contract import read_notebook
    from delivery_analytics.execution.kernel import kernel_options
    from delivery_analytics.execution.worker import WorkerError

    papermill_engines.register("warm", WarmEngine)
    paths = _literal(notebook), _literal(output)
    # A notebook that some tool saved without its kernel is in Python: nothing else is run warm.
    metadata = read_notebook(notebook).metadata
    kernel = metadata.get("kernelspec", {})
    spoken = kernel.get("language") or metadata.get("language_info", {}).get("name", "python")
    options: dict[str, Any] = {
        "kernel_name": kernel.get("name", "python3"),
        "language": spoken,
        "parameters": dict(parameters),
        "progress_bar": False,
        "resources": {"metadata": {"path": str(notebook.parent)}},
    }
    try:
        warm: dict[str, Any] = {"engine_name": "warm", "network": limits.network}
        warm |= {"notebook_timeout": limits.seconds, "execution_timeout": limits.cell_seconds}
        return execute_notebook(*paths, **warm, **options)
    except WorkerError:
        if not limits.network:
            raise
        ends = kernel_options(limits.seconds, limits.cell_seconds)
        return execute_notebook(*paths, **options, **ends)


def _literal(path: Path) -> str:
    """Return a path that papermill, which formats paths, leaves as it is."""
    return str(path).replace("{", "{{").replace("}", "}}")
