"""Every word, number and date that a reader sees, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from delivery_analytics.model.registry import Unit
from delivery_analytics.wording import codes, reasons
from delivery_analytics.wording.language import Language


class Wording(Language):
    """A reader's language, and what the codes of this package are called in it.

    Call it with an English text and its values to have that text in the language;
    `plural`, `number`, `date` and their kin write what goes into one.
    """

    def status(self, code: str) -> str:
        """Return a status in full."""
        return self._called(codes.STATUS, code)

    def status_letter(self, code: str) -> str:
        """Return the mark of a status, one or two letters unlike those of the others."""
        if code not in codes.LETTER:
            return code
        return self._text(codes.LETTER[code], "status letter")

    letter = status_letter

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

    def reason_name(self, code: str) -> str:
        """Return a reason in a few words, without figures."""
        return self._called(codes.REASON, code)

    def method(self, name: str) -> str:
        """Return what a status method is called."""
        return self._called(codes.METHOD, name)

    def direction(self, code: str) -> str:
        """Return which way an indicator should go."""
        return self._called(codes.DIRECTION, code)

    def kind(self, code: str) -> str:
        """Return which promise a target is."""
        return self._called(codes.KIND, code)

    def severity(self, code: str) -> str:
        """Return how grave a problem is."""
        return self._called(codes.SEVERITY, code)

    def problem(self, code: str) -> str:
        """Return in a few words what is wrong in what we were sent."""
        return self._called(codes.PROBLEM, code)

    def obs_status(self, code: str) -> str:
        """Return why a value is missing or marked."""
        return self._called(codes.OBS_STATUS, code)

    def frequency(self, code: str) -> str:
        """Return how often an indicator is reported."""
        return self._called(codes.FREQUENCY, code)

    def code(self, kind: str, code: str) -> str:
        """Return what a code of some `kind` of `codes.KINDS` is called: a state, a rating.

        Raises
        ------
        KeyError
            When there is no such kind.
        """
        return self._called(codes.KINDS[kind], code)

    def _called(self, names: Mapping[str, str], code: str) -> str:
        return self(names[code]) if code in names else code


def open_wording(language: str = "en") -> Wording:
    """Return the words of a language.

    Raises
    ------
    DefinitionError
        When there is no such language, naming those there are.
    """
    return Wording(language)
