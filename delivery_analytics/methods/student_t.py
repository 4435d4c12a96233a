"""Student's distribution, for the few figures that delivery units have of anything.

A dozen lines of arithmetic in place of a library of statistics that weighs a hundred
megabytes on a closed network; held to the published table in the tests.
"""

from __future__ import annotations

import math
from functools import cache

Z80 = 1.2815515655446004  # of the normal distribution, two-sided 80 %


def share_below(z: float, free: int = 0) -> float:
    """Return the distribution function at `z`: Student's with `free` degrees, normal of 0."""
    if free == 0:
        return 0.5 * math.erfc(-z / math.sqrt(2))
    angle = math.atan2(z, math.sqrt(free))
    sine, cosine = math.sin(angle), math.cos(angle)
    term, total = 1.0, 0.0
    if free % 2:
        term = cosine
        for step in range(1, free, 2):
            total += term
            term *= cosine**2 * (step + 1) / (step + 2)
        return 0.5 + (angle + sine * total) / math.pi
    for step in range(0, free, 2):
        total += term
        term *= cosine**2 * (step + 1) / (step + 2)
    return 0.5 + sine * total / 2


@cache
def reach80(free: int = 0) -> float:
    """Return how many standard deviations an 80 % interval reaches to either side."""
    low, high = 0.0, 20.0
    if free == 0:
        return Z80
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if share_below(middle, free) < 0.9 else (low, middle)
    return low
