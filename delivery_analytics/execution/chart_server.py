"""One process that draws charts for many workers.

`vl_convert` carries a whole browser engine, which takes half a second to start in every
process and does not survive a fork. So workers ask a painter that is already running. In
a worker, the module ``vl_convert`` is a stand-in: its functions have the same names and
arguments, and are called over there. When the painter does not answer, the worker uses
the module itself.
"""

import contextlib
import functools
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from types import ModuleType
from typing import Any

MODULE = "vl_convert"
ANSWER_SECONDS = 30.0
REFUSED_SECONDS = 1.0
# Drawing is a third of a report. Two reports that draw at once must not wait for each other.
MOST_PAINTERS = max(2, (os.cpu_count() or 1) // 2)
_FONTS = "register_font_directory"
_registered: set[str] = set()  # by this process, when it is the painter


class PainterGoneError(Exception):
    """The painter ended, or took too long."""


class Painter:
    """A painter as its owner sees it: started when first asked for, and again if it ended."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._folder = tempfile.TemporaryDirectory(prefix="painter-")
        self._process: subprocess.Popen[bytes] | None = None
        self.address = str(Path(self._folder.name, "s"))

    def ensure(self) -> None:
        """Start it unless it is there. It ends with its owner."""
        if self._process is None or self._process.poll() is not None:
            Path(self.address).unlink(missing_ok=True)
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [*self._command, "paint", self.address, str(os.getpid()), ""],
                stdin=subprocess.DEVNULL,
            )

    def close(self) -> None:
        """End it and leave nothing of it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._folder.cleanup()


class Painters:
    """As many painters as are asked at once, within reason: one draws one chart at a time."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._painters = [Painter(command)]
        self._painters[0].ensure()

    @property
    def address(self) -> str:
        """The address of the first."""
        return self._painters[0].address

    def free(self, asked: Iterable[Painter]) -> Painter:
        """Return one that runs, and that fewest ask: `asked` has that of every worker."""
        times = Counter(map(id, asked))
        chosen = min(self._painters, key=lambda painter: times[id(painter)])
        if times[id(chosen)] and len(self._painters) < MOST_PAINTERS:
            chosen = Painter(self._command)
            self._painters.append(chosen)
        chosen.ensure()
        return chosen

    def close(self) -> None:
        """End them all."""
        for painter in self._painters:
            painter.close()


class StandIn(ModuleType):
    """What a worker imports as ``vl_convert``."""

    def __init__(self, address: str) -> None:
        super().__init__(MODULE, f"Draws in another process; see {__name__}.")
        self._address = address
        self._pipe: Connection | None = None
        self._painter = self._owner = 0
        self._home = os.getpid()
        self._fonts: list[str] = []
        self._real: ModuleType | None = None
        self._lock = threading.Lock()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return functools.partial(self._call, name)

    def _call(self, name: str, *args: Any, **options: Any) -> Any:
        if name == _FONTS:
            self._fonts.append(str(args[0]))
        with self._lock:
            try:
                if self._real is None:
                    return self._asked(name, args, options)
            except PainterGoneError:
                if os.getpid() == self._home:
                    raise  # the engine would not survive the forks of this process
                self._real = self._itself()
        return getattr(self._real, name)(*args, **options)

    def _asked(self, name: str, args: Any, options: Any) -> Any:
        try:
            request = json.dumps([name, args, options]).encode()
            # A pipe inherited by a fork is its parent's: two would read each other's answers.
            if self._pipe is None or self._owner != os.getpid():
                self._pipe, self._owner = self._connect(), os.getpid()
                for folder in self._fonts:  # this painter may be another than the first
                    self._sent(self._pipe, json.dumps([_FONTS, [folder], {}]).encode())
            answer = self._sent(self._pipe, request)
        except (OSError, EOFError, TypeError):
            raise PainterGoneError from None
        kind, body = answer[:1], answer[1:]
        if kind == b"e":
            raise ValueError(body.decode())
        return body if kind == b"b" else json.loads(body)

    def _sent(self, pipe: Connection, request: bytes) -> bytes:
        pipe.send_bytes(request)
        if not pipe.poll(ANSWER_SECONDS):
            os.kill(self._painter, signal.SIGKILL)
            raise PainterGoneError
        return pipe.recv_bytes()

    def _connect(self) -> Connection:
        deadline = time.monotonic() + ANSWER_SECONDS
        while True:
            try:
                pipe = Client(self._address, "AF_UNIX")
                break
            except (FileNotFoundError, ConnectionRefusedError) as error:
                if isinstance(error, ConnectionRefusedError):
                    # It has an address and nobody listens: it has ended, or begins just now.
                    deadline = min(deadline, time.monotonic() + REFUSED_SECONDS)
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)
        self._painter = int(pipe.recv_bytes())
        return pipe

    def _itself(self) -> ModuleType:
        """Put the real module in this one's place, with the fonts it was told of."""
        sys.modules.pop(MODULE, None)  # else importing it would return this stand-in
        real = importlib.import_module(MODULE)
        for folder in self._fonts:
            real.register_font_directory(folder)
        return real


def stand_in(address: str) -> None:
    """Let this process and its forks draw at `address`."""
    known = sys.modules.get(MODULE)
    if isinstance(known, StandIn):
        known._address = address  # a fork opens a pipe of its own anyway
    elif importlib.util.find_spec(MODULE):
        sys.modules[MODULE] = StandIn(address)


def paint(address: str, owner: int) -> None:
    """Answer calls at `address`, until the process `owner`, which started this one, is gone.

    After a call that failed the process ends: the engine may be left in a state that
    breaks the next, innocent call.
    """
    listener = Listener(address, "AF_UNIX", backlog=64)
    threading.Thread(target=_end_with_parent, args=(owner, address), daemon=True).start()
    threading.Thread(target=_warm_up, daemon=True).start()
    while True:
        pipe = listener.accept()
        threading.Thread(target=_answer, args=(pipe,), daemon=True).start()


def _answer(pipe: Connection) -> None:
    with contextlib.suppress(EOFError, OSError):
        pipe.send_bytes(str(os.getpid()).encode())
        while True:
            name, args, options = json.loads(pipe.recv_bytes())
            try:
                answer = _reply(name, args, options)
            except Exception as error:
                pipe.send_bytes(b"e" + str(error).encode())
                os._exit(1)
            pipe.send_bytes(answer)


def _reply(name: str, args: list[Any], options: dict[str, Any]) -> bytes:
    import vl_convert

    if name == _FONTS:
        if args[0] not in _registered:
            vl_convert.register_font_directory(args[0])
            _registered.add(args[0])
        return b"jnull"
    result = getattr(vl_convert, name)(*args, **options)
    return b"b" + result if isinstance(result, bytes) else b"j" + json.dumps(result).encode()


def _warm_up() -> None:
    import vl_convert

    vl_convert.vegalite_to_svg({"data": {"values": [{}]}, "mark": "point"})


def _end_with_parent(parent: int, address: str) -> None:
    # It is told who its parent is: asked for, it may be another one by now.
    while os.getppid() == parent:
        time.sleep(0.5)
    shutil.rmtree(Path(address).parent, ignore_errors=True)
    os._exit(0)
