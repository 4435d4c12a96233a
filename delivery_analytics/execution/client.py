"""Papermill's engine on warm workers: its bookkeeping, its outputs, its exceptions.

Only where a cell runs is ours. The messages a worker sends are those of a kernel, and are
turned into outputs by nbclient itself.
"""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NBClientEngine
from papermill.log import logger

from delivery_analytics.execution import worker as cells
from delivery_analytics.execution.kernel import kernel_options
from delivery_analytics.execution.pool import worker
from delivery_analytics.execution.shell import CELL


class CellClient(PapermillNotebookClient):  # type: ignore[misc]
    """Runs the cells of one notebook in a worker instead of a kernel."""

    def __init__(
        self, nb_man: Any, *, deadline: float | None, network: bool = True, **options: Any
    ) -> None:
        super().__init__(nb_man, **options)
        self.deadline = deadline
        self.network = network
        self.worker: cells.Worker

    def execute(self, **_: Any) -> Any:
        """Run every cell and return the notebook."""
        self.reset_execution_trackers()
        self.kc = self.front = _Front()
        folder = self.resources.get("metadata", {}).get("path") or Path.cwd()
        with worker(Path(folder), network=self.network) as self.worker:
            self.papermill_execute_cells()
            self.set_widgets_metadata()
            self.nb.metadata["language_info"] = self.worker.language_info
        return self.nb

    def execute_cell(
        self,
        cell: Any,
        cell_index: int,
        execution_count: int | None = None,
        store_history: bool = True,
    ) -> Any:
        """Run one cell; its outputs are in it afterwards, whatever happened.

        Raises
        ------
        CellExecutionError, CellTimeoutError, DeadKernelError
            As with a kernel. In the last two cases the notebook says so too.
        WorkerLostError
            When the process is gone, and the notebook is not to blame.
        """
        skipped = self.skip_cells_with_tag in cell.metadata.get("tags", [])
        if cell.cell_type != "code" or not cell.source.strip() or skipped:
            return cell
        cell.outputs = []
        cell.metadata["execution"] = {}
        self.clear_before_next_output = False
        self.code_cells_executed += 1
        limit = self._get_timeout(cell)
        try:
            reply = self._run(cell, cell_index, limit)
        except cells.WorkerSlowError:
            self.nb_man.cell_exception(cell, cell_index=cell_index)
            over = "The time for this notebook was over", limit or 0, cell
            raise CellTimeoutError.error_from_timeout_and_cell(*over) from None
        except cells.WorkerLostError:
            raise
        except cells.WorkerDiedError as died:
            self.nb_man.cell_exception(cell, cell_index=cell_index)
            raise DeadKernelError(f"The process {died}") from None
        self._raise_for(reply, cell)
        return cell

    def _run(self, cell: Any, index: int, limit: float | None) -> dict[str, Any]:
        ends = [self.deadline, limit and time.monotonic() + limit]
        deadline = min((end for end in ends if end is not None), default=None)
        content: dict[str, Any] = {}
        for kind, content in self.worker.run(cell.source, deadline, self.front.taken()):
            if kind != "reply":
                self.process_message(_message(kind, content), cell, index)
        return content

    def _raise_for(self, reply: dict[str, Any], cell: Any) -> None:
        if reply["status"] != "error":
            return
        allowed = self.allow_errors or "raises-exception" in cell.metadata.get("tags", [])
        if self.force_raise_errors or not (allowed or reply["ename"] in self.allow_error_names):
            raise CellExecutionError.from_cell_and_msg(cell, reply)


class _Front:
    """Where nbclient's halves of widgets send what they tell the other half.

    A kernel hears them when the running cell is done; so does a worker, before the next.
    """

    def __init__(self) -> None:
        self.session = self.shell_channel = self
        self._waiting: list[dict[str, Any]] = []

    def msg(self, kind: str, *, content: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Return a message, as a kernel client's session makes one."""
        return content

    def send(self, content: dict[str, Any]) -> None:
        """Keep a message until the next cell."""
        self._waiting.append(content)

    def taken(self) -> list[dict[str, Any]]:
        """Return what was sent since the last time."""
        waiting, self._waiting = self._waiting, []
        return waiting


def _message(kind: str, content: dict[str, Any]) -> dict[str, Any]:
    header, buffers = {"msg_type": kind, "date": datetime.now(UTC)}, content.pop("buffers", [])
    message = {"header": header, "msg_type": kind, "parent_header": {"msg_id": CELL}}
    return message | {"content": content, "buffers": buffers}


class CellEngine(Engine):  # type: ignore[misc]
    """Papermill's engine on warm workers. A notebook in another language has a kernel.

    It takes what papermill's own engine takes, and ``notebook_timeout``: the seconds that
    all cells together may take; and ``network``: whether cells may reach one.
    """

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        *,
        start_timeout: float = 60,
        execution_timeout: float | None = None,
        notebook_timeout: float | None = None,
        network: bool = True,
        input_path: Any = None,
        **options: Any,
    ) -> None:
        """Run the notebook of `nb_man`.

        Raises
        ------
        WorkerError
            When it is in another language and may not reach a network: a kernel could.
        """
        cell_seconds = execution_timeout or options.pop("timeout", None)
        if nb_man.nb.metadata.get("kernelspec", {}).get("language", "python") != "python":
            if not network:
                raise cells.WorkerError("a kernel cannot be cut off from the network")
            options |= kernel_options(notebook_timeout, cell_seconds)
            options |= {"start_timeout": start_timeout}
            NBClientEngine.execute_managed_notebook(nb_man, kernel_name, **options)
            return
        deadline = time.monotonic() + notebook_timeout if notebook_timeout else None
        options |= {"timeout": cell_seconds, "kernel_name": kernel_name, "log": logger}
        # The notebook is written when all cells have run, not after each: this process
        # survives whatever a cell does, so there is nothing to lose in between.
        path, nb_man.output_path = nb_man.output_path, None
        try:
            CellClient(nb_man, deadline=deadline, network=network, **options).execute()
        finally:
            nb_man.output_path = path
