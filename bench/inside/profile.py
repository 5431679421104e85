"""Where the time of a page goes: the whole application under Python's profiler, by area of the code."""

import cProfile
import io
import pstats
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

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


def profile(path: str, bodies: list[str] | None = None) -> list[tuple[str, float]]:
    """Return the areas in which thirty GETs of the path, or POSTs of these bodies, spend their time, as shares of 1."""
    from multitude.wsgi import application

    site: Callable[..., Iterable[bytes]] = application

    def ask(body: str) -> None:
        for chunk in site(_environ(path, body), lambda *_answer: None):
            len(chunk)

    first, *others = bodies or [""] * 31
    ask(first)
    profiler = cProfile.Profile()
    for body in others:
        profiler.runcall(ask, body)
    return _shares(profiler)


def _shares(profiler: cProfile.Profile) -> list[tuple[str, float]]:
    """Attribute each function's own time to its area; a builtin's goes to those who call it."""
    areas: Counter[str] = Counter()
    functions: dict[Any, Any] = pstats.Stats(profiler).stats  # type: ignore[attr-defined]
    for function, (_calls, _all_calls, own, _cumulated, callers) in functions.items():
        if function[0] != "~" or _area(function) != _OTHERS:
            areas[_area(function)] += own
        else:
            for caller, (_times, _all_times, owed, _total) in callers.items():
                areas[_area(caller)] += owed
    whole = sum(areas.values())
    return [(area, own / whole) for area, own in areas.most_common()]


def _area(function: tuple[str, int, str]) -> str:
    place = f"{function[0]} {function[2]}"
    return next((area for area, marks in _AREAS if any(mark in place for mark in marks)), _OTHERS)


def _environ(path: str, body: str) -> dict[str, Any]:
    parts, sent = urlsplit(path), body.encode()
    return {
        "REQUEST_METHOD": "POST" if body else "GET",
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
        "wsgi.input": io.BytesIO(sent),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
