"""Sheets drawn at random, with what is true of them: a draft is right, or asks, or refuses."""

import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from delivery_analytics.describing.draft import MOST_ASKED
from delivery_analytics.describing.workbook import describe_book
from delivery_analytics.errors import DefinitionError
from delivery_analytics.loading.combine import combine
from delivery_analytics.loading.read_book import read_book
from delivery_analytics.model.building import build_definition
from delivery_analytics.model.registry import Sheet
from delivery_analytics.spreadsheets import Reader
from tests.fuzz.sheets import _equal, _stored, draw
from tests.fuzz.truth import DAY, registry
from tests.support.asked import most_asked

MOST = 8  # answers to one file
# Among the first sheets, some of each shape, and those that were once read wrongly.
QUICK = (4, 7, 11, 19, 20, 23, 30, 40, 42, 52, 53, 1056, 1160, 1238, 1281)
KNOWN = registry(())
SECTOR = KNOWN.sectors["works"]


def answer(one, question):
    """Return what somebody who knows the sheet would say; "" where none of the answers is true."""
    said, meanings = one.sketch.said, one.sketch.truth.meanings
    names = [option.name for option in question.options]
    if question.id == "reported_on":
        return DAY.isoformat()
    if question.id in ("indicator", "region", "period"):
        return meanings[question.id][0] if len(meanings.get(question.id, ())) == 1 else ""
    if question.id == "scale":
        return "1" if "unit" in one.sketch.places or "scale" not in said else ""
    if question.id.startswith("column-"):
        return next(
            (n for n in names if n.strip(": ").casefold() in ("факт", "actual value")), ""
        )
    if question.id == "decimal":
        return said.get("decimal", "")
    if question.id.startswith(("keep-", "measure")):
        return ""
    if question.id.startswith("blank-"):
        return (
            "above" if question.id.removeprefix("blank-") in said.get("fill", ()) else "aside"
        )
    return names[0]


def outcome(reader, folder, seed):
    """Return what became of a drawn sheet, and of the figures that are stored wrongly."""
    one = draw(seed)
    book = reader.open(one.write(Path(folder)))
    answers, found = [], describe_book(KNOWN, SECTOR, book)
    while found.open and len(answers) < MOST:
        assert most_asked(found) <= MOST_ASKED, (seed, found.toml())
        [question, *_] = [q for draft in found.drafts for q in draft.questions]
        if not (said := answer(one, question)):
            return "asked", []
        answers.append({"question": question.id, "answer": said})
        try:
            found = describe_book(KNOWN, SECTOR, book, answers)
        except DefinitionError:  # what is true is none of the answers, and was asked
            return "asked", []
    good = [draft for draft in found.drafts if not draft.refused]
    if not good or found.open:
        return "refused", []
    built = (build_definition(Sheet, dict(draft.body), Path(), "") for draft in good)
    sector = replace(SECTOR, sheets=tuple(built))
    result = read_book(replace(KNOWN, sectors={"works": sector}), book, sector)
    stored = _stored(one, combine(KNOWN, [result]), result.source_id)
    true = {
        (key, figure): value
        for key, figures in one.sketch.truth.records.items()
        for figure, value in figures.items()
        if value is not None
    }
    wrong = [at for at, (v, _) in stored.items() if at not in true or not _equal(v, true[at])]
    count = "no" if not answers else "two" if len(answers) <= 2 else "more"
    return f"right after {count} answers" if not wrong else "wrong", wrong


def drawn_outcomes(seeds):
    counts, wrong = Counter(), {}
    with tempfile.TemporaryDirectory() as folder, Reader(workers=1) as reader:
        for seed in seeds:
            # What nothing on the sheet says, nobody can read off it: a scale without a word.
            if "scale" in draw(seed).sketch.said:
                continue
            what, cells = outcome(reader, folder, seed)
            counts[what] += 1
            if cells:
                wrong[seed] = cells[:3]
    return counts, wrong


def test_no_drawn_sheet_is_read_wrongly_in_silence():
    counts, wrong = drawn_outcomes(QUICK)

    assert wrong == {}
    assert sum(counts[name] for name in counts if name.startswith("right")) >= 6


@pytest.mark.long
def test_many_drawn_sheets_are_right_or_asked_or_refused(capsys):
    counts, wrong = drawn_outcomes(range(1000, 1400))
    with capsys.disabled():
        print("\ndrawn sheets: " + ", ".join(f"{n} {what}" for what, n in counts.most_common()))

    assert wrong == {}
