"""The blank returns: which columns each asks for, as ``forms.toml`` says it."""

from dataclasses import dataclass

from pydantic import TypeAdapter

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
    """The blank return of a tidy table: the name of its sheet, its fields in their order.

    `former` are names of the sheet in forms that were sent out earlier.
    """

    table: str
    sheet: str
    fields: dict[str, AskedField]
    former: tuple[str, ...] = ()

    @property
    def asked(self) -> dict[str, AskedField]:
        """The fields that a sender is asked for."""
        return {name: one for name, one in self.fields.items() if one.meaning}


_AGREED = packaged(__file__, "forms.toml")
# What the first cell of the sheets beside the table says.
GUIDE_TITLE, LISTS_TITLE, FORMER_TITLES = _AGREED.pop("beside").values()
FORMS = {
    table: TypeAdapter(BlankReturn).validate_python({"table": table, **form})
    for table, form in _AGREED.items()
}
