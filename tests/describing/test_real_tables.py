"""Real files and the example's own returns, described as if nobody had declared them."""

from collections import Counter
from dataclasses import replace

import pytest

from delivery_analytics.describing.trial import figures_by_cell, load_draft
from delivery_analytics.describing.workbook import describe_book
from delivery_analytics.errors import SourceError
from delivery_analytics.loading.intake import return_files
from delivery_analytics.loading.read_book import read_book
from delivery_analytics.model.registry import open_registry
from delivery_analytics.spreadsheets import Reader
from tests.conftest import ROOT
from tests.support.shared import SHARED, needs_shared

FAMILIES = ("kz_sdg/data", "kz_budget", "gmpp", "ons_excel")


@pytest.fixture(scope="module")
def registry():
    return open_registry(ROOT)


def undeclared(registry, sector):
    bare = replace(registry.sector(sector), sheets=())
    return replace(registry, shared=(), sectors={sector: bare}), bare


def state(draft):
    return "refused" if draft.refused else "asked" if draft.questions else "ready"


def books(reader, paths):
    for path in paths:
        try:
            yield reader.open(path)
        except SourceError:  # what nobody can open, nobody can describe
            continue


@pytest.mark.long
def test_the_examples_own_tables_are_drafted_as_they_are_declared_or_asked(registry, capsys):
    counts, wrong = Counter(), []
    with Reader(workers=1) as reader:
        for sector in registry.sectors.values():
            known, bare = undeclared(registry, sector.id)
            for book in books(reader, return_files(registry.workspace.raw / sector.id)):
                declared = read_book(registry, book, sector)
                parts = [(n, one) for n, held in declared.tables.items() for one in held]
                true = {
                    figure for n, one in parts for figure in figures_by_cell({n: one}).values()
                }
                for draft in describe_book(known, bare, book).drafts:
                    counts[state(draft)] += 1
                    if (
                        draft.is_ready
                        and not load_draft(known, bare, book, draft).figures <= true
                    ):
                        wrong.append((book.file, draft.table.grid.sheet))
    with capsys.disabled():
        print("\nthe example's tables: ", dict(counts), "silently wrong:", len(wrong))

    assert wrong == []


@needs_shared
@pytest.mark.long
@pytest.mark.parametrize("family", FAMILIES)
def test_files_from_elsewhere_are_never_ready_without_what_only_a_person_knows(
    registry, family, capsys
):
    known, bare = undeclared(registry, "healthcare")
    counts, ready = Counter(), []
    with Reader(workers=1) as reader:
        files = sorted(p for p in (SHARED / "data" / family).rglob("*") if p.suffix != ".md")
        for book in books(reader, (path for path in files if path.is_file())):
            found = describe_book(known, bare, book)
            counts.update(map(state, found.drafts) if found.drafts else ["no table"])
            ready += [book.file for draft in found.drafts if draft.is_ready]
    with capsys.disabled():
        print(f"\n{family}: ", dict(counts))

    # None of them says which of this unit's indicators it holds, or of which day it is.
    assert ready == []
