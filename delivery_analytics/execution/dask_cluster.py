"""More than one machine: an existing Dask cluster runs what the local pool would.

The same functions are mapped, `run.run_job` and `loader.read_alone`. Where the machines
share no file system, what they need is sent to a storage once, each keeps a copy, and
what they made comes back with the answer. A worker that dies loses nothing: Dask gives
what it was doing to another, until the same task has killed several (the scheduler's
``allowed-failures``, 3); then that report has failed.
"""

import contextlib
import secrets
import shutil
import tempfile
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from delivery_analytics.errors import DefinitionError, DeliveryAnalyticsError
from delivery_analytics.execution import remote_storage
from delivery_analytics.execution.jobs import Job, run_job
from delivery_analytics.loading.load import read_alone
from delivery_analytics.model.files import code_fingerprint

PATIENCE = 10  # seconds to wait for the cluster to answer
DESERTED = 60.0  # seconds without any machine, after which nothing more is expected of it
LOOK = 2.0  # seconds from one look at its machines to the next
STAGED = ".staged"
_LEFT = "the cluster has no machine left"
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
        self._through = through.rstrip("/")
        self._stage: Stage | None = None
        self._asked: set[Any] = set()  # Dask's futures
        self._deserted, self._closed = False, threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

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
                remote_storage.send_back(root / name, f"{url}/{name}")
        self._stage = Stage(url, root)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **options: Any) -> Future[Any]:
        """Run `run_job` or `read_alone` on some machine of the cluster."""
        if self._deserted:
            raise DeliveryAnalyticsError(_LEFT)
        way = (fn,) if self._stage is None else (_apart, self._stage, fn)
        root = self._stage.root if self._stage else None
        # Only workers that die count; a report that failed is not tried again.
        call = _checked, code_fingerprint(), *way, *args
        far = self._client.submit(*call, pure=False, **options)
        near: Future[Any] = Future()
        self._asked.add(far)
        far.add_done_callback(lambda done: self._brought(done, near, root))
        near.add_done_callback(lambda done: far.cancel() if done.cancelled() else None)
        return near

    def _brought(self, far: Any, near: Future[Any], root: Path | None) -> None:
        """Pass an answer on; what came with it, from apart, is written below `root` first."""
        try:
            if not near.set_running_or_notify_cancel():
                return
            if far.cancelled():
                raise DeliveryAnalyticsError(_LEFT)
            answer = far.result()
            # An answer that is still wanted is made again when its machine dies, and its
            # files with it, which have been looked at by then.
            far.release()
            if root:
                answer, content = answer
                remote_storage.unpack(root, content)
            near.set_result(answer)
        except BaseException as error:
            near.set_exception(error)
        finally:
            self._asked.discard(far)

    def _watch(self) -> None:
        """Give up what was asked for once there has been no machine for a while.

        Dask itself waits for one for ever.
        """
        alone = 0.0  # seconds
        while not self._closed.wait(LOOK):
            alone += LOOK
            with contextlib.suppress(Exception):  # no scheduler is no machine either
                if self._client.nthreads():
                    alone = 0.0
            if alone > DESERTED:
                self._deserted = True
                self._cancel()
                return

    def _cancel(self) -> None:
        """Let the cluster forget everything it was asked for."""
        for far in [*self._asked]:
            far.cancel()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let go of the cluster, and remove what was staged for it."""
        self._closed.set()
        self._cancel()  # nothing, unless whoever asked did not wait for it
        self._unstage()
        self._client.close()

    def _unstage(self) -> None:
        if self._stage is not None:
            self._client.run(_forget, self._stage.url, on_error="ignore")
            remote_storage.remove(self._stage.url)
            self._stage = None


def _client(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise DefinitionError("To use a cluster, install delivery-analytics[cluster]") from None
    how = {"timeout": PATIENCE, "set_as_default": False}
    try:
        return Client(address, **how)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TimeoutError) as error:
        raise DefinitionError(f"No Dask cluster answers at {address}: {error}") from None


def _checked(wanted: str, fn: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """Call `fn` on the cluster's side, unless another version of this package would."""
    if wanted != code_fingerprint():
        told = "a machine of the cluster has another version of delivery_analytics"
        raise DeliveryAnalyticsError(told)
    return fn(*args, **options)


def _apart(stage: Stage, fn: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """Call `fn` in this machine's copy of the workspace; return also the files it made."""
    here = _copy(stage.url)
    if fn is run_job:
        job, *rest = args
        outcome = run_job(_moved(job, stage.root, here), *rest, **options)
        paths = [path for path in (*outcome.files, outcome.job.output) if path.exists()]
        content = remote_storage.packed(here, paths)
        for path in paths:
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
    notebook, output = (here / path.relative_to(root) for path in (job.notebook, job.output))
    if folder := job.parameters.get("output_dir"):
        (notebook.parent / folder).mkdir(parents=True, exist_ok=True)
    return replace(job, notebook=notebook, output=output)


def _copy(url: str) -> Path:
    """Return this process's copy of a stage; it is fetched once for all that it runs."""
    with _lock:
        if url not in _copies:
            _copies[url] = remote_storage.fetch(url, Path(tempfile.mkdtemp(prefix=STAGED)))
        return _copies[url]


def _forget(url: str) -> None:
    with _lock:
        if url in _copies:
            shutil.rmtree(_copies.pop(url), ignore_errors=True)
