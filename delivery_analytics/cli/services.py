"""The commands that go on until they are stopped: the schedule, and the analyst's bench."""

import shlex
import signal
import sys
from contextlib import suppress
from pathlib import Path

import typer
import typer.main
from typer.exceptions import TyperException

from delivery_analytics.cli.console import say
from delivery_analytics.cli.options import app, command, settings, workspace_registry
from delivery_analytics.errors import DefinitionError
from delivery_analytics.model.lookup import mistake

RUNNABLE = ("publish", "pack", "report", "load")


@command()
def schedule(
    cron: str = "0 6 * * MON",
    timezone: str = "",
    run: list[str] | None = None,
    now: bool = False,
    printed: str | None = None,
    out: Path | None = None,
) -> None:
    """Run commands when they are due, and make up once for what was missed.

    Examples: delivery schedule --cron "0 6 * * MON" · delivery schedule --cron "30 7 1 * *"
    --timezone Asia/Almaty --run "publish --language ru,kk" --run "pack stocktake --language ru"
    · delivery schedule --print systemd
    """
    from delivery_analytics.execution.remote_storage import is_url
    from delivery_analytics.model import lookup
    from delivery_analytics.scheduling import exports
    from delivery_analytics.scheduling.cron import parse
    from delivery_analytics.scheduling.scheduler import Schedule, zone_of

    due = parse(cron)
    zone = zone_of(timezone)
    commands = [_command(text) for text in run or ["publish"]]
    if is_url(settings.workspace):
        raise DefinitionError("A schedule needs a workspace in a folder of this machine")
    workspace = Path(settings.workspace).resolve()
    if not printed:
        reports = workspace / "reports"
        waiting = Schedule(due, zone, commands, str(workspace), reports, _say_at_once)
        waiting.serve(at_once=now)
        return
    lookup.check("schedule", printed, exports.FORMS)
    text = exports.FORMS[printed](due, timezone, workspace, commands)
    if out:
        out.write_text(text, encoding=exports.ENCODINGS.get(printed, "utf-8"))
        say(str(out))
    else:
        say(text.rstrip("\n"))


@command()
def lab(
    port: int = 8888,
    ip: str = "127.0.0.1",
    browser: bool = True,
    terminals: bool = False,
    allow_root: bool = False,
) -> None:
    """Explore in JupyterLab: on this machine only, with a token, without a network.

    Examples: delivery lab · delivery lab --no-browser --port 9000 · delivery --workspace
    my-unit lab
    """
    from delivery_analytics.lab import server as bench

    bench.check_closed(ip=ip, allow_root=allow_root)
    workspace = workspace_registry().workspace.root
    # A window that is closed leaves neither the server nor its token behind.
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: sys.exit(143))
    with (
        bench.served(
            workspace, port=port, browser=browser, terminals=terminals, root=allow_root
        ) as (process, token),
        suppress(KeyboardInterrupt),
    ):
        say(f"http://127.0.0.1:{port}{bench.page(workspace)}?token={token}")
        _say_at_once("Stop it with Ctrl-C")
        if code := process.wait():
            raise mistake("lab-ended", code=code, port=port)


def _command(text: str) -> list[str]:
    """Return the words of a command that is to be run later; what is wrong with it, now."""
    try:
        # On Windows a backslash parts folders and hides no letter.
        words = shlex.split(text.replace("\\", r"\\") if sys.platform == "win32" else text)
    except ValueError as error:
        raise DefinitionError(f"'{text}' is no command: {error}") from None
    if not words or words[0] not in RUNNABLE:
        among = ", ".join(RUNNABLE)
        raise DefinitionError(f"'{text}' cannot be scheduled. Expected one of: {among}")
    if "--help" in words:
        raise DefinitionError(f"'{text}' only helps, and cannot be scheduled")
    try:
        commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
        commands[words[0]].make_context(words[0], words[1:])
    except TyperException as error:
        raise DefinitionError(f"'{text}' cannot be scheduled: {error}") from None
    return words


def _say_at_once(text: str) -> None:
    say(text)
    sys.stdout.flush()
