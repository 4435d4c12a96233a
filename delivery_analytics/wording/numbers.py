"""How numbers are written in each language."""

import math
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal
from itertools import pairwise
from typing import Any

import pandas as pd

from delivery_analytics.model.languages import named_in
from delivery_analytics.model.registry import Unit
from delivery_analytics.wording.catalogue import Texts, filled, marked

NOTHING = "–"
NBSP = "\u00a0"
MINUS = "\u2212"

CURRENCIES = {"KZT": marked("₸", "money"), "USD": "$", "EUR": "€", "GBP": "£", "RUB": "₽"}
# Digits enough for any float; by default 1e30 with one decimal is an error.
_ROUNDING = Context(prec=400, rounding=ROUND_HALF_UP)
# Decimals beyond the usual ones: more is falsely precise, but of figures as they were sent.
FINER, AS_SENT = 2, 9
_DIGITS = 3  # of a small figure that are told all the same
# Powers of ten from the largest, on an axis and in words; the last is the amount as it is.
_SCALES = {
    12: (marked("{currency}{amount} tn"), marked("{currency}{amount} trillion")),
    9: (marked("{currency}{amount} bn"), marked("{currency}{amount} billion")),
    6: (marked("{currency}{amount} m"), marked("{currency}{amount} million")),
    0: (marked("{currency}{amount}"),) * 2,
}


def exact(x: Any) -> Decimal | None:
    """Return `x` to 15 significant digits, as a spreadsheet sees it; nothing if missing.

    84.499999999999986 is 84.5: both are the same cell in Excel, and must round alike.
    """
    if x is None or pd.isna(x):
        return None
    value = Decimal(x) if isinstance(x, int | Decimal) else Decimal(f"{float(x):.15g}")
    return value if value.is_finite() else None


def rounded(x: Any, decimals: int) -> Decimal | None:
    """Return `x` as it is shown: halves go away from zero, as in a spreadsheet."""
    value = exact(x)
    if value is None:
        return None
    shown = value.quantize(Decimal(1).scaleb(-decimals), context=_ROUNDING)
    return shown if shown else abs(shown)


def agree(a: Decimal | float, b: Decimal | float) -> bool:
    """Say whether two figures are equal on paper: to nine digits."""
    return math.isclose(a, b, rel_tol=1e-9)


def decimals_apart(figures: Iterable[Any], decimals: int, *, finer: int = FINER) -> int:
    """Return with how many decimals, `decimals` at least, figures that differ look different.

    With at most so many more as `finer` says, and three digits of what is small: where they
    do not suffice, the fewest that tell most apart. Figures that `agree` need no more.
    """
    known = sorted({x for x in map(exact, figures) if x is not None})
    pairs = [(a, b) for a, b in pairwise(known) if not agree(a, b)]

    def alike(n: int) -> int:
        return sum(rounded(a, n) == rounded(b, n) for a, b in pairs)

    largest = max(map(abs, known), default=Decimal(0))
    most = max(decimals + finer, _DIGITS - 1 - largest.adjusted()) if pairs else decimals
    return min(range(decimals, most + 1), key=alike)


_LESS, _MORE = marked("{figure} (slightly less)"), marked("{figure} (slightly more)")


