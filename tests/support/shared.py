"""Where the material that stands beside the project is, if it stands there."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared"

needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the folder ../shared does not stand beside the project"
)
