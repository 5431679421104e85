"""`FrontCaches`: every cache is told, twice, until it answers; whoever tells them never waits."""

import logging
import time
from collections.abc import Callable, Iterator
from threading import Event

import pytest

from multitude import frontcaches
from multitude.frontcaches import FrontCaches
from tests.frontcaches.cache import DONE, REFUSED, FakeCache, listening
from tests.servers import free_port

type Tell = Callable[..., FrontCaches]

PATIENCE = 30


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frontcaches, "AGAIN_SECONDS", 0.2)
    monkeypatch.setattr(frontcaches, "SHORTEST_DELAY", 0.02)
    monkeypatch.setattr(frontcaches, "TIMEOUT", 0.5)


@pytest.fixture
def cache() -> Iterator[FakeCache]:
    """Return a cache that answers."""
    with listening() as cache:
        yield cache


@pytest.fixture
def tell() -> Iterator[Tell]:
    """Return a way to make front caches that end with the test."""
    made: list[FrontCaches] = []

    def make(*urls: str) -> FrontCaches:
        made.append(FrontCaches(urls))
        return made[-1]

    yield make
    for caches in made:
        caches.finish()


def test_a_purge_is_sent_at_once_and_a_second_time_later(
    cache: FakeCache, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frontcaches, "AGAIN_SECONDS", 0.5)
    start = time.monotonic()
    tell(cache.url).purge(["article:1", "lists"])
    assert cache.wait_for(1) == [{"article:1", "lists"}]
    assert cache.wait_for(2) == [{"article:1", "lists"}] * 2
    assert time.monotonic() - start >= 0.5
    time.sleep(0.6)
    assert len(cache.purges) == 2


def test_every_cache_is_told_and_a_slow_one_keeps_no_other_waiting(
    cache: FakeCache, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frontcaches, "TIMEOUT", 2 * PATIENCE)
    may_answer = Event()
    with listening() as slow:
        slow.answer = lambda: DONE if may_answer.wait(PATIENCE) else None
        caches = tell(slow.url, cache.url)
        for number in range(1_000):
            caches.purge([f"article:{number}"])
        cache.wait_for(2)
        assert not slow.heads
        may_answer.set()
        assert slow.wait_for(1)


def test_what_is_purged_meanwhile_is_sent_together(cache: FakeCache, tell: Tell) -> None:
    caches = tell(cache.url)

    def more() -> bytes:
        for number in range(50):
            caches.purge([f"article:{number % 10}"])
        cache.answer = lambda: DONE
        return DONE

    cache.answer = more
    caches.purge(["site"])
    assert cache.wait_for(2) == [{"site"}, {f"article:{number}" for number in range(10)}]


def test_a_cache_is_told_again_until_it_answers(cache: FakeCache, tell: Tell, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    answers = iter([b"", REFUSED, b"bonjour\r\n\r\n"])
    cache.answer = lambda: next(answers, DONE)
    tell(cache.url).purge(["article:1"])
    assert cache.wait_for(5) == [{"article:1"}] * 5
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]
    assert cache.url in caplog.records[0].getMessage()


def test_a_cache_that_comes_back_is_told_what_it_missed(tell: Tell) -> None:
    port = free_port()
    caches = tell(f"http://127.0.0.1:{port}")
    caches.purge(["article:1"])
    time.sleep(0.1)
    caches.purge(["article:2"])
    with listening(port) as cache:
        assert cache.wait_for(1) == [{"article:1", "article:2"}]


def test_attempts_become_rarer(cache: FakeCache, tell: Tell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frontcaches, "LONGEST_DELAY", 0.2)
    cache.answer = lambda: REFUSED
    start = time.monotonic()
    tell(cache.url).purge(["article:1"])
    cache.wait_for(7)
    # 0.02, 0.04, 0.08 and 0.16 s after each other, then every 0.2 s.
    assert time.monotonic() - start >= 0.7


def test_a_cache_that_stays_away_is_given_up_with_an_error(
    cache: FakeCache, tell: Tell, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(frontcaches, "GIVE_UP_SECONDS", 0.1)
    cache.answer = lambda: b"HTTP/1.1 200000 \x1b[31m\r\n\r\n"
    caches = tell(cache.url)
    caches.purge(["article:1"])
    start = time.monotonic()
    while not any(record.levelno == logging.ERROR for record in caplog.records):
        assert time.monotonic() - start < PATIENCE
        time.sleep(0.01)
    assert "PURGE_URLS" in caplog.messages[-1]
    assert "\x1b" not in caplog.text
    told = len(cache.heads)
    cache.answer = lambda: DONE
    caches.purge(["article:2"])
    assert cache.wait_for(told + 2)[told:] == [{"article:2"}] * 2


def test_what_waits_is_bounded_by_purging_everything(tell: Tell) -> None:
    port = free_port()
    caches = tell(f"http://127.0.0.1:{port}")
    for number in range(20_000):
        caches.purge([f"article:{number}"])
    with listening(port) as cache:
        assert cache.wait_for(1) == [{"site"}]


def test_what_is_still_to_be_said_at_the_end_is_said_at_once(
    cache: FakeCache, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frontcaches, "AGAIN_SECONDS", 60)
    caches = tell(cache.url)
    caches.purge(["article:1"])
    cache.wait_for(1)
    caches.purge(["article:2"])
    caches.finish()
    assert set().union(*cache.purges[1:]) == {"article:1", "article:2"}
    caches.purge(["article:3"])
    assert {"article:3"} not in cache.purges


def test_the_end_waits_for_no_cache_that_is_away(tell: Tell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frontcaches, "TIMEOUT", PATIENCE)
    caches = tell(f"http://127.0.0.1:{free_port()}")
    caches.purge(["article:1"])
    start = time.monotonic()
    caches.finish()
    assert time.monotonic() - start < PATIENCE


def test_without_front_caches_there_is_nobody_to_tell(tell: Tell) -> None:
    tell().purge(["site"])
