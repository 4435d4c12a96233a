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
    """A person with a browser: opens pages from disk, and notes what must not happen."""

    def __init__(self, browser: Any) -> None:
        self._browser = browser
        self._contexts: list[Any] = []
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.dialogs: list[str] = []

    def open(
        self, path: Path, *, width: int = 1280, scripts: bool = True, library: bool = True
    ) -> Any:
        """Open a page from disk, and wait until its charts are drawn, if they can be."""
        context = self._browser.new_context(
            viewport={"width": width, "height": 844},
            java_script_enabled=scripts,
            locale="en-GB",
        )
        self._contexts.append(context)
        context.route("**/*", self._only_files)
        page = context.new_page()
        page.on("console", lambda said: said.type == "error" and self.errors.append(said.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("dialog", self._refuse)
        page.goto(path.as_uri())
        if scripts and library and page.locator(".chart").count():
            page.wait_for_selector("html[data-charts=drawn]", timeout=60_000)
        return page

    def close(self) -> None:
        for context in self._contexts:
            context.close()

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


@pytest.fixture
def reader(browser: Any) -> Iterator[Reader]:
    """A reader; fails the test if a page asked for anything or complained."""
    one = Reader(browser)
    yield one
    one.close()
    assert one.requests == []
    assert one.dialogs == []
    assert one.errors == []
