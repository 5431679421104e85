"""The shared HTTP cache (RFC 9111) that stands in front of Django: a hit never reaches Django at all.

It keeps what says `public` and `s-maxage`, in this process's memory, and drops what
`caching.purge()` names. What a page is made from is its key and nothing else: site, path, and
the query parameters that its view declares. Cookies and other headers never reach the view, so
no reader can change what another one gets.
"""

import io
import logging
import queue
import sys
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import lru_cache
from time import monotonic, sleep
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings
from django.core.handlers.wsgi import get_path_info
from django.http.request import split_domain_port, validate_host
from django.urls import Resolver404, resolve

from multitude import caching
from multitude.pages import Headers, Page, Shelf, encoding_order, etag_matches

type Environ = dict[str, Any]
type StartResponse = Callable[..., Any]
type Application = Callable[[Environ, StartResponse], Iterable[bytes]]
type Key = tuple[tuple[str, bool], str, str]

logger = logging.getLogger(__name__)

# Addresses where there is nothing, and searches, are endless: together they get a sixteenth of the memory.
ENDLESS_SHARE = 16
# After a page that could not be made, old ones are served at once for so long, and one thread alone tries again.
TROUBLE_SECONDS = 5.0
# What it leaves the database to come back, and the log to breathe, between two pages that it could not make.
RETRY_SECONDS = 1.0
# A name has at most 253 characters (RFC 1035), and a port five.
_LONGEST_HOST = 260
_LONGEST_PATH = 500
_LONGEST_HEADER = 200
_LONGEST_QUERY = 1_000
_MOST_PARAMETERS = 100
# No page takes so long to make: whoever waited for it tries for themselves.
_LONGEST_WAIT = 30.0


class PageNotMade(RuntimeError):
    """The application raised instead of answering, and there is no older page to serve."""


class _Rendering:
    """A page under way: those who want it too wait, and a purge meanwhile is noted.

    Once `done`, `page` and `state` are what all who waited get; without a page, the `failure` or, if there was none,
    nothing at all: they ask again.
    """

    __slots__ = ("done", "failure", "page", "purged", "state")

    def __init__(self) -> None:
        self.done = threading.Event()
        self.page: Page | None = None
        self.state = "hit"
        self.failure: Exception | None = None
        self.purged: set[str] = set()


class PageCache:
    """WSGI middleware; `X-Cache` says what it did: `hit`, `miss`, or `stale` for an old page.

    `megabytes` bounds the memory of the pages; the least recently used go first.
    """

    def __init__(self, application: Application, *, megabytes: int) -> None:
        self._application = application
        # Django's settings take longer to read than a page to find.
        self._secure_header = settings.SECURE_PROXY_SSL_HEADER
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
            return self._application(environ, start_response)
        key = self._key(environ)
        if key is None:
            return self._application(environ, start_response)
        with self._lock:
            page = self._find(key)
            fresh = page is not None and monotonic() < page.fresh_until
            if fresh:
                self._counts["hit"] += 1
        if page is None and _declared_parameters(key[1]) is None:
            return self._application(environ, start_response)
        if page is not None and fresh:
            return _answer(page, "hit", environ, start_response)
        page, state = self._obtain(key)
        with self._lock:
            self._counts[state] += 1
        return _answer(page, state, environ, start_response)

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

    # Which page -------------------------------------------------------------------------------

    def _key(self, environ: Environ) -> Key | None:
        """Return what names the page, or None for what this cache leaves alone."""
        host, path, query = environ.get("HTTP_HOST", ""), environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        if len(host) > _LONGEST_HOST or len(path) > _LONGEST_PATH:
            return None
        site = _site(host, _is_secure(environ, self._secure_header))
        if site is None:
            return None
        if query:
            declared = _declared_parameters(path)
            query = None if declared is None else _canonical(query, declared)
            if query is None:
                return None
        return site, path, query

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
            if not rendering.done.wait(_LONGEST_WAIT):
                with self._lock:
                    self._set_apart(key, rendering)
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
            now = monotonic()
            self._trouble_until = now + TROUBLE_SECONDS
            old = self._find(key)
            if old is not None and now < old.error_until:
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
            (self._endless if made.status_code == 404 else self._pages).put(key, made)
        return made, "miss"

    def _render(self, key: Key) -> Page:
        """Have Django make the page from what its key says, and from nothing else of the request."""
        answer: list[tuple[str, Headers]] = []
        began = monotonic()

        def start_response(status: str, headers: Headers, exc_info: Any = None) -> None:
            answer[:] = [(status, headers)]

        chunks = self._application(_environ(key), start_response)
        try:
            body = b"".join(chunks)
        finally:
            if close := getattr(chunks, "close", None):
                close()
        return Page(*answer[0], body, began)

    # Refreshing -------------------------------------------------------------------------------

    def _ask_for_refresh(self, key: Key) -> None:
        if key in self._refreshing:
            return
        self._refreshing.add(key)
        self._refreshes.put(key)
        if self._refresher is None or not self._refresher.is_alive():
            self._refresher = threading.Thread(target=self._refresh, name="page-refresher", daemon=True)
            with suppress(RuntimeError):  # no thread can be had now: the next old page asks for one again
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


