"""The shell that runs a notebook's cells: ipykernel's own, its messages sent down a pipe.

So what a notebook shows is what a kernel would have shown, made by the same code.
"""

import builtins
import getpass
import io
import json
import os
import sys
import tempfile
import threading
from base64 import b64encode
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, Protocol

import comm
from comm.base_comm import BaseComm
from ipykernel.compiler import XCachingCompiler
from ipykernel.ipkernel import IPythonKernel
from ipykernel.jsonutil import json_clean
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import StdinNotImplementedError
from jupyter_client.session import Session
from traitlets.config import Config

from delivery_analytics.report.jupyter import enable_when_shown

CELL = "cell"  # what messages of the running cell name as their cause
LANGUAGE = IPythonKernel.language_info  # as notebooks note it
STREAM_LIMIT = 1_000_000  # characters that one cell may print
_CUT = "\n[… cut: a cell may print a million characters]\n"


class Pipe(Protocol):
    """What a worker hears and answers through."""

    def send_bytes(self, buffer: bytes, /) -> None: ...
    def recv_bytes(self) -> bytes: ...


class Wire:
    """Takes the place of a kernel's session: sends its messages down the pipe."""

    def __init__(self, pipe: Pipe) -> None:
        self.pipe = pipe
        self.lock = threading.RLock()
        self.printed = 0
        self.out = Stream(self, "stdout")
        self.err = Stream(self, "stderr")
        self.below = tempfile.TemporaryFile("a+b")  # noqa: SIM115 - as long as the process
        self.sent = 0

    def send(self, kind: str, content: Any, buffers: Sequence[Any] = ()) -> None:
        with self.lock:
            message = {"type": kind, "content": content}
            if buffers:
                message["buffers"] = [b64encode(buffer).decode("ascii") for buffer in buffers]
            text = json.dumps(message, default=str)
            self.pipe.send_bytes(text.encode("utf-8", "backslashreplace"))

    def reply(self, content: dict[str, Any]) -> None:
        self.gather()
        self.send("reply", content)

    def stream(self, name: str, text: str) -> None:
        if self.printed > STREAM_LIMIT:
            return
        self.printed += len(text)
        if self.printed > STREAM_LIMIT:
            text = text[: len(text) - self.printed + STREAM_LIMIT] + _CUT
        self.send("stream", {"name": name, "text": text})

    def take_over(self) -> None:
        """Put the streams in place, also for what writes beneath Python."""
        # Handles 1 and 2 lead into a file of ours, since a subprocess or a library in C
        # writes to the handle and knows nothing of `sys.stdout`.
        sys.stdout, sys.stderr = self.out, self.err
        with open(os.devnull, "rb") as nothing:  # noqa: PTH123
            os.dup2(nothing.fileno(), 0)
        for handle in (1, 2):
            os.dup2(self.below.fileno(), handle)

    def gather(self) -> None:
        """Send what was written beneath Python: by a subprocess, or a library in C."""
        self.out.flush()
        self.err.flush()
        below = self.below.fileno()
        if (end := os.fstat(below).st_size) > self.sent:
            os.lseek(below, self.sent, os.SEEK_SET)
            text = os.read(below, min(end - self.sent, STREAM_LIMIT + 1))
            self.sent = end
            self.stream("stdout", text.decode("utf-8", "replace"))


class Stream(io.TextIOBase):
    """Standard output or error of a cell; sent when something else is to follow it."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, wire: Wire, name: str) -> None:
        self.wire, self.name, self._as = wire, f"<{name}>", name
        self._held: list[str] = []

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        with self.wire.lock:
            other = self.wire.err if self is self.wire.out else self.wire.out
            if other._held:
                other.flush()
            self._held.append(text)
        return len(text)

    def flush(self) -> None:
        with self.wire.lock:
            text, self._held = "".join(self._held), []
            if text:
                self.wire.stream(self._as, text)

    def fileno(self) -> int:
        return 1 if self._as == "stdout" else 2

    def isatty(self) -> bool:
        return False


class _PipeSession(Session):
    """A kernel's session whose messages go down a pipe instead of a socket."""

    wire: Wire

    def send(
        self, stream: Any, msg_or_type: Any, content: Any = None, *_: Any, **__: Any
    ) -> None:
        if isinstance(msg_or_type, dict):
            content, msg_or_type = msg_or_type["content"], msg_or_type["msg_type"]
        self.wire.gather()
        self.wire.send(msg_or_type, content)


class PipeComm(BaseComm):
    """What a widget tells its other half in the reader's program, sent down the pipe."""

    wire: Wire

    def publish_msg(
        self,
        msg_type: str,
        data: Any = None,
        metadata: Any = None,
        buffers: Any = None,
        **keys: Any,
    ) -> None:
        content = {"data": data or {}, "comm_id": self.comm_id, **keys}
        self.wire.gather()
        clean = json_clean(content)  # type: ignore[no-untyped-call]
        self.wire.send(msg_type, clean, buffers or ())


class Shell(ZMQInteractiveShell):
    """The shell of one notebook after another."""

    wire: Wire

    def init_profile_dir(self, profile_dir: Any) -> None:
        """Have none: a run depends on no personal settings and leaves no history."""

    def attach(self, wire: Wire) -> None:
        """Send everything shown down `wire` from now on."""
        session = _PipeSession()
        session.wire = self.wire = wire
        for part in (self.displayhook, self.display_pub):
            part.session = session  # type: ignore[union-attr]
        # Both are global where they come from: ipywidgets asks the module `comm` for the
        # other half of each widget. A process runs one notebook at a time.
        PipeComm.wire = wire
        comm.create_comm = PipeComm

    def fresh(self) -> None:
        """Forget every name and count."""
        self.reset(new_session=True)  # type: ignore[no-untyped-call]
        self.exit_now = False
        comm.get_comm_manager().comms.clear()

    def run(self, code: str, told: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
        """Run a cell and return what a kernel replies.

        `told` is what widgets are told by their other halves before.
        """
        for content in told:
            to = comm.get_comm_manager().get_comm(content["comm_id"])
            if to is not None:
                to.handle_msg({"content": content, "buffers": []})
        self.set_parent({"header": {"msg_id": CELL}})  # type: ignore[no-untyped-call]
        self.wire.send("execute_input", {"execution_count": self.execution_count})
        result = self.run_cell(code, store_history=True)  # type: ignore[no-untyped-call]
        wrong = result.error_before_exec or result.error_in_exec
        if result.success and not self._last_traceback_during_displayhook:
            return {"status": "ok"}
        error: dict[str, Any] = {"ename": type(wrong).__name__, "evalue": str(wrong)}
        return {"status": "error", **error, "traceback": self._last_traceback or []}


def new_shell() -> Shell:
    """Return the process's shell, not yet attached to a pipe."""
    # A cell that asks would wait for ever: the process has no input.
    builtins.input = _no_input
    getpass.getpass = _no_input
    config = Config()
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    own: dict[str, Any] = {"user_ns": {}, "compiler_class": XCachingCompiler}
    own["kernel"] = SimpleNamespace(eventloop=None)
    shell: Shell = Shell.instance(config=config, **own)
    # The drawing engine does not survive a fork, so there is no picture beside the chart.
    enable_when_shown(shell, still=False)
    return shell


def _no_input(*_: Any, **__: Any) -> str:
    raise StdinNotImplementedError("Nobody is there to answer: a notebook runs by itself")
