"""The smallest site there is, for tests of the web server itself."""

from collections.abc import Callable, Iterable
from typing import Any


def site() -> Callable[..., Iterable[bytes]]:
    """Return what answers every request alike."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "7")])
        return [b"bonjour"]

    return answer
