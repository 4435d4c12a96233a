"""The house in one list: a module imports only from tiers listed before its own."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import delivery_analytics

TIERS = [
    ["errors"],
    # moved
    ["model"],
    ["spreadsheets"],
    ["wording"],
    ["methods"],
    ["loading"],
    ["analytics"],
    ["report"],
    ["charts"],
    ["blocks"],
    ["writers"],
    ["returns"],
    ["execution"],
    ["publishing"],
    ["lab"],
    ["scheduling"],
    ["cli"],
    # Cells: opening whatever was sent, safely, as grids that know their addresses.
    # Values and names, and the tables together.
    # The loader: where a table is, which rows are data, what each field says.
    # The analytics: pure functions on tables.
    # What a reader sees.
    # The round trip with the sender: a blank return, and a marked copy of what came back.
    # Running notebooks, and publishing.
]
TIER = {name: level for level, names in enumerate(TIERS) for name in names}
PACKAGE = Path(delivery_analytics.__file__).parent
LONGEST = 400  # lines
# Only what runs and publishes may look at a clock, to time itself and to say when it ran.
CLOCKS = {
    "publish",
    "edition",
    "record",
    "run",
    "warm",
    "workers",
    "painter",
    "cells",
    "reader",
}
CLOCKS |= {
    "editions",
    "manifest",
    "jobs",
    "fork_server",
    "pool",
    "chart_server",
    "client",
    "kernel",
}
CLOCKS |= {"snapshot", "audit_log", "scheduler"}
CLOCKS |= {"worker", "shell", "engine", "container", "journal", "schedule"}
NETWORK = {"requests", "urllib", "http", "httpx", "aiohttp", "ftplib", "smtplib"}


def modules():
    return sorted(path for path in PACKAGE.rglob("*.py") if not path.name.startswith("__main"))


def name(path):
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def nodes(path):
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def imports(path):
    """Yield the modules of ours that the file at `path` imports."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: a relative import hides its tier"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for full in names:
            package, _, rest = full.partition(".")
            if package == PACKAGE.name and rest:
                yield rest.split(".")[0]


def test_every_module_has_its_place_in_the_list():
    assert {name(path) for path in modules()} - {"__init__"} == set(TIER)


def test_imports_reach_only_earlier_tiers():
    wrong = []
    for path in modules():
        own = name(path)
        if own == "__init__":
            continue
        wrong += [
            f"{own} imports {other}"
            for other in imports(path)
            if other != own and other in TIER and TIER[other] >= TIER[own]
        ]
    assert wrong == []


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.stem)
def test_a_module_is_short_enough_to_be_read(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.stem)
def test_nothing_asks_what_day_it_is(path):
    if path.stem in CLOCKS:
        return
    asked = {"today", "now", "utcnow", "time", "monotonic", "perf_counter"}
    calls = [
        ast.unparse(node.func)
        for node in nodes(path)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in asked
        and ast.unparse(node.func.value) in ("date", "datetime", "time", "pd.Timestamp")
    ]
    assert calls == []


def test_nothing_but_mail_can_reach_a_network():
    wrong = []
    for path in modules():
        if path.stem == "mail":  # off unless a server is named
            continue
        for node in nodes(path):
            if isinstance(node, ast.Import):
                found = {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                found = {(node.module or "").split(".")[0]}
            else:
                continue
            wrong += [f"{path.name} imports {one}" for one in found & NETWORK]
    assert wrong == []


def test_importing_the_package_imports_nothing_heavy():
    code = f"import sys, {PACKAGE.name}; print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    heavy = {"altair", "babel", "IPython", "numpy", "pandas", "pptx", "pyarrow", "pydantic"}

    assert heavy.isdisjoint(told.stdout.decode().split())
