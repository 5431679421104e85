"""Tells the caches in front of the site what changed: Varnish, or whatever answers PURGE as deploy/varnish/ does.

Every process does so, and only once it has dropped its own pages: a cache that asks again at once must not get
an old one from it. nginx is not told, as it keeps a page for no longer than a second.
"""

import logging
import threading
from collections.abc import Iterable, Iterator, Set
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from math import inf
from time import monotonic
from urllib.parse import urlsplit

from multitude.caching import SITE

logger = logging.getLogger(__name__)

# How long a cache may take to accept a connection, and to answer.
TIMEOUT = 2.0
# Varnish takes 8 KB for a header by default.
LONGEST_HEADER = 4_096
# A page that left the site just before a purge may reach the cache just after it.
AGAIN_SECONDS = 2.0
# Between two attempts, doubled after each failure.
SHORTEST_DELAY = 0.5
LONGEST_DELAY = 30.0
# A cache out of reach for so long has nothing left that it may show without asking: pages are fresh for minutes.
GIVE_UP_SECONDS = 600.0
# When more keys than this are to be sent, everything is purged instead.
MOST_KEYS = 1_000


class PurgeRefused(HTTPException):
    """A cache answered something else than 200: its list of addresses may lack this machine's."""


def send(url: str, keys: Iterable[str]) -> None:
    """Have one cache drop every page that carries one of the surrogate keys, now.

    `url` is the cache's address without a path, as in PURGE_URLS. Raises OSError when it does not answer in time,
    HTTPException when its answer is not 200; some of the keys may have been dropped then.
    """
    parts = urlsplit(url)
    connect = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    for names in _headers(keys):
        connection = connect(parts.hostname or "", parts.port, timeout=TIMEOUT)
        try:
            connection.request("PURGE", "/", headers={"xkey-purge": names})
            answer = connection.getresponse()
            if answer.status != 200:
                raise PurgeRefused(f"HTTP {answer.status}")
        finally:
            connection.close()


class FrontCaches:
    """The caches at some addresses, each told by a thread of its own: one that is slow keeps no other one waiting."""

    def __init__(self, urls: Iterable[str]) -> None:
        self._caches = [_FrontCache(url) for url in urls]

    def purge(self, keys: Iterable[str]) -> None:
        """Have every cache drop the pages that carry one of the surrogate keys, soon; this never waits.

        Each cache is told until it answers, and a second time 2 s later.
        """
        keys = frozenset(keys)
        for cache in self._caches:
            cache.purge(keys)

    def finish(self) -> None:
        """Send what is still to be sent, without delay and without insisting, and end the threads within seconds."""
        for cache in self._caches:
            cache.end()
        deadline = monotonic() + 2 * TIMEOUT
        for cache in self._caches:
            cache.join(deadline - monotonic())


class _FrontCache:
    """What one cache is still to be told, and the thread that tells it."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._changed = threading.Condition()
        self._waiting: set[str] = set()
        self._again: dict[str, float] = {}
        self._failing_since: float | None = None
        self._delay = SHORTEST_DELAY
        self._retry_at = 0.0
        self._ending = False
        self._thread: threading.Thread | None = None

    def purge(self, keys: frozenset[str]) -> None:
        with self._changed:
            if not keys or self._ending:
                return
            self._add(keys)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name=f"purge {self._url}", daemon=True)
                self._thread.start()
            self._changed.notify()

    def end(self) -> None:
        with self._changed:
            self._ending = True
            self._changed.notify()

    def join(self, seconds: float) -> None:
        if self._thread is not None:
            self._thread.join(max(0.0, seconds))

    def _work(self) -> None:
        while due := self._take():
            first, again = due
            try:
                send(self._url, first | again)
            except (OSError, HTTPException) as error:
                self._put_back(first | again, error)
            else:
                self._note(first)

    def _take(self) -> tuple[set[str], set[str]] | None:
        """Wait until something is due; return the keys to send for the first and for the second time, None at the end."""
        with self._changed:
            while (at := self._next_at()) > (now := monotonic()) and not self._ending:
                self._changed.wait(None if at == inf else at - now)
            first, self._waiting = self._waiting, set()
            again = {key for key, due in self._again.items() if due <= now or self._ending}
            for key in again:
                del self._again[key]
            return (first, again) if first or again else None

    def _next_at(self) -> float:
        due = 0.0 if self._waiting else min(self._again.values(), default=inf)
        return max(due, self._retry_at)

    def _note(self, first: set[str]) -> None:
        """Remember that the cache was told, and what to tell it again."""
        with self._changed:
            if self._failing_since is not None:
                logger.info("Le cache %s est de nouveau purgé.", self._url)
            self._failing_since, self._delay, self._retry_at = None, SHORTEST_DELAY, 0.0
            self._again |= dict.fromkeys(first, monotonic() + AGAIN_SECONDS)

    def _put_back(self, keys: set[str], error: Exception) -> None:
        """Keep what could not be said for later, or give it up when the cache has been out of reach for too long."""
        # What an answer says is not ours, and may be long or odd.
        reason = repr(error)[:200]
        with self._changed:
            now = monotonic()
            if self._failing_since is None:
                self._failing_since = now
                logger.warning("Le cache %s n’a pas pu être purgé (%s) : nouvel essai.", self._url, reason)
            if now - self._failing_since < GIVE_UP_SECONDS:
                self._retry_at = now + self._delay
                self._delay = min(2 * self._delay, LONGEST_DELAY)
                if not self._ending:
                    self._add(keys)
                return
            logger.error(
                "Le cache %s n’a pas pu être purgé depuis %d s (%s) : ses purges sont abandonnées. "
                "Vérifiez PURGE_URLS, et la liste d’adresses du cache.",
                self._url,
                now - self._failing_since,
                reason,
            )
            self._waiting.clear()
            self._again.clear()
            self._failing_since, self._delay, self._retry_at = None, SHORTEST_DELAY, 0.0

    def _add(self, keys: Set[str]) -> None:
        """Have keys sent; every public page carries SITE, which therefore stands for all of them."""
        self._waiting |= keys
        if SITE in self._waiting or len(self._waiting) + len(self._again) > MOST_KEYS:
            self._waiting = {SITE}
            self._again.clear()


def _headers(keys: Iterable[str]) -> Iterator[bytes]:
    """Yield the keys, one space between two, in pieces that fit into a header."""
    line = b""
    for word in sorted(set(" ".join(keys).encode().split())):
        if line and len(line) + 1 + len(word) > LONGEST_HEADER:
            yield line
            line = b""
        line = line + b" " + word if line else word
    if line:
        yield line
