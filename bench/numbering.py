"""A layer behind the page cache that numbers the pages which Django makes."""

import threading
from collections.abc import Callable, Iterable
from itertools import count
from typing import Any

HEADER = "X-Rendering"


class Numbering:
    """WSGI middleware: each GET that reaches it is given the next number, which the page cache keeps with the page."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self._application = application
        self._numbers = count(1)
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Pass the request on, and its number back with the answer."""
        with self._lock:
            number = str(next(self._numbers))

        def numbered(status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:
            return start_response(status, [*headers, (HEADER, number)], *exc_info)

        return self._application(environ, numbered)
