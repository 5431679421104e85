"""Slows down who guesses passwords and codes: what every door calls before it looks at one.

Tries are counted in the database, so that all processes and a restart share them. Three counts are kept: under one name
from one network, where the wait grows to a quarter of an hour; under one name from everywhere, where it stays under a
minute, so that a colleague is not kept out once others stop; and from one network under any name. A network from which the
account has logged in during the last month is not held up by what others try elsewhere. Whoever tries codes knows the password, and
a code is one of a million: under one name from everywhere, the wait for those grows as long as from one network.

A try counts as a failure until `forgive()` takes it back, so that fifty tries at once are not fifty tries for nothing. One that is
not looked at is answered after the same work as a wrong one, so its network pays for it too.

Looking at a password takes a core for a tenth of a second and 16 MB: each process looks at one at a time (`turn()`).
"""

import threading
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from django.db.models import F
from django.utils.crypto import salted_hmac

from multitude import clock
from multitude.accounts import record
from multitude.clients import client_network
from multitude.models import Tries
from multitude.transactions import act

# After an hour without a try, one begins anew.
FORGOTTEN = timedelta(hours=1)
KEPT = timedelta(days=1)

# Seconds that a password waits for its turn; one waits at a time, since whoever waits holds a thread that readers need.
PATIENCE = 2.0
_line = threading.Semaphore(2)
_turn = threading.Lock()


@dataclass(frozen=True)
class Rule:
    """So many failures are free; from then on one waits, twice as long each time."""

    free: int
    first: int
    most: int
    """The shortest and the longest wait, in seconds."""

    def wait(self, failures: int) -> int:
        """Return how many seconds follow the failure of that number."""
        beyond = failures - self.free
        return 0 if beyond < 0 else min(self.most, self.first * 2 ** min(beyond, 20))


NETWORK = Rule(free=100, first=10, most=300)
NAME = Rule(free=30, first=5, most=60)
BOTH = Rule(free=5, first=10, most=900)
CODES = Rule(free=10, first=10, most=900)


class Answer(Enum):
    """Whether a try is looked at."""

    YES = "yes"
    NO = "no"
    """Not under this name: nothing is said of it."""
    NOT_FROM_HERE = "not from here"
    """Under no name at all: that may be said."""
    BUSY = "busy"
    """Not now, whoever asks: too many are asking."""


@dataclass(frozen=True)
class Try:
    """A try that was counted."""

    answer: Answer
    keys: tuple[str, ...]
    wait: int = 0
    """How many seconds follow, should it fail."""

    @property
    def admitted(self) -> bool:
        """Return whether it is looked at."""
        return self.answer is Answer.YES


def count(kind: str, name: str, environ: Mapping[str, Any]) -> Try:
    """Count a try and say whether it is looked at; `kind` says of what: passwords and codes are counted apart."""
    network, name = client_network(environ), unicodedata.normalize("NFKC", name).casefold()
    now = clock.now()
    # Every try locks its rows in this order.
    with act():
        here = _row(now, kind, "", network)
        if not _counted(here, NETWORK, now):
            return Try(Answer.NOT_FROM_HERE, ())
        everywhere, both = _row(now, kind, name, ""), _row(now, kind, name, network)
        named = CODES if kind == "code" else NAME
        open_everywhere = _counted(everywhere, named, now) or record.is_known(name, network, now)
        if not (_counted(both, BOTH, now) and open_everywhere):
            return Try(Answer.NO, (), _fail(here, NETWORK, now))
        waits = [_fail(row, rule, now) for row, rule in ((here, NETWORK), (everywhere, named), (both, BOTH))]
    return Try(Answer.YES, (here.key, everywhere.key, both.key), max(waits))


def is_shut_out(kind: str, environ: Mapping[str, Any]) -> bool:
    """Return whether a network waits, whatever name it tries: it is told so before it takes anybody's turn."""
    row = Tries.objects.filter(key=key(kind, "", client_network(environ))).first()
    return row is not None and _waits(row, NETWORK, clock.now())


@contextmanager
def turn() -> Iterator[bool]:
    """Look at a password in its turn; False when somebody waits already, or when it does not come in time."""
    if not _line.acquire(blocking=False):
        yield False
        return
    try:
        if not _turn.acquire(timeout=PATIENCE):
            yield False
            return
        try:
            yield True
        finally:
            _turn.release()
    finally:
        _line.release()


def forgive(tried: Try) -> None:
    """Take a try back that succeeded: whoever knows the password has guessed nothing.

    That holds before the second factor too, whose tries are counted apart: nothing is left to guess of the password.
    """
    *others, both = tried.keys
    Tries.objects.filter(key__in=others, failures__gt=0).update(failures=F("failures") - 1)
    Tries.objects.filter(key=both).delete()


def drop_old() -> None:
    """Drop the counts that nothing was added to for a day."""
    Tries.objects.filter(last_at__lt=clock.now() - KEPT).delete()


def key(kind: str, name: str, network: str) -> str:
    """Return what a count is kept under."""
    return salted_hmac("multitude.accounts.throttle", f"{kind}\n{name}\n{network}", algorithm="sha256").hexdigest()


def _row(now: datetime, kind: str, name: str, network: str) -> Tries:
    defaults = {"last_at": now}
    row, _new = Tries.objects.select_for_update().get_or_create(key=key(kind, name, network), defaults=defaults)
    return row


def _counted(row: Tries, rule: Rule, now: datetime) -> bool:
    """Add a try to a count, and return whether it is looked at."""
    if abs(now - row.last_at) > FORGOTTEN:
        row.count = row.failures = 0
    row.count += 1
    row.last_at = now
    row.save()
    return not _waits(row, rule, now)


def _waits(row: Tries, rule: Rule, now: datetime) -> bool:
    # A wait that ends later than the rule allows comes from a clock that was wrong.
    return row.until is not None and now < row.until <= now + timedelta(seconds=rule.most)


def _fail(row: Tries, rule: Rule, now: datetime) -> int:
    row.failures += 1
    wait = rule.wait(row.failures)
    row.until = now + timedelta(seconds=wait) if wait else None
    row.save()
    return wait
