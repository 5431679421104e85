"""Which page a request asks for: what the page cache files it under, and what Django makes it from.

Pure functions of what stands in a request and in the settings, so that what they return can be remembered.
"""

import io
import sys
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings
from django.core.handlers.wsgi import get_path_info
from django.http.request import split_domain_port, validate_host
from django.urls import Resolver404, resolve

from multitude.pages import encoding_order

type Environ = dict[str, Any]
# The site (the entry of ALLOWED_HOSTS that admits it, and whether it is https), the path, the declared parameters.
type Key = tuple[tuple[str, bool], str, str]
# What a request is written with: path, query, host, scheme or what a proxy says of it, accepted encodings.
type Spelling = tuple[str, str, str, str, str]
# The page, the encodings in which the client takes it, the best first, and the name of the view that makes it.
type Wanted = tuple[Key, tuple[str, ...], str]

# What is noted in the environment of a request, for whoever observes them: the view that answers, and what the page cache did.
ASKED = "multitude.asked"
ROUTE = "multitude.route"
CACHE = "multitude.cache"
# A name has at most 253 characters (RFC 1035), and a port five.
_LONGEST_HOST = 260
_LONGEST_PATH = 500
_LONGEST_SCHEME = 200
_LONGEST_ACCEPTED = 200
_LONGEST_QUERY = 1_000
# As it is sent, with whatever else stands in it; Django's answer to longer ones is no page.
_LONGEST_SENT = 16_000


def scheme_header() -> str:
    """Return where a request says whether it came by https: the header that SECURE_PROXY_SSL_HEADER names, if it does."""
    return settings.SECURE_PROXY_SSL_HEADER[0] if settings.SECURE_PROXY_SSL_HEADER else "wsgi.url_scheme"


def wanted(spelling: Spelling) -> Wanted | None:
    """Return what a GET asks for, or None for what no cache should answer.

    That is what no view of `@public_page` makes, and what is too long, or too strange, to be a reader's.
    """
    path, query, host, scheme, accepted = spelling
    if len(path) > _LONGEST_PATH or len(host) > _LONGEST_HOST or len(scheme) > _LONGEST_SCHEME:
        return None
    if len(query) > _LONGEST_SENT:
        return None
    site, view = _site(host, _is_secure(scheme)), _public_view(path)
    if site is None or view is None:
        return None
    params, blank, route = view
    chosen = _canonical(query, params, blank)
    if chosen is None:
        return None
    return (site, path, chosen), encoding_order(accepted) if len(accepted) <= _LONGEST_ACCEPTED else (), route


def route_of(key: Key) -> str:
    """Return the name of the view that makes a page."""
    view = _public_view(key[1])
    return view[2] if view else ""


def environ_of(key: Key) -> Environ:
    """Return the request from which Django makes a page: its key, and nothing that a reader sent besides."""
    (_host, secure), path, query = key
    parts = urlsplit(settings.SITE_URL)
    environ: Environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "HTTP_HOST": parts.netloc,
        "SERVER_NAME": parts.hostname or "",
        "SERVER_PORT": str(parts.port or (443 if secure else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https" if secure else "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    if settings.SECURE_PROXY_SSL_HEADER:
        name, value = settings.SECURE_PROXY_SSL_HEADER
        environ[name] = value if secure else "http"
    return environ


def _is_secure(scheme: str) -> bool:
    """Return what Django's `is_secure()` would say of a request's scheme, or of what its proxy says of it."""
    secure = settings.SECURE_PROXY_SSL_HEADER[1] if settings.SECURE_PROXY_SSL_HEADER else "https"
    return scheme.split(",", 1)[0].strip() == secure


@lru_cache(maxsize=1_024)
def _site(host: str, secure: bool) -> tuple[str, bool] | None:
    """Return the entry of ALLOWED_HOSTS that admits a host, and whether the request is secure; None if none does.

    Whatever else a host is written with, a port or capitals, makes no other page.
    """
    domain, _port = split_domain_port(host)
    admitted = next(
        (pattern for pattern in settings.ALLOWED_HOSTS if domain and validate_host(domain, [pattern])), None
    )
    return None if admitted is None else (admitted, secure)


@lru_cache(maxsize=1_024)
def _public_view(path: str) -> tuple[tuple[str, ...], tuple[str, ...], str] | None:
    """Return the query parameters that the view at a path declares, which of them a form may leave empty, and its name.

    None when its pages are not public.
    """
    try:
        match = resolve(get_path_info({"PATH_INFO": path}))
    except Resolver404:
        return None
    params = getattr(match.func, "public_params", None)
    return None if params is None else (params, getattr(match.func, "public_blank", ()), match.view_name)


def _canonical(query: str, declared: tuple[str, ...], blank: tuple[str, ...]) -> str | None:
    """Return the declared parameters in one order and one spelling, or None for a query that is better left alone.

    What a form may leave empty, and did, is as if it were not there.
    """
    if not query or not declared:
        return ""
    try:
        decoded = query.encode("latin-1").decode("utf-8", "replace")
        pairs = parse_qsl(decoded, keep_blank_values=True)
    except ValueError:
        return None
    said = [(name, value) for name, value in pairs if value or name not in blank]
    chosen = urlencode([(name, value) for wanted in declared for name, value in said if name == wanted])
    return chosen if len(chosen) <= _LONGEST_QUERY else None
