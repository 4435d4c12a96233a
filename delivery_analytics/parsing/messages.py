"""What is said of a cell or a sheet: the texts of ``messages.toml``, by case."""

from collections.abc import Callable

from delivery_analytics.model.files import packaged


def told_by(module: str) -> Callable[..., tuple[str, str]]:
    """Return what gives a case's code and text, by the file beside a module's ``__file__``."""
    texts = packaged(module, "messages.toml").items()
    said = {case: (code, text) for code, cases in texts for case, text in cases.items()}

    def told(case: str, **values: object) -> tuple[str, str]:
        code, text = said[case]
        return code, text.format(**values)

    return told


told = told_by(__file__)
