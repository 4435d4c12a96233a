"""What a reader would stumble over is counted in every report, and there is none of it.

`make readers-check` counts the same over the whole example in its three languages.
"""

from functools import cache

import pytest

from tests.conftest import PUBLISHED
from tests.support import readers_check

LONGEST = ("kk", "ru", "en")  # the languages, those of the longest names first


# The reports in which a count is not nought yet. What is mended is taken out of here.
# The longest delay stands in the title of the ages of overdue instructions, and in no row; what
# is told of a problem in the returns stands in English on Russian slides.
OPEN = {"titles": {"en/instructions"}, "words": {"ru/healthcare"}}
# Every deck and workbook of the edition is held against the validator elsewhere.
NAMES = [name for name in readers_check.CHECKS if name != "valid"]


@cache
def of_each_kind(folder):
    """One report of each kind, in that language of the edition in which names are longest."""
    found = {}
    for language in LONGEST:
        for place in PUBLISHED[language]:
            page = folder / language / f"{place}.html"
            kind = place.partition("/")[0]
            found.setdefault(kind, readers_check.Published(page, language))
    return list(found.values())


@pytest.mark.parametrize("name", NAMES)
def test_a_report_of_each_kind_has_none_of(name, published, tally):
    reports = of_each_kind(published.folder)
    found = {
        f"{one.language}/{one.page.stem}": told
        for one in reports
        if (told := readers_check.CHECKS[name][1](one))
    }

    assert len(reports) == 8
    tally(f"reports without {readers_check.CHECKS[name][0]}", len(reports) - len(found), 8)
    assert {at: told for at, told in found.items() if at not in OPEN.get(name, ())} == {}
