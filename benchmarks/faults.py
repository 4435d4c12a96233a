"""What a publish leaves behind when it is killed, starved or lied to. Each part counts.

    python benchmarks/faults.py              # everything, about half an hour on two cores
    python benchmarks/faults.py kill full    # or random, room, notebooks, cluster
    python benchmarks/faults.py kill 0/2     # every second point, for a second process

After every fault three things must hold: each edition is whole and ``latest`` leads to
one, the files that were sent are as they were, and the next publish completes. Nothing
that was started may be left running. Needs Linux and strace, and for `room` the right to
mount.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import nbformat
import xlsxwriter

from delivery_analytics.errors import DeliveryAnalyticsError
from delivery_analytics.execution import pool
from delivery_analytics.execution.dask_cluster import Cluster
from delivery_analytics.execution.jobs import Limits
from delivery_analytics.model.registry import open_registry
from delivery_analytics.publishing import editions, filing, publish

MARK = "DELIVERY_FAULTS"
CHANGING = (  # the system calls that change what is on the disk
    "rename,renameat,renameat2,mkdir,mkdirat,unlink,unlinkat,rmdir,symlink,symlinkat,"
    "fsync,fdatasync,ftruncate,chmod,fchmod,fchmodat,link,linkat"
)
WRITING = "write,pwrite64,writev,openat"
SECTORS = 3
DEFINITIONS = {
    "units.toml": '[units]\nname = { en = "units" }\n',
    "status.toml": 'default_method = "share_of_planned_change"\n[max_age_days]\nannual = 999\n',
    "regions.csv": "region_id,kind,name_en,name_ru,name_kk,aliases\nKZ,country,KZ,KZ,KZ,\n",
}
PARAMETERS = """\
{key}as_of: str = ""  # day
language: str = "en"  # language
data_dir: str = ""  # tables
output_dir: str = ""  # where to
formats: list = ["html"]  # what
"""
WRITE = 'open(f"{output_dir}/report.html", "w").write(f"{as_of} {KEY}</html>")'


def workspace(folder: Path, sectors: int = SECTORS) -> Path:
    """Write a unit with a few sectors of one indicator, one return and two notebooks."""
    definitions = folder / "data" / "definitions"
    (definitions / "sectors").mkdir(parents=True)
    for name, text in DEFINITIONS.items():
        (definitions / name).write_text(text, encoding="utf-8")
    for n in range(sectors):
        sector = (
            f'name = {{ en = "Sector {n}" }}\n[[indicator]]\nid = "i"\ncode = "I-{n}"\n'
            'name = { en = "Indicator" }\nunit = "units"\ndirection = "increase"\n'
        )
        (definitions / "sectors" / f"s{n}.toml").write_text(sector, encoding="utf-8")
        raw = folder / "data" / "raw" / f"s{n}"
        raw.mkdir(parents=True)
        with xlsxwriter.Workbook(raw / "return.xlsx") as book:
            sheet = book.add_worksheet("Progress")
            rows = [["code", "period", "target", "actual", "as_of"]]
            rows += [[f"I-{n}", "2024", 10, 9, "2025-01-20"]]
            for row, cells in enumerate(rows):
                sheet.write_row(row, 0, cells)
    notebook(folder, "10_national", "nation", "")
    notebook(folder, "20_sector", "sector", "")
    return folder


def notebook(folder: Path, name: str, run_per: str, fault: str, write: str = WRITE) -> None:
    """Write a notebook whose last cell writes its report, after a `fault`."""
    key = "" if run_per == "nation" else f'{run_per}: str = ""  # one\n'
    cells = [
        nbformat.v4.new_markdown_cell("# A question?"),
        nbformat.v4.new_code_cell(PARAMETERS.format(key=key)),
        nbformat.v4.new_code_cell(fault),
        nbformat.v4.new_code_cell(write.replace("{KEY}", f"{{{run_per}}}" if key else "")),
    ]
    cells[1].metadata.tags = ["parameters"]
    book = nbformat.v4.new_notebook(cells=cells)
    book.metadata.delivery_analytics = {"run_per": run_per, "kind": run_per}
    book.metadata.kernelspec = {"name": "python3", "language": "python", "display_name": "P"}
    (folder / "notebooks").mkdir(exist_ok=True)
    nbformat.write(book, folder / "notebooks" / f"{name}.ipynb")


def publish_once(folder: Path, limits: Limits | None = None) -> None:
    """Publish the workspace in this process."""
    registry = open_registry(folder)
    publish.publish(registry, formats=["html"], workers=1, limits=limits or Limits(seconds=60))


def start(folder: Path, said: Path, limits: Limits | None = None) -> int:
    """Fork a process that waits for SIGCONT, publishes, and ends with the exit code."""
    pid = os.fork()
    if pid:
        os.waitpid(pid, os.WUNTRACED)
        return pid
    status = 1
    with contextlib.suppress(BaseException):
        os.setsid()
        os.environ[MARK] = str(os.getpid())
        with said.open("wb") as told:
            os.dup2(told.fileno(), 1)
            os.dup2(told.fileno(), 2)
        os.kill(os.getpid(), signal.SIGSTOP)
        try:
            publish_once(folder, limits)
            status = 0
        except DeliveryAnalyticsError as error:
            print(error, flush=True)
            status = error.exit_code
        except BaseException as error:
            print(repr(error), flush=True)
    os._exit(status)


def run(folder: Path, *strace: str, log: Path | None = None) -> tuple[int, str, list[str]]:
    """Publish in a process of its own, watched by strace if asked.

    Return its exit status, what it said, and what of it is still running.
    """
    said = folder.parent / f"{folder.name}.said"
    pid = start(folder, said)
    watcher = None
    if strace:
        out = ["-o", str(log or os.devnull)]
        watcher = subprocess.Popen(
            ["strace", "-f", "-qq", *out, *strace, "-p", str(pid)], stderr=subprocess.DEVNULL
        )
        while "TracerPid:\t0\n" in Path(f"/proc/{pid}/status").read_text():
            time.sleep(0.005)
    os.kill(pid, signal.SIGCONT)
    _, status = os.waitpid(pid, 0)
    left = orphans(pid)
    if watcher:
        if left:
            watcher.kill()
        watcher.wait()
    return os.waitstatus_to_exitcode(status), said.read_text(errors="replace"), left


def orphans(pid: int) -> list[str]:
    """Return what a publish started and what is still there five seconds after its end."""
    mark, deadline = f"{MARK}={pid}".encode(), time.monotonic() + 5
    while True:
        left = []
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if mark in (process / "environ").read_bytes().split(b"\0"):
                    left.append(
                        (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                    )
        if not left or time.monotonic() > deadline:
            return left
        time.sleep(0.02)


class Witness:
    """Knows a workspace as it should be, and says what a fault has torn."""

    def __init__(self, folder: Path) -> None:
        self.clean = folder
        self.sent = prints(folder / "data" / "raw")

    def copy(self, where: Path) -> Path:
        """Return a copy to be harmed."""
        shutil.rmtree(where, ignore_errors=True)
        return Path(shutil.copytree(self.clean, where, symlinks=True))

    def torn(self, folder: Path) -> list[str]:
        """Return what is wrong right after the fault, before anything mends it."""
        reports = folder / "reports"
        wrong = [
            f"{one.id}: {w}" for one in editions.editions(reports) for w in editions.verify(one)
        ]
        if not (reports / "latest" / "index.html").is_file():
            wrong.append("latest leads nowhere")
        if prints(folder / "data" / "raw") != self.sent:
            wrong.append("what was sent was changed")
        return wrong

    def recovered(self, folder: Path) -> list[str]:
        """Publish again, here; return what is wrong then."""
        publish_once(folder)
        wrong = self.torn(folder)
        reports = folder / "reports"
        wrong += [f"{left.name} is left" for left in filing.interrupted(reports)]
        newest = editions.latest(reports)
        content = {r["place"] for r in newest.manifest["content"]["reports"] if r["files"]}
        wrong += [] if len(content) == SECTORS + 1 else [f"only {content} was made"]
        return wrong


def prints(folder: Path) -> dict[str, str]:
    """Return name → fingerprint of every file."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def changed(folder: Path) -> Path:
    """Let the next publish have something to make: a second notebook's words changed."""
    notebook(folder, "10_national", "nation", "# changed")
    (folder / "data" / "raw" / "s0" / "more.csv").write_text("code,period\n", "utf-8")
    return folder


