"""Django's backend for PostgreSQL, with connections that do not wait for a server that is away."""

import select
from collections.abc import Generator
from time import monotonic
from typing import Any

import psycopg
from django.db.backends.postgresql import base

from multitude.postgresql.watch import Watch

# A statement may well take longer; but after so many seconds without a word one asks whether anybody is there.
SILENCE = 0.5
AWAY = "the server does not answer"

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

    def wait(self, gen: Any, *args: Any, **kwargs: Any) -> Any:
        """Wait for an answer, as psycopg does; raises OperationalError once the server is known to be away."""
        return super().wait(self._while_there(gen), *args, **kwargs)

    def _while_there(self, gen: Any) -> Generator[Any, Any, Any]:
        asked_at = monotonic()
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                # psycopg asks ten times a second whether something has come.
                if not ready and (watch.is_away or monotonic() - asked_at > SILENCE):
                    if not watch.ask():
                        self.close()
                        raise psycopg.OperationalError(AWAY)
                    asked_at = monotonic()
                wanted = gen.send(ready)
        except StopIteration as done:
            return done.value


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
