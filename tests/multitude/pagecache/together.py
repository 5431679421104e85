"""Readers who ask at the same time, and pages that are under way as long as a test wants."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Semaphore
from typing import Any

import pytest

from multitude import pagecache
from multitude.pagecache import Environ, PageCache
from tests.multitude.pagecache.newspaper import Answer, Newspaper, ask
from tests.waiting import PATIENCE


class Gate:
    """Holds the first page that comes here until it is opened; the next ones pass, unless it holds `everyone`."""

    def __init__(self, *, everyone: bool = False) -> None:
        self._everyone = everyone
        self._came = Event()
        self._opened = Event()

    def __call__(self, environ: Environ) -> None:
        """Wait, in the thread that makes the page."""
        if self._everyone or not self._came.is_set():
            self._came.set()
            assert self._opened.wait(PATIENCE)

    def wait_for_someone(self) -> None:
        """Return when a page is under way."""
        assert self._came.wait(PATIENCE)

    def open(self) -> None:
        """Let the page be finished."""
        self._opened.set()


class Readers:
    """Readers in threads of their own."""

    def __init__(self, cache: PageCache, pool: ThreadPoolExecutor) -> None:
        self._cache = cache
        self._pool = pool

    def ask(self, number: int = 1, path: str = "/", **headers: str) -> list[Future[Answer]]:
        """Have so many readers ask for a page; each answer comes in its time."""
        return [self._pool.submit(ask, self._cache, path, **headers) for _reader in range(number)]


@contextmanager
def readers(cache: PageCache, newspaper: Newspaper, meanwhile: Callable[[Environ], Any]) -> Iterator[Readers]:
    """Give readers whose pages are held by `meanwhile`; a gate is opened at the end, come what may."""
    newspaper.meanwhile = meanwhile
    with ThreadPoolExecutor(100) as pool:
        try:
            yield Readers(cache, pool)
        finally:
            if isinstance(meanwhile, Gate):
                meanwhile.open()


def answers(futures: list[Future[Answer]]) -> list[Answer]:
    """Return what the readers got."""
    return [future.result(PATIENCE) for future in futures]


class Waiting:
    """Tells when readers wait for a page that another one has made."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._number = number = Semaphore(0)

        class Done(Event):
            def wait(self, timeout: float | None = None) -> bool:
                number.release()
                return super().wait(timeout)

        class Rendering(pagecache._Rendering):
            def __init__(self) -> None:
                super().__init__()
                self.done = Done()

        monkeypatch.setattr(pagecache, "_Rendering", Rendering)

    def wait_for(self, number: int) -> None:
        """Return when so many more readers wait."""
        for _reader in range(number):
            assert self._number.acquire(timeout=PATIENCE)
