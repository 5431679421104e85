"""Chromium, driven by Playwright against the live server."""

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.signals import request_finished, request_started
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.installed import lack

# Playwright's own event loop runs in the test's thread, where the tests use the database as usual.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"]


# A machine that is busy with other tests takes its time.
expect.set_options(timeout=30_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what stands here, and divide its files between two workers: two browsers are enough for two cores."""
    here = Path(__file__).parent
    files = sorted({item.path for item in items if here in item.path.parents})
    for item in items:
        if item.path in files:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group(f"browser {files.index(item.path) % 2}"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return Debian's Chromium; without it, skip on a laptop and fail where CI is set."""
    path = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")
    if path is None:
        message = "Chromium manque : installez-le (sous Debian, « apt-get install chromium »)."
        lack(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


class Served:
    """Counts the requests that the live server is answering: what a page sends while it closes is still at work on the database."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._underway = 0
        request_started.connect(self._begin)
        request_finished.connect(self._end)

    def _begin(self, **kwargs: object) -> None:
        with self._changed:
            self._underway += 1

    def _end(self, **kwargs: object) -> None:
        with self._changed:
            self._underway -= 1
            self._changed.notify_all()

    def wait(self) -> None:
        """Return once nothing is being answered, or after half a minute."""
        with self._changed:
            self._changed.wait_for(lambda: self._underway <= 0, timeout=30)


@pytest.fixture(scope="session")
def served() -> Served:
    """Return the count of requests under way."""
    return Served()


@pytest.fixture
def context(browser: Browser, live_server: LiveServer, settings: object, served: Served) -> Iterator[BrowserContext]:
    """Return a fresh reader, in French, on a phone; any error in the console fails the test."""
    settings.SITE_URL = live_server.url  # type: ignore[attr-defined]
    context = browser.new_context(base_url=live_server.url, locale="fr-FR", viewport={"width": 390, "height": 844})
    context.set_default_timeout(30_000)
    problems: list[str] = []
    context.on("weberror", lambda error: problems.append(str(error.error)))
    context.on("console", lambda message: problems.append(message.text) if _is_a_fault(message) else None)
    yield context
    context.close()
    served.wait()
    assert problems == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """Return a page of the reader's."""
    return context.new_page()


@pytest.fixture
def plain_page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """Return a page in a browser without JavaScript."""
    context = browser.new_context(base_url=live_server.url, locale="fr-FR", java_script_enabled=False)
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


def _is_a_fault(message: object) -> bool:
    """Tell errors and warnings, except that the browser reports an unhappy answer as an error."""
    text, kind = message.text, message.type  # type: ignore[attr-defined]
    return kind in {"error", "warning"} and "Failed to load resource: the server responded with a status of" not in text
