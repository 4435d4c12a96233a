"""Every word, number and date that a reader sees, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from delivery_analytics.model.registry import Indicator, Unit
from delivery_analytics.model.workspace import Workspace
from delivery_analytics.wording import codes, reasons
from delivery_analytics.wording.language import Language
from delivery_analytics.wording.own_words import own_words


class Wording(Language):
    """A reader's language, and what the codes of this package are called in it.

    Call it with an English text and its values to have that text in the language;
    `plural`, `number`, `date` and their kin write what goes into one.
    """

    def short_name(self, indicator: Indicator) -> str:
        """Return the name of an indicator as a brief has it."""
        return indicator.short.get(self.language) or self.name(indicator.name)

    def status(self, code: str) -> str:
        """Return a status in full."""
        return self.code("status", code)

    def reason(self, assessment: Mapping[str, Any], unit: Unit, direction: str = "") -> str:
        """Return why an assessment came out as it did, as one sentence with its figures.

        Parameters
        ----------
        assessment
            One row of the table `assessments`.
        unit
            The indicator's.
        direction
            The indicator's; without it, what is better is told by baseline and target.

        Notes
        -----
        Whether a figure is above, below, short or ahead is said of the figures as they
        are printed. Where rounding hides a difference, the sentence says so.
        """
        return reasons.sentence(self, assessment, unit, direction)

    def disagreement(self, code: str, period: str) -> str:
        """Return what follows a status that its outlook for a period disagrees with.

        Parameters
        ----------
        code
            Of `analytics.forecast.DISAGREEMENTS`.
        """
        text = codes.KINDS["disagreement"][code]
        return self(text, by=self.by_end_of(period))

    def code(self, kind: str, code: str, /, **values: object) -> str:
        """Return what a code of some `kind` of ``codes.toml`` is called: a state, a rating.

        Parameters
        ----------
        values
            What its text names in braces.

        Raises
        ------
        KeyError
            When there is no such kind.
        """
        names = codes.KINDS[kind]
        return self(names[code], **values) if code in names else code


def open_wording(language: str = "en", workspace: Workspace | None = None) -> Wording:
    """Return the words of a language.

    Parameters
    ----------
    workspace
        Whose own words it has too; by default those of the one that this is run in or below.

    Raises
    ------
    DefinitionError
        When there is no such language, naming those there are, or as `own_words`.
    """
    around = workspace or Workspace.around()
    return Wording(language, own_words(around).get(language, {}) if around else {})
