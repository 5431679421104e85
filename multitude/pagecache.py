"""The shared HTTP cache (RFC 9111) that stands in front of Django: a hit never reaches Django at all.

It keeps what says `public` and `s-maxage`, in this process's memory, and drops what
`caching.purge()` names. What a page is made from is its key and nothing else: site, path, and
the query parameters that its view declares. Cookies and other headers never reach the view, so
no reader can change what another one gets.
"""

import logging
import queue
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from time import monotonic, sleep
from typing import Any

from multitude import caching
from multitude.pagekeys import (
    ASKED,
    CACHE,
    ROUTE,
    Environ,
    Key,
    Spelling,
    Wanted,
    environ_of,
    route_of,
    scheme_header,
    wanted,
)
from multitude.pages import Headers, Page, Shelf, etag_matches
from multitude.sight import loglines, metrics

type StartResponse = Callable[..., Any]
type Application = Callable[[Environ, StartResponse], Iterable[bytes]]

logger = logging.getLogger(__name__)

# Addresses where there is nothing are endless, as are those of searches: together they get a sixteenth of the memory.
ENDLESS_SHARE = 16
# After a page that could not be made, old ones are served at once for so long, and one thread alone tries again.
TROUBLE_SECONDS = 5.0
# What it leaves the database to come back, and the log to breathe, between two pages that it could not make.
RETRY_SECONDS = 1.0
# No page takes so long to make: whoever waits for it gets an old one then, or tries for themselves. A server that has four
# threads must not have the last of them wait for what hangs.
_LONGEST_WAIT = 0.7
# Requests whose page is known without working it out: browsers write theirs in a few ways only.
_MOST_SPELLINGS = 1_024
_LONGEST_SPELLING = 1_000


class PageNotMade(RuntimeError):
    """The application raised instead of answering, and there is no older page to serve."""


class _Rendering:
    """A page under way: those who want it too wait, and a purge meanwhile is noted.

    Once `done`, `page` and `state` are what all who waited get; without a page, the `failure` or, if there was none,
    nothing at all: they ask again.
    """

    __slots__ = ("began", "done", "failure", "page", "purged", "state")

    def __init__(self) -> None:
        self.began = monotonic()
        self.done = threading.Event()
        self.page: Page | None = None
        self.state = "hit"
        self.failure: Exception | None = None
        self.purged: set[str] = set()


