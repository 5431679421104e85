"""What each of granian's worker processes calls first."""

import signal
from collections.abc import Callable
from contextlib import suppress


def application() -> Callable:
    """Return the WSGI application, in a process that can be stopped at any moment, once.

    A terminal sends Ctrl-C to every process, and granian then sends each worker a second signal: one that arrives
    while the first is being handled makes the worker wait for itself for ever, so the first is left to the parent.
    A worker is also born with its parent's handlers, which do nothing in it: until it has its own, it just ends.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    signal.signal(signal.SIGTERM, signal.SIG_DFL)

    # It sets Django up, which whatever else one would import here needs.
    from django.db import DatabaseError, close_old_connections

    from multitude import clock, wsgi

    # Before the first page is made: what is scheduled must not appear early because this machine's clock is wrong.
    with suppress(DatabaseError):
        clock.compare()
    close_old_connections()
    # A cache in front may answer for long before a first request comes: purges are followed from the start.
    wsgi.housekeeping.start()
    return wsgi.answer
