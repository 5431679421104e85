"""The product of all addresses, their parameters and all hostile values, and a walk through it, or through a part by chance."""

import logging
import os
import random
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.core.signals import got_request_exception
from django.db import connection, transaction

from articles.models import DailyTally, RankedArticle
from multitude import caching
from multitude.web.gate import LONGEST_QUERY
from tests.hostile import payloads, routes
from tests.hostile.asking import Answer, Stranger, encoded, quoted
from tests.hostile.payloads import Value, as_octets
from tests.hostile.routes import Route

# `HOSTILE=all` walks everything, which takes its time, and a number draws so many requests; without it these, others each time.
_ASKED = os.environ.get("HOSTILE", "")
WALKS_ALL = _ASKED == "all"
DRAWN = int(_ASKED) if _ASKED.isdigit() else 300
# Where everything is walked, parameters that a page does not know by itself get so many values of each family.
_OF_EACH_FAMILY = 2
# No request takes more of a processor than this; looked at where a walk is asked for, as nothing else runs then.
_SLOW_SECONDS = 2.0


@dataclass(frozen=True)
class Attempt:
    """One request: a hostile value in one place, or in every place of a kind."""

    route: Route
    kind: str
    names: tuple[str, ...]
    value: Value

    def __str__(self) -> str:
        value = repr(self.value)
        return f"{self.kind} {self.route.path} {','.join(self.names)[:60]} = {value[:80]}"


@dataclass
class Walk:
    """Whoever walks, and what went wrong on the way."""

    stranger: Stranger
    is_inside: bool
    faults: list[str] = field(default_factory=list)
    _fields: dict[str, dict[str, str]] = field(default_factory=dict)

    def attempts(self, rng: random.Random) -> Iterator[Attempt]:
        """Yield all that is to be tried, or what chance draws of it."""
        places = [place for route in self._routes() for place in self._places(route)]
        values = payloads.every()
        if not WALKS_ALL:
            for _ in range(DRAWN):
                route, kind, names = rng.choice(places)
                yield Attempt(route, kind, names, rng.choice(values))
            return
        for route, kind, names in places:
            if len(names) > 1 or kind == "path":
                yield from (Attempt(route, kind, names, value) for value in values)
                continue
            for family in payloads.FAMILIES.values():
                some = list(family())
                yield from (Attempt(route, kind, names, value) for value in rng.sample(some, _OF_EACH_FAMILY))

    def go(self, attempt: Attempt) -> None:
        """Make one attempt, and note what should not be."""
        caching.tell_listeners(frozenset({caching.SITE}))
        try:
            with told() as raised, tracebacks() as logged:
                answer = self._send(attempt)
        except Exception:
            self.faults.append(f"{attempt}\n{_end_of(traceback.format_exc())}")
            return
        if answer.status >= 500:
            self.faults.append(f"{answer.status} {attempt}\n{''.join(raised)}")
        elif logged and not self.is_inside:
            self.faults.append(f"{answer.status} {attempt}\n{''.join(logged)}")
        elif _ASKED and answer.seconds > _SLOW_SECONDS:
            self.faults.append(f"{answer.seconds:.1f} s of CPU {attempt}")

    def _routes(self) -> list[Route]:
        return [route for route in routes.every() if route.is_inside or not self.is_inside]

    def _places(self, route: Route) -> Iterator[tuple[Route, str, tuple[str, ...]]]:
        """Yield where a value can stand: each part of the path, each parameter, each field, and all of them at once."""
        for name in route.names:
            yield route, "path", (name,)
        own = self._known(route)
        asked = tuple(dict.fromkeys([*own, *routes.names_in_code(), *routes.lookups(route)]))
        for kind, names in (("query", asked), ("form", tuple(own) or ("a",)), ("multipart", tuple(own) or ("a",))):
            yield route, kind, names
            if kind != "multipart":
                yield from ((route, kind, (name,)) for name in (names if kind == "form" else tuple(own) or names[:1]))
        yield route, "body", ("",)

    def _known(self, route: Route) -> dict[str, str]:
        if route.path not in self._fields:
            answer = self.stranger.ask("GET", route.path)
            is_page = answer.headers.get("content-type", "").startswith("text/html")
            self._fields[route.path] = routes.fields_of(answer.text) if is_page else {}
        return self._fields[route.path]

    def _send(self, attempt: Attempt) -> Answer:
        route, value = attempt.route, attempt.value
        if attempt.kind == "path":
            [name] = attempt.names
            path = route.with_values({name: "\ue000"}).encode().replace("\ue000".encode(), as_octets(value))
            return self.stranger.ask("GET", path)
        if attempt.kind == "query":
            return self.stranger.ask("GET", route.path, _query(attempt.names, value))
        return self._post(attempt, self._known(route))

    def _post(self, attempt: Attempt, known: dict[str, str]) -> Answer:
        """Send a form as its page has it, but for what is hostile; what an account may do is taken back."""
        filled: dict[str, Value] = {**known, **dict.fromkeys(attempt.names, attempt.value)}
        senders: dict[str, Callable[[], Answer]] = {
            "form": lambda: self.stranger.send(attempt.route.path, list(filled.items())),
            "multipart": lambda: self._upload(attempt, filled),
            "body": lambda: self._any_body(attempt),
        }
        if not self.stranger.cookies:
            return senders[attempt.kind]()
        with transaction.atomic():
            try:
                return senders[attempt.kind]()
            finally:
                transaction.set_rollback(True)

    def _upload(self, attempt: Attempt, filled: dict[str, Value]) -> Answer:
        """Send all fields in parts, and in each name's place a file of that name too."""
        token: list[tuple[Value, Value]] = [("csrfmiddlewaretoken", self.stranger.token)]
        hostile = as_octets(attempt.value)
        parts = [_part(as_octets(name), as_octets(value)) for name, value in [*token, *filled.items()]]
        quoted = hostile.replace(b'"', b"%22").replace(b"\r", b"").replace(b"\n", b"")
        parts += [_part(name.encode(), hostile, b'; filename="' + quoted + b'"') for name in [*attempt.names, "file"]]
        body = b"".join([*parts, b"--lim--\r\n"])
        return self.stranger.ask(
            "POST", attempt.route.path, body=body, CONTENT_TYPE="multipart/form-data; boundary=lim"
        )

    def _any_body(self, attempt: Attempt) -> Answer:
        """Send the value as the whole body, as what is no form."""
        header = {"HTTP_X_CSRFTOKEN": self.stranger.token, "CONTENT_TYPE": "application/json"}
        return self.stranger.ask("POST", attempt.route.path, body=as_octets(attempt.value), **header)


