"""A cache that takes PURGE requests and notes them, or behaves badly."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

DONE = b"HTTP/1.1 200 Purged 1\r\nContent-Length: 0\r\n\r\n"
REFUSED = b"HTTP/1.1 405 Not allowed\r\nContent-Length: 0\r\n\r\n"


@dataclass
class FakeCache:
    """Notes each request's head, and answers it with what `answer` returns; None leaves it without an answer."""

    port: int
    answer: Callable[[], bytes | None] = lambda: DONE
    heads: list[str] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def url(self) -> str:
        """Its address as in PURGE_URLS."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def purges(self) -> list[set[str]]:
        """The keys of each request, in the order of their arrival."""
        lines = [line for head in self.heads for line in head.split("\r\n") if line.startswith("xkey-purge: ")]
        return [set(line.split()[1:]) for line in lines]

    def wait_for(self, requests: int, seconds: float = 30) -> list[set[str]]:
        """Return the keys of each request, once there were so many."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.heads) >= requests, seconds), self.purges
        return self.purges


def _serve(cache: FakeCache, listener: socket.socket) -> None:
    with suppress(OSError):
        while True:
            connection, _peer = listener.accept()
            threading.Thread(target=_answer, args=(cache, connection), daemon=True).start()


def _answer(cache: FakeCache, connection: socket.socket) -> None:
    with connection, suppress(OSError):
        head = connection.recv(65_536)
        while head.startswith(b"PURGE") and not head.endswith(b"\r\n\r\n") and (chunk := connection.recv(65_536)):
            head += chunk
        answer = cache.answer()
        with cache.changed:
            cache.heads.append(head.decode(errors="replace"))
            cache.changed.notify_all()
        if answer is None:
            connection.recv(1)
        else:
            connection.sendall(answer)


@contextmanager
def listening(port: int = 0) -> Iterator[FakeCache]:
    """Give a cache on a free port, or on one where a cache has listened before."""
    with socket.create_server(("127.0.0.1", port)) as listener:
        cache = FakeCache(listener.getsockname()[1])
        thread = threading.Thread(target=_serve, args=(cache, listener), daemon=True)
        thread.start()
        try:
            yield cache
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
