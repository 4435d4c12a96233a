"""How things look: colour, shape and order of each status and series, and the chart theme.

Colours are those of the UK Government Analysis Function's palette, each at least 3:1 on
white. Orange and turquoise differ by hue only (1.05:1), so a status is never its colour
alone: every status also has a shape, and a word.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template

import altair as alt

THEME_NAME = "delivery"
_ASSETS = Path(__file__).parents[1] / "assets"
FONTS = _ASSETS / "fonts"
FONT_FAMILY = "Noto Sans"
# The first is shipped; the others are for a browser that may not load it.
FONT_STACK = f"{FONT_FAMILY}, Segoe UI, DejaVu Sans, Arial, sans-serif"

DARK_BLUE = "#12436D"
TURQUOISE = "#28A197"
DARK_PINK = "#801650"
ORANGE = "#F46A25"
DARK_GREY = "#3D3D3D"
LIGHT_PURPLE = "#A285D1"
MID_BLUE = "#2073BC"
MID_GREY = "#8A8A8A"
RULE_GREY = "#E2E2E2"
INK = "#0B0C0C"
PAPER = "#FFFFFF"
DARKER = ("#AFC7DC", "#7FA3C5", "#4A7AA8", DARK_BLUE)  # four steps of one thing
BAR = "#BFD2E6"  # a bar in a table's cell: figures on it stay legible

WIDTH = 720  # px, a chart with its axes; a page's text column, and half a slide at 2x


@dataclass(frozen=True)
class StatusStyle:
    """How one status is drawn.

    Attributes
    ----------
    colour, text_colour
        The fill, and what is legible on it: at least 4.5:1.
    glyph, shape
        The same shape as a character and as a Vega symbol.
    order
        Best first, from 0; what is not judged comes last.
    """

    colour: str
    text_colour: str
    glyph: str
    shape: str
    order: int


# Vega has no star and no ring; a symbol may be a path in a square from -1 to 1.
STAR = (
    "M0,-1.15L0.2704,-0.3721L1.0937,-0.3554L0.4375,0.1421L0.676,0.9304"
    "L0,0.46L-0.676,0.9304L-0.4375,0.1421L-1.0937,-0.3554L-0.2704,-0.3721Z"
)
RING = "M-1,0A1,1,0,1,1,1,0A1,1,0,1,1,-1,0ZM-0.6,0A0.6,0.6,0,1,0,0.6,0A0.6,0.6,0,1,0,-0.6,0Z"

STATUS_STYLE: dict[str, StatusStyle] = {
    "achieved": StatusStyle(DARK_BLUE, PAPER, "★", STAR, 0),
    "on_track": StatusStyle(TURQUOISE, INK, "●", "circle", 1),
    "at_risk": StatusStyle(ORANGE, INK, "▲", "triangle-up", 2),
    "off_track": StatusStyle(DARK_PINK, PAPER, "■", "square", 3),
    "not_judged": StatusStyle(MID_GREY, INK, "○", RING, 4),
}
COUNTED = ("off_track", "at_risk", "on_track", "achieved", "not_judged")  # in this order


@dataclass(frozen=True)
class SeriesStyle:
    """How one role of a series is drawn; `dash` empty is a solid line, `shape` a mark."""

    colour: str
    dash: tuple[int, ...] = ()
    shape: str = "circle"
    width: float = 2.0


SERIES_STYLE: dict[str, SeriesStyle] = {
    "observed": SeriesStyle(DARK_BLUE, width=2.5),
    "actual": SeriesStyle(DARK_BLUE, width=2.5),
    "completed": SeriesStyle(DARK_BLUE),
    "expected": SeriesStyle(MID_GREY, dash=(4, 3)),
    "plan": SeriesStyle(MID_GREY, shape="square"),
    "forecast": SeriesStyle(LIGHT_PURPLE, dash=(1, 3), width=2.5),
    "bound": SeriesStyle(LIGHT_PURPLE, dash=(4, 3), width=1.2),
    "target": SeriesStyle(INK, shape="diamond"),
    "baseline": SeriesStyle(DARK_GREY, shape="diamond"),
    "points": SeriesStyle(DARK_BLUE),
    "region": SeriesStyle(MID_GREY),
    "highlight": SeriesStyle(DARK_BLUE),
    "nation": SeriesStyle(INK),
    "received": SeriesStyle(DARK_BLUE),
    "outstanding": SeriesStyle(MID_GREY, shape="square"),
}


def role_colour(role: str) -> str:
    """Return the colour of a series' role, which may also be a status."""
    if role in STATUS_STYLE:
        return STATUS_STYLE[role].colour
    return SERIES_STYLE.get(role, SERIES_STYLE["region"]).colour


def altair_theme() -> alt.theme.ThemeConfig:
    """Return the chart theme: quiet axes, no frame, text large enough for print."""
    text = Template((_ASSETS / "charts" / "theme.json.txt").read_text("utf-8"))
    return {"config": json.loads(text.substitute(globals()))}


def enable() -> None:
    """Let every Altair chart from now on be drawn in the house's colours and type.

    Altair knows the theme as ``delivery``; ``alt.theme.enable("default")`` ends it.
    """
    alt.theme.register(THEME_NAME, enable=True)(altair_theme)


@cache
def register_fonts() -> None:
    """Make the shipped font known to the converter of stills, once a process."""
    import vl_convert

    vl_convert.register_font_directory(str(FONTS))


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two ``#RRGGBB`` colours, 1 to 21, after WCAG 2.2."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
