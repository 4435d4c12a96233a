"""What an analyst sees of the package: its names, and former ones for one release."""

import importlib
import warnings

import pytest

import delivery_analytics as da

NAMES = {
    *(
        "open_registry",
        "describe",
        "load",
        "open_dataset",
        "assess",
        "derive",
        "open_wording",
        "write",
        "save_chart",
    ),
    *("Dataset", "Registry", "Report", "Heading", "Text", "Note", "Explorer"),
    *("Table", "Figure", "theme", "brief"),
    *("analytics", "methods", "charts", "blocks", "errors"),
}


def test_the_package_shows_its_public_names_and_nothing_else():
    assert len(dir(da)) == 25
    assert {*dir(da)} == {*da.__all__} == NAMES


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_public_name_is_there_without_a_warning(name):
    with warnings.catch_warnings():
        warnings.simplefilter("error", DeprecationWarning)
        assert getattr(da, name) is not None


@pytest.mark.parametrize(("name", "now"), sorted(da._FORMER.items()))
def test_a_former_name_works_and_says_what_it_is_called_now(name, now):
    with pytest.warns(DeprecationWarning, match=rf"delivery_analytics\.{now}$"):
        former = getattr(da, name)
    package, _, module = now.partition(".")
    if module:
        assert former is importlib.import_module(f"delivery_analytics.{now}")
    else:
        assert former is getattr(da, package)


@pytest.mark.parametrize("package", ["charts", "blocks"])
def test_a_package_shows_the_names_it_lists(package):
    shown = getattr(da, package)
    assert dir(shown) == sorted(shown.__all__)
    assert all(hasattr(shown, name) for name in shown.__all__)


def test_analytics_shows_a_module_for_each_subject():
    assert {"milestones", "spending", "status"} <= {*dir(da.analytics)}
    assert all(getattr(da.analytics, name).__doc__ for name in dir(da.analytics))


def test_a_name_that_never_was_is_no_attribute():
    with pytest.raises(AttributeError, match="no attribute 'spendings'"):
        da.spendings  # noqa: B018
