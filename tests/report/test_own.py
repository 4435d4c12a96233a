"""What an analyst adds is read as it says, and refused with what to do where it cannot be."""

import datetime as dt
import io
import re
import types
from decimal import Decimal

import altair as alt
import numpy as np
import pandas as pd
import pytest
from PIL import Image

import delivery_analytics as da
from delivery_analytics.errors import DefinitionError
from delivery_analytics.report import still
from delivery_analytics.report.document import Bullets, Heading, Picture, Table, Text
from delivery_analytics.report.figure import Figure
from delivery_analytics.report.own import blocks_of
from delivery_analytics.report.own_table import decimals_in
from delivery_analytics.wording.wording import open_wording

EN = open_wording("en")
FRAME = pd.DataFrame({"region": ["A", "B", "A", "B"], "year": [2023, 2023, 2024, 2024]})
FRAME["value"] = [1.5, 2.0, 3.0, 4.25]
BASE = alt.Chart(FRAME)


def native(chart):
    [figure] = blocks_of(chart, EN)
    return figure.native


@pytest.mark.parametrize(
    ("values", "kind", "decimals"),
    [
        ([1.5, None], "number", 1),
        (pd.array([1, None], dtype="Int64"), "number", 0),
        ([Decimal("1.25"), Decimal(3)], "number", 2),
        ([1 / 3, 2.0], "number", None),
        ([1.5, "n/a"], "number", 1),
        ([dt.date(2024, 1, 31), None], "date", 1),
        (pd.to_datetime(["2024-01-31", "2024-02-29"]), "date", 1),
        (pd.to_datetime(["2024-01-31 10:00", "2024-02-29 00:00"]), "text", 1),
        (pd.PeriodIndex(["2024Q1", "2024Q2"], freq="Q"), "period", 1),
        (["2024-Q2", "2024"], "period", 1),
        (["on_track", "at_risk"], "status", 1),
        ([True, False], "text", 1),
        (["45 %", "50 %"], "text", 1),
        (pd.Categorical(["x", "y"]), "text", 1),
    ],
)
def test_a_column_is_what_its_values_say_and_never_per_cent_by_itself(values, kind, decimals):
    [column] = Table(pd.DataFrame({"a": values})).columns
    assert (column.kind, column.decimals) == (kind, decimals)


def test_years_are_years_where_the_heading_says_so_and_else_numbers():
    frame = pd.DataFrame({"year": [2023, 2024], "people": [2023, 2024]})
    assert [one.kind for one in Table(frame).columns] == ["period", "number"]


def test_an_index_that_says_something_is_kept_and_a_count_of_rows_is_not():
    by_region = FRAME.groupby("region")[["value"]].sum()
    filtered = FRAME[FRAME["value"] > 1.9]
    years = pd.DataFrame({"a": [1, 2]}, index=[2023, 2024])

    assert [one.key for one in Table(by_region).columns] == ["region", "value"]
    assert [one.key for one in Table(filtered).columns] == ["region", "year", "value"]
    assert Table(years).frame[""].tolist() == ["2023", "2024"]


def test_headings_of_two_levels_stand_over_each_other():
    wide = FRAME.pivot_table(index="region", columns="year", values=["value"])
    columns = Table(wide).columns
    assert [(one.spanner, one.label) for one in columns] == [
        ("", "region"), ("value", "2023"), ("value", "2024"),
    ]  # fmt: skip


