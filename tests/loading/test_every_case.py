"""No folder of ``../shared/cases`` that is about reading is left without a test."""

from pathlib import Path

from tests.support.cases import of_reading
from tests.support.shared import needs_shared

TESTS = Path(__file__).parents[1]


@needs_shared
def test_every_case_of_reading_is_named_by_a_test():
    texts = [path.read_text(encoding="utf-8") for path in TESTS.rglob("test_*.py")]
    named = {name for name in of_reading() if any(f'"{name}"' in text for text in texts)}
    assert set(of_reading()) - named == set()
    assert len(named) > 30
