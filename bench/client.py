"""A small HTTP client on one core: keep-alive connections that each send one request after the other.

It waits for every answer, so what it sent and what the server did agree to the last request.
"""

import re
import select
import socket
from collections import Counter
from collections.abc import Iterable, Iterator
from time import perf_counter

from bench.http import Answer
from bench.results import Broken
from bench.sample import Sample
from multitude.web.server import HOST

_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)
_PATIENCE = 60.0


class Connection:
    """One connection that is kept open."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection((HOST, port), timeout=_PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received = bytearray()
        self._sent_at = 0.0

    def fileno(self) -> int:
        """Return the descriptor that `select` wants."""
        return self._socket.fileno()

    def send(self, request: bytes) -> None:
        """Send a request; the clock of its answer starts."""
        self._sent_at = perf_counter()
        self._socket.sendall(request)

    def receive(self) -> Answer | None:
        """Read what has come; None while the answer is not whole."""
        chunk = self._socket.recv(262_144)
        if not chunk:
            raise Broken("le serveur a fermé la connexion")
        self._received += chunk
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = bytes(self._received[:end])
        has_body = head[9:12] not in (b"204", b"304")
        length = _LENGTH.search(head) if has_body else None
        if has_body and length is None:
            raise Broken(f"une réponse sans longueur : {head[:200]!r}")
        whole = end + 4 + (int(length[1]) if length else 0)
        if len(self._received) < whole:
            return None
        answer = Answer(head, bytes(self._received[end + 4 : whole]), perf_counter() - self._sent_at)
        del self._received[:whole]
        return answer

    def ask(self, request: bytes) -> Answer:
        """Send a request and wait for its answer."""
        self.send(request)
        while (answer := self.receive()) is None:
            pass
        return answer

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()


def ask(port: int, request: bytes) -> Answer:
    """Send one request on a connection of its own."""
    connection = Connection(port)
    try:
        return connection.ask(request)
    finally:
        connection.close()


def drive(port: int, requests: Iterable[bytes], *, connections: int, seconds: float) -> Sample:
    """Send requests in their order until time or requests run out, and wait for every answer."""
    waiting = iter(requests)
    pool = [Connection(port) for _number in range(connections)]
    latencies: list[float] = []
    statuses: Counter[int] = Counter()
    start = perf_counter()
    try:
        for connection, answer in _answers(pool, waiting):
            latencies.append(answer.seconds)
            statuses[answer.status] += 1
            if perf_counter() - start < seconds and (request := next(waiting, None)) is not None:
                connection.send(request)
            else:
                pool.remove(connection)
                connection.close()
        elapsed = perf_counter() - start
    finally:
        for connection in pool:
            connection.close()
    return Sample.of_latencies(latencies, elapsed, statuses)


def burst(port: int, request: bytes, *, connections: int) -> list[Answer]:
    """Have many connections, open already, ask the same at once."""
    pool = [Connection(port) for _number in range(connections)]
    everyone = list(pool)
    answers = []
    try:
        for connection, answer in _answers(pool, iter([request] * connections)):
            answers.append(answer)
            pool.remove(connection)
    finally:
        for connection in everyone:
            connection.close()
    return answers


def _answers(pool: list[Connection], requests: Iterator[bytes]) -> Iterator[tuple[Connection, Answer]]:
    """Send a first request on each connection, and yield answers as they come for as long as the pool has some."""
    poll = select.epoll()
    by_number = {connection.fileno(): connection for connection in pool}
    for number, connection in by_number.items():
        poll.register(number, select.EPOLLIN)
        request = next(requests, None)
        if request is None:
            pool.remove(connection)
        else:
            connection.send(request)
    try:
        while pool:
            events = poll.poll(_PATIENCE)
            if not events:
                raise Broken(f"aucune réponse depuis {_PATIENCE:.0f} s")
            for number, _event in events:
                if (answer := by_number[number].receive()) is not None:
                    yield by_number[number], answer
    finally:
        poll.close()
