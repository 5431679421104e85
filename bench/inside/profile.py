"""Where the time of an answer goes: the whole application under Python's profiler, by area of the code or by function."""

import cProfile
import io
import pstats
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from operator import itemgetter
from pathlib import Path
from time import sleep
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from bench import readers

# What a function's file or name must contain, in the order in which it is asked.
_AREAS = (
    ("base de données", ("sqlite3", "psycopg", "/django/db/backends/")),
    ("requêtes et objets de l’ORM", ("/django/db/",)),
    (
        "modèles de pages",
        ("/django/template/", "/templatetags/", "/django/utils/html.py", "/django/utils/safestring.py"),
    ),
    ("formulaires", ("/django/forms/", "crispy_forms")),
    (
        "dates et langue",
        ("/django/utils/dateformat", "/django/utils/timezone", "/django/utils/translation", "zoneinfo"),
    ),
    ("Django, de la requête à la réponse", ("/django/",)),
    ("le code du journal", ("/multitude/", "/articles/", "/comments/")),
)
_OTHERS = "Python lui-même"
# A purge by another process is read within a second.
_PURGE_SECONDS = 1.5
_networks = readers.addresses()

type Function = tuple[str, int, str]


def profile(
    path: str, *, bodies: list[str] | None = None, cookie: str = "", times: int = 20, by_function: bool = False
) -> list[tuple[str, float]]:
    """Return where so many GETs of the path, or one POST of each body, spend their time, as shares of 1.

    Each comes from a browser in a network of its own. The first two are left out: they import, connect, and make again
    what was purged a moment ago.
    """
    method, sent = ("GET", [""] * (times + 2)) if bodies is None else ("POST", bodies)
    first, second, *others = (browser(method, path, body, cookie) for body in sent)
    ask(first)
    if settings.PAGE_CACHE_MB:
        sleep(_PURGE_SECONDS)
    ask(second)
    profiler = cProfile.Profile()
    for environ in others:
        profiler.runcall(ask, environ)
    shares = _shares(profiler, _function if by_function else _area)
    return sorted(shares.items(), key=itemgetter(1), reverse=True)[:12]


def ask(environ: dict[str, Any]) -> None:
    """Have the whole application answer a request."""
    from multitude.wsgi import application

    site: Callable[..., Iterable[bytes]] = application
    for chunk in site(environ, lambda *_answer: None):
        len(chunk)


def _shares(profiler: cProfile.Profile, name: Callable[[Function], str]) -> dict[str, float]:
    """Attribute each function's own time to its name; a builtin's without one goes to those who call it."""
    found: defaultdict[str, float] = defaultdict(float)
    functions: dict[Function, Any] = pstats.Stats(profiler).stats  # type: ignore[attr-defined]
    for function, (_calls, _all_calls, own, _cumulated, callers) in functions.items():
        if function[0] != "~" or name(function) != _OTHERS:
            found[name(function)] += own
        else:
            for caller, (_times, _all_times, owed, _total) in callers.items():
                found[name(caller)] += owed
    whole = sum(found.values())
    return {place: own / whole for place, own in found.items()}


def _area(function: Function) -> str:
    place = f"{function[0]} {function[2]}"
    return next((area for area, marks in _AREAS if any(mark in place for mark in marks)), _OTHERS)


def _function(function: Function) -> str:
    file, _line, name = function
    return _OTHERS if file == "~" else f"{Path(file).stem}.{name}"


def browser(method: str, path: str, body: str = "", cookie: str = "") -> dict[str, Any]:
    """Return the WSGI environment of a browser's request, from a network of its own."""
    parts, sent = urlsplit(path), body.encode()
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": parts.path,
        "QUERY_STRING": parts.query,
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(sent)),
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_USER_AGENT": readers.BROWSER,
        "HTTP_ACCEPT_ENCODING": "gzip",
        "HTTP_SEC_FETCH_SITE": "same-origin",
        "HTTP_X_FORWARDED_FOR": next(_networks),
        **({"HTTP_COOKIE": cookie} if cookie else {}),
        "wsgi.input": io.BytesIO(sent),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