def test_rows_stand_together_by_groups_in_the_order_they_first_appear():
    table = Table(FRAME, groups="region")
    assert table.columns[0].key == "region"
    assert table.frame["region"].tolist() == ["A", "A", "B", "B"]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"columns": ["valu"]}, "no column 'valu'. Did you mean value"),
        ({"columns": {"value": {"knd": "percent"}}}, "no setting of a column 'knd'. Did you"),
        ({"columns": {"value": {"kind": "percnt"}}}, "Did you mean percent"),
        ({"columns": {"region": {"kind": "status"}}}, "no status 'A'. There are: achieved"),
        ({"columns": {"region": {"kind": "period"}}}, "no period such as 2024"),
        ({"columns": {"value": {"marks": [("=<", 1, "at_risk")]}}}, "no comparison '=<'"),
        ({"columns": {"value": {"marks": [("<", 1, "red")]}}}, "no status 'red'"),
        ({"groups": "regio"}, "Did you mean region"),
    ],
)
def test_a_table_that_is_asked_for_wrongly_says_what_there_is(settings, said):
    with pytest.raises(DefinitionError, match=said):
        Table(FRAME, **settings)


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (pd.DataFrame({"a": [[1, 2]]}), "'a' holds a value of type list.*explode"),
        (pd.DataFrame({"a": [{"b": 1}]}), "json_normalize"),
        (pd.DataFrame({"a": [np.inf]}), "infinite number.*replace"),
        (pd.DataFrame(), "no column"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "Two columns are called 'a'"),
        (FRAME.style, r"cannot show a Styler: add its \.data"),
        ([FRAME], "cannot show a list: add_each"),
        (types.SimpleNamespace(to_pandas=None), "to_pandas"),
        (None, "cannot show a NoneType.*pictures"),
        (b"GIF89a", "cannot be read as PNG or JPEG: save it as PNG"),
        (alt.Chart("https://a.example/x.csv").mark_bar().encode(x="a:N"), "read_csv"),
        (alt.Chart(FRAME).mark_bar().encode(x="nothing"), "cannot be drawn"),
        (alt.Chart(FRAME.iloc[:0]).mark_bar().encode(x="region:N"), "no rows of figures"),
        (
            alt.Chart(pd.DataFrame({"a": range(5001)})).mark_bar().encode(x="a:Q"),
            "more than 5000 rows.*groupby",
        ),
        (alt.Chart().mark_bar(), "no rows of figures"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_what_to_do(item, said):
    with pytest.raises(DefinitionError, match=said):
        blocks_of(item, EN)


def test_what_is_said_beside_a_block_that_is_whole_is_refused():
    with pytest.raises(DefinitionError, match="Heading takes title when it is made"):
        blocks_of(Heading("a"), EN, title="b")


@pytest.mark.parametrize(
    ("chart", "kind"),
    [
        (BASE.mark_bar().encode(x="year:O", y="value:Q", color="region:N"), "stacked_column"),
        (BASE.mark_bar().encode(y="year:O", x="value:Q", color="region:N"), "stacked_bar"),
        (
            BASE.mark_bar().encode(
                x="year:O", y="value:Q", color="region:N", xOffset="region:N"
            ),
            "column",
        ),
        (BASE.mark_line().encode(x="year:O", y="value:Q", color="region:N"), "line"),
        (BASE.mark_line().encode(x="year:Q", y="value:Q", color="region:N"), "line"),
        (BASE.mark_area().encode(x="year:O", y="value:Q", color="region:N"), "stacked_area"),
        (BASE.mark_point().encode(x="year:Q", y="value:Q", color="region:N"), "points"),
        (BASE.mark_circle().encode(x="year:O", y="value:Q", color="region:N"), "line"),
    ],
)
def test_a_plain_chart_is_one_that_office_can_edit(chart, kind):
    drawn = native(chart)

    assert drawn.kind == kind
    assert [series.name for series in drawn.series] == ["A", "B"]
    values = [[v for v in series.values if v is not None] for series in drawn.series]
    assert values == [[1.5, 3.0], [2.0, 4.25]]
    if kind != "points":
        assert drawn.categories == ["2023", "2024"]


@pytest.mark.parametrize(
    "chart",
    [
        BASE.mark_bar().encode(x="region:N", y="sum(value):Q"),
        BASE.mark_bar().encode(x="region:N", y="value:Q"),  # two bars in one place
        BASE.mark_bar().encode(x=alt.X("value:Q", bin=True), y="count()"),
        BASE.mark_bar().encode(x="year:O", y=alt.Y("value:Q", stack="normalize"), color="region:N"),
        BASE.mark_line().encode(x="year:O", y="value:Q").facet("region:N"),
        BASE.mark_line().encode(x="year:O", y="value:Q", detail="region:N"),
        BASE.mark_rule().encode(x="year:O", y="value:Q"),
        BASE.mark_bar().encode(x="year:O", y=alt.Y("value:Q").scale(type="log"), color="region:N"),
        BASE.transform_filter("datum.value > 2").mark_bar().encode(x="year:O", y="value:Q"),
        BASE.mark_line().encode(x="year:O", y="value:Q", color="region:N")
        + BASE.mark_point().encode(x="year:O", y="value:Q"),
    ],
)  # fmt: skip
def test_another_chart_is_a_picture_with_its_rows(chart):
    [figure] = blocks_of(chart, EN)
    assert figure.native is None
    assert figure.table["value"].tolist() == FRAME["value"].tolist()


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        (alt.Undefined, ["a", "b", "c"]),
        (None, ["b", "c", "a"]),
        ("descending", ["c", "b", "a"]),
        ("-y", ["c", "b", "a"]),
        ("y", ["a", "b", "c"]),
        (["c"], ["c", "b", "a"]),
    ],
)
def test_categories_follow_one_another_as_in_the_chart(sort, order):
    frame = pd.DataFrame({"k": ["b", "c", "a"], "v": [2, 3, 1]})
    drawn = native(alt.Chart(frame).mark_bar().encode(x=alt.X("k:N", sort=sort), y="v:Q"))
    assert drawn.categories == order


