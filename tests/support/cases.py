"""The small inputs of ``../shared/cases``, each read with its own or the common definitions."""

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


@cache
def read(name):
    """Return what a case's files give: ``data``, ``problems`` (code, severity, cell …), ``files``."""
    root = Path(tempfile.mkdtemp(prefix="case-"))
    try:
        definitions = root / "data" / "definitions"
        (definitions / "sectors").mkdir(parents=True)
        for file in ("regions.csv", "units.toml"):
            shutil.copyfile(CASES / "definitions" / file, definitions / file)
        (definitions / "status.toml").write_text(STATUS, encoding="utf-8")
        own = sorted((CASES / name).glob("*.toml"))
        shutil.copyfile(
            own[0] if own else CASES / "definitions" / "water.toml",
            definitions / "sectors" / "water.toml",
        )
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
