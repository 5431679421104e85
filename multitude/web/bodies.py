"""Has what a request sends arrive whole before Django is asked, and keeps whoever sends slowly from holding everybody up.

A thread that reads from granian cannot be called back, and granian waits for a body as long as its sender likes. nginx in
front sends it whole, and at once; without it, each body is read by a thread of its own, no more than `PLACES` threads of
the server wait for those, and others read pages meanwhile. When somebody waits for a place in vain, whoever sends too
slowly loses theirs. Whatever is cut short is refused: half a comment is none.
"""

import threading
from collections.abc import Callable, Iterable
from http import HTTPStatus
from io import BytesIO
from tempfile import SpooledTemporaryFile
from time import monotonic
from typing import IO, Any

from django.urls import reverse

from multitude.web import gate

type Application = Callable[..., Iterable[bytes]]

PLACES = 2
# So long a body waits for its turn; once one has waited in vain, the next ones do not, until somebody has had theirs.
PATIENCE = 0.25
# Too slow is what takes longer than this, in seconds, and than it would at so many octets a second: a form comes at
# once, and a picture over a poor line in time.
GRACE = 1.0
SLOWEST = 16 * 1024
# So many of those that lost their place may still be waited for, each by a thread, until their connections end.
MOST_LATE = 256
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
        self._awaited: list[_Arriving] = []
        self._late: list[_Arriving] = []
        self._choosing = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer by the application, once the body is there."""
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if not length:
            return self._application(environ, start_response)
        if length > MOST_FROM_READERS and not environ["PATH_INFO"].startswith(reverse("admin:index")):
            environ["wsgi.input"] = BytesIO()
            return self._application(environ, start_response)
        if not self._has_place():
            return gate.answer(HTTPStatus.SERVICE_UNAVAILABLE, environ, start_response)
        arriving = _Arriving(environ["wsgi.input"], length)
        self._awaited.append(arriving)
        try:
            body = arriving.wait()
        finally:
            self._awaited.remove(arriving)
            self._places.release()
        if body is None:
            refusal = HTTPStatus.SERVICE_UNAVAILABLE if arriving.is_given_up else HTTPStatus.BAD_REQUEST
            return gate.answer(refusal, environ, start_response)
        with body:
            environ["wsgi.input"] = body
            return self._application(environ, start_response)

    def _has_place(self) -> bool:
        """Take a place, if need be that of whoever sends too slowly."""
        is_free = self._places.acquire(timeout=0 if self._is_jammed else PATIENCE)
        if not is_free and self._give_slowest_up():
            is_free = self._places.acquire(timeout=PATIENCE)
        self._is_jammed = not is_free
        return is_free

    def _give_slowest_up(self) -> bool:
        with self._choosing:
            self._late = [arriving for arriving in self._late if arriving.is_read]
            awaited = [arriving for arriving in self._awaited.copy() if not arriving.is_given_up]
            slowest = max(awaited, key=_Arriving.lateness, default=None)
            if slowest is None or slowest.lateness() <= 0 or len(self._late) >= MOST_LATE:
                return False
            self._late.append(slowest)
            slowest.give_up()
            return True


class _Arriving:
    """A body on its way. The thread that reads it ends with its last octet, or with the connection."""

    def __init__(self, source: IO[bytes], length: int) -> None:
        self.is_given_up = False
        self._source, self._length = source, length
        self._began, self._received = monotonic(), 0
        self._body: IO[bytes] | None = None
        self._error: Exception | None = None
        self._settling, self._settled = threading.Lock(), threading.Event()
        self._thread = threading.Thread(target=self._read, name="body", daemon=True)

    @property
    def is_read(self) -> bool:
        """Whether a thread still reads it."""
        return self._thread.is_alive()

    def wait(self) -> IO[bytes] | None:
        """Return the body as a file, small ones in memory; None if it does not come, or was given up."""
        self._thread.start()
        self._settled.wait()
        if self._error is not None:
            raise self._error
        return self._body

    def lateness(self) -> float:
        """Return for how many seconds it has been too slow; less than nothing where it is not."""
        return monotonic() - self._began - GRACE - self._received / SLOWEST

    def give_up(self) -> None:
        """Have nobody wait for it any more, unless it is there by now."""
        with self._settling:
            if not self._settled.is_set():
                self.is_given_up = True
                self._settled.set()

    def _read(self) -> None:
        is_small = self._length <= _IN_MEMORY
        body = BytesIO() if is_small else SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  the request closes it
        try:
            while self._received < self._length and (chunk := self._next()):
                self._received += len(chunk)
                body.write(chunk)
        except Exception as error:  # whatever it is, it is raised where somebody waits
            self._error = error
        self._settle(body)

    def _next(self) -> bytes:
        return b"" if self.is_given_up else self._source.read(min(self._length - self._received, _CHUNK))

    def _settle(self, body: IO[bytes]) -> None:
        with self._settling:
            if self._settled.is_set() or self._error or self._received < self._length:
                body.close()
            else:
                body.seek(0)
                self._body = body
            self._settled.set()
