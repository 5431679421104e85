"""One act, one transaction: what the verbs that readers and moderators call at the same instant run in.

SQLite lets one connection write at a time, and those that come meanwhile try again after a pause, the unlucky ones
many times over. Acts queue up here instead: the threads of one process, and then the processes of this machine, each
when its turn has come. PostgreSQL needs none of it.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep

from django.db import OperationalError, connection, transaction

# Entered again by the same thread: what runs after a commit may be an act too, before the line moves on.
_writing = threading.RLock()
_has_turn = False
# As long as SQLite has a connection wait for another process.
PATIENCE = 20.0
# A process that waits looks so often, in seconds: an act takes ten times as long.
_LOOK = 0.0003


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
        with _turn_of_this_process(), transaction.atomic():
            yield
    finally:
        _writing.release()


@contextmanager
def _turn_of_this_process() -> Iterator[None]:
    global _has_turn
    database = Path(connection.settings_dict["NAME"])
    # One that lies in memory is this process's own.
    if _has_turn or not database.is_absolute():
        yield
        return
    with turn(database):
        _has_turn = True
        try:
            yield
        finally:
            _has_turn = False


@contextmanager
def turn(database: Path) -> Iterator[None]:
    """Hold what one process at a time holds, of those that write to a database's file.

    Whoever is next stands in the door, so that nobody who has just had a turn is quicker again. The system lets go of
    both when a process dies. Raises OperationalError after PATIENCE seconds.
    """
    until = monotonic() + PATIENCE
    door = _locked(f"{database}-porte", until)
    try:
        taken = _locked(f"{database}-tour", until)
    finally:
        os.close(door)
    try:
        yield
    finally:
        os.close(taken)


def _locked(path: str, until: float) -> int:
    """Return the descriptor of a file that nobody else has locked; closing it unlocks it."""
    descriptor = _opened(path)
    try:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if monotonic() > until:
                    raise OperationalError("database is locked by another process") from None
                sleep(_LOOK)
            else:
                return descriptor
    except BaseException:
        os.close(descriptor)
        raise


def _opened(path: str) -> int:
    """Return the descriptor of an empty file, which whoever may enter its folder may open: root may have made it."""
    try:
        with suppress(FileNotFoundError):
            return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        descriptor = os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC)
        os.fchmod(descriptor, 0o644)
    except OSError as error:
        raise OperationalError(f"unable to open {path}") from error
    return descriptor
