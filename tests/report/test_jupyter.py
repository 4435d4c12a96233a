"""Charts as a notebook shows them: in a form that JupyterLab draws without a network."""

import json
import tomllib
from importlib import import_module

import altair as alt
import pytest
from IPython.core.interactiveshell import InteractiveShell

from delivery_analytics.report import jupyter
from delivery_analytics.report.document import Several, Text
from tests.conftest import ROOT
from tests.support import pages

PLAIN = alt.Chart(alt.InlineData(values=[{"a": 1234.5}])).mark_point().encode(x="a:Q")


@pytest.fixture
def shell():
    """A shell of its own, and Altair as it was before."""
    with alt.renderers.enable("default"):
        yield InteractiveShell()


def shown(shell, chart):
    bundle, _ = shell.display_formatter.format(chart)
    return bundle


def test_a_plain_chart_is_shown_in_the_form_that_jupyterlab_draws(shell):
    jupyter.enable_when_shown(shell)
    bundle = shown(shell, PLAIN)

    assert bundle.keys() == {jupyter.MIME, "image/svg+xml", "text/plain"}
    assert "$schema" not in bundle[jupyter.MIME]
    assert "://" not in json.dumps(bundle[jupyter.MIME])
    assert bundle["image/svg+xml"].startswith("<svg")
    assert shown(shell, PLAIN).keys() == bundle.keys()


def test_a_renderer_that_was_chosen_stays(shell):
    jupyter.enable_when_shown(shell)
    with alt.renderers.enable("json"):
        assert "application/json" in shown(shell, PLAIN)


def test_without_it_a_chart_would_be_fetched_from_a_network(shell):
    assert "https://" in shown(shell, PLAIN)["text/html"]


def test_the_engine_s_shell_draws_no_picture(shell):
    jupyter.enable_when_shown(shell, still=False)

    assert shown(shell, PLAIN).keys() == {jupyter.MIME, "text/plain"}


@pytest.mark.parametrize(("language", "decimal"), [("en", "."), ("ru", ","), ("kk", ",")])
def test_a_chart_has_its_reader_s_numbers(language, decimal):
    spec = jupyter.render(PLAIN.to_dict(), language=language, still=False)[jupyter.MIME]

    assert spec["usermeta"]["embedOptions"]["formatLocale"]["decimal"] == decimal


def test_a_chart_that_names_its_numbers_keeps_them():
    own = {"formatLocale": {"decimal": "·"}, "timeFormatLocale": {}}
    chart = PLAIN.properties(usermeta={"embedOptions": own})
    spec = jupyter.render(chart.to_dict(), language="kk", still=False)[jupyter.MIME]

    assert spec["usermeta"]["embedOptions"] == own


def test_a_chart_that_cannot_be_drawn_has_no_picture_and_harms_no_other():
    broken = {"mark": "point", "data": {"url": "data.csv"}, "encoding": 7}

    assert "image/svg+xml" not in jupyter.render(broken)
    assert "image/svg+xml" in jupyter.render(PLAIN.to_dict())


def test_altair_finds_it_by_its_name():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = project["entry-points"]["altair.vegalite.v6.renderer"]
    module, _, name = declared[jupyter.RENDERER].partition(":")

    assert getattr(import_module(module), name) is jupyter.render


def test_a_long_title_is_written_on_several_lines():
    figure = pages.figure(title="Доля населения, обеспеченного питьевой водой, " * 4)
    title = figure._repr_mimebundle_()[jupyter.MIME]["title"]["text"]

    assert len(title) > 1
    assert max(map(len, title)) <= 70
    assert " ".join(title) == figure.title.strip()


def test_several_blocks_are_shown_one_by_one(monkeypatch):
    seen = []
    monkeypatch.setattr("IPython.display.display", lambda *blocks: seen.extend(blocks))
    blocks = Several([Text("one"), Text("two")])
    blocks._ipython_display_()

    assert seen == [Text("one"), Text("two")]
