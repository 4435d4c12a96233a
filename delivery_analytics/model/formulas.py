"""The arithmetic of derived indicators: read with Python's parser, walked, and never run.

Numbers, indicators, ``+ - * /``, parentheses and the functions named here are all there is.
An indicator is called by its id, in its own sector, or by ``sector.indicator``; in quotes
where the id is no plain name. The functions that are short for others are written out as
they are read, so that five functions are all that is ever worked out or held against units.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from delivery_analytics.errors import DefinitionError
from delivery_analytics.model import periods
from delivery_analytics.model.definitions import Indicator, Unit
from delivery_analytics.model.lookup import mistake, near_miss

LONGEST_FORMULA, _DEEPEST, _LONGEST_ROLL = 1000, 30, 120  # characters, brackets, periods
_SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_WORKED = (operator.add, operator.sub, operator.mul, operator.truediv)
OPERATIONS: Mapping[str, Callable[[Any, Any], Any]] = dict(zip("+-*/", _WORKED, strict=True))
# What each function is written out as, by its name and how many it is given: "" of those
# that are worked out themselves.
_WRITTEN = {
    ("share", 2): "100 * a / b",
    ("per", 2): "a / b",
    ("per", 3): "c * a / b",
    ("difference", 1): "a - year_before(a)",
    ("difference", 2): "a - b",
    ("growth", 1): "100 * (a / year_before(a) - 1)",
    ("index", 2): "100 * a / at(a, b)",
    **dict.fromkeys([("year_before", 1), ("year_to_date", 1), ("discrete", 1)], ""),
    **dict.fromkeys([("at", 2), ("rolling_mean", 2), ("rolling_sum", 2)], ""),
}
FUNCTIONS = tuple(dict.fromkeys(name for name, _ in _WRITTEN))
_SUMMED = ("rolling_sum", "year_to_date", "discrete")
_SHARES = ("percent", "index")  # kinds of units whose figures count nothing


@dataclass(frozen=True)
class Figures:
    """An indicator's figures."""

    indicator_id: str


@dataclass(frozen=True)
class Operation:
    """What an operation or a function makes of others: ``by`` is its sign or its name."""

    by: str
    of: tuple[Formula, ...]
    given: str | int = ""


Formula = float | Figures | Operation


@cache
def read_formula(text: str, sector_id: str = "") -> Formula:
    """Return what a formula says; bare ids are those of a sector.

    Raises
    ------
    DefinitionError
        Saying which part of it is none of what a formula may hold, and what it may.
    """
    if len(text) > LONGEST_FORMULA:
        raise DefinitionError(f"it is longer than {LONGEST_FORMULA} characters")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        what = getattr(error, "msg", None) or error
        raise DefinitionError(f"'{text}' cannot be read as arithmetic: {what}") from None
    formula: Formula = _read(tree, sector_id, {}, 0)
    if not references(formula):
        raise DefinitionError(f"'{text}' names no indicator")
    return formula


def _read(node: ast.AST, sector: str, named: Mapping[str, Any], depth: int) -> Any:
    """Return what a part of a formula says; `named` are what a short function was given."""
    if depth > _DEEPEST:
        raise DefinitionError(f"its brackets go deeper than {_DEEPEST}")
    match node:
        case ast.Constant(value=int() | float() as number) if type(number) is not bool:
            if abs(number) > 1e15:
                raise DefinitionError("a number in it is larger than 1e15")
            return float(number)
        case ast.Name(id=name) if name in named:
            return named[name]
        case ast.Name(id=name) | ast.Constant(value=str(name)):
            if "." not in name and not sector:
                raise DefinitionError(f"of which sector is {name}? Write sector.{name}")
            return Figures(name if "." in name else f"{sector}.{name}")
        case ast.Attribute(value=ast.Name(id=other), attr=name):
            return Figures(f"{other}.{name}")
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=part):
            one = _read(part, sector, named, depth + 1)
            return one if isinstance(sign, ast.UAdd) else _made("*", -1.0, one)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _SIGNS:
            both = (_read(part, sector, named, depth + 1) for part in (left, right))
            return _made(_SIGNS[type(op)], *both)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            return _called(name, args, sector, named, depth)
    may = f"numbers, indicators, + - * /, parentheses and {', '.join(FUNCTIONS)}"
    raise DefinitionError(f"'{ast.unparse(node)[:80]}' may not stand in it: only {may}")


