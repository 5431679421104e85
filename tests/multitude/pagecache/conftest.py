"""A page cache before a newspaper without Django, and a clock that tests move."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from multitude import caching, pagecache, pagekeys
from multitude.pagecache import PageCache
from tests.multitude.pagecache.newspaper import HOST, Newspaper
from tests.waiting import PATIENCE


class Clock:
    """Stands in for `monotonic()`: it stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Stop the cache's clock."""
    clock = Clock()
    monkeypatch.setattr(pagecache, "monotonic", clock)
    return clock


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody give up waiting for a page because the machine is busy."""
    monkeypatch.setattr(pagecache, "_LONGEST_WAIT", PATIENCE)


@pytest.fixture(autouse=True)
def _listeners() -> Iterator[None]:
    """Let the caches that a test makes hear of purges no longer than the test."""
    yield
    caches = [told for told in caching._listeners if isinstance(getattr(told, "__self__", None), PageCache)]
    for told in caches:
        caching._listeners.remove(told)


@pytest.fixture
def newspaper(settings: Settings) -> Newspaper:
    """Return a newspaper whose addresses are those of `urls`."""
    settings.ROOT_URLCONF = "tests.multitude.pagecache.urls"
    settings.ALLOWED_HOSTS = [HOST]
    settings.SITE_URL = f"http://{HOST}:8000"
    settings.SECURE_PROXY_SSL_HEADER = None
    return Newspaper()


@pytest.fixture
def cache(newspaper: Newspaper) -> PageCache:
    """Return a cache of one megabyte before the newspaper."""
    return PageCache(newspaper, megabytes=1)


@pytest.fixture(autouse=True)
def _nothing_resolved() -> Iterator[None]:
    """Know no address and no host of the test before, and leave none to the next."""
    for remembered in (pagekeys._public_view, pagekeys._site):
        remembered.cache_clear()
    yield
    for remembered in (pagekeys._public_view, pagekeys._site):
        remembered.cache_clear()
