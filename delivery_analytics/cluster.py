"""More than one machine: an existing Dask cluster runs what the local pool would.

The same functions are mapped, `run.run_job` and `loader.read_alone`. Where the machines
share no file system, what they need is sent to a storage once, each keeps a copy, and
what they made comes back with the answer. A worker that dies loses nothing: Dask gives
what it was doing to another, until the same task has killed several (the scheduler's
``allowed-failures``, 3); then that report has failed.
"""

from __future__ import annotations

import hashlib
import secrets
import shutil
import tempfile
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from delivery_analytics import storage
from delivery_analytics.errors import DefinitionError, DeliveryAnalyticsError
from delivery_analytics.loader import read_alone
from delivery_analytics.run import Job, run_job

PATIENCE = 10  # seconds to wait for the cluster to answer
STAGED = ".staged"
_copies: dict[str, Path] = {}
_lock = threading.Lock()


@dataclass(frozen=True)
class Stage:
    """Where machines without a common file system find the workspace.

    Attributes
    ----------
    url
        The storage's folder of this run.
    root
        The workspace as the one who asks knows it; paths below it are meant.
    """

    url: str
    root: Path


class Cluster(Executor):
    """A Dask cluster as an executor.

    Parameters
    ----------
    address
        Of its scheduler, such as ``tcp://10.0.0.5:8786``.
    through
        A storage that all machines reach, such as ``s3://bucket/staging``; empty where
        they have the workspace at the same path.

    Raises
    ------
    DefinitionError
        When nothing answers at `address`, or Dask is not installed.
    """

    def __init__(self, address: str, through: str = "") -> None:
        self._client = _client(address)
        # Only workers that die count; a report that failed is not tried again.
        self._executor = self._client.get_executor(pure=False)
        self._through = through.rstrip("/")
        self._stage: Stage | None = None

    @property
    def slots(self) -> int:
        """How many reports run at once."""
        return sum(self._client.nthreads().values())

    def stage(self, root: Path, names: Sequence[str]) -> None:
        """Let the cluster's machines have the folders `names` of the workspace `root`."""
        if not self._through:
            return
        self._unstage()
        url = f"{self._through}/{STAGED}-{secrets.token_hex(6)}"
        for name in names:
            if (root / name).is_dir():
                storage.send(root / name, f"{url}/{name}")
        self._stage = Stage(url, root)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **options: Any) -> Future[Any]:
        """Run `run_job` or `read_alone` on some machine of the cluster."""
        if self._stage is None:
            same: Future[Any] = self._executor.submit(_checked, code(), fn, *args, **options)
            return same
        far = self._executor.submit(_checked, code(), _apart, self._stage, fn, *args, **options)
        near: Future[Any] = Future()
        root = self._stage.root
        far.add_done_callback(lambda done: _brought(done, near, root))
        return near

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let go of the cluster, and remove what was staged for it."""
        self._executor.shutdown(wait=wait)
        self._unstage()
        self._client.close()

    def _unstage(self) -> None:
        if self._stage is not None:
            self._client.run(_forget, self._stage.url, on_error="ignore")
            storage.remove(self._stage.url)
            self._stage = None


def _client(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise DefinitionError("To use a cluster, install delivery-analytics[cluster]") from None
    try:
        return Client(  # type: ignore[no-untyped-call]
            address, timeout=PATIENCE, set_as_default=False
        )
    except (OSError, ValueError, TimeoutError) as error:
        raise DefinitionError(f"No Dask cluster answers at {address}: {error}") from None


@cache
def code() -> str:
    """Return the fingerprint of this package's code; figures depend on it."""
    digest = hashlib.sha256()
    folder = Path(__file__).parent
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _checked(wanted: str, fn: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """Call `fn` on the cluster's side, unless another version of this package would."""
    if wanted != code():
        raise DeliveryAnalyticsError(
            "a machine of the cluster has another version of delivery_analytics"
        )
    return fn(*args, **options)


def _apart(stage: Stage, fn: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """Call `fn` in this machine's copy of the workspace; return also the files it made."""
    here = _copy(stage.url)
    if fn is run_job:
        job, *rest = args
        outcome = run_job(_moved(job, stage.root, here), *rest, **options)
        made = [*outcome.files, *([outcome.job.output] if outcome.job.output.exists() else [])]
        content = storage.pack(here, made)
        for path in made:
            path.unlink()
        files = tuple(stage.root / path.relative_to(here) for path in outcome.files)
        return replace(outcome, job=job, files=files), content
    if fn is read_alone:
        registry, path, sector = args
        moved = replace(registry, workspace=here)
        return read_alone(moved, here / path.relative_to(stage.root), sector), {}
    raise TypeError(f"{fn.__name__} cannot be run apart")


def _moved(job: Job, root: Path, here: Path) -> Job:
    """Return the job as it is in the copy: its parameters are relative to its notebook."""
    moved = replace(
        job,
        notebook=here / job.notebook.relative_to(root),
        output=here / job.output.relative_to(root),
    )
    folder = job.parameters.get("output_dir")
    if folder:
        (moved.notebook.parent / folder).mkdir(parents=True, exist_ok=True)
    return moved


def _copy(url: str) -> Path:
    """Return this process's copy of a stage; it is fetched once for all that it runs."""
    with _lock:
        if url not in _copies:
            _copies[url] = storage.fetch(url, Path(tempfile.mkdtemp(prefix=STAGED)))
        return _copies[url]


def _forget(url: str) -> None:
    with _lock:
        if url in _copies:
            shutil.rmtree(_copies.pop(url), ignore_errors=True)


def _brought(done: Future[Any], near: Future[Any], root: Path) -> None:
    """Write what came with an answer to its place, and pass the answer on."""
    if done.cancelled():
        near.cancel()
        return
    if not near.set_running_or_notify_cancel():
        return
    try:
        answer, content = done.result()
        storage.unpack(root, content)
        near.set_result(answer)
    except BaseException as error:
        near.set_exception(error)