def _called(
    name: str, args: list[ast.expr], sector: str, named: Mapping[str, Any], depth: int
) -> Any:
    """Return what a function of a formula says."""
    if name not in FUNCTIONS:
        raise DefinitionError(near_miss("function", name, FUNCTIONS))
    body = _WRITTEN.get((name, len(args)))
    if body is None:
        may = " or ".join(str(count) for own, count in _WRITTEN if own == name)
        raise DefinitionError(f"{name}(…) takes {may} in its brackets. Found {len(args)}")
    is_period = name == "index"  # what stands second
    parts: dict[str, Any] = {
        letter: arg if is_period and letter == "b" else _read(arg, sector, named, depth + 1)
        for letter, arg in zip("abc", args[: 3 if body else 1], strict=False)
    }
    if body:
        return _read(ast.parse(body, mode="eval").body, sector, parts, depth + 1)
    return Operation(name, (parts["a"],), _given(name, args[1], named) if args[1:] else "")


def _given(name: str, arg: ast.expr, named: Mapping[str, Any]) -> str | int:
    """Return the period or the number of periods that a function is given."""
    arg = named.get(arg.id, arg) if isinstance(arg, ast.Name) else arg
    value = getattr(arg, "value", None)
    if name == "at" and isinstance(value, str | int) and periods.is_period(str(value)):
        return str(value)
    if name != "at" and type(value) is int and 2 <= value <= _LONGEST_ROLL:
        return value
    what = "a period such as '2015'" if name == "at" else f"from 2 to {_LONGEST_ROLL} periods"
    raise DefinitionError(f"{name}(…) expects {what}. Found {ast.unparse(arg)[:80]}")


def _made(by: str, left: Formula, right: Formula) -> Formula:
    """Return an operation, worked out at once where both of its sides are numbers."""
    if by == "/" and right == 0.0:
        raise DefinitionError("it divides by 0")
    if isinstance(left, float) and isinstance(right, float):
        return float(OPERATIONS[by](left, right))
    return Operation(by, (left, right))


def _parts(formula: Formula) -> Iterator[Formula]:
    """Yield a formula and everything that it is made of."""
    yield formula
    for part in formula.of if isinstance(formula, Operation) else ():
        yield from _parts(part)


def references(formula: Formula) -> list[str]:
    """Return the indicators that a formula names, each once."""
    named = [part.indicator_id for part in _parts(formula) if isinstance(part, Figures)]
    return [*dict.fromkeys(named)]


def check_formula(
    formula: Formula,
    indicators: Mapping[str, Indicator],
    units: Mapping[str, Unit],
    *,
    frequency: str,
    unit: str = "",
) -> None:
    """Refuse a formula of unknown indicators, of what does not add up, or of another unit.

    Parameters
    ----------
    frequency
        That of what is made: figures reported more often need their ``over_time``.
    unit
        That of what is made; left out, any is right.

    Raises
    ------
    DefinitionError
        Saying what does not fit, and what to do.

    Notes
    -----
    Only figures in the same unit are added to, or taken from, each other; a plain number is
    in the unit of what it stands beside. Two counts, or two figures in one unit, make a ratio:
    ``percent``, ``index`` or ``number``. Of money by a count the unit is a ``number`` or
    ``money``; what a plain number has multiplied may be in another unit of the same kind. A
    ``number`` multiplied or divided by something else may have become anything but a share.
    """
    for key in references(formula):
        if key not in indicators:
            raise DefinitionError(near_miss("indicator", key, indicators))
        one = indicators[key]
        finer = periods.MONTHS_IN[one.frequency] < periods.MONTHS_IN[frequency]
        if finer and one.over_time == "none":
            raise mistake("over-time-unsaid", key=key, one=one, frequency=frequency)
    for part in _parts(formula):
        if isinstance(part, Operation):
            _check_counting(part, indicators, frequency)
    counts, own = _measure(formula, indicators, units) or ({}, "")
    if unit and not _fits(counts, own, units[unit], units):
        found = own or _counted(counts)
        raise DefinitionError(f"it makes {found}, which is no '{unit}' ({units[unit].kind})")


