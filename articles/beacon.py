"""The reading beacon, answered before Django: every page that is read sends one.

The page cache makes a page cost less than anything Django does; a beacon that went through
Django would cost a reader's page five times over.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from articles import popularity
from multitude.origin import SAME_SITE

type Headers = list[tuple[str, str]]
type Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

_PERSONAL = {"set-cookie", "vary"}
_ADDRESS = re.compile(r"/vues/([0-9]{1,18})/")


class Beacon:
    """WSGI middleware: what the view `record_view` answers, without Django's machinery around it.

    Django answers the first beacon, and this remembers its headers, unless they concern who sent
    it. Django also answers whatever is not plainly a browser's beacon from a page of this site.
    """

    def __init__(self, application: Application) -> None:
        self._application = application
        self._headers: Headers | None = None

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Count the reading in memory and answer 204."""
        if (
            environ["REQUEST_METHOD"] != "POST"
            or environ.get("HTTP_SEC_FETCH_SITE") not in SAME_SITE
            or (address := _ADDRESS.fullmatch(environ["PATH_INFO"])) is None
        ):
            return self._application(environ, start_response)
        if self._headers is None:
            return self._application(environ, self._remember(start_response))
        popularity.record_view(environ, int(address[1]))
        start_response("204 No Content", [*self._headers])
        return []

    def _remember(self, start_response: Callable[..., Any]) -> Callable[..., Any]:
        def remembering(status: str, headers: Headers, *exc_info: Any) -> Any:
            # A session's cookie that makes no sense is taken back: from that browser, not from every reader and editor.
            if status.startswith("204") and not _PERSONAL & {name.lower() for name, _value in headers}:
                self._headers = list(headers)
            return start_response(status, headers, *exc_info)

        return remembering
