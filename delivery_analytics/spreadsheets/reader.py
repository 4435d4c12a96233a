"""Read spreadsheets in a child process, so that no file can take the program down.

The readers of the binary formats can be made to abort, to run for hours or to take all
memory, and no ``except`` catches that. The child has limits on memory and time; when it
dies, the file it was reading is turned away, and the next file gets a new child.

The child is a fresh interpreter, started as any other program is, and not forked: a copy
of a process with threads (JupyterLab's kernels have many) may hang at once, and one of
Python's own pools may not be opened inside another. It works alike on every system.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import pickle
import signal
import struct
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from delivery_analytics.errors import DeliveryAnalyticsError, SourceError
from delivery_analytics.spreadsheets.container import sniff
from delivery_analytics.spreadsheets.grid import Book
from delivery_analytics.spreadsheets.limits import STANDARD, ReadingLimits
from delivery_analytics.spreadsheets.refusals import located, refusal
from delivery_analytics.spreadsheets.snapshot import Snapshot, take_snapshot, without_collector
from delivery_analytics.spreadsheets.workbook import open_snapshot

Encoding = Callable[[Path], str]

_LENGTH = struct.Struct("<Q")
_READY = b"ready"
_MOST_AHEAD = 512 * 1024  # bytes of files read before their turn; as cells they take more
_LEAST_SIZE = 16 * 1024
_FILES_PER_CHILD = 20  # fewer are read sooner than another child starts
_START_SECONDS = 60.0  # a slow disk, and a virus scanner that reads every module
# The child's program. `-I -S` start Python without anybody's settings and site-packages,
# which halves the time it takes, so the paths of this process are handed over with it.
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from delivery_analytics.spreadsheets.reader import serve; serve(json.loads(sys.argv[2]))"
)
# All that a child may send back. Anything else in its answer is refused unread.
_ALLOWED = {
    *(("datetime", name) for name in ("date", "datetime", "time", "timedelta")),
    ("delivery_analytics.errors", "Problem"),
    ("delivery_analytics.spreadsheets.grid", "Grid"),
}


class Reader:
    """Opens files in a child process that is kept while it behaves.

    Use as a context manager: the child ends with it. Not for several threads at once;
    `open_all` brings its own.

    Parameters
    ----------
    limits
        What one file may cost.
    workers
        How many children `open_all` may use, when there are many files.
    """

    def __init__(self, *, limits: ReadingLimits = STANDARD, workers: int = 2) -> None:
        self.limits = limits
        self.workers = max(workers, 1)
        self._child: _Child | None = None

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """End the child. The reader can be used again, and then starts a new one."""
        child, self._child = self._child, None
        if child is not None:
            child.close()

    def open(self, path: str | Path, name: str | None = None, *, encoding: str = "") -> Book:
        """Read one file; `encoding` is the codec of a text file where it cannot be told.

        Raises
        ------
        SourceError
            When the file is turned away, and when the child did not survive it.
        """
        snapshot = take_snapshot(path, name=name, limits=self.limits)
        if sniff(snapshot.data) not in ("zip", "ole"):
            # Python's own csv reader cannot crash, and a million rows need not be copied.
            # Its limits are counted while reading. What is no spreadsheet is not read.
            return open_snapshot(snapshot, limits=self.limits, encoding=encoding)
        try:
            answer = self._living_child().ask(snapshot.data, snapshot.file)
        except _ChildDiedError as death:
            self.close()
            raise located(refusal("not_survived", death=death), file=snapshot.file) from None
        except BaseException:
            # Interrupted half-way: the next answer would belong to this file.
            self.close()
            raise
        if isinstance(answer, SourceError):
            raise located(answer, file=snapshot.file)
        # The child was told neither path nor fingerprint.
        return Book(snapshot.path, snapshot.file, snapshot.sha256, *answer)

    def open_all(
        self, paths: Iterable[str | Path], *, encoding: Encoding = lambda path: ""
    ) -> Iterator[tuple[Path, Book | SourceError]]:
        """Yield each path with its book, or with the error that turned it away, in order.

        `encoding` says of a path what codec a text file is known to be in; "" for none.
        With several workers some files are read ahead: small ones by the dozen, large ones
        no more than there are workers.
        """
        paths = list(paths)
        workers = min(self.workers, 1 + len(paths) // _FILES_PER_CHILD)
        if workers == 1:
            for path in paths:
                yield Path(path), _or_error(self, Path(path), encoding)
            return
        idle = deque(Reader(limits=self.limits) for _ in range(workers))
        pool = ThreadPoolExecutor(workers)
        try:
            yield from _in_order(pool, idle, paths, encoding, least=workers)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
            for reader in idle:
                reader.close()

    def _living_child(self) -> _Child:
        # After a fork the child belongs to the parent process: two may not talk to it.
        if self._child and self._child.owner != os.getpid():
            self._child = None
        if self._child and self._child.ended:
            self.close()
        self._child = self._child or _Child(self.limits)
        return self._child


def _or_error(reader: Reader, path: Path, encoding: Encoding) -> Book | SourceError:
    try:
        return reader.open(path, encoding=encoding(path))
    except SourceError as error:
        return error


def _in_order(
    pool: ThreadPoolExecutor,
    idle: deque[Reader],
    paths: Iterable[str | Path],
    encoding: Encoding,
    *,
    least: int,
) -> Iterator[tuple[Path, Book | SourceError]]:
    def read(path: Path) -> Book | SourceError:
        reader = idle.popleft()
        try:
            return _or_error(reader, path, encoding)
        finally:
            idle.append(reader)

    waiting: deque[tuple[Path, int, Future[Book | SourceError]]] = deque()
    held = 0  # bytes of the files that wait
    for path in map(Path, paths):
        size = _size(path)
        held += size
        waiting.append((path, size, pool.submit(read, path)))
        while len(waiting) > least and held > _MOST_AHEAD:
            first, freed, future = waiting.popleft()
            held -= freed
            yield first, future.result()
    for first, _, future in waiting:
        yield first, future.result()


def _size(path: Path) -> int:
    """Return a file's size, and for one that is not there what a small one has."""
    try:
        return max(path.stat().st_size, _LEAST_SIZE)
    except OSError:
        return _LEAST_SIZE


