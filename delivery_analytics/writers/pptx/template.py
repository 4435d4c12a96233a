"""The slides' own master and layouts: where things stand on them, and how large type is.

``assets/slides/template.pptx`` is a presentation without slides, which PowerPoint edits. All
on a slide is a placeholder of a layout where it can be, so that a presenter who changes the
master changes every slide. The page is 16:9; places are in inches.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pptx.util import Emu, Inches

POINTS = 72  # of an inch


@dataclass(frozen=True)
class SlideBox:
    """A place on the page, in inches."""

    x: float
    y: float
    w: float
    h: float

    @classmethod
    def of(cls, shape: object) -> "SlideBox":
        """Return where a shape stands; nowhere, where it does not say."""
        sides = (getattr(shape, name) or 0 for name in ("left", "top", "width", "height"))
        return cls(*(Emu(side).inches for side in sides))

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.w

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.h

    @property
    def sides(self) -> tuple[int, int, int, int]:
        """Left, top, width and height as office programs count them."""
        x, y, w, h = (int(Inches(side)) for side in (self.x, self.y, self.w, self.h))
        return x, y, w, h

    @property
    def room(self) -> tuple[float, float]:
        """Width and height in points, to measure text by."""
        return self.w * POINTS, self.h * POINTS


CONTENT = SlideBox(0.6, 1.4, 12.13, 5.57)  # between the title and the foot
BODY = SlideBox(0.6, 1.85, 12.13, 4.65)
ASIDE = SlideBox(9.25, 1.95, 3.48, 4.5)
FOOTER = SlideBox(0.6, 7.07, 11.0, 0.27)

# The layouts' indices, and those of their placeholders.
CHART, CHART_AND_TEXT, OPEN, TEXT = range(4)
IDX_SUBTITLE, IDX_MAIN, IDX_FOOTNOTE, IDX_ASIDE = 11, 12, 13, 14
IDX_FOOTER, IDX_NUMBER = 20, 21
SIZES = {IDX_SUBTITLE: (14, 13, 12, 11, 10), IDX_FOOTNOTE: (10, 9), IDX_FOOTER: (10,)}
TITLE_SIZES = (28, 26, 24, 22, 20, 18)


@cache
def blank() -> bytes:
    """Return our template: the master, its theme and the layouts."""
    return files("delivery_analytics").joinpath("assets/slides/template.pptx").read_bytes()
