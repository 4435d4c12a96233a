"""What a report says beside its charts: one function a block, tables in, block out.

Every figure stands with its unit, its period and its source; every sum with its coverage;
what is illustrative is marked. A table that would be empty says why it is.
"""

import importlib
import pkgutil
from types import FunctionType
from typing import TYPE_CHECKING, Any

from delivery_analytics.model import asking

if TYPE_CHECKING:

    def __getattr__(name: str) -> Any: ...


asking.explain_calls(__name__)

# Blocks are the public functions of the modules but for `common`, and no other name is public.
__all__: list[str] = []
for _listed in pkgutil.iter_modules(__path__):
    _module = importlib.import_module(f"{__name__}.{_listed.name}")
    for _name, _block in vars(_module).items() if _listed.name != "common" else ():
        _is_own = getattr(_block, "__module__", "") == _module.__name__
        if _is_own and isinstance(_block, FunctionType) and not _name.startswith("_"):
            globals()[_name] = _block
            __all__.append(_name)
__all__.sort()


def __dir__() -> list[str]:
    return __all__
