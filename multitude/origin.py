"""The same-origin check that protects forms on pages without cookies.

A public page is the same bytes for everyone, so it carries no CSRF token; and as its forms are
sent without any ambient authority, what remains to refuse is a form on another site that speaks
through this site's reader. Fetch Metadata tells (https://www.w3.org/TR/fetch-metadata/), and
`Origin` (RFC 6454) where a browser is older.
"""

from collections.abc import Callable
from functools import wraps
from urllib.parse import SplitResult, urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

# What `Sec-Fetch-Site` says of a page of this site, or of nobody's.
SAME_SITE = frozenset({"same-origin", "none"})
_DEFAULT_PORTS = {"http": 80, "https": 443}

type View = Callable[..., HttpResponse]


def is_same_origin(request: HttpRequest) -> bool:
    """Return whether the request comes from this site, or from no browser at all.

    `Sec-Fetch-Site` decides when present; else the host and port of `Origin` must be those of
    the validated Host; a client that sends neither (a text browser) passes.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site.strip().lower() in SAME_SITE
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    try:
        parts = urlsplit(origin)
        own = urlsplit(f"{request.scheme}://{request.get_host()}")
        return (
            parts.scheme in _DEFAULT_PORTS
            and bool(parts.hostname)
            and _host_and_port(parts)
            == (
                own.hostname,
                own.port or _DEFAULT_PORTS.get(parts.scheme),
            )
        )
    except ValueError:
        return False


def _host_and_port(parts: SplitResult) -> tuple[str | None, int | None]:
    return parts.hostname, parts.port or _DEFAULT_PORTS.get(parts.scheme)


def same_origin_required(view: View) -> View:
    """Answer 403 to a POST that another site sends; the view needs no CSRF token."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method == "POST" and not is_same_origin(request):
            response = render(request, "403.html", status=403)
            response["Cache-Control"] = "no-store"
            return response
        return view(request, *args, **kwargs)

    return guarded