def prepared(folder: Path) -> Witness:
    """Return a workspace with one edition, and with something new to publish."""
    publish_once(workspace(folder))
    return Witness(changed(folder))


def points(folder: Path, witness: Witness, calls: str) -> list[tuple[str, int]]:
    """Return every call and its number that a publish makes in one of its threads."""
    log = folder / "strace.log"
    status, said, _ = run(witness.copy(folder / "count"), "-e", f"trace={calls}", log=log)
    assert status == 0, said
    counts: Counter[tuple[str, str]] = Counter()
    found = set()
    for line in log.read_text(errors="replace").splitlines():
        match = re.match(r"(\d+)\s+(\w+)\(", line)
        if match:
            counts[match[1], match[2]] += 1
            if match[2] != "openat" or "O_CREAT" in line:  # to read changes nothing
                found.add((match[2], counts[match[1], match[2]]))
    return sorted(found)


def injected(folder: Path, how: str, share: str) -> str:
    """Inject `how` (a signal or an error) at every point, and return the count."""
    witness = prepared(folder / "clean")
    found = points(folder, witness, f"{CHANGING},{WRITING}")
    number, of = map(int, share.split("/"))
    met, torn, failed = Counter(), [], []
    chosen = found[number::of]
    for done, (call, n) in enumerate(chosen, start=1):
        where = witness.copy(folder / "harmed")
        inject = f"inject={call}:{how}:when={n}"
        status, said, left = run(where, "-e", f"trace={call}", "-e", inject)
        met[status] += 1
        torn += [f"{call} {n}: still running {one}" for one in left]
        newest = editions.latest(where / "reports").revision
        torn += [f"{call} {n}: {wrong}" for wrong in witness.torn(where)]
        if status == 0 and newest != 2:
            torn.append(f"{call} {n}: exit 0, and nothing was published: {said}")
        try:
            failed += [f"{call} {n}: {wrong}" for wrong in witness.recovered(where)]
        except Exception as error:
            failed.append(f"{call} {n}: {error!r}")
        print(f"  {done} of {len(chosen)}: {call} {n} → {status}", end="\r", flush=True)
    ends = ", ".join(f"{count} with {status}" for status, count in sorted(met.items()))
    return told(len(chosen), torn, failed, f"ended: {ends}")


