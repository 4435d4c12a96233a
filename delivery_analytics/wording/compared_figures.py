"""Two figures of an assessment against each other, as they will be printed.

Figures are rounded first and subtracted after: a reader who subtracts one printed figure
from the other finds the printed difference. They have as many digits as tell them apart, and
where that would be falsely precise the value is "slightly less", and short by "less than"
the last digit: "short" never stands beside equal numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from delivery_analytics.model.registry import Unit
from delivery_analytics.wording import numbers
from delivery_analytics.wording.language import Language

BETTER, WORSE = "better", "worse"
ABOVE, BELOW = "above", "below"  # where it is not known what is better
EQUAL = "equal"  # on paper, whatever binary makes of it

FIGURES = ("value", "baseline_value", "expected_value", "target_value")


@dataclass(frozen=True)
class Case:
    """One assessment, whose figures are all rounded and written alike.

    Attributes
    ----------
    row
        One row of `assessments`.
    direction
        The indicator's; empty where it is not known.
    """

    words: Language
    row: Mapping[str, Any]
    unit: Unit
    direction: str

    @property
    def code(self) -> str:
        return str(self.row.get("reason") or "")

    @property
    def period(self) -> str:
        return str(self.row.get("period") or "")

    @property
    def power(self) -> int:
        """The power of ten that all money of the sentence is told in."""
        if not numbers.is_currency(self.unit):
            return 0
        return max(numbers.money_power(self.raw(name)) for name in FIGURES)

    def raw(self, name: str) -> Decimal | None:
        return numbers.exact(self.row.get(name))

    def has(self, *names: str) -> bool:
        return all(self.raw(name) is not None for name in names)

    def shown(self, name: str) -> Decimal:
        value = (self.raw(name) or Decimal(0)).scaleb(-self.power)
        return numbers.rounded(value, self.decimals) or Decimal(0)

    @cached_property
    def decimals(self) -> int:
        """As many as tell the value from each of the others, and the target from its base."""
        least = 2 if self.power else self.unit.decimals
        known = {name: self.raw(name) for name in FIGURES}
        scaled = {name: x.scaleb(-self.power) for name, x in known.items() if x is not None}
        pairs = [("value", name) for name in FIGURES[1:]] + [("target_value", "baseline_value")]
        return max(numbers.decimals_apart(map(scaled.get, pair), least) for pair in pairs)

    def write(self, name: str, *, bare: bool = False) -> str:
        """Return a figure; `bare` without its unit, for all but the first of a sentence."""
        return self._write(self.shown(name), bare=bare)

    def _write(self, value: Decimal, *, bare: bool) -> str:
        words, unit = self.words, self.unit
        if numbers.is_currency(unit):
            code = unit.id.upper()
            amount = value.scaleb(self.power)
            return words.money(amount, code, power=self.power, decimals=self.decimals)
        if not bare:
            return words.value(value, unit, self.decimals)
        percent = words.differs_in_points(unit)
        return (words.percent if percent else words.number)(value, self.decimals)

    def pair(self, name: str, of: str = "value") -> tuple[str, str]:
        """Return a figure, and the one it stands against, `name`, without its unit."""
        text, same = self.write(of), self.shown(of) == self.shown(name)
        told = self.words.nearly(text, self.raw(of), self.raw(name)) if same else text
        return told, self.write(name, bare=True)

    def gap(self, name: str) -> str:
        """Return by how much the printed value differs from the printed figure `name`."""
        size = abs(self.shown("value") - self.shown(name))
        hidden = not size and self.side("value", name)
        size = Decimal(1).scaleb(-self.decimals) if hidden else size
        if self.words.differs_in_points(self.unit):
            told = self.words.points(size, self.decimals)
        else:
            told = self._write(size, bare=True)
        return self.words("less than {figure}", figure=told) if hidden else told

    def side(self, name: str, than: str) -> int:
        """Return 1 where one is more than the other, -1 where less, 0 where equal on paper."""
        one, other = self.raw(name) or Decimal(0), self.raw(than) or Decimal(0)
        return 0 if numbers.agree(one, other) else sign(one - other)

    def rising(self) -> int:
        """Return 1 where more is better, -1 where less is, 0 where neither is known."""
        known = {"increase": 1, "decrease": -1, "maintain": 0}
        if self.direction in known:
            return known[self.direction]
        if not self.has("baseline_value", "target_value"):
            return 0
        return self.side("target_value", "baseline_value")

    def against(self, name: str) -> str:
        """Return how the value stands to the figure `name`."""
        side = self.side("value", name)
        if side == 0:
            return EQUAL
        rising = self.rising()
        if rising == 0:
            return ABOVE if side > 0 else BELOW
        return BETTER if side == rising else WORSE


def sign(x: Decimal | float) -> int:
    """Return 1, 0 or -1."""
    return (x > 0) - (x < 0)
