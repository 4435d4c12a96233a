"""JupyterLab on a closed network draws every chart, follows what is chosen, lets nobody in."""

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Error
from typer.testing import CliRunner

from delivery_analytics.cli.main import app
from delivery_analytics.errors import DefinitionError
from delivery_analytics.lab import server
from delivery_analytics.writers import single_chart
from tests.conftest import AS_OF
from tests.support.notebooks import write_notebook
from tests.writers.test_single_chart import KEYS

ROOT = Path(__file__).parents[2]
PANEL = ".jp-WindowedPanel-outer"  # what scrolls
CHARTS = ".jp-OutputArea-output svg.marks, .jp-OutputArea-output canvas.marks"


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture(scope="module")
def served(tmp_path_factory, example_data):
    """A loaded copy of the example, served by JupyterLab: its address, token and folder."""
    workspace = tmp_path_factory.mktemp("lab")
    for name in ("data/definitions", "data/raw", "notebooks"):
        shutil.copytree(ROOT / name, workspace / name)
    example_data.save(workspace / "data" / "processed")
    port = free_port()
    with server.served(
        workspace,
        port=port,
        browser=False,
        root=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as (process, token):
        base = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 60
        while status(f"{base}/api") != 200:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.2)
        yield base, token, workspace


def status(url, token="", **headers):
    """Return the answer's code; 0 when nobody answers. A login page is 302."""

    class NoRedirect(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    if token:
        headers["Authorization"] = f"token {token}"
    try:
        asked = urllib.request.Request(url, headers=headers)
        return urllib.request.build_opener(NoRedirect).open(asked, timeout=10).status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


@pytest.mark.parametrize(
    "path", ["api/status", "api/contents", "api/kernels", "api/kernelspecs", "metrics"]
)
def test_nobody_without_the_token_is_answered(served, path):
    base, token, _ = served

    assert status(f"{base}/{path}") == 403
    assert status(f"{base}/{path}", "0" * 48) == 403
    assert status(f"{base}/{path}", token) == 200


@pytest.mark.parametrize("path", ["lab", "files/notebooks/80_explore.ipynb", "tree"])
def test_pages_lead_to_the_login(served, path):
    assert status(f"{served[0]}/{path}") in (302, 404)


def test_terminals_are_off_and_another_host_is_refused(served):
    base, token, _ = served

    assert status(f"{base}/api/terminals", token) == 404
    assert status(f"{base}/api/status", token, Host="evil.example") == 403


def test_only_this_machines_own_address_listens(served):
    port = int(served[0].rpartition(":")[2])
    listening = [
        line.split()[1]
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]
        if line.split()[3] == "0A"
    ]
    addresses = [one.split(":")[0] for one in listening if int(one.split(":")[1], 16) == port]

    assert addresses == ["0100007F"]


def test_the_token_is_long_and_on_no_command_line(served):
    token = served[1]
    lines = [
        path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()
    ]

    assert re.fullmatch("[0-9a-f]{48}", token)
    assert not [line for line in lines if token.encode() in line]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"ip": "0.0.0.0"}, "served to this machine only"),
        ({"ip": "192.168.1.5"}, "open a tunnel"),
        ({"JUPYTER_TOKEN": ""}, "JUPYTER_TOKEN is empty"),
        ({"JUPYTER_PASSWORD": ""}, "JUPYTER_PASSWORD is empty"),
        ({"uid": 0}, "As root, every notebook could change everything"),
        ({"version": "2.19.0"}, "has known holes. Install at least"),
    ],
)
def test_what_would_let_others_in_is_refused(monkeypatch, options, said):
    uid = options.get("uid", 1000)
    monkeypatch.setattr(os, "geteuid", lambda: uid)
    if "version" in options:
        held = options["version"]
        monkeypatch.setattr(server, "version", lambda _: held)
        options = {}
    for name in [one for one in options if one.isupper()]:
        monkeypatch.setenv(name, options.pop(name))
    with pytest.raises(DefinitionError, match=said):
        server.check_closed(**{key: one for key, one in options.items() if key == "ip"})