def told(count: int, torn: list[str], failed: list[str], more: str) -> str:
    """Return the line of a part, with whatever went wrong below."""
    line = f"{count} faults, {len(torn)} torn, {len(failed)} not recovered; {more}"
    return "\n    ".join([line, *torn[:20], *failed[:20]])


def kill(folder: Path, share: str = "0/1") -> str:
    """SIGKILL at every system call that changes the disk, in parent and workers."""
    return injected(folder, "signal=SIGKILL", share)


def full(folder: Path, share: str = "0/1") -> str:
    """ENOSPC at every such call."""
    return injected(folder, "error=ENOSPC", share)


def random_moments(folder: Path, share: str = "0/1", times: int = 50) -> str:
    """SIGKILL of the parent or of one of its workers at 50 random moments."""
    witness = prepared(folder / "clean")
    chance = random.Random(share)
    begun = time.monotonic()
    run(witness.copy(folder / "timed"))
    takes = time.monotonic() - begun
    met, torn, failed = Counter(), [], []
    for n in range(times):
        where = witness.copy(folder / "harmed")
        pid = start(where, folder / "said")
        os.kill(pid, signal.SIGCONT)
        time.sleep(chance.uniform(0, takes))
        victims = [pid] if n % 2 else (descendants(pid) or [pid])
        with contextlib.suppress(ProcessLookupError):
            os.kill(chance.choice(victims), signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        met["parent" if n % 2 else "worker"] += 1
        torn += [f"{n}: still running {left}" for left in orphans(pid)]
        torn += [f"{n}: {wrong}" for wrong in witness.torn(where)]
        failed += [f"{n}: {wrong}" for wrong in witness.recovered(where)]
        print(
            f"  {n + 1} of {times} → {os.waitstatus_to_exitcode(status)}", end="\r", flush=True
        )
    return told(times, torn, failed, f"{met['parent']} parents, {met['worker']} workers killed")


def descendants(pid: int) -> list[int]:
    """Return the processes below one, however far."""
    found = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in map(int, (task / "children").read_text().split()):
                found += [child, *descendants(child)]
    return found


def room(folder: Path, share: str = "0/1") -> str:
    """A real disk that is full: a small file system, a little larger each time."""
    witness = prepared(folder / "clean")
    size = sum(p.stat().st_size + 4096 for p in witness.clean.rglob("*") if p.is_file())
    met, torn, failed, said = Counter(), [], [], ""
    filing.check_room = lambda _: None  # otherwise it is told before anything is written
    sizes = [size + step * 65_536 for step in range(-1, 60, 3)]
    for bytes_ in sizes:
        disk = folder / "disk"
        disk.mkdir(exist_ok=True)
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={max(bytes_, 4096)}", "none", str(disk)],
            check=True,
        )
        try:
            try:
                where = witness.copy(disk / "unit")
            except (shutil.Error, OSError):
                met["too small to begin"] += 1
                continue
            status, text, left = run(where)
            torn += [f"{bytes_}: still running {one}" for one in left]
            met[f"exit {status}"] += 1
            said = text.strip() if status == 1 else said
            if status not in (0, 1) or (status == 1 and "Traceback" in text):
                torn.append(f"{bytes_}: exit {status}: {text}")
            torn += [f"{bytes_}: {wrong}" for wrong in witness.torn(where)]
            subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
            failed += [f"{bytes_}: {wrong}" for wrong in witness.recovered(where)]
        finally:
            subprocess.run(["umount", str(disk)], check=True)
    ends = ", ".join(f"{count} {what}" for what, count in sorted(met.items()))
    return told(len(sizes), torn, failed, f"{ends}; it says: {said}")