def _query(names: tuple[str, ...], value: Value) -> bytes:
    """Return a query in which all parameters have a value, cut where the gate would turn it away: it is to get further."""
    room = (LONGEST_QUERY - sum(len(name) + 2 for name in names)) // len(names)
    octets = as_octets(value)
    while len(quoted(octets)) > room:
        octets = octets[: min(len(octets) - 1, len(octets) * room // len(quoted(octets)))]
    return encoded([(name, octets) for name in names])


def _part(name: bytes, value: bytes, more: bytes = b"") -> bytes:
    return b'--lim\r\nContent-Disposition: form-data; name="' + name + b'"' + more + b"\r\n\r\n" + value + b"\r\n"


def rows() -> dict[str, int]:
    """Return how many rows each table holds, but for readings: a beacon counts, whoever sends it."""
    readings = {model._meta.db_table for model in (DailyTally, RankedArticle)}
    with connection.cursor() as cursor:
        found = {}
        for table in sorted({*connection.introspection.table_names(cursor)} - readings):
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
            found[table] = cursor.fetchone()[0]
        return found


@contextmanager
def told() -> Iterator[list[str]]:
    """Collect the ends of the tracebacks of what Django caught."""
    found: list[str] = []

    def note(**kwargs: object) -> None:
        found.append(_end_of(traceback.format_exc()))

    got_request_exception.connect(note)
    try:
        yield found
    finally:
        got_request_exception.disconnect(note)


class _Listener(logging.Handler):
    """Notes each record that has a traceback, but for what Django says of requests that are suspicious."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Note it."""
        if isinstance(record.exc_info, tuple) and not record.name.startswith("django.security"):
            self.found.append(
                f"{record.getMessage()}\n{_end_of(''.join(traceback.format_exception(record.exc_info[1])))}"
            )


@contextmanager
def tracebacks() -> Iterator[list[str]]:
    """Collect what the log is told with a traceback: nothing that a stranger sends is a fault of the site."""
    listener = _Listener()
    logging.getLogger().addHandler(listener)
    try:
        yield listener.found
    finally:
        logging.getLogger().removeHandler(listener)


def _end_of(text: str) -> str:
    return "\n".join(text.splitlines()[-6:]) + "\n"
