"""What each code is called, in English: the texts that `wording` looks up and translates.

They stand in ``codes.toml``. Analytics and the loader return codes, never prose. A code
without a text there is printed as it is, so nothing a reader must know is hidden by a
missing word.
"""

from typing import Any

from delivery_analytics.model.files import packaged

# Kind of code → code → text.
KINDS: dict[str, dict[str, str]] = packaged(__file__, "codes.toml")
# Every table that a reader sees; `report.tables` makes it.
TABLES: dict[str, dict[str, Any]] = packaged(__file__, "tables.toml")
# Chart → field → what a pointer over a mark reads it as; `charts.drawing` makes it.
TOOLTIPS: dict[str, dict[str, Any]] = packaged(__file__, "tooltips.toml")
REASON, METHOD, PROBLEM = KINDS["reason"], KINDS["method"], KINDS["problem"]
