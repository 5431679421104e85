"""Whether the database keeps what it is given: each web process tries every few seconds, beside answering.

It may still answer questions, and change a row in its place, when its disk has no room for another comment. So what is
tried is both: a row is written and committed, by the process whose turn it is, and PostgreSQL is asked for a little room
on its disk. A disk that is slow to confirm holds up no probe; what fails is asked again by the probe itself, so that the
end of it is known at once.
"""

from django.db import DatabaseError, InterfaceError, connection

from multitude.background import housekeeping
from multitude.sight import discretion
from multitude.transactions import act

EVERY_SECONDS = 5.0
_CHORE = "writing"
# Each page of PostgreSQL's takes four of these rows: a few pages of room that a table with gaps would not ask for.
_ROWS, _LETTERS = 32, 1_900

_has_failed = False


def attempt() -> None:
    """Write something; raises DatabaseError or InterfaceError where that fails, and remembers it."""
    global _has_failed
    try:
        with act():
            housekeeping.claim(_CHORE, EVERY_SECONDS)
            if connection.vendor == "postgresql":
                _take_room()
    except (DatabaseError, InterfaceError):
        _has_failed = True
        raise
    _has_failed = False


def failure() -> str:
    """Return nothing where what was written last was kept, or would be now; else why it is not."""
    if _has_failed:
        try:
            attempt()
        except (DatabaseError, InterfaceError) as error:
            return discretion.said(error)
    return ""


def _take_room() -> None:
    """Fill a table of this connection's own, which is empty again once the transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_database_privilege(current_database(), 'TEMPORARY')")
        [may] = cursor.fetchone()
        if may:
            cursor.execute("CREATE TEMPORARY TABLE IF NOT EXISTS multitude_room (filler text) ON COMMIT DELETE ROWS")
            cursor.execute(
                "INSERT INTO multitude_room SELECT repeat('x', %s) FROM generate_series(1, %s)", [_LETTERS, _ROWS]
            )
