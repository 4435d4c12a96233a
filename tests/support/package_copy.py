"""A copy of the package in a folder of its own, to add something to."""

import os
import shutil
import subprocess
import sys

from tests.conftest import ROOT


def copied(folder):
    """Copy the package into `folder`, and return where it is there."""
    # With what was compiled, which Python takes wherever its source is no newer.
    return shutil.copytree(ROOT / "delivery_analytics", folder / "delivery_analytics")


def files_of(package):
    """Return path → content of every file below `package`."""
    return {
        path.relative_to(package).as_posix(): path.read_bytes()
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def python(package, *arguments):
    """Run Python with the package that was copied to `package`; return what it printed."""
    done = subprocess.run(
        [sys.executable, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(package.parent)},
        cwd=package.parent,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
