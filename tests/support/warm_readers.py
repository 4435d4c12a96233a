"""Reading processes kept from test to test: starting one takes longer than most tests do.

What holds of them by themselves is tested in `tests/spreadsheets`, where none is kept.
"""

import os
import sys
from collections import defaultdict

from delivery_analytics.spreadsheets.reader import Reader

_spare = defaultdict(list)  # by the limits they were started with
_end, _start = Reader.close, Reader._living_child


def keep_between_tests(patch):
    """Have readers hand their child on when they close; end those left with `end_all`."""
    patch.setattr(Reader, "close", _hand_on)
    patch.setattr(Reader, "_living_child", _take_over)


def end_all():
    for children in _spare.values():
        while children:
            children.pop().close()


def _is_subject():
    return os.environ.get("PYTEST_CURRENT_TEST", "").startswith("tests/spreadsheets/")


def _hand_on(reader):
    child = reader._child
    # Closed because of an error it may be amid an answer, which would be the next file's.
    unwell = child is None or child.ended or child.owner != os.getpid() or sys.exc_info()[0]
    if unwell or _is_subject():
        _end(reader)
    else:
        reader._child = None
        _spare[reader.limits].append(child)


def _take_over(reader):
    spare = _spare[reader.limits]
    if reader._child is None and spare and not _is_subject() and spare[-1].owner == os.getpid():
        reader._child = spare.pop()
    return _start(reader)
