"""Search by a pattern that somebody declared, without waiting for one that never ends.

Python's ``re`` cannot be stopped. A pattern that repeats what repeats, such as ``(a+)+$``,
takes longer than anybody lives over thirty letters.
"""

import json
import re
import subprocess
import sys
from functools import lru_cache

from delivery_analytics.parsing.parse import shortened

SECONDS = 2.0
_STEPS = 10_000_000  # which take no longer than starting another process
_REPEATED = re.compile(r"[*+]|\{\d*,(?:\d{2,})?\}")
_GROUP_REPEATED = re.compile(r"\)[*+{]|\\\d|\(\?P=")
# The child's program: that it ends is all it says.
_TRIAL = "import json, re, sys; re.search(*json.load(sys.stdin))"


def search(pattern: str, text: str) -> re.Match[str] | None:
    """Return what `re.search` does.

    Raises
    ------
    TimeoutError
        When it would take longer than `SECONDS`; worded for whoever declared the pattern.
    """
    if not _is_quick(pattern, len(text)) and not _ends(pattern, text):
        raise TimeoutError(
            f"the pattern '{pattern}' takes more than {SECONDS:g} seconds over "
            f"'{shortened(text, 80)}'. Repeat nothing in it that repeats already"
        )
    return re.search(pattern, text)


def _is_quick(pattern: str, length: int) -> bool:
    """Say whether a search has few steps: no group repeats, and few things do."""
    repeated = len(_REPEATED.findall(pattern))
    return not _GROUP_REPEATED.search(pattern) and (length + 1) ** (repeated + 1) <= _STEPS


@lru_cache(maxsize=4096)
def _ends(pattern: str, text: str) -> bool:
    """Say whether a search ends in time, by trying it in a process that can be stopped."""
    try:
        subprocess.run(  # noqa: S603 (our own interpreter and code)
            [sys.executable, "-I", "-S", "-c", _TRIAL],
            input=json.dumps([pattern, text]).encode(),
            timeout=SECONDS,
            capture_output=True,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return True
