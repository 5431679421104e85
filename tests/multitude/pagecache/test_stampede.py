"""Many readers of one page that is not there: one of them makes it, whatever becomes of it."""

from collections import Counter

import pytest

from multitude import pagecache
from multitude.pagecache import Environ, PageCache, PageNotMade
from tests.multitude.pagecache.newspaper import Newspaper, ask
from tests.multitude.pagecache.together import Gate, Waiting, answers, readers
from tests.waiting import PATIENCE

CROWD = 100


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> Waiting:
    """Tell when readers wait."""
    return Waiting(monkeypatch)


def test_a_crowd_on_a_new_page_has_it_made_once(cache: PageCache, newspaper: Newspaper, waiting: Waiting) -> None:
    with readers(cache, newspaper, gate := Gate()) as public:
        crowd = public.ask(CROWD)
        waiting.wait_for(CROWD - 1)
        gate.open()
        assert Counter(answer.cache for answer in answers(crowd)) == {"miss": 1, "hit": CROWD - 1}
    assert newspaper.times == 1


@pytest.mark.parametrize("seconds", [61, 130, 100_000])
def test_a_thousand_readers_of_an_expired_page_cause_one_rendering(
    cache: PageCache, newspaper: Newspaper, clock, seconds: int
) -> None:
    ask(cache)
    clock.advance(seconds)
    with readers(cache, newspaper, gate := Gate()) as public:
        crowd = public.ask(1_000)
        gate.wait_for_someone()
        gate.open()
        answers(crowd)
    assert newspaper.times == 2


def test_a_purged_page_is_made_once_for_all(cache: PageCache, newspaper: Newspaper, waiting: Waiting) -> None:
    ask(cache)
    cache.purge(frozenset({"site"}))
    with readers(cache, newspaper, gate := Gate()) as public:
        crowd = public.ask(CROWD)
        waiting.wait_for(CROWD - 1)
        gate.open()
        assert {answer.body for answer in answers(crowd)} == {newspaper.body}
    assert newspaper.times == 2


def test_nobody_waits_for_another_page(cache: PageCache, newspaper: Newspaper) -> None:
    with readers(cache, newspaper, gate := Gate()) as public:
        slow = public.ask()
        gate.wait_for_someone()
        assert ask(cache, "/articles/un/").cache == "miss"
        assert ask(cache, "/articles/un/").cache == "hit"
        assert not slow[0].done()
        gate.open()
        answers(slow)


def test_an_error_page_is_made_once_for_all_who_wait(cache: PageCache, newspaper: Newspaper, waiting: Waiting) -> None:
    newspaper.status = "500 Internal Server Error"
    with readers(cache, newspaper, gate := Gate()) as public:
        crowd = public.ask(CROWD)
        waiting.wait_for(CROWD - 1)
        gate.open()
        assert {answer.status for answer in answers(crowd)} == {newspaper.status}
    assert newspaper.times == 1


def test_a_failure_is_known_at_once_by_all_who_wait(cache: PageCache, newspaper: Newspaper, waiting: Waiting) -> None:
    newspaper.failure = ValueError("panne")
    with readers(cache, newspaper, gate := Gate()) as public:
        crowd = public.ask(CROWD)
        waiting.wait_for(CROWD - 1)
        gate.open()
        failures = [future.exception(PATIENCE) for future in crowd]
    assert {(type(failure), str(failure.__cause__)) for failure in failures} == {(PageNotMade, "panne")}
    assert newspaper.times == 1
    newspaper.failure = None
    assert ask(cache).status == "200 OK"


def test_a_thread_that_is_told_to_end_leaves_nobody_waiting(
    cache: PageCache, newspaper: Newspaper, waiting: Waiting
) -> None:
    def end(environ: Environ) -> None:
        gate(environ)
        if newspaper.times == 1:
            raise SystemExit

    gate = Gate()
    with readers(cache, newspaper, end) as public:
        first = public.ask()
        gate.wait_for_someone()
        others = public.ask(5)
        waiting.wait_for(5)
        gate.open()
        assert isinstance(first[0].exception(PATIENCE), SystemExit)
        assert {answer.status for answer in answers(others)} == {"200 OK"}
    assert newspaper.times == 2


def test_nobody_waits_for_ever(cache: PageCache, newspaper: Newspaper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pagecache, "_LONGEST_WAIT", 0.01)
    newspaper.body = b"ancienne"
    with readers(cache, newspaper, gate := Gate()) as public:
        first = public.ask()
        gate.wait_for_someone()
        newspaper.body = b"nouvelle"
        assert answers(public.ask())[0].body == b"nouvelle"
        assert not first[0].done()
        cache.purge(frozenset({"site"}))
        gate.open()
        assert answers(first)[0].body == b"ancienne"
    assert ask(cache).body == b"nouvelle"
