import altair as alt
import pytest
from PIL import ImageFont

from delivery_analytics.model import schema
from delivery_analytics.report import theme

KAZAKH = "ӘҒҚҢӨҰҮҺІәғқңөұүһі"
SIGNS = "₸–—−«»№…·×±°→←↑↓≤≥≈"
FILES = sorted(theme.FONTS.glob("*.ttf"))


def test_contrast_is_that_of_the_guidelines():
    assert theme.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert theme.contrast("#FFFFFF", "#12436D") == pytest.approx(10.25, abs=0.01)
    assert theme.contrast("#F46A25", "#FFFFFF") == pytest.approx(3.03, abs=0.01)


@pytest.mark.parametrize("status", schema.STATUSES)
def test_a_status_shows_on_paper_and_its_text_is_legible(status):
    style = theme.STATUS_STYLE[status]

    assert theme.contrast(style.colour, theme.PAPER) >= 3
    assert theme.contrast(style.text_colour, style.colour) >= 4.5


@pytest.mark.parametrize("role", theme.SERIES_STYLE)
def test_a_series_shows_on_paper(role):
    assert theme.contrast(theme.role_colour(role), theme.PAPER) >= 3


def test_statuses_differ_by_more_than_colour_and_stand_best_first():
    styles = theme.STATUS_STYLE

    assert list(styles) == list(schema.STATUSES)
    assert [style.order for style in styles.values()] == [0, 1, 2, 3, 4]
    for look in ("colour", "glyph", "shape"):
        assert len({getattr(style, look) for style in styles.values()}) == len(styles)


def test_a_role_that_is_a_status_has_its_colour():
    assert theme.role_colour("at_risk") == theme.STATUS_STYLE["at_risk"].colour


def test_both_weights_of_the_font_are_shipped_small_and_with_their_licence():
    assert [path.name for path in FILES] == ["NotoSans-Bold.ttf", "NotoSans-Regular.ttf"]
    assert all(path.stat().st_size < 250_000 for path in FILES)
    assert "SIL OPEN FONT LICENSE" in (theme.FONTS / "OFL.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_font_has_every_letter_and_sign_that_reports_use(path):
    font = ImageFont.truetype(str(path), 40)
    nothing = bytes(font.getmask("\ue000"))
    glyphs = "".join(style.glyph for style in theme.STATUS_STYLE.values())

    lacking = [c for c in KAZAKH + SIGNS + glyphs if bytes(font.getmask(c)) == nothing]

    assert lacking == []


def test_charts_are_drawn_in_the_house_theme_once_it_is_registered():
    theme.enable()
    chart = alt.Chart(alt.InlineData(values=[{"a": 1}])).mark_bar().encode(x="a:Q")

    assert alt.theme.active == theme.THEME_NAME
    assert chart.to_dict()["config"]["font"].startswith(theme.FONT_FAMILY)
