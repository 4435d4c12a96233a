"""What is chosen is followed, what is clicked is chosen, and what is kept can be made again."""

import json
import shutil
from urllib.parse import quote

import nbformat
import pytest
import vl_convert
from pptx import Presentation

from delivery_analytics.charts import explorer
from delivery_analytics.errors import DefinitionError
from delivery_analytics.lab import outputs as shown_outputs
from delivery_analytics.lab.explorer import Explorer
from delivery_analytics.lab.html_table import MOST_SHOWN, as_html
from delivery_analytics.loading.load import load
from delivery_analytics.model.opening import open_dataset
from delivery_analytics.model.registry import open_registry
from delivery_analytics.publishing.packs import make_one
from delivery_analytics.publishing.plan import plan, plan_one
from delivery_analytics.report.document import Table
from delivery_analytics.report.figure import Column
from delivery_analytics.wording.wording import open_wording
from tests.conftest import AS_OF, ROOT

WATER, MORTALITY = "water.wastewater_treated", "healthcare.maternal_mortality"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """Two sectors of the example, loaded."""
    made = tmp_path_factory.mktemp("unit")
    for name in ("data/definitions", "data/raw/water", "data/raw/healthcare", "notebooks"):
        shutil.copytree(ROOT / name, made / name)
    load(open_registry(made)).save()
    return made


@pytest.fixture(scope="module")
def history(workspace):
    return open_dataset(workspace / "data" / "processed")


class Output:
    """One output of a cell, that counts how often it was drawn anew."""

    def __init__(self, shown):
        self.shown, self.drawn = shown, 0

    def update(self, shown):
        self.shown, self.drawn = shown, self.drawn + 1


@pytest.fixture
def outputs(monkeypatch):
    """What was shown, in order."""
    seen = []

    def display(shown, *, display_id):
        assert display_id
        seen.append(Output(shown))
        return seen[-1]

    cells = iter(range(1000))
    monkeypatch.setattr(shown_outputs, "display", display)
    monkeypatch.setattr(shown_outputs, "_cell", lambda: str(next(cells)))
    return seen


@pytest.fixture
def view(history, outputs):
    return Explorer(history, language="ru", indicator=WATER)


def test_each_choice_draws_once_and_only_what_depends_on_it(view, outputs):
    view.chart(), view.source(), view.regions(), view.changed()
    chart, source, *_ = outputs

    view.period.value = "2021"
    assert [one.drawn for one in outputs] == [0, 1, 0, 0]
    view.region.value = "KZ-71"
    assert [one.drawn for one in outputs] == [1, 2, 0, 1]
    view.sector.value = "healthcare"  # brings another indicator and another period
    assert [one.drawn for one in outputs] == [2, 3, 1, 2]
    view.choose(indicator=MORTALITY, region="KZ")
    assert [one.drawn for one in outputs] == [3, 4, 2, 3]
    assert "материнской смертности" in chart.shown.title
    assert "health_indicators_" in source.shown._repr_html_()


def test_a_region_keeps_the_period_and_an_indicator_brings_its_latest(view):
    view.choose(period="2021")
    view.region.value = "KZ-71"
    assert view.period.value == "2021"
    view.indicator.value = "water.drinking_water"
    view.indicator.value = WATER
    assert view.period.value == "2022"


def test_only_what_was_known_on_the_day_is_offered(view):
    assert view.period.value == "2022"
    view.choose(as_of="2023-01-01")
    assert view.chosen["as_of"] == "2023-01-01"
    assert "2022" not in dict(view.period.options).values()


def test_figures_outside_the_chosen_periods_are_in_no_chart_and_in_every_revision(
    view, outputs
):
    view.choose(indicator=MORTALITY)
    view.chart(), view.heat(), view.source()
    periods = [key for _, key in view.first.options]
    view.first.value, view.last.value = "2019", "2021"

    assert periods == ["", *sorted(periods[1:])]
    assert [one.drawn for one in outputs] == [2, 2, 0]
    table = view.figure().table
    observed = table[table["series"] == "Фактическое значение"]
    assert [when[:4] for when in observed["when"]] == ["2019", "2020", "2021"]
    [drawn] = outputs[1].shown.to_dict()["datasets"].values()
    assert {one["period"] for one in drawn} == {"2019", "2020", "2021"}
    view.indicator.value = "healthcare.suicide"  # which has no figure of 2021
    assert (view.first.value, view.last.value) == ("2019", "")


