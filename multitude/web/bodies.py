"""Has what a request sends arrive whole before Django is asked, and keeps whoever sends slowly from holding everybody up.

A thread that reads from granian cannot be called back, and granian waits for a body as long as its sender likes. nginx in
front sends it whole, and at once; without it, no more than `PLACES` threads wait at the same time, and others read pages
meanwhile. To answer while another thread still reads is no way out: granian then answers nobody any more. Whatever is cut
short is refused: half a comment is none.
"""

import threading
from collections.abc import Callable, Iterable
from http import HTTPStatus
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.urls import reverse

from multitude.web import gate

type Application = Callable[..., Iterable[bytes]]

PLACES = 2
# So long a body waits for its turn; once one has waited in vain, the next ones do not, until somebody has had theirs.
PATIENCE = 0.25
# What is larger is read for the newsroom alone; readers' forms refuse it by its length.
MOST_FROM_READERS = 64 * 1024
_IN_MEMORY = 1024 * 1024
_CHUNK = 64 * 1024


class WholeBodies:
    """WSGI middleware: hands on requests whose bodies are there, and answers 503 or 400 to the others."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._places = threading.Semaphore(PLACES)
        self._is_jammed = False

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer by the application, once the body is there."""
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if not length:
            return self._application(environ, start_response)
        if length > MOST_FROM_READERS and not environ["PATH_INFO"].startswith(reverse("admin:index")):
            environ["wsgi.input"] = BytesIO()
            return self._application(environ, start_response)
        if not self._places.acquire(timeout=0 if self._is_jammed else PATIENCE):
            self._is_jammed = True
            return gate.answer(HTTPStatus.SERVICE_UNAVAILABLE, environ, start_response)
        self._is_jammed = False
        try:
            body = _read(environ["wsgi.input"], length)
        finally:
            self._places.release()
        if body is None:
            return gate.answer(HTTPStatus.BAD_REQUEST, environ, start_response)
        with body:
            environ["wsgi.input"] = body
            return self._application(environ, start_response)


def _read(source: IO[bytes], length: int) -> IO[bytes] | None:
    """Return so many bytes as a file, small ones in memory; None if they do not come."""
    body = BytesIO() if length <= _IN_MEMORY else SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  the request closes it
    left = length
    while left and (chunk := source.read(min(left, _CHUNK))):
        left -= len(chunk)
        body.write(chunk)
    if left:
        body.close()
        return None
    body.seek(0)
    return body
