"""The blank returns: which columns each asks for, as ``forms.toml`` says it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from delivery_analytics.model.files import packaged

# The context of every text of a form that is read again when it comes back.
RETURN = "return"


@dataclass(frozen=True)
class AskedField:
    """A column of a blank return, in English.

    Attributes
    ----------
    heading, also
        What it is headed, and what else is read as it.
    meaning
        What a sender is told about it; "" where it is not asked for.
    among
        The words to choose from, where they are few.
    """

    heading: str
    meaning: str = ""
    also: tuple[str, ...] = ()
    among: tuple[str, ...] = ()


@dataclass(frozen=True)
class BlankReturn:
    """The blank return of a tidy table: the name of its sheet, its fields in their order."""

    table: str
    sheet: str
    fields: dict[str, AskedField]

    @property
    def asked(self) -> dict[str, AskedField]:
        """The fields that a sender is asked for."""
        return {name: one for name, one in self.fields.items() if one.meaning}


def _column(spec: dict[str, Any]) -> AskedField:
    lists = {name: tuple(held) for name, held in spec.items() if not isinstance(held, str)}
    return AskedField(**{**spec, **lists})


_AGREED = packaged(__file__, "forms.toml")
# What the first cell of the sheets beside the table says.
GUIDE_TITLE, LISTS_TITLE, FORMER_TITLES = _AGREED.pop("beside").values()
FORMS = {
    table: BlankReturn(
        table, form["sheet"], {name: _column(spec) for name, spec in form["fields"].items()}
    )
    for table, form in _AGREED.items()
}


def form_texts() -> Iterator[tuple[str, str]]:
    """Yield every text of the forms that a sender sees, with its context, for translation."""
    yield from ((RETURN, text) for text in (GUIDE_TITLE, LISTS_TITLE))
    for form in FORMS.values():
        yield RETURN, form.sheet
        for one in form.asked.values():
            yield from ((RETURN, text) for text in (one.heading, *one.among))
            yield "", one.meaning
