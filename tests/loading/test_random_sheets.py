"""Random truths, drawn as sheets of every declared shape, come out as they are or are told."""

import pytest

from tests.fuzz.sheets import run


def agree(count):
    told, failed = run(count)
    print(f"\n{told}")
    assert not failed, "\n".join(f"seed {o.seed}: {o.disagreements[0]}" for o in failed)


def test_each_figure_is_stored_as_it_is_or_set_aside_by_its_cell():
    agree(60)


@pytest.mark.long
def test_no_figure_of_two_thousand_workbooks_is_stored_otherwise(capsys):
    with capsys.disabled():
        agree(2000)
