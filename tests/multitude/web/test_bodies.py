"""A body arrives whole before anybody is asked; who sends slowly holds two threads at most."""

import threading
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

import pytest

from multitude.web.bodies import MOST_FROM_READERS, PLACES, WholeBodies

pytestmark = pytest.mark.any_database


class Slow(BytesIO):
    """A body of which nothing comes before it is let go."""

    def __init__(self) -> None:
        super().__init__(b"a=b")
        self.begun, self.let_go = threading.Event(), threading.Event()

    def read(self, *args: Any) -> bytes:
        """Wait, then read."""
        self.begun.set()
        assert self.let_go.wait(30)
        return super().read(*args)


def echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer what was sent."""
    start_response("200 OK", [])
    return [environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"] or 0))]


def send(site: WholeBodies, body: BytesIO, length: int, path: str = "/", method: str = "POST") -> tuple[str, bytes]:
    """Send a request and return the status and the text of its answer."""
    told: list[str] = []
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "CONTENT_LENGTH": str(length or ""), "wsgi.input": body}
    answer = b"".join(site(environ, lambda status, headers: told.append(status[:3])))
    return told[0], answer


def test_a_whole_body_is_handed_on() -> None:
    assert send(WholeBodies(echo), BytesIO(b"a=b"), 3) == ("200", b"a=b")


def test_what_follows_a_body_is_left_alone() -> None:
    assert send(WholeBodies(echo), BytesIO(b"a=bGET /"), 3) == ("200", b"a=b")


def test_a_body_cut_short_is_refused() -> None:
    assert send(WholeBodies(echo), BytesIO(b"a="), 3)[0] == "400"


def test_a_large_file_goes_by_the_disk() -> None:
    large = b"a" * 3_000_000
    assert send(WholeBodies(echo), BytesIO(large), len(large), "/admin/") == ("200", large)


def test_what_readers_forms_refuse_is_not_read() -> None:
    body = BytesIO(b"a" * 100_000)
    assert send(WholeBodies(echo), body, MOST_FROM_READERS + 1) == ("200", b"")
    assert body.tell() == 0


def test_slow_senders_keep_others_neither_from_reading_nor_for_ever_from_writing() -> None:
    site = WholeBodies(echo)
    slow = [Slow() for _ in range(PLACES)]
    threads = [threading.Thread(target=send, args=(site, body, 3)) for body in slow]
    for thread, body in zip(threads, slow, strict=True):
        thread.start()
        assert body.begun.wait(30)
    assert send(site, BytesIO(), 0, method="GET")[0] == "200"
    status, text = send(site, BytesIO(b"a=b"), 3)
    assert status == "503"
    assert "Un instant" in text.decode()
    for thread, body in zip(threads, slow, strict=True):
        body.let_go.set()
        thread.join()
    assert send(site, BytesIO(b"a=b"), 3) == ("200", b"a=b")
