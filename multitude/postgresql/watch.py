"""Whether the PostgreSQL server answers, as this process knows.

A server that hangs keeps its connections open and says nothing: its own time limits hang with it, and the kernel goes on
acknowledging what is sent. So a connection that waits for long asks whether anybody is there at all (`Watch.ask`); from
then on nobody in this process waits (`Watch.is_away`), until somebody is there again.
"""

import logging
import socket
import struct
import threading
from time import sleep

logger = logging.getLogger(__name__)

# "Would you speak TLS?", which PostgreSQL and its proxies answer with one letter before they ask who one is
# (PostgreSQL's documentation, "Message Formats", SSLRequest).
_QUESTION = struct.pack("!ii", 8, 80877103)
# Who does not answer that within this many seconds is away: where a reader waits, and where none does.
_PATIENCE, _LONG_PATIENCE = 0.4, 5.0
_EVERY = 0.5


class Watch:
    """What one process knows of its server; at first, that it is there."""

    def __init__(self) -> None:
        self.is_away = False
        self._address: tuple[str, int] | None = None
        self._asking = threading.Lock()

    def heard(self, host: str, port: int) -> None:
        """Note where the server has just been reached."""
        self._address = host, port
        self.is_away = False

    def ask(self, *, patiently: bool = False) -> bool:
        """Return whether the server answers now; while it does not, a thread goes on asking."""
        if self._address is None:
            return True
        with self._asking:
            # Somebody else may have asked meanwhile.
            if not self.is_away and _answers(*self._address, _LONG_PATIENCE if patiently else _PATIENCE):
                return True
            if self.is_away:
                return False
            self.is_away = True
        logger.error("La base de données ne répond plus : les demandes qui en ont besoin reçoivent 503.")
        threading.Thread(target=self._wait, name="database-watch", daemon=True).start()
        return False

    def _wait(self) -> None:
        while self.is_away and not (self._address and _answers(*self._address)):
            sleep(_EVERY)
        self.is_away = False
        logger.warning("La base de données répond à nouveau.")


def _answers(host: str, port: int, patience: float = _PATIENCE) -> bool:
    """Ask whoever listens there one question; `host` that begins with a slash is the folder of a Unix socket."""
    try:
        with _connected(host, port, patience) as server:
            server.settimeout(patience)
            server.sendall(_QUESTION)
            return bool(server.recv(1))
    except OSError:
        return False


def _connected(host: str, port: int, patience: float) -> socket.socket:
    if not host.startswith("/"):
        return socket.create_connection((host, port), timeout=patience)
    server = socket.socket(socket.AF_UNIX)
    server.settimeout(patience)
    try:
        server.connect(f"{host}/.s.PGSQL.{port}")
    except OSError:
        server.close()
        raise
    return server
