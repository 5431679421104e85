"""What is noted of every request: one line in the log, and one more in the numbers.

A request leaves here a few words and no more; a thread of its own makes the line of them. It holds no query, no path but
that of a public page, and only part of the client's address. A page from memory costs so little that it does not come by
here: the page cache counts it, among the fastest, and hands its line in.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable
from functools import partial
from time import perf_counter, time
from typing import Any

from django.conf import settings

from multitude import clients
from multitude.background import housekeeping
from multitude.pagekeys import CACHE, ROUTE
from multitude.sight import journal, loglines, metrics
from multitude.sight.metrics import BUCKETS

type Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

ALL, MADE, NONE = "all", "made", "none"
# Answered from memory, and logged by whatever stands in front.
_FROM_MEMORY = frozenset({"health", "articles:record_view"})
_FAILED = "500 Internal Server Error"
_WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")

# Looked up once: a page from memory comes by here.
set_name = journal.request_name.set
rows_get = metrics.rows.get


class Observed:
    """WSGI application around another: names the request, measures it, counts it and has it logged.

    `log` says which requests have a line: `all`, those that were `made` rather than served from memory, or `none`.
    """

    def __init__(self, application: Application, *, log: str, writer: loglines.Writer) -> None:
        self._application = application
        self._is_logged, self._is_hit_logged = log != NONE, log == ALL
        self._put = writer.put
        self._static = settings.STATIC_URL
        self._trusts_proxies = bool(settings.TRUSTED_PROXIES)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer by the application."""
        began = perf_counter()
        name: journal.RequestName = journal.next_number()
        if self._trusts_proxies and "HTTP_X_REQUEST_ID" in environ:
            name = _taken_over(environ) or name
        set_name(name)
        status = _FAILED

        def starting(line: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:
            nonlocal status
            status = line
            if line[0] > "3" and (line[0] == "5" or CACHE not in environ):
                # What one quotes to the newsroom when something went wrong; no cache keeps it.
                headers = [*headers, ("X-Request-ID", journal.written(name))]
            return start_response(line, headers, *exc_info)

        try:
            return self._application(environ, starting)
        finally:
            seconds = perf_counter() - began
            route = environ.get(ROUTE, "")
            cache = environ.get(CACHE, "")
            if not route and environ["PATH_INFO"].startswith(self._static):
                route = "static"
            row = rows_get((route, status)) or metrics.new_row(route, status)
            row[bisect_left(BUCKETS, seconds)] += 1
            row[-1] += seconds
            if self._is_hit_logged or (self._is_logged and cache != "hit" and route not in _FROM_MEMORY):
                self._put(
                    (
                        time(),
                        name,
                        environ["REQUEST_METHOD"],
                        route,
                        environ["PATH_INFO"] if cache and status[0] < "4" else "",
                        status,
                        seconds,
                        cache,
                        environ.get("REMOTE_ADDR", ""),
                        environ.get("HTTP_X_FORWARDED_FOR", "")[-loglines.FORWARDED :],
                    )
                )


def _taken_over(environ: dict[str, Any]) -> str:
    """Return the name that a trusted proxy gave the request, if it is one that a log can hold."""
    name: str = environ["HTTP_X_REQUEST_ID"]
    is_trusted = clients.is_trusted(environ.get("REMOTE_ADDR", ""))
    return name if is_trusted and _WELL_FORMED.fullmatch(name) else ""


def observer() -> tuple[Callable[[Application], Application], Callable[[loglines.Hit], None] | None]:
    """Return what has an application's requests counted and logged as the settings say, and what logs a page from memory."""
    log = settings.LOG_REQUESTS
    writer = loglines.Writer(as_json=settings.LOG_FORMAT == "json")
    if log != NONE:
        housekeeping.every(5, writer.start)
        housekeeping.at_shutdown(writer.finish)
    return partial(Observed, log=log, writer=writer), writer.put_hit if log == ALL else None
