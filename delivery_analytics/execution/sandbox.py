"""What a process that runs notebooks may not do: ask the network, or take all memory.

Both hold for everything that it starts, and neither can be taken back from inside.
"""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

MEMORY = 4 * 1024**3  # bytes that one report may hold; a national one takes a tenth of it

_NEW_USERS, _NEW_NETWORK = 0x10000000, 0x40000000  # CLONE_NEWUSER, CLONE_NEWNET


def cut_off() -> None:
    """Leave every network behind, the machine's own loopback included. Linux only.

    Raises
    ------
    OSError
        When the system does not allow it.
    """
    if sys.platform != "linux":
        raise OSError("only Linux can cut a process off from the network")
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.getuid(), os.getgid()
    if libc.unshare(_NEW_NETWORK) == 0:
        return
    # An ordinary user may do so in a space of users of his own, where he is who he was.
    if libc.unshare(_NEW_USERS | _NEW_NETWORK) != 0:
        raise OSError(ctypes.get_errno(), "the system does not cut a process off")
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="ascii")


def can_cut_off() -> bool:
    """Whether `cut_off` works here; tried in a process of its own, since it is for good."""
    code = "from delivery_analytics.execution.sandbox import cut_off; cut_off()"
    path = os.pathsep.join(filter(None, [str(Path(__file__).parents[2]), *sys.path]))
    line, env = [sys.executable, "-c", code], {**os.environ, "PYTHONPATH": path}
    tried = subprocess.run(line, env=env, capture_output=True, check=False)  # noqa: S603 - our own
    return tried.returncode == 0


def limit_memory(most: int = MEMORY) -> None:
    """Let this process hold `most` bytes of data and no more; the next one is refused.

    What it merely reserves does not count. Where there is no such limit, nothing happens.
    """
    with contextlib.suppress(ImportError, AttributeError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
