"""Every Office file that is written passes a validator of Open XML."""

import pytest
from openxml_audit import OpenXmlValidator

from delivery_analytics.model.registry import open_registry
from delivery_analytics.returns import blank_form
from delivery_analytics.writers import xlsx
from delivery_analytics.writers.single_chart import save_chart
from tests.conftest import PUBLISHED, ROOT
from tests.support import office

KINDS = ("bar", "column", "stacked_bar", "stacked_column")


def findings(path):
    """What the validator says of a file, each thing once with its place."""
    told = OpenXmlValidator().validate(path)
    return {(str(one.part_uri), one.description) for one in told.errors}


def test_every_published_deck_and_workbook_is_valid(published):
    files = [
        path
        for path in sorted((published.folder / "en").rglob("*"))
        if path.suffix in (".pptx", ".xlsx")
    ]

    assert len(files) >= 2 * len(PUBLISHED["en"])
    assert {path.name: told for path in files if (told := findings(path))} == {}


@pytest.mark.parametrize("kind", KINDS)
def test_a_slide_with_a_native_chart_of_any_kind_is_valid(tmp_path, kind):
    office.deck(tmp_path, office.bars(kind), office.line(), office.table())

    assert findings(tmp_path / "report.pptx") == set()


def test_the_validator_sees_an_axis_that_is_not_numbered_as_it_must_be(tmp_path, monkeypatch):
    """So that the tests above cannot pass by not looking."""
    monkeypatch.setattr("delivery_analytics.writers.pptx.charts._number_axes", lambda _: None)
    office.deck(tmp_path, office.bars("column"))

    told = findings(tmp_path / "report.pptx")
    assert any("less than minimum 0" in what for _, what in told)


@pytest.mark.parametrize("block", [office.line(), office.bars(), office.table()])
@pytest.mark.parametrize("ending", ["pptx", "xlsx"])
def test_a_single_chart_or_table_is_valid(tmp_path, block, ending):
    path = tmp_path / f"one.{ending}"
    report = office.report()
    save_chart(block, path, report.data, report.words)

    assert findings(path) == set()


def test_a_workbook_with_all_that_a_report_may_hold_is_valid(tmp_path):
    blocks = (
        *office.LONG_BLOCKS,
        office.bars(),
        office.table(0, title="Nothing"),
        office.headlines(),
    )
    xlsx.write(office.report(*blocks, language="kk"), tmp_path / "report.xlsx")

    assert findings(tmp_path / "report.xlsx") == set()


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_a_blank_form_is_valid(tmp_path, language):
    path = tmp_path / "form.xlsx"
    path.write_bytes(
        blank_form.form(open_registry(ROOT), "healthcare", period="2024", language=language)
    )

    assert findings(path) == set()
