"""JupyterLab on this machine only: with a token, without a network, at the workspace.

What a user or an administrator configured elsewhere is not read: neither an open address
nor an empty password can come from there.
"""

import contextlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from delivery_analytics.execution.import_guard import WITHOUT_GRAMMARS
from delivery_analytics.model.lookup import mistake

LOOPBACK = ("127.0.0.1", "localhost", "::1")
START = "notebooks/80_explore.ipynb"
# What the advisories of 2025 and 2026 are mended in.
LEAST = {"jupyterlab": (4, 6), "jupyter_server": (2, 20), "nbconvert": (7, 17, 1)}
_KERNEL = (
    f"{WITHOUT_GRAMMARS}; "
    "__import__('delivery_analytics.report.jupyter', fromlist=['']).show_charts()"
)
_ASSETS = Path(__file__).parents[1] / "assets" / "lab"


def check_closed(*, ip: str = "127.0.0.1", allow_root: bool = False) -> None:
    """Refuse what would open the notebooks to others.

    Raises
    ------
    DefinitionError
        For another address than this machine's own, an empty token or password in the
        environment, the administrator, and versions with known holes.
    """
    if ip not in LOOPBACK:
        raise mistake("lab-open", ip=ip)
    for name in ("JUPYTER_TOKEN", "JUPYTER_PASSWORD"):
        if os.environ.get(name, "x") == "":
            raise mistake("lab-empty", name=name)
    if not allow_root and getattr(os, "geteuid", lambda: 1)() == 0:
        raise mistake("lab-root")
    for name, least in LEAST.items():
        if tuple(int(part) for part in version(name).split(".")[:3] if part.isdigit()) < least:
            told = {"version": version(name), "least": ".".join(map(str, least))}
            raise mistake("lab-old", name=name, **told)


def command(
    workspace: Path, folder: Path, *, port: int, terminals: bool, root: bool
) -> list[str]:
    """Return the command line of the server; the token is not on it, where others see it.

    Parameters
    ----------
    folder
        A private folder, which `files` has filled.
    """
    agreed = tomllib.loads((_ASSETS / "server.toml").read_text("utf-8"))
    options: dict[str, Any] = {
        **{f"{app}.{name}": one for app, own in agreed.items() for name, one in own.items()},
        "ServerApp.port": port,
        "ServerApp.allow_root": root,
        "ServerApp.terminals_enabled": terminals,
        "ServerApp.root_dir": workspace,
        "LabApp.default_url": page(workspace),
        "LabApp.app_settings_dir": folder / "settings",
    }
    if os.name != "nt":
        options["KernelManager.transport"] = "ipc"
    line = [sys.executable, "-m", "jupyterlab", "--LabApp.news_url=None"]
    if terminals:
        line.append("--ServerApp.jpserver_extensions=jupyter_server_terminals=True")
    return [*line, *(f"--{name}={value}" for name, value in options.items())]


def page(workspace: Path) -> str:
    """Return where JupyterLab opens: at the exploration, if the workspace has one."""
    return f"/lab/tree/{START}" if (workspace / START).exists() else "/lab"


def environment(folder: Path) -> dict[str, str]:
    """Return the server's environment: a token nobody chose, nobody's settings."""
    others = {name: os.environ[name] for name in os.environ if not name.startswith("JUPYTER")}
    # Jupyter makes a folder in place of the settings it is told to leave, and forgets it.
    scratch = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder / "tmp"))
    token = {"JUPYTER_TOKEN": secrets.token_hex(24), "JUPYTER_NO_CONFIG": "1"}
    places = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_RUNTIME_DIR": "run",
        "JUPYTER_PATH": "share",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "JUPYTERLAB_SETTINGS_DIR": "user",
    }
    ours = {name: str(folder / place) for name, place in places.items()}
    return others | scratch | token | ours


def files(folder: Path) -> Path:
    """Write the kernel and the settings into a private folder, and return it."""
    for name in ("config", "run", "settings", "tmp", "share/kernels/python3"):
        (folder / name).mkdir(parents=True, mode=0o700)
    kernel = json.loads((_ASSETS / "kernel.json").read_text("utf-8"))
    kernel["argv"] = [sys.executable, *kernel["argv"], f"--IPKernelApp.exec_lines={_KERNEL}"]
    own = folder / "share/kernels/python3/kernel.json"
    own.write_text(json.dumps(kernel, indent=1), encoding="utf-8")
    # No news, no extensions; a link in a notebook that somebody sent must not run a command.
    for name in ("overrides.json", "page_config.json"):
        shutil.copyfile(_ASSETS / name, folder / "settings" / name)
    return folder


@contextlib.contextmanager
def served(
    workspace: Path,
    *,
    port: int = 8888,
    browser: bool = True,
    terminals: bool = False,
    root: bool = False,
    **options: Any,
) -> Iterator[tuple[subprocess.Popen[Any], str]]:
    """Serve a workspace; lend the process and its token. It is ended afterwards."""
    with tempfile.TemporaryDirectory(prefix="delivery-lab-") as place:
        folder = files(Path(place))
        env = environment(folder)
        line = command(workspace, folder, port=port, terminals=terminals, root=root)
        line += [] if browser else ["--no-browser"]
        before = os.umask(0o077)
        try:
            process = subprocess.Popen(line, env=env, **options)  # noqa: S603 - our own
        finally:
            os.umask(before)
        try:
            yield process, env["JUPYTER_TOKEN"]
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(10)
                process.kill()
            process.wait()
