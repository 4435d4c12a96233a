"""Processes that run the cells of notebooks, one notebook at a time, and never outlive it.

`worker` hands one out. It is forked from a warm process where the system can fork, taken
from a few warm spawned ones elsewhere.
"""

import atexit
import contextlib
import json
import os
import queue
import secrets
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection, Listener
from pathlib import Path
from typing import Any

from delivery_analytics.execution import worker as cells
from delivery_analytics.execution.fork_server import ONE_THREAD, exactly
from delivery_analytics.execution.worker import START_SECONDS, Worker, WorkerError

NOTEBOOKS_A_SPAWN = 25  # then it is replaced, with whatever it has gathered
# The child gets this process's path first: a package found only there could not be imported.
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from delivery_analytics.execution.fork_server import main; main(sys.argv[2:])"
)


class Forks:
    """A warm process that forks a worker for each notebook."""

    def __init__(self, *, network: bool = True) -> None:
        self._control, theirs = socket.socketpair()
        with theirs:
            handle = theirs.fileno()
            self._process = _launch("fork", str(handle), network, pass_fds=[handle])
        self._lock = threading.Lock()
        self._ready = self._gone = False

    @contextlib.contextmanager
    def worker(self) -> Iterator[Worker]:
        """Fork a worker; it is killed at the end, with whatever it started."""
        ours, theirs = socket.socketpair()
        with theirs:
            pid = self._fork(theirs)
        watch = _watch(pid)
        worker = Worker(Connection(ours.detach()), lambda: self._end(pid), watch)
        try:
            yield worker
        finally:
            worker.end()

    def _fork(self, pipe: socket.socket) -> int:
        with self._lock:
            try:
                if not self._ready:
                    self._control.settimeout(START_SECONDS)
                    self._ready = self._control.recv(1) == b"r"
                if not self._ready:
                    raise OSError("it did not start")
                socket.send_fds(self._control, [b"f"], [pipe.fileno()])
                return int.from_bytes(exactly(self._control, 8), "big")
            except OSError as error:
                self._gone = True
                raise WorkerError(f"the warm process is gone: {error}") from None

    def _end(self, pid: int) -> int | None:
        with self._lock:
            try:
                self._control.sendall(b"k" + pid.to_bytes(8, "big"))
                return int.from_bytes(exactly(self._control, 8), "big", signed=True)
            except OSError:
                return None

    @property
    def alive(self) -> bool:
        """Whether it still can fork."""
        return not self._gone and self._process.poll() is None

    def close(self) -> None:
        """End it, and every worker that is left."""
        self._control.close()
        _reap(self._process, patience=5.0)


