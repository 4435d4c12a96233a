"""What each ministry sends: the files of every sector, in the shape that is its own."""

from __future__ import annotations

from collections.abc import Callable

from economy import innovation, regions, transport
from facts import Facts
from forms import Return
from people import digital, education, healthcare
from resources import energy, industry, water

SECTORS: dict[str, Callable[[Facts], list[Return]]] = {
    function.__name__: function
    for function in (
        transport,
        healthcare,
        education,
        energy,
        water,
        industry,
        digital,
        innovation,
        regions,
    )
}


def everything(facts: Facts) -> dict[str, list[Return]]:
    """Return every file by sector."""
    return {sector: make(facts) for sector, make in SECTORS.items()}
