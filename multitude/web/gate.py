"""Turns away in front of Django what no browser sends, and what Django would stumble over before any view can say a word.

Each refusal is for a whole class of requests, and holds for every address there is or will be. What a person may have
typed comes by a form, passes here, and is answered where its text can be given back.
"""

from collections.abc import Callable, Iterable
from functools import cache
from http import HTTPStatus
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import parse_header_parameters

from multitude import protection, uploads
from multitude.sight import journal

type Application = Callable[..., Iterable[bytes]]

METHODS = ("GET", "HEAD", "POST", "OPTIONS")
RETRY_AFTER = 10
LONGEST_PATH = 4_000
# The longest that a page of the desk makes are lists of keys.
LONGEST_QUERY = 16_000
LONGEST_CONTENT_TYPE = 300
# Twice the largest picture: what is a little too heavy is told so beside its field.
MOST_BYTES = 2 * uploads.MOST_BYTES
_PAGES = {
    HTTPStatus.METHOD_NOT_ALLOWED: "405.html",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "413.html",
    HTTPStatus.INTERNAL_SERVER_ERROR: "500.html",
    HTTPStatus.SERVICE_UNAVAILABLE: "503.html",
}


class Gate:
    """WSGI middleware, right in front of Django."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer by the application, or by a refusal that reads nothing of the body."""
        # What this site's pages send is in UTF-8; by another charset's name one can reach any codec that Python has. It goes
        # before the rest is looked at: with a quote in it, what Django reads without it is something else.
        if "charset" in (content_type := environ.get("CONTENT_TYPE", "")).lower():
            parts = content_type.split(";")
            environ["CONTENT_TYPE"] = ";".join(part for part in parts if not part.strip().lower().startswith("charset"))
        if (refusal := refused(environ)) is not None:
            return answer(refusal, environ, start_response)
        return self._application(environ, start_response)


def refused(environ: dict[str, Any]) -> HTTPStatus | None:
    """Return the status by which a request is turned away, or None for one that may pass."""
    if environ["REQUEST_METHOD"] not in METHODS:
        return HTTPStatus.METHOD_NOT_ALLOWED
    path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
    if len(path) > LONGEST_PATH or len(query) > LONGEST_QUERY:
        return HTTPStatus.REQUEST_URI_TOO_LONG
    # No database takes it in a text, and no keyboard makes it.
    if "\0" in path or "\0" in query or "%00" in query:
        return HTTPStatus.BAD_REQUEST
    if environ.get("HTTP_CONTENT_ENCODING", "identity").strip().lower() not in {"", "identity"}:
        return HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    if not _is_length(length := environ.get("CONTENT_LENGTH") or "0") or not _is_type(environ.get("CONTENT_TYPE", "")):
        return HTTPStatus.BAD_REQUEST
    return HTTPStatus.REQUEST_ENTITY_TOO_LARGE if len(length) > 12 or int(length) > MOST_BYTES else None


def _is_length(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _is_type(text: str) -> bool:
    """Return whether Django can read a Content-Type, which it does before it can answer.

    Python's parser of mail does it, and raises what it likes.
    """
    if len(text) > LONGEST_CONTENT_TYPE:
        return False
    try:
        parse_header_parameters(text)
    except Exception:
        return False
    return True


def answer(status: HTTPStatus, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Refuse a request, or own up to a fault, on a page that asks nothing of the database."""
    template = _PAGES.get(status, "400.html")
    # Readers send comments, and the desk pictures.
    path = environ.get("PATH_INFO", "")
    is_for_desk = path.startswith(reverse("admin:index"))
    body = _page(f"admin/{template}" if is_for_desk and status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE else template)
    headers = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
        *protection.without_django(path),
    ]
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append(("Retry-After", str(RETRY_AFTER)))
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        # It is answered past whoever names requests.
        headers.append(("X-Request-ID", journal.request_id()))
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers.append(("Allow", ", ".join(METHODS)))
    start_response(f"{status.value} {status.phrase}", headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


@cache
def _page(template: str) -> bytes:
    """Return a page that says the same to everybody, made once: to turn many away costs nothing."""
    return render_to_string(template, {"megabytes": uploads.LARGEST_PICTURE // 1024**2}).encode()
