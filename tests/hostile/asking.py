"""A client that can send what no client sends: it speaks to the whole site as the server does, in octets."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import import_module
from io import BytesIO
from secrets import token_hex
from time import process_time
from typing import Any
from urllib.parse import quote_from_bytes

from django.conf import settings
from django.contrib.auth.models import User
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from tests.factories import logged_in
from tests.hostile.payloads import Value, as_octets

FORM = "application/x-www-form-urlencoded"
# Readers of different networks: none is told that it comments too often.
_addresses = iter(range(1, 2**31))


@cache
def site() -> Callable[..., Any]:
    """Return all that the server calls, page cache included, set up when it is first asked, with the settings of the tests."""
    return import_module("multitude.wsgi").answer


@dataclass
class Answer:
    """What came back: a status, headers by lower-case name, and octets."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float
    """What it took of a processor."""

    @property
    def text(self) -> str:
        """Its text."""
        return self.body.decode()


@dataclass
class Stranger:
    """Somebody who may send anything; with the cookies of an account, a member of the staff who has gone wrong."""

    cookies: dict[str, str] = field(default_factory=dict)

    @classmethod
    def inside(cls, user: User) -> "Stranger":
        """Return one who is logged in, and whose forms carry the right token."""
        session = logged_in(user).cookies[settings.SESSION_COOKIE_NAME].value
        return cls({settings.SESSION_COOKIE_NAME: session, settings.CSRF_COOKIE_NAME: token_hex(16)})

    @property
    def token(self) -> str:
        """What its forms carry."""
        return self.cookies.get(settings.CSRF_COOKIE_NAME, "")

    def ask(self, method: str, path: Value, query: bytes = b"", body: bytes = b"", **environ: Any) -> Answer:
        """Send a request and return the answer; whatever is raised on the way is the test's failure.

        The path is what stands in the request line once its percents are resolved; the query is as it stands there.
        """
        address = next(_addresses)
        asked: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": as_octets(path).decode("latin-1"),
            "QUERY_STRING": query.decode("latin-1"),
            "CONTENT_LENGTH": str(len(body)) if body else "",
            "HTTP_HOST": "127.0.0.1",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": f"10.{address >> 16 & 255}.{address >> 8 & 255}.{address & 255}",
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        if self.cookies:
            asked["HTTP_COOKIE"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        told: list[tuple[str, list[tuple[str, str]]]] = []
        began = process_time()
        with _one_connection():
            chunks = site()(asked | environ, lambda status, headers, exc_info=None: told.append((status, headers)))
            content = b"".join(chunks)
            getattr(chunks, "close", lambda: None)()
        spent = process_time() - began
        status, headers = told[-1]
        assert all("\n" not in value and "\r" not in value for _name, value in headers), headers
        return Answer(int(status[:3]), {name.lower(): value for name, value in headers}, content, spent)

    def send(self, path: Value, fields: list[tuple[Value, Value]], **environ: Any) -> Answer:
        """Send a form, with the token of whoever is inside."""
        own: list[tuple[Value, Value]] = [("csrfmiddlewaretoken", self.token)] if self.token else []
        return self.ask("POST", path, body=encoded([*own, *fields]), **{"CONTENT_TYPE": FORM} | environ)


@contextmanager
def _one_connection() -> Iterator[None]:
    """Keep the test's transaction: Django closes a connection that is in the middle of one when a request ends."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


def encoded(fields: list[tuple[Value, Value]]) -> bytes:
    """Return names and values as a query or a form writes them."""
    return "&".join(f"{quoted(name)}={quoted(value)}" for name, value in fields).encode()


@lru_cache(maxsize=1_024)
def quoted(value: Value) -> str:
    """Return a value as it stands in a query or a form."""
    return quote_from_bytes(as_octets(value))
