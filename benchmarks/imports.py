"""How long imports take beside pandas' own, which every analysis needs anyway.

    python benchmarks/imports.py

Each in fresh processes by turns, the fastest of seven; the figures are what it takes
beyond pandas, in seconds, and the whole as a share of pandas.
"""

from __future__ import annotations

import subprocess
import sys
import time

WAYS = {
    "pandas": "import pandas",
    "the package": "import pandas, delivery_analytics",
    "open_dataset": "import delivery_analytics as da; da.open_dataset",
    "and assess": "import delivery_analytics as da; da.open_dataset; da.assess",
    "every name": "from delivery_analytics import *",
}
TURNS = 7


def seconds(code: str) -> float:
    """Run `code` in a fresh process and return how long it took."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - begun


def main() -> None:
    """Print one line for each way."""
    taken: dict[str, float] = dict.fromkeys(WAYS, float("inf"))
    for _ in range(TURNS):
        for name, code in WAYS.items():
            taken[name] = min(taken[name], seconds(code))
    base = taken["pandas"]
    for name, one in taken.items():
        print(f"{name:14} {one - base:+6.2f} s beyond pandas, {one / base:5.2f} of it")


if __name__ == "__main__":
    main()