def test_two_indicators_are_shown_region_by_region_or_period_by_period(view, outputs):
    view.choose(indicator=MORTALITY)
    view.other.value = "healthcare.suicide"
    view.scatter()
    by_period = outputs[0].shown.to_dict()
    view.other.value = MORTALITY
    by_region = outputs[0].shown.to_dict()
    view.other.value = "water.drinking_water"  # of which there is no figure

    [points] = by_region["datasets"].values()
    assert len(points) == 17
    assert {one["value"] == one["value_other"] for one in points} == {True}
    assert by_region["title"] == points[0]["label"]
    assert by_period["title"] == "Республика Казахстан"
    assert "менее трёх значений" in outputs[0].shown.data


def test_a_programme_and_a_body_narrow_what_can_be_chosen_and_never_to_nothing(view):
    registry = view.history.registry
    of = {one.id for one in registry.indicators.values() if "human_capital" in one.programmes}
    assert of
    view.programme.value = "human_capital"
    sector = view.sector.value
    assert {key for _, key in view.indicator.options} == {
        one for one in of if one.startswith(f"{sector}.")
    }
    assert {key for _, key in view.sector.options} == {one.partition(".")[0] for one in of}
    for _, body in view.body.options:
        view.body.value = body
        assert len(view.indicator.options)
    view.choose(indicator=WATER)  # whatever was narrowed to
    assert (view.programme.value, view.body.value, view.indicator.value) == ("", "", WATER)


def test_the_file_of_a_figure_is_a_click_away(view, outputs, workspace):
    view.source()
    shown = outputs[0].shown._repr_html_()
    paths = outputs[0].shown.files

    assert len(paths) == shown.count("<a href") > 0
    for path in paths:
        assert f'<a href="../{quote(path)}" download>' in shown
        assert (workspace / path).exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"indicator": "water.wastewater"}, "Did you mean water.wastewater_treated"),
        ({"region": "Астана"}, r"Did you mean KZ-71 \(Astana\)"),
        ({"period": "1990"}, "no figure here for the period '1990'"),
        ({"as_of": "yesterday"}, "'yesterday' is not a day"),
        ({"sector": "water", "indicator": MORTALITY}, "no indicator of water"),
    ],
)
def test_what_does_not_exist_is_told_what_is_near(view, wrong, said):
    with pytest.raises(DefinitionError, match=said):
        view.choose(**wrong)


def tells(view, region, period):
    """Let the chart tell what is selected in it, as its half in a browser does."""
    view._linked.chart._vl_selections = {
        name: {"value": {"vlPoint": {"or": [{field: one}]}, field: [one]}, "store": []}
        for name, field, one in (("region", "region_id", region), ("period", "period", period))
    }


def test_what_is_clicked_is_chosen_and_can_be_read(view):
    chart = view.linked()
    tells(view, "KZ", "2022")  # it shows what is chosen
    before = chart.chart
    tells(view, "KZ-71", "2021")

    assert (view.region.value, view.period.value) == ("KZ-71", "2021")
    assert chart.selections.region.value == [{"region_id": "KZ-71"}]
    assert chart.chart is before  # it has shown the click already


def test_a_chart_that_is_being_replaced_is_not_listened_to(view):
    chart = view.linked()
    tells(view, "KZ", "2022")
    view.region.value = "KZ-71"  # by the chooser: the chart is drawn anew
    tells(view, "KZ", "2022")  # and the old one speaks up late
    assert view.region.value == "KZ-71"
    tells(view, "KZ-71", "2022")
    tells(view, "KZ-10", "2022")
    assert view.region.value == "KZ-10"
    assert chart is view._linked.chart


def test_the_linked_charts_leave_a_gap_where_a_period_is_missing(history):
    figures = history.known_on(AS_OF)
    rows = figures.observations
    gap = (rows["indicator_id"] == WATER) & (rows["period"] == "2015")
    holed = figures.tables | {"observations": rows[~gap]}
    data = type(figures)(holed, figures.registry, figures.as_of)
    chart = explorer.linked(data, WATER, open_wording("kk"), region_id="KZ", period="2022")
    values = [row for rows in chart.to_dict()["datasets"].values() for row in rows]
    nation = {one["period"]: one["segment"] for one in values if one["region_id"] == "KZ"}

    assert nation["2014"] == nation["2013"] != nation["2016"] == nation["2017"]
    assert "2015" not in nation


