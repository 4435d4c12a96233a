"""No pattern runs for ever: neither one that was declared, nor one of ours over a cell."""

import time

import pytest

from delivery_analytics.model.sheet_definitions import CellField
from delivery_analytics.parsing.patterns import _is_quick, search
from tests.support.grids import LONG, like, read

ENDLESS = r"^(?:a+)+$"
TRAP = "a" * 60 + "!"


@pytest.mark.parametrize(
    "pattern", [ENDLESS, r"(a|a)*b", r"(a|aa)+$", r"(.*)(.*)(.*)(.*)(.*)b{3}\1"]
)
def test_a_pattern_that_would_not_end_is_stopped_and_told(pattern):
    began = time.perf_counter()
    with pytest.raises(TimeoutError, match="takes more than 2 seconds over 'aaaa"):
        search(pattern, TRAP * 8)
    assert time.perf_counter() - began < 6


@pytest.mark.parametrize(
    ("pattern", "text", "quick"),
    [
        (r"health_(?P<reported_on>\d{4}-\d{2}-\d{2})", "health_2024-06-30.xlsx", True),
        (r"As of (\d{1,2} \w+ \d{4})", "Title. As of 5 June 2024", True),
        (r"_v(\d+)(?:\.\d+)?\.", "a_v12.3.xlsx", True),
        (r"((?:\d+\.)+)xlsx", "1.2.3.xlsx", False),
    ],
)
def test_what_is_quick_is_searched_here_and_finds_what_re_finds(pattern, text, quick):
    assert _is_quick(pattern, len(text)) == quick
    assert search(pattern, text)


def test_a_file_whose_names_pattern_does_not_end_is_told():
    columns = {name: words for name, words in LONG.columns.items() if name != "region"}
    sheet = like(LONG, file_name=r"^(?P<region>(?:a+)+)$", columns=columns, optional=())
    told = read(sheet, "code | period | actual\nH-001 | 2024 | 5", file=TRAP)

    assert "takes more than 2 seconds" in told.message("file.name-unknown")
    assert told.file.outcome == "rejected"


def test_a_cell_whose_pattern_does_not_end_is_told():
    columns = {name: words for name, words in LONG.columns.items() if name != "region"}
    sheet = like(
        LONG, cells={"region": CellField("A1", ENDLESS)}, header=2, columns=columns, optional=()
    )
    told = read(sheet, f"{TRAP} | |\ncode | period | actual\nH-001 | 2024 | 5")

    assert told.cells("structure.cell-missing") == ["A1"]


@pytest.mark.parametrize(
    "part", ["¹", "(", "1 ", ",", "[note 1", "a ", "*", "-", "₸ ", "9.", "\u0301", "_"]
)
@pytest.mark.parametrize(
    "heading", ["code", "region", "period", "actual", "on", "unit", "note"]
)
def test_our_own_patterns_are_done_with_a_very_long_cell_at_once(heading, part):
    names = ["code", "region", "period", "actual", "on", "unit"]
    columns = {**LONG.columns, "reported_on": ("on",), "unit": ("unit",)}
    sheet = like(
        LONG, columns=columns, constants={}, optional=("region", "unit"), ignore=("*",)
    )
    cells = dict(
        zip(names, ["H-001", "Astana", "'2024", "5", "2025-01-20", "units"], strict=True)
    )
    cells[heading] = part * (32_000 // len(part)) + "x"
    began = time.perf_counter()

    told = read(sheet, f"{'|'.join(cells)}\n{'|'.join(cells.values())}")

    assert time.perf_counter() - began < 10  # it took minutes
    assert len(told.figures) == (heading == "note")
