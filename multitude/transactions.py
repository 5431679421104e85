"""One act, one transaction: what the verbs that readers and moderators call at the same instant run in.

SQLite lets one connection write at a time, and those that come meanwhile try again after a pause, the unlucky ones
many times over. The threads of one process queue up here instead, each woken when its turn has come. Other processes
still wait as SQLite has them wait. PostgreSQL needs none of it.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

# Entered again by the same thread: what runs after a commit may be an act too, before the line moves on.
_writing = threading.RLock()
# As long as SQLite has a connection wait for another process.
PATIENCE = 20.0


@contextmanager
def act() -> Iterator[None]:
    """Run a block, or a function, in a transaction; inside another one it is part of that.

    Raises OperationalError when its turn does not come within PATIENCE seconds.
    """
    # Whoever is in a transaction writes already: to queue behind those who wait for it would be to wait for ever.
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        with transaction.atomic():
            yield
        return
    if not _writing.acquire(timeout=PATIENCE):
        raise OperationalError("database is locked by another thread")
    try:
        with transaction.atomic():
            yield
    finally:
        _writing.release()
