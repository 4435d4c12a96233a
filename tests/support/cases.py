"""The small inputs of ``../shared/cases``, each read with its own or the common definitions."""

import re
import shutil
import tempfile
from functools import cache
from pathlib import Path
from types import SimpleNamespace

from delivery_analytics.loading.load import load
from delivery_analytics.model.registry import open_registry
from tests.support.shared import SHARED

CASES = SHARED / "cases"
STATUS = """
default_method = "share_of_planned_change"
[max_age_days]
annual = 900
quarterly = 200
monthly = 100
"""


READING = re.compile(r"^\| `([^|]+)` \|", re.MULTILINE)
read_by_now: list[str] = []  # the cases that the running test has read


def of_reading():
    """Return the folders that the README lists under "Reading"."""
    text = (CASES / "README.md").read_text(encoding="utf-8")
    rows = READING.findall(text.partition("## Reading")[2].partition("\n## ")[0])
    return [name for row in rows for name in re.split("`, `", row)]


def read(name, **definitions):
    """Return what a case's files give: ``data``, ``problems`` (code, severity, cell …), ``files``.

    `definitions` are texts in place of a case's own: of its ``sector``, ``regions``, ``units``.
    """
    read_by_now.append(name)
    return _read(name, tuple(definitions.items()))


def path(name):
    """Return a case's folder."""
    read_by_now.append(name)
    return CASES / name


def common(file):
    """Return the text of a file of definitions that all cases share."""
    return (CASES / "definitions" / file).read_text(encoding="utf-8")


@cache
def _read(name, texts):
    root = Path(tempfile.mkdtemp(prefix="case-"))
    try:
        definitions = root / "data" / "definitions"
        (definitions / "sectors").mkdir(parents=True)
        own = [
            file.read_text(encoding="utf-8") for file in sorted((CASES / name).glob("*.toml"))
        ]
        given = {
            "sector": own[0] if own else common("water.toml"),
            "regions": common("regions.csv"),
            "units": common("units.toml"),
            **dict(texts),
        }
        places = {
            "sector": "sectors/water.toml", "regions": "regions.csv", "units": "units.toml",
        }  # fmt: skip
        for what, text in given.items():
            (definitions / places[what]).write_text(text, encoding="utf-8")
        (definitions / "status.toml").write_text(STATUS, encoding="utf-8")
        raw = root / "data" / "raw" / "water"
        raw.mkdir(parents=True)
        for file in sorted((CASES / name).iterdir()):
            if file.suffix != ".toml":
                shutil.copyfile(file, raw / file.name)
        loaded = load(open_registry(root))
        problems = [p for one in loaded.files for p in one.problems]
        return SimpleNamespace(data=loaded.dataset, problems=problems, files=loaded.files)
    finally:
        shutil.rmtree(root)
