"""The colours of a house's template: what its names and fills are, and what is read on them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from colorsys import hls_to_rgb, rgb_to_hls
from dataclasses import dataclass
from typing import Any

from lxml import etree
from PIL import Image, ImageColor
from pptx.oxml.ns import qn

from delivery_analytics.report import theme

_READ = 4.5  # of contrast, from which text is read: WCAG 2.2
_SEEN = 50_000  # of a hundred thousand: what is thinner lets through what lies below
_TINT = 0.2  # of ink in a bar behind figures


@dataclass(frozen=True)
class Scheme:
    """The colours that a theme names: ``#RRGGBB`` by name, as the master maps them."""

    colours: dict[str, str]

    @classmethod
    def of_theme(cls, root: Any, mapped: Any) -> Scheme:
        """Return the colours of a theme under the master's names for them."""
        own = {
            etree.QName(slot).localname: "#" + str(slot[0].get("lastClr") or slot[0].get("val"))
            for slot in next(root.iter(qn("a:clrScheme")))
        }
        return cls(own | {name: own[slot] for name, slot in mapped.attrib.items()})

    @property
    def texts(self) -> list[str]:
        """Those that the house writes in and on."""
        return [self.colours[name] for name in ("tx1", "tx2", "bg1", "bg2")]

    def of(self, parent: Any) -> str:
        """Return the colour that an element holds; none where it is not one, or is thin."""
        for one in parent:
            kind, value = etree.QName(one).localname, one.get("lastClr") or one.get("val", "")
            if kind == "schemeClr":
                code = self.colours.get(value, "")
            elif kind in ("srgbClr", "sysClr"):
                code = f"#{value}"
            elif kind == "prstClr" and value.casefold() in ImageColor.colormap:
                code = _hex(ImageColor.getrgb(value)[:3])
            else:
                continue
            how = {etree.QName(child).localname: int(child.get("val", 0)) for child in one}
            return "" if how.get("alpha", _SEEN) < _SEEN or not code else _changed(code, how)
        return ""

    def of_fill(
        self, holder: Any, picture: Callable[[str], Image.Image | None], style: Any = None
    ) -> list[str]:
        """Return the colours of a fill, or of the style where it has none.

        Of a picture, which `picture` opens by its key, those of its sixteen parts.
        """
        if holder is not None:
            for blip in holder.iter(qn("a:blip")):
                seen = picture(blip.get(qn("r:embed"), ""))
                parts = seen.convert("RGB").resize((4, 4)).tobytes() if seen else b""
                return [_hex(parts[at : at + 3]) for at in range(0, len(parts), 3)]
            for fill in holder:
                kind = etree.QName(fill).localname
                if kind == "noFill":
                    return []
                if kind in ("solidFill", "gradFill", "pattFill"):
                    return [code for one in (fill, *fill.iter()) if (code := self.of(one))]
        return [code] if style is not None and (code := self.of(style)) else []


def legible(colours: Iterable[str], on: Sequence[str]) -> str:
    """Return the first colour that is read on all of these, else ink or white."""

    def least(code: str) -> float:
        return min(theme.contrast(code, one) for one in on)

    read = (code for code in colours if least(code) >= _READ)
    return next(read, max(theme.INK, theme.PAPER, key=least))


def told_from(code: str, paper: str, ink: str) -> str:
    """Return a colour as well told from a paper as it is from white, nearer to its ink."""
    if code == theme.BAR and theme.contrast(code, ink) < _READ:
        return _mixed(paper, ink, _TINT)
    least = min(theme.contrast(code, theme.PAPER), _READ)
    nearer = (_mixed(code, ink, step / 10) for step in range(10))
    return next((one for one in nearer if theme.contrast(one, paper) >= least - 0.01), ink)


def _mixed(one: str, other: str, share: float) -> str:
    pairs = zip(bytes.fromhex(one[1:]), bytes.fromhex(other[1:]), strict=True)
    return _hex(round(a + (b - a) * share) for a, b in pairs)


def _hex(parts: Iterable[int]) -> str:
    return "#" + bytes(parts).hex().upper()


def _changed(code: str, how: dict[str, int]) -> str:
    """Return a colour after what a theme does to it: lighter, darker, or nearer to white."""
    share = {name: value / 100_000 for name, value in how.items()}
    hue, light, strong = rgb_to_hls(*(part / 255 for part in bytes.fromhex(code[1:])))
    light = min(light * share.get("lumMod", 1) + share.get("lumOff", 0), 1)
    parts = hls_to_rgb(hue, light, strong)
    made = _hex(round(part * 255) for part in parts)
    made = _mixed("#000000", made, share.get("shade", 1))
    return _mixed("#FFFFFF", made, share.get("tint", 1))
