"""Command lines run in this process, where the process is not the subject."""

import contextlib
import io
import sys
from types import SimpleNamespace

import pytest

from delivery_analytics.cli import main


def run(*words):
    """Run ``delivery WORDS``; return ``returncode``, ``stdout`` and ``stderr`` as a process has."""
    said, aside = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sys, "argv", ["delivery", *map(str, words)])
        with (
            contextlib.redirect_stdout(said),
            contextlib.redirect_stderr(aside),
            pytest.raises(SystemExit) as left,
        ):
            main.main()
    return SimpleNamespace(
        returncode=left.value.code or 0, stdout=said.getvalue(), stderr=aside.getvalue()
    )