def _answer(page: Page, state: str, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    """Send a page in the best encoding that the client accepts, or tell it that its copy is still good."""
    variants = page.variants
    accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
    for coding in encoding_order(accepted) if len(accepted) <= _LONGEST_HEADER else ():
        if (variant := variants.get(coding)) is not None:
            break
    else:
        variant = variants["identity"]
    told = [("X-Cache", state)]
    if state != "miss":
        told.append(("Age", str(int(monotonic() - page.made_at))))
    known = environ.get("HTTP_IF_NONE_MATCH")
    # What is not a success is not conditional (RFC 9110, section 13.2.1).
    if known is not None and page.status_code == 200 and variant.etag and etag_matches(known, variant.etag):
        start_response("304 Not Modified", variant.not_modified + told)
        return []
    start_response(page.status, variant.headers + told)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else variant.body


def _environ(key: Key) -> Environ:
    (_host, secure), path, query = key
    parts = urlsplit(settings.SITE_URL)
    environ: Environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "HTTP_HOST": parts.netloc,
        "SERVER_NAME": parts.hostname or "",
        "SERVER_PORT": str(parts.port or (443 if secure else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https" if secure else "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    if settings.SECURE_PROXY_SSL_HEADER:
        name, value = settings.SECURE_PROXY_SSL_HEADER
        environ[name] = value if secure else "http"
    return environ


def _is_secure(environ: Environ, header: tuple[str, str] | None) -> bool:
    """Return what Django's `is_secure()` would say of the request, where `header` is SECURE_PROXY_SSL_HEADER."""
    if header and (scheme := environ.get(header[0])) is not None:
        return scheme.split(",", 1)[0].strip() == header[1]
    return environ["wsgi.url_scheme"] == "https"


@lru_cache(maxsize=1_024)
def _site(host: str, secure: bool) -> tuple[str, bool] | None:
    """Return the entry of ALLOWED_HOSTS that admits a host, and whether the request is secure; None if none does.

    Whatever else a host is written with, a port or capitals, makes no other page.
    """
    domain, _port = split_domain_port(host)
    admitted = next(
        (pattern for pattern in settings.ALLOWED_HOSTS if domain and validate_host(domain, [pattern])), None
    )
    return None if admitted is None else (admitted, secure)


@lru_cache(maxsize=4_096)
def _declared_parameters(path: str) -> tuple[str, ...] | None:
    """Return the query parameters that the view at a path declares, or None when its pages are not public."""
    try:
        view = resolve(get_path_info({"PATH_INFO": path})).func
    except Resolver404:
        return None
    return getattr(view, "public_params", None)


def _canonical(query: str, declared: tuple[str, ...]) -> str | None:
    """Return the declared parameters in one order and one spelling, or None for a query that is better left alone."""
    if not declared:
        return ""
    try:
        decoded = query.encode("latin-1").decode("utf-8", "replace")
        pairs = parse_qsl(decoded, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        return None
    chosen = urlencode([(name, value) for wanted in declared for name, value in pairs if name == wanted])
    return chosen if len(chosen) <= _LONGEST_QUERY else None