def test_the_command_refuses_before_anything_is_started(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    run = CliRunner().invoke(app, ["lab"])

    assert isinstance(run.exception, DefinitionError)
    assert "--allow-root" in str(run.exception)


def test_every_setting_of_ours_is_one_that_jupyterlab_knows():
    share = Path(sys.prefix, "share", "jupyter")
    for plugin, settings in json.loads(
        (server._ASSETS / "overrides.json").read_text("utf-8")
    ).items():
        package, _, name = plugin.partition(":")
        found = [*share.glob(f"**/schemas/{package}/{name}.json")]
        assert found, plugin
        assert settings.keys() <= json.loads(found[0].read_text())["properties"].keys()


def test_a_token_that_somebody_chose_is_not_used(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_TOKEN", "easy")
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "/open")

    told = server.environment(tmp_path)
    assert re.fullmatch("[0-9a-f]{48}", told["JUPYTER_TOKEN"])
    assert "/open" not in told.values()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
def test_the_command_serves_at_the_address_it_prints_and_leaves_nothing(served, tmp_path):
    port = free_port()
    line = [sys.executable, "-m", "delivery_analytics", "--workspace", str(served[2]), "lab"]
    line += ["--no-browser", "--allow-root", "--terminals", "--port", str(port)]
    with subprocess.Popen(
        line,
        env={**os.environ, "TMPDIR": str(tmp_path), "JUPYTER_TOKEN": "easy"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        address = process.stdout.readline().strip()
        base, _, rest = address.partition("/lab/tree/notebooks/80_explore.ipynb?token=")
        deadline = time.monotonic() + 60
        while status(f"{base}/api") != 200:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)
        answers = [status(f"{base}/api/terminals", token) for token in (rest, "easy", "")]
        process.terminate()  # as a closed window does

    assert base == f"http://127.0.0.1:{port}"
    assert answers == [200, 403, 403]  # terminals were asked for
    assert status(f"{base}/api") == 0
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def page(served, browser):
    """JupyterLab with the exploration opened and run; every other address is blocked."""
    base, token, _ = served
    context = browser.new_context(viewport={"width": 1500, "height": 1250})
    asked = []

    def only_here(route):
        url = route.request.url
        if url.startswith(base) or url.startswith(("data:", "blob:")):
            route.continue_()
        else:
            asked.append(url)
            route.abort()

    context.route("**/*", only_here)
    page = context.new_page()
    page.goto(f"{base}/lab/tree/notebooks/80_explore.ipynb?token={token}")
    runs_all(page)
    page.locator(".widget-dropdown select").first.wait_for(timeout=60_000)
    page.get_by_text("delivery_analytics | Idle").wait_for(timeout=120_000)
    drawn(page, 4)
    page.asked = asked
    yield page
    context.close()


def runs_all(page):
    page.locator(".jp-Notebook h1").first.wait_for(timeout=60_000)
    page.get_by_text("delivery_analytics | Idle").wait_for(timeout=60_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()


def drawn(page, least):
    """Wait until `least` charts stand on the page, whatever part of it is in sight."""
    deadline = time.monotonic() + 60
    seen = 0
    while time.monotonic() < deadline:
        seen = page.locator(CHARTS).count()
        if seen >= least:
            return seen
        page.mouse.move(700, 700)
        page.mouse.wheel(0, 600)
        page.wait_for_timeout(300)
    raise AssertionError(f"{seen} of {least} charts were drawn")


def test_every_chart_of_the_exploration_is_drawn_and_nothing_is_asked_for(page):
    assert page.locator(CHARTS).count() >= 4
    assert page.locator(".jp-RenderedText[data-mime-type*=stderr]").count() == 0
    assert page.asked == []


def test_it_opens_at_its_top_and_the_choosers_stay_in_sight(page):
    panel = f"document.querySelector('{PANEL}').scrollTop"
    waits_for(page, lambda: page.evaluate(panel) == 0, "the top of the notebook")
    chooser = page.locator(".widget-dropdown select").first
    before = chooser.bounding_box()["y"]
    page.mouse.move(700, 700)
    page.mouse.wheel(0, 2000)
    waits_for(page, lambda: page.evaluate(panel) > 1000, "what stands further down")
    assert 0 < chooser.bounding_box()["y"] < before
    page.mouse.wheel(0, -20_000)


def choose(page, which, label):
    """Choose by label; which: 0 the sector, 1 the indicator, 2 the region, 3 the period; 5 and
    6 from when and until when, 7 the one beside it, 8 the programme, 9 the body.
    """
    page.locator(".widget-dropdown select").nth(which).select_option(label=label)


def chosen(page, which):
    return page.locator(".widget-dropdown select").nth(which).locator(":checked").text_content()


def offered(page, which):
    """Return what can be chosen, as it is read."""
    options = page.locator(".widget-dropdown select").nth(which).locator("option")
    return [text.replace("\N{NO-BREAK SPACE}", " ") for text in options.all_text_contents()]


def waits_for(page, truth, what):
    deadline = time.monotonic() + 120
    while not truth():
        assert time.monotonic() < deadline, what
        page.wait_for_timeout(100)


def seen(chart):
    """Return a picture of a chart, which may just be drawn anew: that is another canvas."""
    for _ in range(50):
        with contextlib.suppress(Error):
            return chart.screenshot()
    raise AssertionError("the chart is drawn again and again")


def test_what_is_chosen_is_followed_by_chart_and_table(page):
    page.mouse.wheel(0, -20_000)
    choose(page, 0, "Healthcare")
    shows(page, "Өмір сүру ұзақтығы.xlsx, ")
    choose(page, 1, "Maternal mortality ratio")
    shows(page, "Value, per 100,000 live births", "11.4 per 100,000")
    choose(page, 3, "2021")
    shows(page, "health_indicators_2023-06-16.xlsx", "44.7 per 100,000")
    chart = page.locator(CHARTS).first  # a canvas, whose texts cannot be read
    before = seen(chart)
    choose(page, 5, "2020")
    waits_for(page, lambda: seen(chart) != before, "the chart of fewer periods")
    choose(page, 5, "all")
    choose(page, 7, "Suicide mortality")
    link = page.locator("a[href*='data/raw']").first
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == link.text_content().rpartition("/")[2]
    choose(page, 7, "Wastewater treated to standard")  # which the next tests look at


def test_a_programme_and_a_body_show_what_is_theirs(page, example_data):
    agreed = example_data.registry.indicators.values()
    serving = [one for one in agreed if "human_capital" in one.programmes]
    sectors = dict.fromkeys(one.sector_id for one in serving)
    names = [example_data.registry.sectors[key].name["en"] for key in sectors]
    choose(page, 8, "Development of human capital")
    waits_for(page, lambda: offered(page, 0) == names, "the sectors of the programme")
    choose(page, 0, "Healthcare")
    own = [one.name["en"] for one in serving if one.sector_id == "healthcare"]
    waits_for(page, lambda: offered(page, 1) == own, "its indicators")
    choose(page, 1, "Life expectancy at birth")
    shows(page, "Өмір сүру ұзақтығы.xlsx, Деректер!C5", "75.40 years")
    assert page.get_by_text("JavaScript Error").count() == 0  # charts no region has a bar in
    choose(page, 9, "Ministry of Internal Affairs")  # which has nothing of that programme
    shows(page, "road_safety_2019.xls, ДТП!F5", "14.6 per 100,000")
    assert chosen(page, 8) == "all"
    assert offered(page, 0) == ["Transport and logistics"]
    choose(page, 9, "all")
    waits_for(page, lambda: len(offered(page, 0)) == 9, "every sector")


def test_a_bar_and_a_point_that_are_clicked_are_chosen(page):
    choose(page, 0, "Water")
    choose(page, 1, "Wastewater treated to standard")
    shows(page, "wastewater", "75.2")
    bars = page.locator("[aria-roledescription=bar]")
    waits_for(page, lambda: bars.count() == 20, "the bars of 20 regions")
    page.wait_for_timeout(500)  # the chart tells what it shows
    bars.nth(3).click()
    waits_for(page, lambda: chosen(page, 2) != "Republic of Kazakhstan", "the region")
    shows(page, "wastewater_2023-09-04.ods, Wastewater!")
    page.locator("path[aria-label*='Period: 2021'][aria-roledescription=point]").click()
    waits_for(page, lambda: chosen(page, 3) == "2021", "the period")
    shows(page, "data/raw/water/wastewater_2023-09-04.ods")
    shot = ROOT / "docs" / "pictures" / "explore.png"
    if not shot.exists():  # taken anew when somebody has removed it
        choose(page, 2, "Karaganda Region")
        page.set_viewport_size({"width": 1400, "height": 1500})
        page.mouse.wheel(0, -20_000)
        page.wait_for_timeout(4000)
        page.screenshot(path=shot)


def test_a_view_is_kept_by_its_buttons(page, served):
    page.mouse.wheel(0, -20_000)
    page.get_by_role("button", name="Save as a slide").click()
    page.get_by_text("Saved: out/view_wastewater_treated_kz-").wait_for(timeout=120_000)
    page.get_by_role("button", name="Save as a report").click()
    page.get_by_text("Saved: notebooks/view_wastewater_treated_kz-").wait_for(timeout=120_000)

    assert len([*(served[2] / "out").glob("*.pptx")]) == 1


def shows(page, *texts):
    """Wait until the outputs hold every text."""
    deadline = time.monotonic() + 120
    while True:
        outputs = page.locator(".jp-OutputArea-output").all_text_contents()
        shown = " ".join(outputs).replace("\N{NO-BREAK SPACE}", " ")
        if all(text in shown for text in texts):
            return
        assert time.monotonic() < deadline, [text for text in texts if text not in shown]
        page.wait_for_timeout(200)


def reopened(page, served, name):
    """Save the notebook, end its kernel, open it again; return what was saved of it."""
    base, token, workspace = served
    page.keyboard.press("Control+s")
    page.locator(".jp-DirtyIndicator, .jp-mod-dirty").first.wait_for(state="detached")
    saved = json.loads((workspace / "notebooks" / name).read_text("utf-8"))
    page.goto("about:blank")
    sessions = json.loads(asked(f"{base}/api/sessions", token))
    for session in sessions:
        asked(f"{base}/api/sessions/{session['id']}", token, method="DELETE")
    page.goto(f"{base}/lab/tree/notebooks/{name}?reset")
    page.locator(".jp-Notebook h1").first.wait_for(timeout=60_000)
    assert f"notebooks/{name}" in {one["path"] for one in sessions}
    return [one for cell in saved["cells"] for one in cell.get("outputs", [])]


def test_opened_again_without_its_kernel_every_chart_is_still_drawn(page, served, example_data):
    page.mouse.wheel(0, -20_000)
    # Of them every chart has something to draw: regions have figures, and both indicators.
    pair = ("Maternal mortality ratio", "Wastewater treated to standard")
    for which, label in ((0, "Healthcare"), (1, pair[0]), (2, "Republic of Kazakhstan")):
        choose(page, which, label)
        page.wait_for_timeout(2500)  # a sector offers its own indicators
    shows(page, "11.4 per 100,000")
    choose(page, 7, pair[1])
    page.wait_for_timeout(1000)
    page.get_by_text("delivery_analytics | Idle").wait_for(timeout=120_000)
    outputs = reopened(page, served, "80_explore.ipynb")
    kinds = [kind for one in outputs for kind in one.get("data", {})]

    assert kinds.count("application/vnd.vegalite.v5+json") == 5
    assert drawn(page, 5) >= 5
    assert page.asked == []

    # Each indicator against the other: a point for each region that has both.
    drawings = ["".join(one.get("data", {}).get("image/svg+xml", "")) for one in outputs]
    [scatter] = [one for one in drawings if 'roledescription="point"' in one]
    rows = example_data.known_on(AS_OF).observations.dropna(subset="value")
    rows = rows[(rows["period"] == "2022") & (rows["region_id"] != "KZ")]
    ids = ("healthcare.maternal_mortality", "water.wastewater_treated")
    one, other = ({*rows.loc[rows["indicator_id"] == key, "region_id"]} for key in ids)
    assert scatter.count('roledescription="point"') == len(one & other) > 10
    assert all(name in scatter for name in pair)


@pytest.mark.long
def test_every_chart_of_the_package_and_a_plain_one_are_drawn_also_when_reopened(page, served):
    cell = f"""\
import altair as alt
import delivery_analytics as da
from delivery_analytics.writers import single_chart

data, words, keys = da.open_dataset(), da.open_wording("kk"), {KEYS!r}
draw = lambda one: single_chart.draw(one, data, words, as_of="{AS_OF}", keys=keys.get(one, {{}}))
da.Report("", data, words).add_each(map(draw, single_chart.NAMES))
"""
    plain = "alt.Chart(alt.InlineData(values=[{'a': 1}])).mark_point().encode(x='a:Q')"
    path = served[2] / "notebooks" / "every.ipynb"
    write_notebook(path, cell, plain)
    page.goto(f"{served[0]}/lab/tree/notebooks/every.ipynb?reset")
    runs_all(page)
    waits_for(
        page, lambda: page.locator(CHARTS).count() > len(single_chart.NAMES), "every chart"
    )
    outputs = reopened(page, served, "every.ipynb")

    assert [one["output_type"] for one in outputs].count("error") == 0
    assert len(outputs) == len(single_chart.NAMES) + 1
    waits_for(page, lambda: page.locator(CHARTS).count() == len(outputs), "all of them again")
    assert page.asked == []


def asked(url, token, method="GET"):
    """Return what the server answers."""
    headers = {"Authorization": f"token {token}"}
    request = urllib.request.Request(url, headers=headers, method=method)
    return urllib.request.urlopen(request, timeout=10).read()