def test_days_evenly_apart_are_named_and_others_are_a_picture():
    def chart(*days):
        frame = pd.DataFrame({"d": pd.to_datetime([*days]), "v": range(len(days))})
        return alt.Chart(frame).mark_line().encode(x="d:T", y="v:Q")

    assert native(chart("2024-01-31", "2024-02-29")).categories == [
        "January 2024",
        "February 2024",
    ]
    assert native(chart("2023-01-01", "2024-01-01")).categories == ["2023", "2024"]
    assert native(chart("2024-01-01", "2024-01-02", "2024-01-09")) is None


def test_a_chart_keeps_to_itself_the_columns_that_it_does_not_draw():
    frame = FRAME.assign(name="Secret")
    [figure] = blocks_of(alt.Chart(frame).mark_bar().encode(x="region:N", y="value:Q"), EN)

    assert "Secret" not in str(figure.spec)
    assert list(figure.table) == ["region", "value"]


def test_what_stands_beside_a_chart_is_in_the_language_of_the_report():
    chart = BASE.mark_bar().encode(x="region:N", y="value:Q").properties(title="Рост")
    [figure] = blocks_of(
        Figure(chart, unit="млн", as_of="2024-12-31", source="бюро"), open_wording("ru")
    )
    assert (figure.title, figure.subtitle) == ("Рост", "млн")
    assert figure.footnote.startswith("Источник: бюро · ")
    assert "2024" in figure.footnote


def test_markdown_is_read_as_blocks():
    found = blocks_of("# A\n\nB **c** d\n\n1. e\n2. f\n   - g\n", EN)
    assert found == [
        Heading("A", 2),
        Text("B c d", ("c",)),
        Bullets((Text("e"), Text("f"), Bullets((Text("g"),))), 1),
    ]
    assert [one.text for one in found[2].lines] == ["1. e", "2. f", "– g"]


def test_what_markdown_calls_a_script_stays_a_text():
    [text] = blocks_of("<script>x</script> [y](javascript:z)", EN)
    assert text.text == "<script>x</script> [y](javascript:z)"
    assert "<script>" not in text._repr_html_()


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_is_made_small_and_nothing_is_hidden_in_its_file(kind):
    file, hidden = io.BytesIO(), Image.Exif()
    hidden[0x010E] = "taken at home"
    Image.new("RGB", (3200, 100)).save(file, kind, exif=hidden)
    [picture] = blocks_of(file.getvalue(), EN, title="T")

    shown = Image.open(io.BytesIO(picture.content))
    assert (shown.size, shown.format) == ((1600, 50), kind)
    assert b"taken at home" in file.getvalue()
    assert b"taken at home" not in picture.content


def test_a_figure_of_matplotlib_is_known_by_how_it_is_saved():
    class Drawn:
        def savefig(self, file, **_):
            Image.new("RGB", (8, 8)).save(file, "PNG")

    [picture] = blocks_of(Drawn(), EN, title="T")
    assert isinstance(picture, Picture)


def test_a_picture_of_a_chart_says_what_is_measured_when_and_by_whom(tmp_path):
    chart = BASE.mark_bar().encode(x="year:O", y="value:Q", color="region:N")
    said = {"title": "It grows", "unit": "per cent", "as_of": "2024-12-31", "source": "A & B"}
    drawn = da.save_chart(chart, tmp_path / "a.svg", **said).read_text(encoding="utf-8")
    drawn = " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", drawn))

    for text in ("It grows", "per cent", "Source: A &amp; B", "As at 31 December 2024"):
        assert text in drawn
    size = Image.open(da.save_chart(chart, tmp_path / "a.png", **said)).size
    bare = Image.open(io.BytesIO(still.png(blocks_of(chart, EN, **said)[0]))).size
    assert size[1] > bare[1] + 60
    with pytest.warns(DeprecationWarning):
        assert da.to_slide(FRAME, tmp_path / "a.pptx", title="Rows").exists()
    with pytest.raises(DefinitionError, match="charts alone are written as svg, png"):
        da.save_chart(FRAME, tmp_path / "a.png")


def test_a_day_that_is_none_is_told_before_anything_is_written(tmp_path):
    chart = BASE.mark_bar().encode(x="year:O", y="value:Q", color="region:N")
    with pytest.raises(DefinitionError, match="'soon' is not a day"):
        da.save_chart(chart, tmp_path / "a.svg", as_of="soon")


def test_the_theme_is_the_house_s_in_one_line():
    with alt.theme.enable("default"):
        da.theme.enable()
        assert BASE.mark_bar().to_dict()["config"]["axisX"]["grid"] is False
    alt.theme.enable(da.theme.THEME_NAME)


def test_a_few_decimals_say_every_number_or_none_is_claimed():
    assert [decimals_in(n) for n in ([1.0], [0.1 + 0.2], [1.25, 3], [1 / 3])] == [0, 1, 2, None]