class PageCache:
    """WSGI middleware; `X-Cache` says what it did: `hit`, `miss`, or `stale` for an old page.

    `megabytes` bounds the memory of the pages; the least recently used go first.
    """

    def __init__(
        self,
        application: Application,
        *,
        megabytes: int,
        observed: Callable[[Application], Application] = lambda application: application,
        tell_hit: Callable[[loglines.Hit], None] | None = None,
    ) -> None:
        self._application = application
        # Whatever is not a page from memory takes long enough to be looked at closely.
        self._pass_on, self._serve = observed(application), observed(self._answer_in_time)
        self._tell_hit = tell_hit
        # Django's settings take longer to read than a page to find.
        self._scheme_header = scheme_header()
        self._spellings: dict[Spelling, Wanted] = {}
        capacity = megabytes * 1024 * 1024
        endless = capacity // ENDLESS_SHARE
        self._pages = Shelf[Key](capacity - endless)
        self._endless = Shelf[Key](endless)
        self._lock = threading.Lock()
        self._renderings: dict[Key, _Rendering] = {}
        self._under_way: set[_Rendering] = set()
        self._refreshes: queue.SimpleQueue[Key] = queue.SimpleQueue()
        self._refreshing: set[Key] = set()
        self._refresher: threading.Thread | None = None
        self._trouble_until = 0.0
        self._counts = {"hit": 0, "miss": 0, "stale": 0}
        caching.on_purge(self.purge)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer from memory, or make the page once for all who ask; what is not public goes through."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self._pass_on(environ, start_response)
        scheme = environ.get(self._scheme_header)
        spelling = (
            environ["PATH_INFO"],
            environ.get("QUERY_STRING", ""),
            environ.get("HTTP_HOST", ""),
            environ["wsgi.url_scheme"] if scheme is None else scheme,
            environ.get("HTTP_ACCEPT_ENCODING", ""),
        )
        asked = self._spellings.get(spelling) or self._understood(spelling)
        if asked is None:
            return self._pass_on(environ, start_response)
        key, codings, _route = asked
        now = monotonic()
        with self._lock:
            page = self._pages.get(key)
            if page is not None and now < page.fresh_until:
                self._counts["hit"] += 1
                page.served[0] += 1
            else:
                page = None
        if page is None:
            environ[ASKED] = asked
            return self._serve(environ, start_response)
        if self._tell_hit is not None:
            forwarded = environ.get("HTTP_X_FORWARDED_FOR", "")
            self._tell_hit((now, page.words, environ["REQUEST_METHOD"], environ.get("REMOTE_ADDR", ""), forwarded))
        return _answer(page, "hit", now, codings, environ, start_response)

    def _answer_in_time(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request whose page is not fresh in memory: an old one, or a new one once it is made."""
        key, codings, environ[ROUTE] = environ.pop(ASKED)
        page, state = self._obtain(key)
        environ[CACHE] = state
        with self._lock:
            self._counts[state] += 1
        return _answer(page, state, monotonic(), codings, environ, start_response)

    def purge(self, keys: frozenset[str]) -> None:
        """Drop the pages that depend on one of the surrogate keys, and those under way that will."""
        with self._lock:
            self._pages.purge(keys)
            self._endless.purge(keys)
            for rendering in self._under_way:
                rendering.purged |= keys

    def counters(self) -> dict[str, int]:
        """Return how often it answered `hit`, `miss` and `stale`, how many pages it holds and how many bytes they take."""
        with self._lock:
            pages = len(self._pages) + len(self._endless)
            return self._counts | {"pages": pages, "bytes": self._pages.bytes + self._endless.bytes}

    def counted(self) -> dict[tuple[str, str], int]:
        """Return for the metrics how often it did what."""
        return {("page_cache", state): number for state, number in self._counts.items()}

    def held(self) -> dict[str, float]:
        """Return for the metrics what it holds."""
        counters = self.counters()
        return {"page_cache_pages": counters["pages"], "page_cache_bytes": counters["bytes"]}

    # Which page -------------------------------------------------------------------------------

    def _understood(self, spelling: Spelling) -> Wanted | None:
        """Work out what a request asks for, and remember it if it is short and without a query, as most are."""
        asked = wanted(spelling)
        _path, query, *_others = spelling
        if asked is not None and not query and sum(map(len, spelling)) < _LONGEST_SPELLING:
            if len(self._spellings) >= _MOST_SPELLINGS:
                self._spellings.clear()
            self._spellings[spelling] = asked
        return asked

    def _find(self, key: Key) -> Page | None:
        return self._pages.get(key) or self._endless.get(key)

    # Making pages -----------------------------------------------------------------------------

    def _obtain(self, key: Key) -> tuple[Page, str]:
        """Return a page that is not fresh in memory: an old one, someone else's who is making it, or a new one."""
        while True:
            with self._lock:
                page = self._find(key)
                if page is not None and (state := self._usable(key, page)):
                    return page, state
                rendering = self._renderings.get(key)
                if mine := rendering is None:
                    rendering = self._begin(key)
            if mine:
                return self._make(key, rendering)
            if not rendering.done.wait(max(0.0, rendering.began + _LONGEST_WAIT - monotonic())):
                with self._lock:
                    self._set_apart(key, rendering)
                    if old := self._old_in_trouble(key):
                        return old, "stale"
            if rendering.page is not None:
                return rendering.page, rendering.state
            if rendering.failure is not None:
                raise PageNotMade(key[1]) from rendering.failure
            # It was purged while it was made: what it shows is not what the site now says.

    def _usable(self, key: Key, page: Page) -> str:
        """Say whether a page in memory is good enough to be served now, as a `hit`, or as `stale` while another is made."""
        now = monotonic()
        if now < page.fresh_until:
            return "hit"
        if now < page.stale_until or now < min(page.error_until, self._trouble_until):
            self._ask_for_refresh(key)
            return "stale"
        return ""

    def _begin(self, key: Key) -> _Rendering:
        rendering = self._renderings[key] = _Rendering()
        self._under_way.add(rendering)
        return rendering

    def _set_apart(self, key: Key, rendering: _Rendering) -> None:
        """Let nobody wait for a rendering any more; purges are still noted as long as it is under way."""
        if self._renderings.get(key) is rendering:
            del self._renderings[key]

    def _make(self, key: Key, rendering: _Rendering) -> tuple[Page, str]:
        """Make the page, keep it if nothing that it shows was purged meanwhile, and wake those who wait."""
        made: Page | None = None
        try:
            made = self._render(key)
        except Exception as error:
            rendering.failure = error
        finally:
            with self._lock:
                self._under_way.discard(rendering)
                self._set_apart(key, rendering)
                page, state = self._outcome(key, rendering, made)
            rendering.done.set()
        if page is None:
            raise PageNotMade(key[1]) from rendering.failure
        return page, state

    def _outcome(self, key: Key, rendering: _Rendering, made: Page | None) -> tuple[Page | None, str]:
        """Decide what becomes of a page that was made, or could not be: who gets it, and whether it is kept."""
        if made is None or made.status_code >= 500:
            if old := self._old_in_trouble(key):
                rendering.page, rendering.state = old, "stale"
                return old, "stale"
            rendering.page = made
            return made, "miss"
        # What an answer that is not kept depends on, it does not say.
        if rendering.purged & made.keys if made.is_kept else rendering.purged:
            return made, "miss"
        rendering.page = made
        self._pages.drop(key)
        self._endless.drop(key)
        if made.is_kept:
            is_endless = made.status_code == 404 or caching.ENDLESS in made.keys
            (self._endless if is_endless else self._pages).put(key, made)
        return made, "miss"

    def _old_in_trouble(self, key: Key) -> Page | None:
        """Note that a page could not be made, and return an old one that is better than none."""
        now = monotonic()
        self._trouble_until = now + TROUBLE_SECONDS
        old = self._find(key)
        return old if old is not None and now < old.error_until else None

    def _render(self, key: Key) -> Page:
        """Have Django make the page from what its key says, and from nothing else of the request."""
        answer: list[tuple[str, Headers]] = []
        began = monotonic()

        def start_response(status: str, headers: Headers, exc_info: Any = None) -> None:
            answer[:] = [(status, headers)]

        chunks = self._application(environ_of(key), start_response)
        try:
            body = b"".join(chunks)
        finally:
            if close := getattr(chunks, "close", None):
                close()
        page = Page(*answer[0], body, began)
        route = route_of(key)
        page.served = metrics.new_row(route, page.status)
        page.words = loglines.page_words(route, key[1], page.status)
        return page

    # Refreshing -------------------------------------------------------------------------------

    def _ask_for_refresh(self, key: Key) -> None:
        if key not in self._refreshing:
            self._refreshing.add(key)
            self._refreshes.put(key)
        if self._refresher is None or not self._refresher.is_alive():
            self._refresher = threading.Thread(target=self._refresh, name="page-refresher", daemon=True)
            with suppress(RuntimeError):  # no thread can be had now: the next reader of an old page asks for one again
                self._refresher.start()

    def _refresh(self) -> None:
        """Make old pages anew, one after the other, while readers still get the old ones."""
        while True:
            key = self._refreshes.get()
            try:
                with self._lock:
                    old = self._find(key)
                    wanted = old is not None and monotonic() >= old.fresh_until and key not in self._renderings
                    rendering = self._begin(key) if wanted else None
                if rendering is not None and self._make(key, rendering)[1] == "stale":
                    sleep(RETRY_SECONDS)
            except Exception:
                logger.exception("La page « %s » n’a pas pu être refaite.", key[1])
            finally:
                with self._lock:
                    self._refreshing.discard(key)


def _answer(
    page: Page, state: str, now: float, codings: tuple[str, ...], environ: Environ, start_response: StartResponse
) -> Iterable[bytes]:
    """Send a page in the best encoding that the client accepts, or tell it that its copy is still good."""
    variants = page.variants
    for coding in codings:
        if coding in variants:
            break
    else:
        coding = "identity"
    variant = variants[coding]
    headers, not_modified = variant.told(state, None if state == "miss" else int(now - page.made_at))
    known = environ.get("HTTP_IF_NONE_MATCH")
    # What is not a success is not conditional (RFC 9110, section 13.2.1).
    if known is not None and page.status_code == 200 and variant.etag and etag_matches(known, variant.etag):
        start_response("304 Not Modified", not_modified[:])
        return []
    start_response(page.status, headers[:])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else variant.body
