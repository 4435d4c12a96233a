"""What processes of our own leave out when they start."""

import sys

# One of JupyterLab's dependencies builds grammars for seconds when it is imported.
# jsonschema, and so altair, asks for it and does without it as well.
_GRAMMARS = "rfc3987_syntax"
WITHOUT_GRAMMARS = f"__import__('sys').modules.setdefault({_GRAMMARS!r}, None)"


def without_grammars() -> None:
    """Let nothing that is imported from now on build them."""
    sys.modules.setdefault(_GRAMMARS, None)  # type: ignore[arg-type]