class _ChildDiedError(Exception):
    """The child process ended, or gave an answer it may not give. Worded after "it"."""


class _Child:
    """One child process and the two pipes to it."""

    def __init__(self, limits: ReadingLimits) -> None:
        self.owner = os.getpid()
        self.seconds = limits.seconds
        self.expired = False
        # Without "", the folder somebody happens to stand in: a file there called
        # `csv.py` would be run.
        paths = [str(Path(__file__).parents[2]), *(entry for entry in sys.path if entry)]
        request = [json.dumps(paths), json.dumps(asdict(limits))]
        self.process = subprocess.Popen(  # noqa: S603 (our own interpreter and code)
            [sys.executable, "-I", "-S", "-c", _START, *request],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        # A child that cannot start says nothing about any file: the fault is ours.
        if self._answer(_START_SECONDS, []) != _READY:
            self.close()
            raise DeliveryAnalyticsError(
                "The process that reads spreadsheets could not be started. Try "
                f"`{sys.executable} -m delivery_analytics.spreadsheets.reader` to see why."
            )

    @property
    def ended(self) -> bool:
        return self.expired or self.process.poll() is not None

    def ask(self, data: bytes, file: str) -> Any:
        """Send one file's bytes, and return the book or the error made of them."""
        answer = self._answer(self.seconds, [file.encode("utf-8", "surrogatepass"), data])
        if answer is None:
            self.close()
            status = self.process.returncode
            late = f"took more than {self.seconds:g} seconds"
            raise _ChildDiedError(late if self.expired else f"stopped at it ({status})")
        return _unpack(answer)

    def _answer(self, seconds: float, request: list[bytes]) -> bytes | None:
        """Send, and return what comes back, or None when the child ended instead."""
        timer = threading.Timer(seconds, self._expire)
        timer.daemon = True
        timer.start()
        try:
            for part in request:
                _send(self.process.stdin, part)
            return _receive(self.process.stdout)
        except (OSError, EOFError):
            return None
        finally:
            timer.cancel()

    def _expire(self) -> None:
        self.expired = True
        self.process.kill()

    def close(self) -> None:
        """End the process, gently if it listens, and leave no trace of it behind."""
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        try:
            self.process.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _send(pipe: IO[bytes] | None, data: bytes) -> None:
    if pipe is None:
        raise EOFError
    pipe.write(_LENGTH.pack(len(data)))
    pipe.write(data)
    pipe.flush()


def _receive(pipe: IO[bytes] | None) -> bytes:
    length = _exactly(pipe, _LENGTH.size)
    return _exactly(pipe, _LENGTH.unpack(length)[0])


def _exactly(pipe: IO[bytes] | None, size: int) -> bytes:
    data = pipe.read(size) if pipe is not None else b""
    if len(data) != size:
        raise EOFError
    return data


class _Unpickler(pickle.Unpickler):
    """Reads only what a book is made of: the child has touched hostile bytes."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _ALLOWED:
            raise pickle.UnpicklingError(f"{module}.{name} is not allowed")
        return super().find_class(module, name)


def _unpack(answer: bytes) -> Any:
    try:
        with without_collector():
            problems, book = _Unpickler(io.BytesIO(answer)).load()
    except Exception as error:  # whatever a spoilt answer makes of unpickling
        raise _ChildDiedError(f"gave an answer that makes no sense ({error})") from None
    return SourceError(problems) if problems else book


def serve(limits: dict[str, Any]) -> None:
    """Answer requests on standard input until it ends. The child's whole life."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    bounds = ReadingLimits(**limits)
    # The pipes move to numbers of their own, and 0 and 1 to nowhere: nothing that a
    # library prints may end up between two answers.
    source = os.fdopen(os.dup(0), "rb")
    target = os.fdopen(os.dup(1), "wb")
    quiet = os.open(os.devnull, os.O_RDWR)
    os.dup2(quiet, 0)
    os.dup2(quiet, 1)
    gc.disable()  # the process ends before a cycle could matter
    _limit_memory(bounds.memory_bytes)
    _send(target, _READY)
    while True:
        try:
            file = _receive(source).decode("utf-8", "surrogatepass")
            data = _receive(source)
        except EOFError:
            return
        _limit_time(bounds.seconds)
        _send(target, _answer(data, file, bounds))


def _answer(data: bytes, file: str, limits: ReadingLimits) -> bytes:
    try:
        book = open_snapshot(Snapshot(Path(file), file, data, ""), limits=limits)
        # As the last four fields of `Book` stand.
        content = (book.table_hash, book.format, book.sheets, book.problems)
        return pickle.dumps((None, content), 5)
    except SourceError as error:
        return pickle.dumps((error.problems, None), 5)


def _limit_memory(size: int) -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (size, size))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # no dumps of others' data


def _limit_time(seconds: float) -> None:
    """Bound the processor time of the next file, should the parent be gone by then."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        most = int(used.ru_utime + used.ru_stime + seconds) + 2
        resource.setrlimit(
            resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1])
        )


if __name__ == "__main__":
    serve({})
