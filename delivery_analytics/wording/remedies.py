"""What the sender should do about each problem, in English: texts that `wording` translates.

A remedy is said in the reader's language beside the problem's own message, which is in
English. Which remedy is for which code stands in ``remedies.toml``.
"""

from delivery_analytics.model.files import packaged
from delivery_analytics.wording.catalogue import marked

NAMES = {"program": "Excel", "ending": ".xlsx", "encoding": "UTF-8"}
OTHERWISE = marked("See the details.")
_TOLD = packaged(__file__, "remedies.toml")
REMEDY: dict[str, str] = {code: text for text, codes in _TOLD.items() for code in codes}
