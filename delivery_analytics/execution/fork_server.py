"""The other side of `pool`: the process in which a notebook's cells run.

Where the system can fork, one process imports everything once and then forks itself for
each notebook: a worker starts in milliseconds, shares nothing it changes, and is gone
afterwards. Elsewhere a worker imports everything itself and runs several notebooks, each
in a fresh namespace.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import sys
import threading
import time
from multiprocessing.connection import Client, Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from delivery_analytics.execution.chart_server import Painter, Painters, paint, stand_in
from delivery_analytics.execution.sandbox import cut_off, limit_memory
from delivery_analytics.execution.warm_up import rehearse

if TYPE_CHECKING:
    from delivery_analytics.execution.shell import Pipe, Shell

# Imported before the first fork, and every format. Names that are not installed are passed
# over.
PRELOADED = (
    *("altair", "babel.dates", "babel.numbers", "IPython.core.completer", "jinja2"),
    *("jsonschema", "numpy.random", "pandas", "pptx", "pyarrow.parquet", "pydantic"),
    *("xlsxwriter", "delivery_analytics", "delivery_analytics.charts"),
    *("delivery_analytics.model.dataset", "delivery_analytics.report.document"),
    *("delivery_analytics.analytics.status", "delivery_analytics.wording.wording"),
)
_OBJECTS = 200_000  # made between two searches for cycles: a report ends before many are
# A fork copies only the thread that forks, so the process that forks must have no other.
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
ONE_THREAD |= {"JE_ARROW_MALLOC_CONF": "background_thread:false"}


def serve(control: socket.socket) -> None:
    """Fork a worker for every pipe that `control` hands over, until it closes.

    Requests are one byte and what belongs to it: ``f`` with a pipe's handle asks for a
    worker and is answered with its process id; ``k`` with a process id kills that worker
    with its whole process group and is answered with its exit status.
    """
    import resource

    # A worker that crashes must not fill the disk with all that it shares with this process.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # A painter is started as this process was, with the same interpreter, options and path:
    # all of the command but the four arguments of `main`. Its engine keeps threads, so it is
    # another process, and what stands in for the engine is there before anything imports it.
    painters = Painters(sys.orig_argv[:-4])
    stand_in(painters.address)
    shell = _warm_shell()
    rehearse()
    if _threads() > 1:
        return  # a fork would not be safe, so there are no forks here
    children: dict[int, Painter] = {}
    own = os.getpid()
    # Who has children must end them before itself. It sees the parent go by `control` closing.
    _signal_when_parent_ends(0)
    gc.collect()
    gc.freeze()  # what is shared with every worker is never walked, so it stays shared
    try:
        control.sendall(b"r")
    except (BrokenPipeError, ConnectionResetError):
        return  # there was nothing to run, and nobody waits any more
    while True:
        request, handles, _, _ = socket.recv_fds(control, 1, 1)
        if request == b"f":
            painter = painters.free(children.values())
            pid = os.fork()
            if pid == 0:
                control.close()  # or it would stay open when the parent is gone
                stand_in(painter.address)
                _alone(own)
                _work(Connection(handles[0]), shell)
            os.close(handles[0])  # the worker has its own, whose end must show its death
            children[pid] = painter
            control.sendall(pid.to_bytes(8, "big"))
        elif request == b"k":
            pid = int.from_bytes(exactly(control, 8), "big")
            children.pop(pid, None)
            control.sendall(_end(pid).to_bytes(8, "big", signed=True))
        else:
            for pid in children:
                _end(pid)
            painters.close()
            return


def preload() -> None:
    """Import what notebooks need."""
    for name in PRELOADED:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    with contextlib.suppress(ImportError):
        from delivery_analytics.writers import available

        available()  # imports every format


def _warm_shell() -> Shell:
    import pandas as pd

    preload()
    # The tables of a report are small, and of small ones Python's own strings are quicker.
    pd.set_option("mode.string_storage", "python")
    gc.set_threshold(_OBJECTS)
    from delivery_analytics.execution.shell import new_shell

    return new_shell()


def _threads() -> int:
    """Return how many threads this process has, also those that Python knows nothing of."""
    try:
        return len(list(Path("/proc/self/task").iterdir()))
    except OSError:
        return threading.active_count()


def exactly(control: socket.socket, size: int) -> bytes:
    """Return the next `size` bytes; raise OSError when it closes before."""
    received = b""
    while len(received) < size:
        more = control.recv(size - len(received))
        if not more:
            raise OSError("it closed")
        received += more
    return received


def _end(pid: int) -> int:
    """Kill a worker and what it started, and return its exit status.

    It may be ending by itself just now; a little time tells the two apart.
    """
    ended = status = 0
    for _ in range(25):  # the fiftieth part of a second is long for a process, short for us
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            break
        time.sleep(0.002)
    # Also when it has ended: its group outlives it, with whatever its cells have started.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    if not ended:
        _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def _alone(parent: int) -> None:
    """Leave the parent's process group, and die with the parent."""
    os.setsid()
    die_with_parent(parent)
    limit_memory()
    import numpy as np

    np.random.seed()  # the fork inherited the state that every sibling has


