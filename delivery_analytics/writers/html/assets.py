"""What the pages of one run share: the chart library, built locally, in one folder.

A page holds its own style and its small script. Only the chart library lies beside it,
because it weighs as much as twenty pages; a page without it still shows its charts as
still pictures, and every figure in a table.
"""

import hashlib
import re
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from delivery_analytics.model.files import write_whole
from delivery_analytics.report import theme

CHARTS = "charts.js"
# Links the library would offer, and names of its formats: none is fetched, and none is
# left, so that whoever searches a page for addresses finds no host in it.
_HOSTS = re.compile(r"https?://(?!www\.w3\.org/)[\w.-]+/")
FONT_WEIGHTS = {"NotoSans-Regular.ttf": 400, "NotoSans-Bold.ttf": 700}


def page_asset(name: str) -> str:
    """Return the text of a file of ``assets/page``, with the line ends it was written with.

    The page's policy names these texts by fingerprint, so a checkout that turned the line
    ends must not change them.
    """
    text = files("delivery_analytics").joinpath("assets", "page", name).read_text("utf-8")
    return text.replace("\r\n", "\n")


@cache
def charts_script() -> str:
    """Return the chart library and the code that draws a page's charts, as one script.

    It is wrapped, so that nothing of it is left on ``window``. The Vega-Lite version is
    the one that Altair writes. Building takes about a second; it needs no network.

    Raises
    ------
    RuntimeError
        When the installed converter does not know the Vega-Lite version Altair writes.
    """
    import vl_convert

    wanted = vegalite_version()
    if wanted not in vl_convert.get_vegalite_versions():
        raise RuntimeError(
            f"Altair writes Vega-Lite {wanted}, which the installed vl-convert-python does "
            f"not know: {', '.join(vl_convert.get_vegalite_versions())}. Update both together"
        )
    body = vl_convert.javascript_bundle(page_asset(CHARTS), vl_version=wanted)
    body = _HOSTS.sub("urn:", body)
    return f'{_stamp()}\n(() => {{\n"use strict";\n{body}\n}})();\n'


def write_assets(folder: str | Path) -> Path:
    """Write into `folder` what the pages of one run refer to, and return the folder.

    What is there already and was built from the same parts is left as it is.
    """
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    if not _is_current(out / CHARTS):
        write_whole(out / CHARTS, charts_script().encode("utf-8"))
    for name in FONT_WEIGHTS:
        if not (out / name).exists():
            write_whole(out / name, (theme.FONTS / name).read_bytes())
    return out


def _is_current(script: Path) -> bool:
    if not script.exists():
        return False
    with script.open(encoding="utf-8") as lines:
        return lines.readline().rstrip("\n") == _stamp()


def _stamp() -> str:
    """Return the script's first line: what it was built from."""
    own = hashlib.sha256(page_asset(CHARTS).encode("utf-8")).hexdigest()[:12]
    converter = version("vl-convert-python")
    return f"// vl-convert-python {converter}, Vega-Lite {vegalite_version()}, {own}"


def vegalite_version() -> str:
    """Return the major and minor Vega-Lite version that the installed Altair writes."""
    from altair.vegalite import SCHEMA_VERSION

    matched = re.match(r"v?(\d+\.\d+)", SCHEMA_VERSION)
    assert matched is not None
    return matched[1]
