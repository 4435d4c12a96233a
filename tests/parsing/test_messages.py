"""Every case that is told is in its file, and is given what its text names."""

import ast
import string
import tomllib

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "delivery_analytics"
FILES = {
    "spreadsheets": ("refusals.toml", ("refusal", "noted")),
    "parsing": ("messages.toml", ("told",)),
    "loading": ("messages.toml", ("told",)),
}
PLACES = {"sheet", "cell", "severity"}  # of a problem, not of its text


def texts(package):
    cases = tomllib.loads((PACKAGE / package / FILES[package][0]).read_text(encoding="utf-8"))
    return {case: text for listed in cases.values() for case, text in listed.items()}


def told_in(package):
    """Yield the case that each call names, the values given, and whether there are others."""
    for path in (PACKAGE / package).glob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or not call.args:
                continue
            name = getattr(call.func, "id", getattr(call.func, "attr", ""))
            if name in FILES[package][1] and isinstance(call.args[0], ast.Constant):
                given = {one.arg for one in call.keywords}
                yield (
                    call.args[0].value,
                    given - {None} - (PLACES if package == "spreadsheets" else set()),
                    None in given,
                )


@pytest.mark.parametrize("package", FILES)
def test_each_case_is_given_what_its_text_names(package):
    known = texts(package)
    cases = list(told_in(package))

    assert len(cases) > 20
    for case, given, more in cases:
        named = {name for _, name, _, _ in string.Formatter().parse(known[case]) if name}
        assert given <= named if more else given == named, case