def test_the_linked_charts_are_drawn_where_no_region_has_a_figure(history):
    figures = history.known_on(AS_OF)
    of = {"region_id": "KZ", "period": "2024"}
    chart = explorer.linked(figures, "healthcare.life_expectancy", open_wording("en"), **of)

    assert "75.1" in vl_convert.vegalite_to_svg(chart.to_dict())  # refuses an unknown signal


def test_a_name_that_another_point_stands_in_is_left_to_the_pointer(history):
    figures, pair = history.known_on(AS_OF), (MORTALITY, WATER)
    chart = explorer.scatter(figures, *pair, open_wording("en"), region_id="KZ-35")
    [points] = chart.to_dict()["datasets"].values()
    named = {one["name"]: one["named"] for one in points}

    assert named["Kostanay Region"] == ""  # Karaganda stands there
    assert all(named[name] == name for name in ("Karaganda Region", "Astana"))


def test_tables_are_in_the_reader_s_words(view, outputs):
    view.table(), view.source(), view.methods(), view.changed()
    text = "".join(one.shown._repr_html_() for one in outputs)

    assert "С отставанием" in text
    assert "04.09.2023" in text
    for code in ("off_track", "share_of_planned_change", WATER, "KZ-"):
        assert code not in text


def test_the_tables_to_reckon_with_are_those_of_what_is_chosen(view):
    view.choose(region="KZ-71", period="2021")

    assert view.figures()["period"].iloc[-1] == "2022"
    assert view.trace()["value"].notna().all()
    assert set(view.assessments()["indicator_id"]) == {WATER}
    assert set(view.changes()["sector_id"]) <= {"water"}


def test_hostile_text_of_a_table_is_text():
    frame = Table(_frame("<b>x</b>"), "<i>", (Column("a", "<u>"),), "<s>")
    shown = as_html(frame, open_wording("en"))

    assert "&lt;b&gt;x&lt;/b&gt;" in shown
    assert not [tag for tag in ("<i>", "<b>", "<u>", "<s>") if tag in shown]


def test_a_long_table_counts_what_it_leaves_out():
    table = Table(_frame(*range(MOST_SHOWN + 3)), "", (Column("a", "A", "number", 0),))

    assert "And 3 more." in as_html(table, open_wording("en"))


def _frame(*values):
    import pandas as pd

    return pd.DataFrame({"a": values})


def test_a_saved_view_is_made_by_the_command_and_left_out_of_editions(
    view, workspace, tmp_path
):
    view.choose(region="KZ-71")
    path = view.save_report("view_try")
    registry = open_registry(workspace)

    assert path == workspace / "notebooks" / "view_try.ipynb"
    nbformat.validate(nbformat.read(path, as_version=4))
    assert "view_try" not in {one.notebook.stem for one in plan(registry, ["en"])}
    assert plan_one(registry, "view_try", {}, "en").place == "en/view_try"
    made = make_one(
        registry,
        "view_try",
        keys={},
        as_of=AS_OF,
        language="ru",
        formats=["html"],
        out=tmp_path,
    )
    page = made[0].read_text(encoding="utf-8")
    assert "сточных" in page
    assert "Астана" in page
    with pytest.raises(DefinitionError, match="is there already"):
        view.save_report("view_try")
    saved = json.loads(path.read_text(encoding="utf-8"))
    saved["metadata"]["delivery_analytics"]["publish"] = True
    path.write_text(json.dumps(saved), encoding="utf-8")
    assert "view_try" in {one.notebook.stem for one in plan(registry, ["en"])}
    path.unlink()


def test_a_name_that_leads_elsewhere_is_refused(view):
    for name in ("../../evil", "Вид", "a" * 41):
        with pytest.raises(DefinitionError, match="cannot name a notebook"):
            view.save_report(name)


def test_a_slide_is_kept_in_the_workspace_wherever_the_notebook_runs(
    view, workspace, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    path = view.slide()

    assert path == workspace / "out" / "view_wastewater_treated_kz.pptx"
    assert len(Presentation(path).slides) == 1
    assert list(tmp_path.iterdir()) == []


def test_the_buttons_keep_the_view_and_say_where_or_why_not(view, workspace):
    *_, bar = view.controls.children
    slide, report, said = bar.children
    slide.click()
    assert said.value == "Сохранено: out/view_wastewater_treated_kz.pptx"
    report.click()
    assert said.value == "Сохранено: notebooks/view_wastewater_treated_kz.ipynb"
    report.click()
    assert "is there already" in said.value
    (workspace / "notebooks" / "view_wastewater_treated_kz.ipynb").unlink()
