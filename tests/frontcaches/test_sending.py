"""`frontcaches.send`: one purge to one cache, which may answer anything."""

from collections.abc import Iterator
from http.client import HTTPException

import pytest

from multitude import frontcaches
from multitude.frontcaches import send
from tests.frontcaches.cache import DONE, FakeCache, listening
from tests.servers import free_port

BAD_ANSWERS = [
    b"",
    b"\r\n",
    b"bonjour\r\n\r\n",
    b"HTTP/1.1 405 Not allowed\r\n\r\n",
    b"HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:1/\r\n\r\n",
    b"HTTP/1.1 204 No Content\r\n\r\n",
    b"HTTP/1.1 200000 OK\r\n\r\n",
    b"HTTP/1.1 503 \x1b[31m\xff\r\n\r\n",
    b"HTTP/1.1 200 " + b"x" * 100_000 + b"\r\n\r\n",
    b"HTTP/1.1 200 OK\r\n" + b"X: 1\r\n" * 1_000 + b"\r\n",
    b"\x16\x03\x01\x02\x00",
]


@pytest.fixture
def cache() -> Iterator[FakeCache]:
    """Return a cache that answers."""
    with listening() as cache:
        yield cache


def test_the_keys_stand_in_one_header(cache: FakeCache) -> None:
    send(cache.url, ["article:12", "lists", "article:12"])
    assert cache.purges == [{"article:12", "lists"}]
    assert cache.heads[0].startswith("PURGE / HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{cache.port}\r\n" in cache.heads[0]


def test_many_keys_are_sent_in_headers_that_a_cache_takes(cache: FakeCache) -> None:
    keys = {f"article:{number}" for number in range(2_000)}
    send(cache.url, keys)
    assert len(cache.purges) > 1
    assert set().union(*cache.purges) == keys
    assert max(len(line) for head in cache.heads for line in head.split("\r\n")) <= 4_096 + len("xkey-purge: ")


def test_nothing_to_purge_is_nothing_to_send(cache: FakeCache) -> None:
    send(cache.url, [])
    assert cache.heads == []


def test_no_key_can_write_another_header(cache: FakeCache) -> None:
    send(cache.url, ["article:1\r\nX-Forged: 1", "é"])
    assert "\r\nX-Forged" not in cache.heads[0]
    assert cache.purges == [{"article:1", "X-Forged:", "1", "é"}]


@pytest.mark.parametrize("answer", BAD_ANSWERS)
def test_an_answer_that_is_not_200_is_no_purge(cache: FakeCache, answer: bytes) -> None:
    cache.answer = lambda: answer
    with pytest.raises((OSError, HTTPException)):
        send(cache.url, ["site"])


def test_what_follows_a_good_answer_is_not_read(cache: FakeCache) -> None:
    cache.answer = lambda: b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 10_000_000
    send(cache.url, ["site"])


def test_a_cache_that_does_not_answer_is_not_waited_for(cache: FakeCache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frontcaches, "TIMEOUT", 0.2)
    cache.answer = lambda: None
    with pytest.raises(TimeoutError):
        send(cache.url, ["site"])


def test_a_cache_that_is_not_there_is_an_error() -> None:
    with pytest.raises(ConnectionRefusedError):
        send(f"http://127.0.0.1:{free_port()}", ["site"])


def test_a_cache_without_tls_is_not_taken_for_one_with_it(cache: FakeCache) -> None:
    cache.answer = lambda: DONE
    with pytest.raises(OSError, match="SSL"):
        send(cache.url.replace("http:", "https:"), ["site"])
