"""The log of a publish: one event a line, as JSON, each line sealed by the one before.

``reports/log/<started>.jsonl`` says what was read, what was made and what failed, also
when the publish was killed: then its last line is missing. A line that was changed,
taken out or put in breaks the chain (`check_log`). No cell's content is in it.
"""

import hashlib
import json
import os
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

FOLDER = "log"
_NOTHING = "0" * 64


class Journal:
    """Writes events to an open file."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._before = _NOTHING

    def __call__(self, event: str, **fields: Any) -> None:
        """Write one event with its moment in UTC."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        entry = {"at": at, "event": event, **fields, "prev_sha256": self._before}
        line = _plain(json.dumps(entry, ensure_ascii=False, default=str)).encode()
        self._before = hashlib.sha256(line).hexdigest()
        self._file.write(line + b"\n")
        self._file.flush()


@contextmanager
def opened(folder: Path, started: datetime) -> Iterator[Journal]:
    """Lend the log of a publish that began at `started`; an error that ends it is noted."""
    folder.mkdir(exist_ok=True)
    name = f"{started.astimezone(UTC):%Y-%m-%dT%H%M%SZ}-{os.getpid()}.jsonl"
    with (folder / name).open("wb") as file:
        journal = Journal(file)
        try:
            yield journal
        except BaseException as error:
            journal("ended", ok=False, error=f"{type(error).__name__}: {error}"[:1000])
            raise
        else:
            journal("ended", ok=True)
        finally:
            os.fsync(file.fileno())


def events(path: Path) -> list[dict[str, Any]]:
    """Return the events of a log, in order."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def check_log(path: Path) -> list[str]:
    """Return what is wrong with a log: the lines whose seal does not fit the line before."""
    wrong: list[str] = []
    before = _NOTHING
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            entry = json.loads(line)
        except ValueError:
            return [*wrong, f"line {number} is not whole"]
        if entry.get("prev_sha256") != before:
            wrong.append(f"line {number} does not follow the line before it")
        before = hashlib.sha256(line).hexdigest()
    if not wrong and (before == _NOTHING or entry["event"] != "ended"):
        wrong.append("it was never ended")
    return wrong


def _plain(text: str) -> str:
    """Return `text` with every letter escaped that ends or turns a line where it is shown."""

    def plain(letter: str) -> str:
        turns = unicodedata.category(letter) in ("Cf", "Zl", "Zp", "Cs", "Cc")
        return f"\\u{ord(letter):04x}" if turns and ord(letter) < 0x10000 else letter

    return "".join(map(plain, text))
