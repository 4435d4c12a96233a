"""Sectoral progress spreadsheets in; judged indicators, reports and slides out.

Everything an analyst needs is a name here, imported when it is first used::

    import delivery_analytics as da

    data = da.open_dataset("data/processed").known_on("2024-12-31")
    assessments = da.assess(data)
"""

from __future__ import annotations

import importlib
import sys
import tomllib
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from delivery_analytics import analytics, blocks, charts, errors, methods
    from delivery_analytics.analytics.status import assess
    from delivery_analytics.briefing.brief import brief
    from delivery_analytics.deriving.derive import derive
    from delivery_analytics.lab.described import describe
    from delivery_analytics.lab.explorer import Explorer
    from delivery_analytics.loading.load import load
    from delivery_analytics.model.dataset import Dataset
    from delivery_analytics.model.opening import open_dataset
    from delivery_analytics.model.registry import Registry, open_registry
    from delivery_analytics.report import theme
    from delivery_analytics.report.document import Heading, Note, Table, Text
    from delivery_analytics.report.figure import Figure
    from delivery_analytics.report.report import Report
    from delivery_analytics.wording.wording import open_wording
    from delivery_analytics.writers import write
    from delivery_analytics.writers.single_chart import save_chart

__version__ = "0.1.0"

# The public names, in the order of a session.
__all__ = [  # noqa: RUF022
    "open_registry",
    "describe",
    "load",
    "open_dataset",
    "Dataset",
    "Registry",
    "assess",
    "derive",
    "analytics",
    "methods",
    "open_wording",
    "Explorer",
    "charts",
    "blocks",
    "brief",
    "Report",
    "Heading",
    "Text",
    "Note",
    "Table",
    "Figure",
    "theme",
    "write",
    "save_chart",
    "errors",
]
_NAMES = tomllib.loads(Path(__file__).with_name("public_names.toml").read_text("utf-8"))
_HOME, _FORMER = _NAMES["home"], _NAMES["former"]

if "ipykernel" in sys.modules:  # a notebook: its charts are drawn without a network
    from delivery_analytics.report.jupyter import enable_when_shown as _enable_when_shown

    _enable_when_shown()


def __getattr__(name: str) -> Any:
    if name in _HOME:
        home = f"{__name__}.{_HOME[name]}"
        found = getattr(importlib.import_module(home), name, None)
        return found or importlib.import_module(f"{home}.{name}")
    if name in __all__:
        return importlib.import_module(f"{__name__}.{name}")
    if name in _FORMER:
        message = f"delivery_analytics.{name} is now delivery_analytics.{_FORMER[name]}"
        warnings.warn(message, DeprecationWarning, stacklevel=2)
        package, _, rest = _FORMER[name].partition(".")
        found = __getattr__(package)
        return getattr(found, rest) if rest else found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
