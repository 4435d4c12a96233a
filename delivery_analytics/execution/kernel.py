"""A kernel of its own for a notebook, where nothing warm can run it."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine
from papermill.log import logger
from traitlets import Type

from delivery_analytics.execution.import_guard import WITHOUT_GRAMMARS

_LOOK = 0.2  # seconds


class KernelClient(PapermillNotebookClient):  # type: ignore[misc]
    """Runs the cells in a kernel, all of them within one deadline."""

    def __init__(self, nb_man: Any, *, deadline: float | None, **options: Any) -> None:
        super().__init__(nb_man, **options)
        self.deadline = deadline

    def _get_timeout(self, cell: Any) -> int | None:
        limit: int | None = super()._get_timeout(cell)
        if self.deadline is None:
            return limit
        left = max(1, round(self.deadline - time.monotonic()))
        return min(left, limit) if limit else left

    def execute_cell(self, cell: Any, cell_index: int, *rest: Any) -> Any:
        """Run one cell; when its kernel is gone, the notebook says so too."""
        try:
            return super().execute_cell(cell, cell_index, *rest)
        except (CellTimeoutError, DeadKernelError):
            self.nb_man.cell_exception(cell, cell_index=cell_index)
            raise


class ShellChannel(AsyncZMQSocketChannel):
    """The channel of replies, looked at now and then though nothing woke us.

    jupyter_client sends past the socket that it listens on. What comes in while it sends,
    as nbclient does for every output that a widget captures, is not told, and waiting for
    it without a deadline would never end.
    """

    async def get_msg(  # type: ignore[override]
        self, timeout: float | None = None
    ) -> dict[str, Any]:
        """Return the next message; raise queue.Empty if none came in `timeout` seconds."""
        deadline = time.monotonic() + timeout if timeout is not None else None
        while True:
            left = deadline - time.monotonic() if deadline is not None else _LOOK
            try:
                return await super().get_msg(max(0.0, min(_LOOK, left)))
            except Empty:
                if left <= 0:
                    raise


class LocalKernelClient(AsyncKernelClient):
    """A kernel's client that misses no reply."""

    shell_channel_class = Type(ShellChannel)


class LocalKernelManager(AsyncKernelManager):
    """A kernel spoken to through sockets in a folder of its own, not through ports.

    Two kernels that start at once can take the same port; and a port is open to everyone
    on the machine.
    """

    def __init__(self, **options: Any) -> None:
        options["client_factory"] = LocalKernelClient
        if os.name != "nt":
            self._folder = tempfile.TemporaryDirectory(prefix="kernel-")
            options |= {"transport": "ipc", "ip": str(Path(self._folder.name, "k"))}
        super().__init__(**options)


class KernelEngine(Engine):  # type: ignore[misc]
    """Papermill's own engine with one deadline, and without ports."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> None:
        """Run the notebook of `nb_man`."""
        options.setdefault("kernel_manager_class", LocalKernelManager)
        options.setdefault("extra_arguments", [f"--IPKernelApp.exec_lines={WITHOUT_GRAMMARS}"])
        run_cells(KernelClient, nb_man, kernel_name, **options)


def run_cells(
    client: type[PapermillNotebookClient],
    nb_man: Any,
    kernel_name: str,
    *,
    start_timeout: float = 60,
    execution_timeout: float | None = None,
    notebook_timeout: float | None = None,
    input_path: Any = None,
    **options: Any,
) -> None:
    """Run a notebook's cells by a `client`, all of them by `notebook_timeout` seconds."""
    options["timeout"] = execution_timeout or options.get("timeout")
    options |= {"startup_timeout": start_timeout, "kernel_name": kernel_name, "log": logger}
    deadline = time.monotonic() + notebook_timeout if notebook_timeout else None
    # The notebook is written when all cells have run, not after each: this process
    # survives whatever a cell does, so there is nothing to lose in between.
    path, nb_man.output_path = nb_man.output_path, None
    try:
        client(nb_man, deadline=deadline, **options).execute()
    finally:
        nb_man.output_path = path
