"""Django's backend for PostgreSQL, with connections that do not wait for a server that is away."""

import select
from collections.abc import Generator
from functools import cached_property
from time import monotonic
from typing import Any, NoReturn

import psycopg
from django.db.backends.postgresql import base

from multitude.postgresql.watch import Watch

# A statement may well take longer; but after so many seconds without a word one asks whether anybody is there. Where no
# reader waits one is in no hurry: on a machine that is more than busy, a server that is there may be slow to say so.
SILENCE, SILENCE_WITHOUT_READERS = 0.5, 5.0
# The server itself ends a reader's statement after fifteen seconds (`environment.limit_statements`). Where it does not, the one
# of its processes that serves this connection hangs, although the server answers whoever asks.
LONGEST_SILENCE = 20.0
AWAY = "the server does not answer"
HANGS = "the server's process for this connection hangs"

watch = Watch()


class Connection(psycopg.Connection):
    """A connection that asks whether the server is there when it says nothing for long."""

    @classmethod
    def connect(cls, *args: Any, **kwargs: Any) -> "Connection":
        """Connect, and tell the watch of it; raises OperationalError."""
        try:
            connection = super().connect(*args, **kwargs)
        except psycopg.OperationalError:
            watch.ask()
            raise
        watch.heard(connection.pgconn.hostaddr.decode() or connection.info.host, connection.info.port)
        return connection

    @cached_property
    def is_for_readers(self) -> bool:
        """Whether a reader waits for what is asked here, so that no statement may take for ever."""
        return b"statement_timeout" in self.pgconn.options

    def wait(self, gen: Any, *args: Any, **kwargs: Any) -> Any:
        """Wait for an answer, as psycopg does; raises OperationalError once the server is known to be away."""
        return super().wait(self._while_there(gen), *args, **kwargs)

    def _while_there(self, gen: Any) -> Generator[Any, Any, Any]:
        silence = SILENCE if self.is_for_readers else SILENCE_WITHOUT_READERS
        heard_at = asked_at = monotonic()
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                # psycopg asks ten times a second whether something has come.
                if ready:
                    heard_at = asked_at = monotonic()
                elif watch.is_away or monotonic() - asked_at > silence:
                    if not watch.ask(patiently=not self.is_for_readers):
                        self._give_up(AWAY)
                    asked_at = monotonic()
                    if self.is_for_readers and asked_at - heard_at > LONGEST_SILENCE:
                        self._give_up(HANGS)
                wanted = gen.send(ready)
        except StopIteration as done:
            return done.value

    def _give_up(self, reason: str) -> NoReturn:
        self.close()
        raise psycopg.OperationalError(reason)


class DatabaseWrapper(base.DatabaseWrapper):
    """Takes connections from the pool, those alone that are still open at the other end."""

    @property
    def pool(self) -> Any:
        """Return the pool of this process, or None where none is configured."""
        if options := self.settings_dict["OPTIONS"].get("pool"):
            options.setdefault("connection_class", Connection)
        return super().pool

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Return a connection; raises OperationalError at once while the server is known to be away."""
        if not self.pool:
            return super().get_new_connection(conn_params)
        for _attempt in range(self.pool.max_size + 1):
            if watch.is_away:
                break
            connection = super().get_new_connection(conn_params)
            if not _was_hung_up(connection):
                return connection
            connection.close()
            self.pool.putconn(connection)
        raise psycopg.OperationalError(AWAY)


def _was_hung_up(connection: psycopg.Connection) -> bool:
    """Return whether the server has closed a connection that lay in the pool, as it does when it is restarted."""
    readable = select.poll()
    readable.register(connection.pgconn.socket, select.POLLIN)
    if not readable.poll(0):
        return False
    try:
        connection.pgconn.consume_input()
    except psycopg.OperationalError:
        return True
    # Something may also have been told in passing, such as a new configuration: the connection is good. What the server says
    # before it hangs up is followed by the end.
    return bool(readable.poll(0))
