"""Write METHODS.md from the worked examples beside this file, tables and all.

    python -m tests.spec.write_methods

A section is a module: its docstring says how the method works, and every table that its tests
draw follows under the sentence of its test. So the page cannot say what the tests do not hold.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "METHODS.md"
# The order of the page; a section that is not named here stands at its end.
ORDER = (
    "trajectory",
    "share_of_planned_change",
    "order",
    "brief",
    "kz_plan_execution",
    "pmdu",
    "judgements",
    "action_paths",
    "pemandu",
    "open_sdg",
    "growth_windows",
    "within_tolerance",
    "edge_cases",
    "kz_decomposition",
    "spending",
    "instructions",
    "spc",
    "forecast",
    "slippage",
    "earned_value",
    "challenges",
    "disparity",
    "delivery_confidence",
    "figures_owed",
)
_HEAD = """# Methods

How each figure and status is worked out. Thresholds are set in `data/definitions/status.toml`. This
page is written by `python -m tests.spec.write_methods` from the worked examples in `tests/spec`,
which run with the suite: each table below is one of them, columns to the right of the figures being
what comes out.

Statuses are counted, listed and compared; they are never averaged, and a sector has no status of
its own. Every list of them has one order.
"""


def page() -> str:
    """Return the whole page."""
    return "\n".join([_HEAD, *(_section(HERE / f"test_{name}.py") for name in sections())])


def sections() -> list[str]:
    """Return every module of examples in the order of the page."""
    modules = {path.stem.removeprefix("test_") for path in HERE.glob("test_*.py")}
    return [*ORDER, *sorted(modules - {*ORDER, "methods_page"})]


def _section(path: Path) -> str:
    module = ast.parse(path.read_text(encoding="utf-8"))
    first, _, prose = (ast.get_docstring(module) or "").partition("\n\n")
    title, _, gist = first.partition(": ")
    gist = f"{gist[:1].upper()}{gist[1:]}"
    parts = [f"## {title}\n\n{gist}\n"]
    if prose:
        parts.append(prose.strip("\n") + "\n")
    parts += [_markdown(text) for text in _drawn(module.body)]
    for node in module.body:
        tables = _drawn(node.body) if isinstance(node, ast.FunctionDef) else []
        if tables and node.name.startswith("test_"):
            parts.append(f"**{_sentence(node.name)}**\n")
            parts += [_markdown(text) for text in tables]
    return "\n".join(parts)


def _sentence(name: str) -> str:
    words = name.removeprefix("test_").replace("_", " ")
    return f"{words[:1].upper()}{words[1:]}."


def _drawn(body: list[ast.stmt]) -> list[str]:
    """Return the tables drawn in statements, in their order; not those of functions within."""
    found = []
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            continue
        texts = (node for node in ast.walk(statement) if isinstance(node, ast.Constant))
        ordered = sorted(texts, key=lambda node: (node.lineno, node.col_offset))
        found += [node.value for node in ordered if _is_table(node.value)]
    return found


def _is_table(value: object) -> bool:
    if not isinstance(value, str) or "{" in value:
        return False
    lines = [line for line in value.strip().splitlines() if line.strip()]
    return len(lines) > 1 and all("|" in line for line in lines)


def _markdown(text: str) -> str:
    rows = [
        [re.sub(r"([*_<>])", r"\\\1", cell.strip()) for cell in line.split("|")]
        for line in text.strip().splitlines()
        if line.strip()
    ]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]]) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
