"""What the health page is told: how many readers were answered from memory, and what it holds."""

import pytest

from multitude.pagecache import PageCache, PageNotMade
from tests.multitude.pagecache.newspaper import Newspaper, ask
from tests.multitude.pagecache.together import Gate, Waiting, answers, readers
from tests.waiting import until


def states(cache: PageCache) -> tuple[int, int, int]:
    """Return the hits, misses and stale answers counted so far."""
    counters = cache.counters()
    return counters["hit"], counters["miss"], counters["stale"]


def test_an_empty_cache_counts_nothing(cache: PageCache) -> None:
    assert cache.counters() == {"hit": 0, "miss": 0, "stale": 0, "pages": 0, "bytes": 0}


def test_each_answer_counts_once_by_what_its_header_says(cache: PageCache, newspaper: Newspaper, clock) -> None:
    for _reader in range(3):
        ask(cache)
    ask(cache, method="HEAD")
    ask(cache, IF_NONE_MATCH="*")
    assert states(cache) == (4, 1, 0)
    clock.advance(61)
    with readers(cache, newspaper, Gate()):
        ask(cache)
        ask(cache)
        assert states(cache) == (4, 1, 2)


def test_a_page_made_for_nobody_in_particular_is_no_answer(cache: PageCache, newspaper: Newspaper, clock) -> None:
    ask(cache)
    clock.advance(61)
    ask(cache)
    until(lambda: newspaper.times == 2 and not cache._refreshing)
    assert states(cache) == (0, 1, 1)


def test_what_goes_through_is_not_counted(cache: PageCache) -> None:
    ask(cache, "/admin/")
    ask(cache, method="POST")
    assert states(cache) == (0, 0, 0)


def test_a_failure_is_no_answer(cache: PageCache, newspaper: Newspaper) -> None:
    newspaper.failure = ValueError("panne")
    with pytest.raises(PageNotMade):
        ask(cache)
    assert states(cache) == (0, 0, 0)


def test_a_crowd_counts_one_by_one(cache: PageCache, newspaper: Newspaper, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = Waiting(monkeypatch)
    with readers(cache, newspaper, gate := Gate()) as public:
        crowd = public.ask(50)
        waiting.wait_for(49)
        gate.open()
        answers(crowd)
    with readers(cache, newspaper, lambda environ: None) as public:
        answers(public.ask(500))
    assert states(cache) == (549, 1, 0)


def test_pages_and_bytes_follow_what_is_held(cache: PageCache) -> None:
    ask(cache)
    one = cache.counters()["bytes"]
    ask(cache, "/articles/un/")
    assert (cache.counters()["pages"], cache.counters()["bytes"]) == (2, 2 * one)
    cache.purge(frozenset({"site"}))
    assert (cache.counters()["pages"], cache.counters()["bytes"]) == (0, 0)
