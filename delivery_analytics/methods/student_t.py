"""Student's distribution, for the few figures that delivery units have of anything.

A dozen lines of arithmetic in place of a library of statistics that weighs a hundred
megabytes on a closed network; held to the published table in the tests.
"""

import math
from functools import cache

Z80 = 1.2815515655446004  # of the normal distribution, two-sided 80 %


def share_below(z: float, free: int = 0) -> float:
    """Return the distribution function at `z`: Student's with `free` degrees, normal of 0.

    Small shares keep all their digits: the tail is worked out, not what is left of it.
    """
    if free == 0:
        return 0.5 * math.erfc(-z / math.sqrt(2))
    square = z * z
    near, far = square / (free + square), free / (free + square)
    if far > (free + 2) / (free + 5):
        tail = 0.5 - 0.5 * _beta(near, 0.5, free / 2)
    else:
        tail = 0.5 * _beta(far, free / 2, 0.5)
    return tail if z < 0 else 1 - tail


def _beta(x: float, a: float, b: float) -> float:
    """Return the regularised incomplete beta function by its continued fraction.

    Lentz's way (Numerical Recipes 6.4), which is quick below x = (a + 1) / (a + b + 2).
    """
    if x <= 0:
        return 0.0
    log_scale = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    scale = math.exp(log_scale + a * math.log(x) + b * math.log1p(-x)) / a
    total = lower = 1 / (1 - (a + b) * x / (a + 1))
    upper = 1.0
    for n in range(1, 500):
        before, double = total, a + 2 * n
        even = n * (b - n) * x / ((double - 1) * double)
        odd = -(a + n) * (a + b + n) * x / (double * (double + 1))
        for term in (even, odd):
            upper, lower = 1 + term / upper, 1 / (1 + term * lower)
            total *= upper * lower
        if abs(total - before) < 1e-15 * total:
            break
    return scale * total


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
