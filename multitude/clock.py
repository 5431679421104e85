"""The time by which the newspaper lives: this machine's, set right by the database's where the two differ.

Several machines serve one newspaper, and the clock of one of them may be wrong: an hour ahead, it would publish an hour too
early, and an hour behind, what is published elsewhere would stay hidden. Whatever decides what the public sees, and
when, asks `now()`. Where the database is a file on this machine there is one clock only, and nothing to compare.
"""

import logging
import time as machine
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

logger = logging.getLogger(__name__)

# How often a web process compares the two.
EVERY_SECONDS = 10
# Clocks that are kept right differ by less, and asking takes time too.
_ALLOWED = timedelta(seconds=2)

_behind = timedelta()


def now() -> datetime:
    """Return the present instant, in UTC."""
    return timezone.now() + _behind


def time() -> float:
    """Return the seconds since 1970 at the present instant."""
    return machine.time() + _behind.total_seconds()


def compare() -> None:
    """Ask the database for its time, and from now on live by it if this machine's is another; raises DatabaseError."""
    global _behind
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        [theirs] = cursor.fetchone()
    behind = theirs - timezone.now()
    if abs(behind) <= _ALLOWED:
        behind = timedelta()
    if abs(behind - _behind) > _ALLOWED:
        if behind:
            logger.error(
                "L’horloge de cette machine diffère de %.0f s de celle de la base de données, qui fait foi : réglez-la.",
                -behind.total_seconds(),
            )
        else:
            logger.info("L’horloge de cette machine est à nouveau celle de la base de données.")
        _behind = behind
