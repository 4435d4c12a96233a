"""A public function that is asked wrongly says which argument is wrong, and what was meant."""

import importlib
import inspect
import pkgutil
import warnings

import pandas as pd
import pytest

import delivery_analytics as da
from delivery_analytics.errors import DefinitionError
from tests.support.tables import table

# What is answered all the same, and why that is right.
RIGHTLY_ANSWERED = {
    # They take keywords alone, or names of columns, of which none was given.
    "ordered": {"table"},
    "method": {"3", "text", "table"},
    # Any number is one: a distance from the middle, a figure of which decimals are counted.
    "share_below": {"3"},
    "half_decimal": {"3", "table"},
    # A table of figures is figures to numpy and pandas: they reckon with each cell.
    **{name: {"table"} for name in ("alike", "worse", "growth", "withheld")},
}


def public():
    """Every public function that analysts call, each once."""
    for package in (da.charts, da.blocks):
        yield from (getattr(package, name) for name in package.__all__)
    for package in (da.analytics, da.methods):
        for module in pkgutil.iter_modules(package.__path__):
            home = importlib.import_module(f"{package.__name__}.{module.name}")
            for name, one in vars(home).items():
                if (
                    inspect.isfunction(one)
                    and one.__module__ == home.__name__
                    and name[0] != "_"
                ):
                    yield one


FUNCTIONS = [one for one in public() if inspect.isfunction(one)]


@pytest.mark.parametrize(
    ("called", "wrong"), [("3", 3), ("text", "text"), ("table", pd.DataFrame({"a": [1]}))]
)
def test_every_public_function_says_what_it_cannot_be_asked(called, wrong):
    assert len(FUNCTIONS) > 200
    silent = {}
    for function in FUNCTIONS:
        needed = [
            one
            for one in inspect.signature(function).parameters.values()
            if one.default is one.empty and one.kind in (0, 1, 3)
        ]
        first = [wrong for one in needed if one.kind != one.KEYWORD_ONLY]
        named = {one.name: wrong for one in needed if one.kind == one.KEYWORD_ONLY}
        with warnings.catch_warnings(action="ignore"):
            try:
                function(*first, **named)
            except DefinitionError:
                continue
            except Exception as error:
                silent[function.__name__] = error
            else:
                silent[function.__name__] = None

    answered = {name for name, kinds in RIGHTLY_ANSWERED.items() if called in kinds}
    assert silent == dict.fromkeys(answered)


def told(function, *args, **kwargs):
    with pytest.raises(DefinitionError) as error:
        function(*args, **kwargs)
    return str(error.value)


def test_a_column_that_a_table_lacks_is_named_with_what_is_near():
    sent = table("""
    indicator_id | region_id | period | valu
    health.life  | KZ        | 2022   | 70
    """)
    assert told(da.methods.base.one_a_year, sent) == (
        "one_a_year, history: There is no column 'value'. Did you mean valu?"
    )


def test_a_number_in_the_place_of_a_table_is_told_with_what_is_meant():
    message = told(da.analytics.slippage.trend, 3)
    assert message == "trend, reports: expected DataFrame, found 3. What `history` returned."


def test_an_argument_that_there_is_none_of_leads_to_the_near_one():
    message = told(da.analytics.slippage.trend, pd.DataFrame(), as_off=None)
    assert message == "trend: There is no argument 'as_off'. Did you mean as_of?"


def test_a_chance_that_is_none_is_refused():
    for one in (da.analytics.forecast.printed_percent, da.analytics.forecast.outlook_class):
        assert told(one, 3) == "A chance is from 0 to 1, and 3 is none"
