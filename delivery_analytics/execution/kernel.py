"""A kernel of its own for a notebook, where nothing warm can run it.

It is run by papermill's stock engine. Only how this process speaks to the kernel is ours.
"""

import os
import tempfile
import time
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.manager import AsyncKernelManager
from traitlets import Type

from delivery_analytics.execution.import_guard import WITHOUT_GRAMMARS

_LOOK = 0.2  # seconds


def kernel_options(
    notebook_seconds: float | None, cell_seconds: float | None
) -> dict[str, Any]:
    """Return what papermill's stock engine is told, so that all cells have one deadline."""
    limits = [cell_seconds] if cell_seconds else []
    end = time.monotonic() + notebook_seconds if notebook_seconds else None

    def left(_: Any) -> int | None:
        """Return the whole seconds that the next cell may take; nbclient asks before each."""
        ends = [*limits, *([end - time.monotonic()] if end is not None else [])]
        return max(1, round(min(ends))) if ends else None

    return {
        "timeout_func": left,
        "kernel_manager_class": LocalKernelManager,
        "extra_arguments": [f"--IPKernelApp.exec_lines={WITHOUT_GRAMMARS}"],
    }


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
