"""A newspaper without Django, for tests of the page cache: what it answers is set, what it was asked is seen."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from multitude.pagecache import Environ, PageCache, StartResponse

HOST = "127.0.0.1"
POLICY = "public, max-age=0, s-maxage=60, stale-while-revalidate=60, stale-if-error=86400"
LONG = b"<p>" + b"Un texte assez long pour qu'on le comprime. " * 100 + b"</p>"


@dataclass
class Newspaper:
    """A WSGI application; `meanwhile` is called while it makes a page, `asked` holds each request's environment."""

    body: bytes = b"<p>Une page.</p>"
    status: str = "200 OK"
    headers: dict[str, str | None] = field(default_factory=dict)
    failure: Exception | None = None
    meanwhile: Callable[[Environ], Any] = lambda environ: None
    asked: list[Environ] = field(default_factory=list)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer what the attributes say when the making begins; a header set to None is left out."""
        self.asked.append(environ)
        defaults = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": POLICY, "ETag": '"abc"'}
        named = defaults | {"Surrogate-Key": "site"} | self.headers
        status, body, failure = self.status, self.body, self.failure
        self.meanwhile(environ)
        if failure is not None:
            raise failure
        start_response(status, [(name, value) for name, value in named.items() if value is not None])
        return [body]

    @property
    def times(self) -> int:
        """How often it was asked for anything."""
        return len(self.asked)


@dataclass(frozen=True)
class Answer:
    """What a reader gets; `cache` is its `X-Cache`."""

    status: str
    headers: dict[str, str]
    body: bytes

    @property
    def cache(self) -> str | None:
        """`hit`, `miss`, `stale`, or None when the cache left the request alone."""
        return self.headers.get("X-Cache")


def ask(
    cache: PageCache, path: str = "/", query: str = "", *, method: str = "GET", scheme: str = "http", **headers: str
) -> Answer:
    """Send a request as a WSGI server does; headers by their WSGI names without `HTTP_`."""
    environ: Environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "HTTP_HOST": HOST,
        "wsgi.url_scheme": scheme,
    }
    environ |= {f"HTTP_{name}": value for name, value in headers.items()}
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], *exc_info: object) -> None:
        started.append((status, headers))

    body = b"".join(cache(environ, start_response))
    [(status, pairs)] = started
    assert len(dict(pairs)) == len(pairs), "a header comes twice"
    return Answer(status, dict(pairs), body)
