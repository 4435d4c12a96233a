"""One module a subject, called as the subject is: tables in, tables with codes out.

Each is imported when it is first asked for.
"""

import importlib
import pkgutil
from typing import Any

from delivery_analytics.model.asking import explain_calls

explain_calls(__name__)


def __getattr__(name: str) -> Any:
    if name in __dir__():
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(__path__))
