"""A browser that may open files and nothing else: fixtures for `conftest`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


class Reader:
    """A person with a browser: opens pages from disk, and notes what must not happen.

    There is one window with scripts and one without, for all tests: what is opened next takes
    the place of what was open. A new one for each page would start a process, and compile the
    charts' library anew.
    """

    def __init__(self, browser: Any) -> None:
        self._browser = browser
        self._windows: dict[bool, Any] = {}  # by whether they run scripts
        self.begin()

    def begin(self) -> None:
        """Forget what was noted."""
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.dialogs: list[str] = []

    def open(
        self, path: Path, *, width: int = 1280, scripts: bool = True, library: bool = True
    ) -> Any:
        """Open a page from disk, and wait until its charts are drawn, if they can be."""
        page = self._windows.get(scripts)
        if page is None or page.is_closed():
            page = self._windows[scripts] = self._window(scripts)
        page.set_viewport_size({"width": width, "height": 844})
        page.goto(path.as_uri())
        if scripts and library and page.locator(".chart").count():
            page.wait_for_selector("html[data-charts=drawn]", timeout=60_000)
        return page

    def leave(self) -> None:
        """Leave every page, so that nothing of it reaches what is opened next."""
        for page in self._windows.values():
            page.goto("about:blank")
            page.emulate_media(media="null")
            page.mouse.move(0, 0)

    def _window(self, scripts: bool) -> Any:
        context = self._browser.new_context(java_script_enabled=scripts, locale="en-GB")
        context.route("**/*", self._only_files)
        page = context.new_page()
        page.on("console", lambda said: said.type == "error" and self.errors.append(said.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("dialog", self._refuse)
        return page

    def _only_files(self, route: Any) -> None:
        if route.request.url.startswith(("file://", "data:")):
            route.continue_()
        else:
            self.requests.append(route.request.url)
            route.abort()

    def _refuse(self, dialog: Any) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.skip(f"No browser found. Looked for {', '.join(NAMES)} on the path")
    with api.sync_playwright() as player:
        started = player.chromium.launch(executable_path=program, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def windows(browser: Any) -> Reader:
    return Reader(browser)


@pytest.fixture
def reader(windows: Reader) -> Iterator[Reader]:
    """A reader; fails the test if a page asked for anything or complained."""
    windows.begin()
    yield windows
    windows.leave()
    assert windows.requests == []
    assert windows.dialogs == []
    assert windows.errors == []
