"""What the sender should do about each problem, in English: texts that `wording` translates.

A remedy is said in the reader's language beside the problem's own message, which is in
English. Which remedy is for which code stands in ``remedies.toml``.
"""

from __future__ import annotations

from delivery_analytics.wording.catalogue import marked
from delivery_analytics.wording.codes import table

NAMES = {"program": "Excel", "ending": ".xlsx", "encoding": "UTF-8"}
OTHERWISE = marked("See the details.")
REMEDY = {code: text for text, codes in table("remedies.toml").items() for code in codes}
