"""The house in one table: what each package may import, and what no module does."""

import ast
import collections
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import delivery_analytics

PACKAGE = Path(delivery_analytics.__file__).parent

# Package → what it may import, and with it what those may. From the ground up.
HOUSE = {
    "errors": "",
    "model": "errors",
    "spreadsheets": "errors",
    "wording": "model",
    "methods": "model",
    "parsing": "model spreadsheets",
    "deriving": "model",
    "loading": "parsing deriving",
    "describing": "loading",
    "analytics": "model methods",
    "report": "model wording",
    "charts": "analytics report",
    "blocks": "analytics report",
    "briefing": "blocks charts",
    "writers": "report charts",
    "returns": "loading writers",
    "execution": "loading writers",
    "lab": "describing briefing writers execution",
    "publishing": "execution briefing writers",
    "scheduling": "model",
    "cli": "returns lab publishing scheduling",
}
LONGEST = 400  # lines of a module
FULLEST = 25  # modules of a package
# Only what runs and publishes may look at a clock, to time itself and to say when it ran.
CLOCKS = {
    *("spreadsheets/reader", "spreadsheets/snapshot", "scheduling/scheduler"),
    *("execution/chart_server", "execution/client", "execution/fork_server"),
    *("execution/jobs", "execution/kernel", "execution/pool", "execution/shell"),
    *("execution/worker", "publishing/audit_log"),
    *("publishing/announce", "publishing/filing", "publishing/publish"),
}
NETWORK = {"requests", "urllib.request", "http", "httpx", "aiohttp", "ftplib", "smtplib"}
# Off unless a server or an address is named.
DOORS = {"publishing/mail", "publishing/announce"}


def called(path):
    return path.relative_to(PACKAGE).with_suffix("").as_posix()


MODULES = {
    called(path): path
    for path in sorted(PACKAGE.rglob("*.py"))
    if not path.is_relative_to(PACKAGE / "example")
}


def nodes(path):
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def imports(path):
    """Yield the modules of ours that the file at `path` imports, as ``model/dataset``."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: a relative import hides its package"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for full in names:
            parts = full.split(".")
            if parts[0] != PACKAGE.name:
                continue
            # The last part may be a name in a module, or in a package's __init__.
            for end in (len(parts), len(parts) - 1):
                module = "/".join(parts[1:end])
                if module in MODULES or f"{module}/__init__" in MODULES:
                    yield module if module in MODULES else f"{module}/__init__"
                    break


def allowed(package):
    """Return a package and all that it may import, directly or with what it imports."""
    own = HOUSE[package].split()
    return {package, *own}.union(*map(allowed, own))


def test_packages_stand_in_one_order(capsys):
    order = list(HOUSE)
    with capsys.disabled():
        print("\n" + " → ".join(order))

    for package, may in HOUSE.items():
        assert all(order.index(one) < order.index(package) for one in may.split())
    assert {name.split("/")[0] for name in MODULES} == {*HOUSE, "__init__", "__main__"}


def test_a_package_imports_only_what_the_table_lets_it():
    wrong = [
        f"{name} imports {other}"
        for name, path in MODULES.items()
        for other in imports(path)
        if name.split("/")[0] in HOUSE
        and other.split("/")[0] not in allowed(name.split("/")[0])
    ]
    assert wrong == []


def test_no_files_import_each_other_in_a_circle():
    graph = {name: {*imports(path)} - {name} for name, path in MODULES.items()}
    # A package's __init__ hands on the names of its files, which import each other by file.
    graph = {
        name: {one for one in found if not one.endswith("/__init__") or name == "__init__"}
        for name, found in graph.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


def test_the_root_holds_packages_and_no_folder_is_too_full():
    assert {name for name in MODULES if "/" not in name} == {"__init__", "__main__", "errors"}
    for folder in {path.parent for path in MODULES.values()}:
        held = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
        assert len(held) <= FULLEST, folder.name


def test_a_package_says_in_one_sentence_what_lives_there():
    for name in HOUSE.keys() - {"errors"}:
        said = ast.get_docstring(ast.parse((PACKAGE / name / "__init__.py").read_text("utf-8")))
        assert said.splitlines()[0].endswith("."), name


# What every module of a kind has, and is called alike for that.
PROTOCOL = {"write", "is_whole", "read", "main", "serve"}
# A subject has one name wherever it is computed, shown, drawn or read.
LAYERS = {"analytics", "blocks", "charts", "loading"}


def test_a_public_name_means_one_thing():
    homes = {}
    for name, path in MODULES.items():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name[0] != "_":
                homes.setdefault(node.name, set()).add(name.split("/")[0])
    counts = collections.Counter(
        node.name
        for path in MODULES.values()
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    )
    twice = {
        name: packages
        for name, packages in homes.items()
        if counts[name] > 1
        and name not in PROTOCOL
        # A command is called as what it calls.
        and not (packages - {"cli"} <= LAYERS or "cli" in packages)
    }
    assert twice == {}


@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_short_enough_to_be_read(name):
    assert len(MODULES[name].read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("name", sorted(MODULES.keys() - CLOCKS))
def test_nothing_asks_what_day_it_is(name):
    asked = {"today", "now", "utcnow", "time", "monotonic", "perf_counter"}
    calls = [
        ast.unparse(node.func)
        for node in nodes(MODULES[name])
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in asked
        and ast.unparse(node.func.value) in ("date", "datetime", "time", "pd.Timestamp")
    ]
    assert calls == []


def test_what_may_look_at_a_clock_does():
    assert MODULES.keys() >= CLOCKS


def test_nothing_but_mail_and_the_webhook_can_reach_a_network():
    wrong = []
    for name in MODULES.keys() - DOORS:
        for node in nodes(MODULES[name]):
            if isinstance(node, ast.Import):
                found = {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                found = {f"{node.module}.{alias.name}" for alias in node.names}
            else:
                continue
            wrong += [
                f"{name} imports {one}"
                for one in found
                if any(f"{one}.".startswith(f"{door}.") for door in NETWORK)
            ]
    assert wrong == []


def test_importing_the_package_imports_nothing_heavy():
    code = f"import sys, {PACKAGE.name}; print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    heavy = {"altair", "babel", "IPython", "numpy", "pandas", "pptx", "pyarrow", "pydantic"}

    assert heavy.isdisjoint(told.stdout.decode().split())
