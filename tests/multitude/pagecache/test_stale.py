"""An old page while a new one is made, by one thread only: no reader waits for it."""

import threading
from threading import Thread, current_thread

import pytest

from multitude.pagecache import PageCache
from tests.multitude.pagecache.newspaper import Newspaper, ask
from tests.multitude.pagecache.together import Gate, answers, readers
from tests.waiting import until

ONE, TWO, THREE = (f"/articles/{slug}/" for slug in ("un", "deux", "trois"))


def test_readers_of_an_expired_page_get_it_at_once(cache: PageCache, newspaper: Newspaper, clock) -> None:
    ask(cache)
    clock.advance(61)
    with readers(cache, newspaper, gate := Gate()):
        old = [ask(cache) for _reader in range(1_000)]
        gate.wait_for_someone()
        assert {(answer.cache, answer.headers["Age"]) for answer in old} == {("stale", "61")}
        assert cache._refreshes.empty()
    assert newspaper.times == 2


def test_the_new_page_takes_the_place_of_the_old_one(cache: PageCache, newspaper: Newspaper, clock) -> None:
    ask(cache)
    clock.advance(61)
    newspaper.body = b"nouvelle"
    assert ask(cache).cache == "stale"
    until(lambda: ask(cache).cache == "hit")
    answer = ask(cache)
    assert (answer.body, answer.headers["Age"], newspaper.times) == (b"nouvelle", "0", 2)
    assert cache.counters()["pages"] == 1


def test_one_thread_alone_makes_them_one_after_the_other(cache: PageCache, newspaper: Newspaper, clock) -> None:
    makers = set()

    def meanwhile(environ: object) -> None:
        makers.add((current_thread().name, current_thread().daemon))
        under_way.append(environ)
        assert len(under_way) == 1
        under_way.clear()

    paths = [f"/articles/{number}/" for number in range(50)]
    for path in paths:
        ask(cache, path)
    clock.advance(61)
    under_way: list[object] = []
    with readers(cache, newspaper, meanwhile) as public:
        for path in paths:
            answers(public.ask(2, path))
        until(lambda: all(ask(cache, path).cache == "hit" for path in paths))
    assert makers == {("page-refresher", True)}
    assert newspaper.times == 100


@pytest.mark.parametrize(
    ("policy", "seconds", "state"),
    [
        ("public, s-maxage=60, stale-while-revalidate=60", 59, "hit"),
        ("public, s-maxage=60, stale-while-revalidate=60", 119, "stale"),
        ("public, s-maxage=60, stale-while-revalidate=60", 120, "miss"),
        ("public, s-maxage=60, stale-while-revalidate=0, stale-if-error=86400", 60, "miss"),
        ("public, s-maxage=60", 60, "miss"),
    ],
)
def test_a_page_is_old_as_long_as_it_says(
    cache: PageCache, newspaper: Newspaper, clock, policy: str, seconds: int, state: str
) -> None:
    newspaper.headers = {"Cache-Control": policy}
    ask(cache)
    clock.advance(seconds)
    with readers(cache, newspaper, Gate() if state == "stale" else lambda environ: None):
        assert ask(cache).cache == state


def test_what_was_purged_meanwhile_is_not_made_for_nobody(
    cache: PageCache, newspaper: Newspaper, clock, caplog: pytest.LogCaptureFixture
) -> None:
    for path in (ONE, TWO, THREE):
        newspaper.headers = {"Surrogate-Key": path}
        ask(cache, path)
    clock.advance(61)
    with readers(cache, newspaper, gate := Gate()):
        for path in (ONE, TWO, THREE):
            assert ask(cache, path).cache == "stale"
        gate.wait_for_someone()
        cache.purge(frozenset({TWO}))
        gate.open()
        until(lambda: ask(cache, THREE).cache == "hit")
    assert [seen["PATH_INFO"] for seen in newspaper.asked[3:]] == [ONE, THREE]
    assert not caplog.records


def test_a_page_that_cannot_be_made_anew_stays_and_the_others_are_made(
    cache: PageCache, newspaper: Newspaper, clock
) -> None:
    for path in (ONE, TWO):
        ask(cache, path)
    clock.advance(61)
    newspaper.failure = ValueError("panne")
    assert ask(cache, ONE).cache == "stale"
    until(lambda: newspaper.times == 3)
    newspaper.failure = None
    assert ask(cache, TWO).cache == "stale"
    until(lambda: ask(cache, TWO).cache == "hit")
    until(lambda: ask(cache, ONE).cache == "hit")


def test_a_failure_that_nobody_sees_is_logged_and_stops_nothing(
    cache: PageCache, newspaper: Newspaper, clock, caplog: pytest.LogCaptureFixture
) -> None:
    newspaper.headers = {"Cache-Control": "public, s-maxage=60, stale-while-revalidate=60"}
    for path in (ONE, TWO):
        ask(cache, path)
    clock.advance(61)
    newspaper.failure = ValueError("panne")
    assert ask(cache, ONE).cache == "stale"
    until(lambda: len(caplog.records) == 1)
    assert "/articles/un/" in caplog.text
    refresher = cache._refresher
    newspaper.failure = None
    assert ask(cache, TWO).cache == "stale"
    until(lambda: ask(cache, TWO).cache == "hit")
    assert cache._refresher is refresher


def test_a_page_that_must_no_longer_be_kept_goes(cache: PageCache, newspaper: Newspaper, clock) -> None:
    ask(cache)
    clock.advance(61)
    newspaper.headers, newspaper.body = {"Cache-Control": "no-store"}, b"brouillon"
    assert ask(cache).cache == "stale"
    until(lambda: cache.counters()["pages"] == 0)
    assert ask(cache).body == b"brouillon"


def test_when_no_thread_can_be_had_the_next_reader_asks_again(
    cache: PageCache, newspaper: Newspaper, clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_thread(self: Thread) -> None:
        raise RuntimeError("can't start new thread")

    ask(cache)
    clock.advance(61)
    with monkeypatch.context() as without_threads:
        without_threads.setattr(threading.Thread, "start", no_thread)
        assert ask(cache).cache == "stale"
    assert ask(cache).cache == "stale"
    until(lambda: ask(cache).cache == "hit")
