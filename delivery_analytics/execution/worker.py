"""One process that runs the cells of one notebook, as seen from outside."""

import contextlib
import json
import os
import signal
import time
from base64 import b64decode
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

START_SECONDS = 60.0

Message = tuple[str, dict[str, Any]]  # a kernel's: kind and content


class WorkerError(Exception):
    """No worker could be started here; another way to run the notebook is needed."""


class WorkerDiedError(Exception):
    """The process that ran the cells is gone; says how it ended."""


class WorkerLostError(WorkerDiedError):
    """The process is gone because the one that started it is: no doing of its cells."""


class WorkerSlowError(Exception):
    """The time was over; the process was killed."""


FAILURES = WorkerError, WorkerDiedError, WorkerSlowError


class Worker:
    """One notebook's process, as seen from outside.

    Parameters
    ----------
    pipe
        Where its messages arrive.
    kill
        Ends it and everything it started, and returns its exit status.
    watch
        A handle that becomes readable when the process ends, even while something it
        started still holds the pipe.
    """

    def __init__(
        self, pipe: Any, kill: Callable[[], int | None], watch: int | None = None
    ) -> None:
        self._pipe = pipe
        self._kill: Callable[[], int | None] | None = kill
        self._watch = watch
        self.language_info: dict[str, Any] = {}

    def begin(self, folder: Path) -> None:
        """Start a notebook in `folder`, with this process's environment."""
        self._send({"begin": {"cwd": str(folder), "env": dict(os.environ)}})
        *_, (_, reply) = self._messages(time.monotonic() + START_SECONDS)
        self.language_info = reply["language_info"]

    def run(
        self, code: str, deadline: float | None, told: Sequence[dict[str, Any]] = ()
    ) -> Iterator[Message]:
        """Run a cell; yield its messages, kind and content, the last of kind ``reply``.

        `told` is what widgets are told before. What a widget sends may have ``buffers``
        in its content, as bytes.

        Raises
        ------
        WorkerDiedError, WorkerSlowError
            When the process ended, or was ended at `deadline` (`time.monotonic`).
        """
        self._send({"run": code, "told": list(told)})
        yield from self._messages(deadline)

    def _send(self, request: dict[str, Any]) -> None:
        try:
            self._pipe.send_bytes(json.dumps(request).encode())
        except OSError:
            raise self._died() from None

    def _messages(self, deadline: float | None) -> Iterator[Message]:
        kind = ""
        while kind != "reply":
            self._await(deadline)
            try:
                message = json.loads(self._pipe.recv_bytes())
            except (EOFError, OSError):
                raise self._died() from None
            kind, content = message["type"], message["content"]
            if "buffers" in message:
                content["buffers"] = [*map(b64decode, message["buffers"])]
            yield kind, content

    def _await(self, deadline: float | None) -> None:
        left = None if deadline is None else max(0.0, deadline - time.monotonic())
        watched = [self._pipe, *([self._watch] if self._watch is not None else [])]
        ready = wait(watched, left)
        if not ready:
            self.end()
            raise WorkerSlowError
        if self._pipe not in ready and not self._pipe.poll(0):
            raise self._died()

    def _died(self) -> WorkerDiedError:
        status = self.end()
        if status is None:
            return WorkerLostError("was lost together with the one that started it")
        return WorkerDiedError(_how_it_ended(status))

    def end(self) -> int | None:
        """Kill the process with all it started, and return how it had ended by itself.

        ``None`` when nobody is left who knows.
        """
        kill, self._kill = self._kill, None
        if kill is None:
            return None
        self._pipe.close()
        if self._watch is not None:
            os.close(self._watch)
        return kill()


def _how_it_ended(status: int) -> str:
    if status < 0:
        with contextlib.suppress(ValueError):
            return f"was ended by {signal.Signals(-status).name}"
    return f"ended by itself with exit code {status}"
