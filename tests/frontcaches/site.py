"""A small site that says what Multitude says to caches, and remembers what it was asked."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socketserver import ThreadingMixIn
from time import monotonic
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from multitude.pages import Page, encoding_order, etag_matches

PUBLIC = {
    "Cache-Control": "public, max-age=0, s-maxage=60, stale-while-revalidate=60, stale-if-error=86400",
    "X-Accel-Expires": "1",
}
FOR_A_SECOND = PUBLIC | {"Cache-Control": PUBLIC["Cache-Control"].replace("s-maxage=60", "s-maxage=1")}


@dataclass
class FakeSite:
    """Pages `/articles/<name>/` with the surrogate key `article:<name>`, public unless `headers` says otherwise.

    A page's text changes with `revise()`; `before_leaving` runs when a page is made and not yet sent.
    """

    port: int = 0
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    away: bool = False
    before_leaving: Callable[[], object] = lambda: None
    _revisions: Counter[str] = field(default_factory=Counter)
    _requests: list[dict[str, Any]] = field(default_factory=list)

    def revise(self, path: str) -> None:
        """Change a page's text."""
        self._revisions[path] += 1

    def asked(self, path: str) -> list[dict[str, Any]]:
        """Return the environments of the requests for an address, whatever its query."""
        return [environ for environ in self._requests if environ["PATH_INFO"] == path]

    def text(self, path: str) -> str:
        """Return what a page now says."""
        return f"<!doctype html><title>{path}</title><p>Version {self._revisions[path]}</p>" + "<p>Du texte.</p>" * 100

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer as the page cache would."""
        path = environ["PATH_INFO"]
        environ["body"] = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        self._requests.append(environ)
        own = {"Content-Type": "text/html; charset=utf-8", "ETag": f'"{hash(self.text(path)):x}"'}
        own["Surrogate-Key"] = f"article:{path.strip('/').rpartition('/')[2]} site"
        status = self.statuses.get(path, 200)
        said = [*(own | self.headers.get(path, PUBLIC)).items()]
        page = Page(f"{status} Said", said, self.text(path).encode(), monotonic())
        self.before_leaving()
        codings = encoding_order(environ.get("HTTP_ACCEPT_ENCODING", ""))
        variant = next(page.variants[coding] for coding in codings if coding in page.variants)
        if etag_matches(environ.get("HTTP_IF_NONE_MATCH", ""), variant.etag):
            start_response("304 Not Modified", variant.not_modified)
            return []
        start_response(page.status, variant.headers)
        return variant.body


class _Server(ThreadingMixIn, WSGIServer):
    site: FakeSite
    daemon_threads = True
    request_queue_size = 100


class _Handler(WSGIRequestHandler):
    def handle(self) -> None:
        """Answer one request, or hang up without a word while the site is away."""
        assert isinstance(self.server, _Server)
        if not self.server.site.away:
            super().handle()

    def log_message(self, format: str, *arguments: Any) -> None:
        """Keep quiet."""


@contextmanager
def listening() -> Iterator[FakeSite]:
    """Give a site that listens on a free port."""
    site = FakeSite()
    with make_server("127.0.0.1", 0, site, _Server, _Handler) as server:
        server.site, site.port = site, server.server_port
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()