def die_with_parent(parent: int) -> None:
    """Let the system end this process when `parent` ends, however it does."""
    if sys.platform == "linux":
        _signal_when_parent_ends(signal.SIGKILL)
        if os.getppid() != parent:  # it ended before the system was told
            os._exit(1)


def end_with_input() -> None:
    """End this process when its input closes, which it does with the process that wrote it.

    Where `die_with_parent` can do nothing this still sees the parent go, also in the middle
    of a cell. The input is read from a copy of its handle, so that no cell reads it and
    nothing that a cell starts inherits it.
    """
    parents = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)

    def wait() -> None:
        with contextlib.suppress(OSError):
            while os.read(parents, 1024):
                pass
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _signal_when_parent_ends(number: int) -> None:
    """Have the system send this process a signal then; 0 takes it back. Linux only."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, number)  # PR_SET_PDEATHSIG


def _work(pipe: Pipe, shell: Shell) -> None:
    """Answer one notebook's requests, then end the process without ceremony."""
    status = 1
    try:
        with contextlib.suppress(EOFError, OSError):
            answer(pipe, shell)
        status = 0
    finally:
        # What a fork inherited to be done at exit is its parent's: buffers, pools, painters.
        os._exit(status)


def answer(pipe: Pipe, shell: Shell) -> None:
    """Run what arrives through `pipe` until it closes.

    ``{"begin": {"cwd", "env"}}`` starts a notebook in a fresh namespace, ``{"run": code,
    "told"}`` runs a cell. Each is answered with any number of messages as a kernel sends
    them, and a last one of type ``reply``.
    """
    from delivery_analytics.execution.shell import LANGUAGE, Wire

    wire = Wire(pipe)
    shell.attach(wire)
    wire.take_over()
    while True:
        request = json.loads(pipe.recv_bytes())
        if "begin" in request:
            _begin(shell, request["begin"])
            wire.reply({"status": "ok", "language_info": LANGUAGE})
            continue
        wire.printed = 0
        wire.reply(shell.run(request["run"], request.get("told", ())))
        if shell.exit_now:
            return


def _begin(shell: Shell, request: dict[str, Any]) -> None:
    # The warm process may be older than what the one who asks has set since.
    os.environ.clear()
    os.environ.update({**request["env"], **ONE_THREAD})
    shell.init_environment()  # type: ignore[no-untyped-call]
    if hasattr(time, "tzset"):
        time.tzset()
    os.chdir(request["cwd"])
    sys.path[:] = ["", *(entry for entry in sys.path if entry)]  # as a kernel's begins
    shell.fresh()


def main(arguments: list[str]) -> None:
    """Serve forks on an inherited handle, paint, or be a single worker, at an address.

    Whoever ends the process `owner` that started this one ends this one too. The last
    argument is ``alone`` for a process that may not reach a network.
    """
    how, where, owner, network = arguments
    if how == "paint":
        paint(where, int(owner))
    die_with_parent(int(owner))
    if network == "alone":
        cut_off()
    if how == "fork":
        serve(socket.socket(fileno=int(where)))
        return
    pipe = Client(where, authkey=bytes.fromhex(sys.stdin.readline().strip()))
    end_with_input()
    limit_memory()
    _work(pipe, _warm_shell())