class Numbers(Texts):
    """Numbers, percentages and money in one language. What is missing is an en dash."""

    def number(self, x: Any, decimals: int = 1, strip: bool = False) -> str:
        """Return `x` with thousands parted; `strip` drops zeros at the end."""
        value = rounded(x, decimals)
        if value is None:
            return NOTHING
        return (MINUS if value < 0 else "") + self._digits(abs(value), strip=strip)

    def signed(self, x: Any, decimals: int = 1) -> str:
        """Return `x` with its sign; what rounds to zero has none."""
        value = rounded(x, decimals)
        plus = "+" if value is not None and value > 0 else ""
        return plus + self.number(value, decimals)

    def percent(self, x: Any, decimals: int = 1) -> str:
        """Return `x`, which is 0–100, as a percentage."""
        return self._with("%", self.number(x, decimals))

    def points(self, x: Any, decimals: int = 1, sign: bool = False) -> str:
        """Return a difference of percentages as percentage points."""
        if (value := rounded(x, decimals)) is None:
            return NOTHING
        text = self.signed(x, decimals) if sign else self.number(x, decimals)
        return self.plural("{n} percentage point", "{n} percentage points", value, n=text)

    def plural(self, one: str, many: str, n: Any, /, **values: object) -> str:
        """Return the form of a text that agrees with `n`, which it may name as ``{n}``.

        Russian has four: 1 показатель, 2 показателя, 5 показателей, 1,5 показателя.
        """
        values = {"n": self.number(n, strip=True), **values}
        if not isinstance(n, Decimal):  # whose zeros are printed: 1.0 points
            n = int(n) if n == int(n) else round(n, 1)
        if (forms := self._all_forms(one)) == (one,):
            forms = (one, many)
        return filled(self.agreeing(forms, n), values, self.language)

    def money(
        self,
        amount: Any,
        unit: str,
        *,
        power: int | None = None,
        decimals: int | None = None,
        short: bool = False,
    ) -> str:
        """Return an amount of whole currency units in trillions, billions or millions.

        Parameters
        ----------
        unit
            The currency, as ISO 4217.
        power
            12, 9, 6 or 0 to have several amounts alike; otherwise by the amount itself.
        decimals
            Otherwise two below a hundred and one from there; none below a million.
        short
            For an axis and a table's cell: ₸15.05 tn, where a sentence has ₸15.05 trillion.
        """
        value = exact(amount)
        if value is None:
            return NOTHING
        power = money_power(value) if power is None else power
        if decimals is None:
            decimals = _money_decimals(value, power)
        return self._money(rounded(value.scaleb(-power), decimals), unit, power, short)

    def scale(self, unit: str, power: int) -> str:
        """Return what bare amounts are in: ``₸ bn`` for 9, ``₸`` for 0."""
        currency = CURRENCIES.get(unit.upper(), unit)
        named = filled(
            self._text(_SCALES[power][0]), {"currency": f"{currency} ", "amount": ""}
        )
        return " ".join(named.split())

    def value(self, x: Any, unit: Unit, decimals: int | None = None) -> str:
        """Return `x` with its unit's symbol, and its decimals unless they are given."""
        if is_currency(unit):
            return self.money(x, unit.id.upper())
        decimals = unit.decimals if decimals is None else decimals
        return self._measured(unit, self.number(x, decimals), rounded(x, decimals))

    def values(self, figures: Iterable[Any], unit: Unit) -> list[str]:
        """Return figures that stand beside each other, with as many digits as tell them apart.

        Every sentence, title and row that holds one figure against another writes them so.
        The first is "slightly less" or "slightly more" than another that still looks the same.
        """
        figures = list(figures)
        if is_currency(unit):
            told = self.amounts(figures, unit.id.upper())
        else:
            decimals = decimals_apart(figures, unit.decimals)
            told = [self.value(x, unit, decimals) for x in figures]
        same = [x for x, text in zip(figures, told, strict=True) if text == told[0]]
        return [self.nearly(told[0], *same), *told[1:]]

    def columns(self, units: Iterable[Unit], *figures: Iterable[Any]) -> list[list[str]]:
        """Return columns of figures, those of a row written beside each other as `values` does.

        Parameters
        ----------
        units
            Of each row.
        """
        rows = [self.values(row, unit) for unit, *row in zip(units, *figures, strict=True)]
        return [[row[place] for row in rows] for place in range(len(figures))]

    def nearly(self, text: str, x: Any, *others: Any) -> str:
        """Return the text of `x`, told from the first other that differs and reads the same."""
        value = exact(x)
        for other in map(exact, others):
            if value is not None and other is not None and not agree(value, other):
                return self(_LESS if value < other else _MORE, figure=text)
        return text

    def amounts(self, amounts: Iterable[Any], unit: str, *, short: bool = False) -> list[str]:
        """Return amounts of one currency that stand beside each other; see `values`."""
        amounts = list(amounts)
        told = [self.money(amount, unit, short=short) for amount in amounts]
        power = max(map(money_power, amounts), default=0)
        scaled = [x.scaleb(-power) for x in map(exact, amounts) if x is not None]
        if len(set(told)) < len(set(map(exact, amounts))) and scaled:
            least = 2 if power else 0
            decimals = decimals_apart(scaled, least)
            if decimals > least:
                same: dict[str, Any] = {"power": power, "decimals": decimals, "short": short}
                return [self.money(x, unit, **same) for x in amounts]
        return told

    def change(self, x: Any, unit: Unit, decimals: int | None = None) -> str:
        """Return a difference in `unit`, signed; of percentages, in percentage points."""
        decimals = unit.decimals if decimals is None else decimals
        if is_currency(unit):
            value = exact(x)
            sign = "+" if value is not None and value > 0 else ""
            return sign + self.money(value, unit.id.upper())
        if self.differs_in_points(unit):
            return self.points(x, decimals, sign=True)
        return self._measured(unit, self.signed(x, decimals), rounded(x, decimals))

    def difference(self, x: Any, other: Any, unit: Unit) -> str:
        """Return by how much `x` is more than `other`, as `change` with the digits it needs."""
        value, least = exact(x), exact(other)
        if value is None or least is None:
            return NOTHING
        decimals = decimals_apart((x, other), unit.decimals)
        apart = Decimal(0) if agree(value, least) else value - least
        if apart and not rounded(apart, decimals) and not is_currency(unit):
            bound = self.change(Decimal(1).scaleb(-decimals), unit, decimals)
            return self("less than {figure}", figure=bound.removeprefix("+"))
        return self.change(apart, unit, decimals)

    def symbol(self, unit: Unit) -> str:
        """Return what stands behind a number in `unit`; empty where nothing does."""
        if not unit.symbol:
            return "%" if unit.kind == "percent" else ""
        return self.name(unit.symbol)

    def is_percent(self, unit: Unit) -> bool:
        """Say whether `unit` is per cent and nothing else."""
        return self.symbol(unit) == "%"

    def differs_in_points(self, unit: Unit) -> bool:
        """Say whether differences in `unit` are percentage points: %, % of GDP."""
        return "%" in self.symbol(unit)

    def name(self, names: Any) -> str:
        """Return a definition's name in this language, else in English, else in any."""
        return named_in(self.language, names)

    def _digits(self, value: Decimal, *, strip: bool) -> str:
        whole, _, rest = f"{value:,f}".partition(".")
        rest = rest.rstrip("0") if strip else rest
        symbols = self.locale.number_symbols["latn"]
        grouped = whole.replace(",", symbols["group"])
        return grouped + (symbols["decimal"] + rest if rest else "")

    def _measured(self, unit: Unit, number: str, x: Decimal | None) -> str:
        """Return a written number with its unit, in the form that `x` asks for."""
        forms = unit.template.get(self.language)
        if x is None or not forms:
            return self._with(self.symbol(unit), number)
        form = self.agreeing(forms, abs(x)).replace("{n} ", "{n}" + NBSP)
        return filled(form.replace(" {n}", NBSP + "{n}"), {"n": number})

    def _with(self, symbol: str, number: str) -> str:
        if number == NOTHING or not symbol:
            return number
        is_percent = symbol.startswith("%")
        return self("{n}%", n=number) + symbol[1:] if is_percent else number + NBSP + symbol

    def _money(self, value: Decimal | None, unit: str, power: int, short: bool) -> str:
        if value is None:
            return NOTHING
        currency = CURRENCIES.get(unit.upper(), unit)
        if currency.isalpha() and self._text(_SCALES[0][0]).startswith("{currency}"):
            currency += NBSP
        if not short:  # Russian and Kazakh write out what their currency is called
            [currency, *_] = self._forms.get(("money", currency), [currency])
        pattern = self._text(_SCALES[power][not short]).replace(" ", NBSP)
        amount = self._digits(abs(value), strip=False)
        sign = MINUS if value < 0 else ""
        return sign + filled(pattern, {"currency": currency, "amount": amount})


def is_currency(unit: Unit) -> bool:
    """Say whether `unit` is a currency itself, not thousands or millions of one."""
    return unit.kind == "money" and unit.id.upper() in CURRENCIES


def money_power(amount: Any) -> int:
    """Return the power of ten an amount is told in: 12, 9, 6 or 0."""
    value = abs(exact(amount) or Decimal(0))
    for power in _SCALES:
        if (rounded(value.scaleb(-power), 2) or 0) >= 1:
            return power
    return 0


def _money_decimals(value: Decimal, power: int) -> int:
    if power == 0:
        return 0 if abs(value) >= 1000 or value == value.to_integral_value() else 2
    return 2 if abs(value.scaleb(-power)) < 100 else 1