FAULTS = {
    "raises": "1 / 0",
    "ends with 3": "import sys; sys.exit(3)",
    "ends with 0": "import sys; sys.exit(0)",
    "leaves": "import os; os._exit(0)",
    "is killed": "import os; os.kill(os.getpid(), 9)",
    "crashes": "import ctypes; ctypes.string_at(0)",
    "takes all memory": "held = bytearray(2**34)",
    "hangs": "import time; time.sleep(600)",
    "hangs inside C": "import re; re.match('(a+)+$', 'a' * 60 + 'b')",
    "asks": "input()",
    "prints 50 MB": "print('x' * 50_000_000); 1 / 0",
    "writes nothing": "import io; open = lambda *_: io.StringIO()",
}


def notebooks(folder: Path, share: str = "0/1") -> str:
    """One of twelve reports is at fault; the others are published and the fault is named."""
    torn = []
    for what, fault in FAULTS.items():
        where = workspace(folder / what.replace(" ", "_"), sectors=11)
        guarded = "\n".join(f"    {line}" for line in fault.split("; "))
        notebook(where, "20_sector", "sector", f"if sector == 's5':\n{guarded}")
        said = folder / "said"
        pid = start(where, said, Limits(seconds=6))
        os.kill(pid, signal.SIGCONT)
        _, status = os.waitpid(pid, 0)
        torn += [f"{what}: still running {left}" for left in orphans(pid)]
        text = said.read_text(errors="replace")
        made = editions.latest(where / "reports")
        files = list((made.folder / "en").rglob("*.html")) if made else []
        index = (made.folder / "index.html").read_text() if made else ""
        if os.waitstatus_to_exitcode(status) != 5 or len(files) != 11 or "s5" not in text:
            torn.append(f"{what}: exit {status}, {len(files)} files: {text}")
        if made and (
            editions.verify(made) or text.strip().partition(": ")[2][:20] not in index
        ):
            torn.append(f"{what}: {editions.verify(made)}")
        print(f"  {what}: {text.strip().splitlines()[-1][:110]}")
    return told(len(FAULTS), torn, [], "11 of 12 reports published each time")


def cluster(folder: Path, share: str = "0/1", times: int = 20) -> str:
    """SIGKILL of one of two Dask workers at 20 random moments of a publish."""
    import distributed

    witness = prepared(folder / "clean")
    chance = random.Random(share)
    torn, failed, died = [], [], 0

    def publishing(where: Path) -> Future[object]:
        def work() -> object:
            with Cluster(machines.scheduler_address) as lent:
                return publish.publish(open_registry(where), formats=["html"], cluster=lent)

        return threads.submit(work)

    with (
        ThreadPoolExecutor(1) as threads,
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            dashboard_address=None,
            host="127.0.0.1",
            silence_logs=50,
        ) as machines,
    ):
        publishing(witness.copy(folder / "warm")).result()
        begun = time.monotonic()
        publishing(witness.copy(folder / "timed")).result()
        takes = time.monotonic() - begun
        for n in range(times):
            where = witness.copy(folder / "harmed")
            time.sleep(1)  # until the last one killed is missed
            machines.scale(1)  # its keeper gives up one that is killed as it starts
            machines.scale(2)
            machines.wait_for_workers(2, timeout=60)
            made = publishing(where)
            time.sleep(chance.uniform(0, takes))
            victim = chance.choice([*machines.workers.values()]).pid
            with contextlib.suppress(ProcessLookupError, TypeError):
                died += not made.done()
                os.kill(victim, signal.SIGKILL)
            try:
                made.result(timeout=120)
            except Exception as error:
                failed.append(f"{n}: {error!r}")
            torn += [f"{n}: {wrong}" for wrong in witness.torn(where)]
            failed += [f"{n}: {wrong}" for wrong in witness.recovered(where)]
            print(f"  {n + 1} of {times}", end="\r", flush=True)
    return told(times, torn, failed, f"{died} of them while the publish was running")


PARTS: dict[str, Callable[..., str]] = {
    "kill": kill,
    "full": full,
    "random": random_moments,
    "room": room,
    "notebooks": notebooks,
    "cluster": cluster,
}


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """Lend a folder that is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        yield Path(folder)


def main(arguments: list[str]) -> None:
    """Run the parts that are named, or all."""
    share = next((one for one in arguments if "/" in one), "0/1")
    names = [one for one in arguments if "/" not in one] or [*PARTS]
    for name in names:
        with scratch() as folder:
            print(f"{name}: {PARTS[name].__doc__}", flush=True)
            print(f"{name}: {PARTS[name](folder, share)}", flush=True)
        pool.close()


if __name__ == "__main__":
    main(sys.argv[1:])