class Spawns:
    """Warm processes that run one notebook after another, each in a fresh namespace."""

    def __init__(self, *, network: bool = True) -> None:
        self._network = network
        # Linux ends a process with the *thread* that started it: one that stays starts all.
        self._starter = ThreadPoolExecutor(1)
        self._idle: queue.SimpleQueue[_Spawned] = queue.SimpleQueue()
        self.alive = True

    @contextlib.contextmanager
    def worker(self) -> Iterator[Worker]:
        """Lend a worker; one that has ended, or has run long enough, is not lent again."""
        try:
            spawned = self._idle.get_nowait()
        except queue.Empty:
            try:
                spawned = _Spawned(self._starter, network=self._network)
            except (OSError, WorkerError):
                self.alive = False
                raise
        worker = Worker(spawned.pipe, spawned.kill)
        spawned.notebooks += 1
        try:
            yield worker
        except BaseException:
            worker.end()
            raise
        if spawned.alive and spawned.notebooks < NOTEBOOKS_A_SPAWN:
            self._idle.put(spawned)
        else:
            worker.end()

    def close(self) -> None:
        """End every worker that waits for work."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._idle.get_nowait().kill()
        self._starter.shutdown(wait=False)


class _Spawned:
    def __init__(self, starter: ThreadPoolExecutor, *, network: bool) -> None:
        key = secrets.token_bytes(32)
        with Listener(authkey=key) as listener:
            where = str(listener.address)
            self._process = starter.submit(
                _launch, "spawn", where, network, stdin=subprocess.PIPE
            ).result()
            assert self._process.stdin is not None
            self._process.stdin.write(key.hex().encode() + b"\n")
            self._process.stdin.flush()
            self.pipe = self._accept(listener)
        self.notebooks = 0

    def _accept(self, listener: Listener) -> Any:
        arrived: queue.SimpleQueue[Any] = queue.SimpleQueue()
        threading.Thread(target=lambda: arrived.put(listener.accept()), daemon=True).start()
        try:
            return arrived.get(timeout=START_SECONDS)
        except queue.Empty:
            self.kill()
            raise WorkerError("the warm process did not start") from None

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> int:
        return _reap(self._process)


def _launch(how: str, where: str, network: bool, **options: Any) -> subprocess.Popen[bytes]:
    if sys.platform == "win32":
        options["creationflags"] = subprocess.CREATE_NEW_PROCESS_GROUP
    else:
        options["start_new_session"] = True
    options.setdefault("stdin", subprocess.DEVNULL)
    path = json.dumps([*filter(None, sys.path), str(Path.cwd())])
    bounds = [str(os.getpid()), "network" if network else "alone"]
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-c", _START, path, how, where, *bounds],
        env={**os.environ, **ONE_THREAD},
        **options,
    )


def _reap(process: subprocess.Popen[bytes], *, patience: float = 0.5) -> int:
    """End a process we launched; wait `patience` seconds for it to go by itself."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        return process.wait(patience)
    if sys.platform == "win32":
        process.kill()
    else:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    return process.wait()


def _watch(pid: int) -> int | None:
    if sys.platform != "linux":
        return None
    try:
        return os.pidfd_open(pid)
    except OSError:
        return None


Source = Forks | Spawns

_sources: dict[tuple[type[Source], bool], Source] = {}
_broken: set[type[Source]] = set()
_owner = os.getpid()  # whose `_sources` these are: a fork has them too, and must not end them
_lock = threading.RLock()


def kinds() -> list[type[Source]]:
    """Return the ways to get a worker here, best first.

    macOS can fork too, but libraries of its own do not survive it.
    """
    forks = sys.platform not in ("win32", "darwin") and hasattr(socket, "send_fds")
    every: list[type[Source]] = [Forks, Spawns] if forks else [Spawns]
    return [kind for kind in every if kind not in _broken]


def prepare(*, network: bool = True) -> None:
    """Begin to warm up, so that the first notebook need not wait for it."""
    for kind in kinds()[:1]:
        _source(kind, network)


def close() -> None:
    """End every worker of this process, also those that are running a notebook."""
    with _lock:
        while _sources:
            _sources.popitem()[1].close()


def _source(kind: type[Source], network: bool = True) -> Source:
    global _owner
    with _lock:
        if _owner != os.getpid():
            _owner = os.getpid()
            _sources.clear()
        key = kind, network
        if key in _sources and not _sources[key].alive:
            _sources.pop(key).close()
        if key not in _sources:
            _sources[key] = kind(network=network)
        return _sources[key]


atexit.register(close)


@contextlib.contextmanager
def worker(folder: Path, *, network: bool = True) -> Iterator[Worker]:
    """Lend a worker that has begun a notebook in `folder`; it is gone afterwards.

    Without `network` it can reach none, where the system can see to that.

    Raises
    ------
    WorkerError
        When none can be started here.
    """
    with contextlib.ExitStack() as stack:
        yield _begun(folder, stack, network)


def _begun(folder: Path, stack: contextlib.ExitStack, network: bool) -> Worker:
    why = "no way to start one is left"
    for kind in kinds():
        for attempt in (1, 2):
            source = _source(kind, network)
            try:
                lent = stack.enter_context(source.worker())
                lent.begin(folder)
                return lent
            except (OSError, *cells.FAILURES) as error:
                why = str(error)
                stack.close()
            if source.alive:
                break  # only this worker did not come; the next way may do, this one stays
            if attempt == 2:
                _broken.add(kind)  # a new source ended as well: not tried in this process again
    raise WorkerError(f"no warm worker could be started: {why}")
