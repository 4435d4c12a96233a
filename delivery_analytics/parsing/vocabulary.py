"""The words with which figures, days and periods are written: ``words.toml``."""

from delivery_analytics.model.files import packaged

VOCABULARY = packaged(__file__, "words.toml")


def word_of(kind: str) -> str:
    """Return the pattern of any word of a `kind`."""
    return "|".join(VOCABULARY[kind])
