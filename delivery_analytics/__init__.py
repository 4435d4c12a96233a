"""Sectoral progress spreadsheets in; judged indicators, reports and slides out.

Everything an analyst needs is a name here, imported when it is first used::

    import delivery_analytics as da

    data = da.open_dataset("data/processed").known_on("2024-12-31")
    assessments = da.assess(data)
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from delivery_analytics import blocks, charts, errors, methods
    from delivery_analytics.analytics import action_paths as interventions
    from delivery_analytics.analytics import (
        actions,
        calibration,
        challenges,
        disparity,
        forecast,
        instructions,
        milestones,
        obstacles,
        quality,
        rollup,
        slippage,
        spending,
        trajectory,
    )
    from delivery_analytics.analytics import challenge_reviews as sustaining
    from delivery_analytics.analytics import forecast_record as reliability
    from delivery_analytics.analytics import judgements as assessment
    from delivery_analytics.analytics.status import assess
    from delivery_analytics.lab.explorer import Explorer
    from delivery_analytics.loading.load import load
    from delivery_analytics.methods import delivery_confidence as confidence
    from delivery_analytics.methods import (
        earned_value,
        eurostat,
        pemandu,
        spc,
        unescap,
    )
    from delivery_analytics.methods import kz_decomposition as decomposition
    from delivery_analytics.methods import open_sdg as progress
    from delivery_analytics.model.dataset import Dataset, open_dataset
    from delivery_analytics.model.registry import Registry, open_registry
    from delivery_analytics.report.document import Heading, Note, Report, Text
    from delivery_analytics.wording.wording import open_wording
    from delivery_analytics.writers import write
    from delivery_analytics.writers.single_chart import to_slide

__version__ = "0.1.0"

_HOME = {
    "Dataset": "delivery_analytics.model.dataset",
    "Explorer": "delivery_analytics.lab.explorer",
    "Heading": "delivery_analytics.report.document",
    "Note": "delivery_analytics.report.document",
    "Registry": "delivery_analytics.model.registry",
    "Report": "delivery_analytics.report.document",
    "Text": "delivery_analytics.report.document",
    "assess": "delivery_analytics.analytics.status",
    "load": "delivery_analytics.loading.load",
    "open_dataset": "delivery_analytics.model.dataset",
    "open_registry": "delivery_analytics.model.registry",
    "open_wording": "delivery_analytics.wording.wording",
    "to_slide": "delivery_analytics.writers.single_chart",
    "write": "delivery_analytics.writers",
}
__all__ = [  # noqa: RUF022 - the order of a session
    "open_registry",
    "load",
    "open_dataset",
    "Dataset",
    "Registry",
    "assess",
    "methods",
    "actions",
    "obstacles",
    "assessment",
    "calibration",
    "decomposition",
    "disparity",
    "trajectory",
    "interventions",
    "spending",
    "milestones",
    "instructions",
    "slippage",
    "earned_value",
    "challenges",
    "sustaining",
    "spc",
    "forecast",
    "reliability",
    "progress",
    "eurostat",
    "unescap",
    "confidence",
    "pemandu",
    "quality",
    "rollup",
    "open_wording",
    "Explorer",
    "charts",
    "blocks",
    "Report",
    "Heading",
    "Text",
    "Note",
    "write",
    "to_slide",
    "errors",
]
_MODULES = {
    "methods": "delivery_analytics.methods",
    "actions": "delivery_analytics.analytics.actions",
    "obstacles": "delivery_analytics.analytics.obstacles",
    "assessment": "delivery_analytics.analytics.judgements",
    "calibration": "delivery_analytics.analytics.calibration",
    "decomposition": "delivery_analytics.methods.kz_decomposition",
    "disparity": "delivery_analytics.analytics.disparity",
    "trajectory": "delivery_analytics.analytics.trajectory",
    "interventions": "delivery_analytics.analytics.action_paths",
    "spending": "delivery_analytics.analytics.spending",
    "milestones": "delivery_analytics.analytics.milestones",
    "instructions": "delivery_analytics.analytics.instructions",
    "slippage": "delivery_analytics.analytics.slippage",
    "earned_value": "delivery_analytics.methods.earned_value",
    "challenges": "delivery_analytics.analytics.challenges",
    "sustaining": "delivery_analytics.analytics.challenge_reviews",
    "spc": "delivery_analytics.methods.spc",
    "forecast": "delivery_analytics.analytics.forecast",
    "reliability": "delivery_analytics.analytics.forecast_record",
    "progress": "delivery_analytics.methods.open_sdg",
    "eurostat": "delivery_analytics.methods.eurostat",
    "unescap": "delivery_analytics.methods.unescap",
    "confidence": "delivery_analytics.methods.delivery_confidence",
    "pemandu": "delivery_analytics.methods.pemandu",
    "quality": "delivery_analytics.analytics.quality",
    "rollup": "delivery_analytics.analytics.rollup",
    "charts": "delivery_analytics.charts",
    "blocks": "delivery_analytics.blocks",
    "errors": "delivery_analytics.errors",
}

if "ipykernel" in sys.modules:  # a notebook: its charts are drawn without a network
    from delivery_analytics.report.jupyter import enable_when_shown as _enable_when_shown

    _enable_when_shown()


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return importlib.import_module(_MODULES[name])
    if name in _HOME:
        return getattr(importlib.import_module(_HOME[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
