"""What a sector lacks that was there before stands first in every report of it."""

import pytest

from delivery_analytics.report.document import Note
from delivery_analytics.report.report import Report
from delivery_analytics.wording.wording import open_wording
from tests.support.tables import dataset, registry

WORLD = registry("""
indicator_id
health.life
education.schools
""")
PROBLEMS = """
source_id | sector_id | file | code                 | severity | value
          | health    | a    | coverage.owed        | error    | health.life
          | health    | a    | coverage.owed-target | error    | health.life
          | health    | b    | intake.gone          | error    |
"""


def said(data):
    return [block.text for block in Report("?", data, open_wording("en")).blocks]


def test_an_indicator_that_is_owed_is_named_once_in_reports_of_its_sector_and_the_nation():
    data = dataset(None, registry=WORLD, problems=PROBLEMS)
    name = WORLD.indicators["health.life"].name["en"]
    sector = WORLD.sectors["health"].name["en"]
    text = f"{sector}: reported before and missing from the latest return: {name}."

    assert said(data) == said(data.where(sector_id="health")) == [text]
    assert said(data.where(sector_id="education")) == []


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_the_warning_is_a_note_in_every_language(language):
    data = dataset(None, registry=WORLD, problems=PROBLEMS)
    [block] = Report("?", data, open_wording(language)).blocks

    assert isinstance(block, Note)
    assert block.kind == "warning"