def _check_counting(made: Operation, known: Mapping[str, Indicator], frequency: str) -> None:
    """Refuse to count from January what is counted so, and the other way round."""
    if made.by == "at" and periods.frequency(str(made.given)) != frequency:
        raise DefinitionError(f"'{made.given}' is no period of {frequency} figures")
    one, is_discrete = made.of[0], made.by == "discrete"
    if not isinstance(one, Figures) or made.by not in (*_SUMMED, "rolling_mean"):
        return
    if known[one.indicator_id].cumulative != is_discrete:
        code = "nothing-to-take-apart" if is_discrete else "counts-from-january"
        raise mistake(code, by=made.by, key=one.indicator_id)


def _measure(
    formula: Formula, known: Mapping[str, Indicator], units: Mapping[str, Unit]
) -> tuple[dict[str, int], str] | None:
    """Return what figures count, each kind of thing with its power, and their unit if any.

    A share, an index and a ratio of two of a kind count nothing; a plain number is no figure.
    """
    if isinstance(formula, float):
        return None
    if isinstance(formula, Figures):
        unit = units[known[formula.indicator_id].unit]
        what = "count" if unit.kind == "count" else unit.id
        return ({} if unit.kind in _SHARES else {what: 1}), unit.id
    left, right = ([_measure(part, known, units) for part in formula.of] + [None])[:2]
    if left is None or right is None:
        counts, own = left or right or ({}, "")
        if formula.by in _SUMMED and not counts:
            raise DefinitionError(f"{formula.by}: {own or 'a ratio'} counts nothing to sum up")
        if formula.by == "/" and left is None:
            return {name: -power for name, power in counts.items()}, ""
        return counts, "" if counts and formula.by in "*/" else own
    if formula.by in "+-":
        if left[0] != right[0] or (left[1] != right[1] and (left[0] or (left[1] and right[1]))):
            both = " and ".join(unit or _counted(counts) for counts, unit in (left, right))
            raise DefinitionError(f"{both} cannot be added or subtracted")
        return left if left[1] else right
    sign = 1 if formula.by == "*" else -1
    powers = {n: left[0].get(n, 0) + sign * right[0].get(n, 0) for n in {**left[0], **right[0]}}
    return {name: power for name, power in powers.items() if power}, ""


def _counted(counts: Mapping[str, int]) -> str:
    return " ".join(f"{name}^{power}" for name, power in counts.items()) or "a ratio"


def _fits(counts: Mapping[str, int], own: str, unit: Unit, units: Mapping[str, Unit]) -> bool:
    """Say whether figures that count this can be in a unit."""
    if not counts:
        return unit.kind == units[own].kind if own else unit.kind in (*_SHARES, "number")
    if own:
        return unit.id == own
    kinds = {name: "count" if name == "count" else units[name].kind for name in counts}
    if [*counts.values()] == [1]:
        return unit.kind in kinds.values()
    if "number" in kinds.values():
        return unit.kind not in _SHARES
    money = [counts[name] for name, kind in kinds.items() if kind == "money"]
    return unit.kind == "number" or (unit.kind == "money" and money == [1])
