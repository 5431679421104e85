"""When pages cannot be made, old ones are better than none, for a day; and nothing stays old longer than the trouble."""

import pytest

from multitude import pagecache
from multitude.pagecache import TROUBLE_SECONDS, PageCache, PageNotMade
from tests.multitude.pagecache.newspaper import Newspaper, ask
from tests.multitude.pagecache.together import Gate, Waiting, answers, readers
from tests.waiting import until

DAY = 86_400
ONE, TWO = "/articles/un/", "/articles/deux/"
ERRORS = ["500 Internal Server Error", "502 Bad Gateway", "503 Service Unavailable"]


def fail(newspaper: Newspaper, how: str) -> None:
    """Have the newspaper raise, or answer an error page."""
    if how == "raises":
        newspaper.failure = OSError("panne")
    else:
        newspaper.status, newspaper.body, newspaper.headers = how, b"erreur", {"Cache-Control": None}


def recover(newspaper: Newspaper) -> None:
    """Have the newspaper answer a new page."""
    newspaper.failure, newspaper.status, newspaper.body, newspaper.headers = None, "200 OK", b"nouvelle", {}


@pytest.mark.parametrize("how", ["raises", *ERRORS])
def test_the_old_page_is_served_for_a_day(cache: PageCache, newspaper: Newspaper, clock, how: str) -> None:
    ask(cache)
    clock.advance(59 + DAY)
    fail(newspaper, how)
    answer = ask(cache)
    assert (answer.status, answer.body, answer.cache) == ("200 OK", b"<p>Une page.</p>", "stale")
    assert answer.headers["Age"] == str(59 + DAY)


@pytest.mark.parametrize("how", ERRORS)
def test_after_a_day_the_error_is_told(cache: PageCache, newspaper: Newspaper, clock, how: str) -> None:
    ask(cache)
    clock.advance(60 + DAY)
    fail(newspaper, how)
    assert (ask(cache).status, ask(cache).body) == (how, b"erreur")


def test_an_error_without_an_old_page_is_told_and_not_kept(cache: PageCache, newspaper: Newspaper) -> None:
    fail(newspaper, "500 Internal Server Error")
    newspaper.headers = {}
    assert ask(cache).body == b"erreur"
    fail(newspaper, "raises")
    with pytest.raises(PageNotMade):
        ask(cache)
    recover(newspaper)
    assert (ask(cache).body, ask(cache).cache) == (b"nouvelle", "hit")


def test_a_page_that_does_not_allow_it_is_not_served_old(cache: PageCache, newspaper: Newspaper, clock) -> None:
    newspaper.headers = {"Cache-Control": "public, s-maxage=60"}
    ask(cache)
    clock.advance(60)
    fail(newspaper, "503 Service Unavailable")
    assert ask(cache).status == "503 Service Unavailable"


def test_all_who_wait_get_the_old_page_and_are_told_so(
    cache: PageCache, newspaper: Newspaper, clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = Waiting(monkeypatch)
    ask(cache)
    clock.advance(500)
    fail(newspaper, "raises")
    with readers(cache, newspaper, gate := Gate()) as public:
        crowd = public.ask(10)
        waiting.wait_for(9)
        gate.open()
        assert {(answer.status, answer.cache) for answer in answers(crowd)} == {("200 OK", "stale")}
    assert newspaper.times == 2


def test_whoever_waits_too_long_for_a_page_that_hangs_gets_the_old_one(
    cache: PageCache, newspaper: Newspaper, clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pagecache, "_LONGEST_WAIT", 0.01)
    ask(cache)
    clock.advance(500)
    with readers(cache, newspaper, gate := Gate(everyone=True)) as public:
        first = public.ask()
        gate.wait_for_someone()
        assert [ask(cache).cache for _reader in range(3)] == ["stale"] * 3
        gate.open()
        assert answers(first)[0].cache == "miss"


def test_during_trouble_no_reader_of_an_old_page_waits(cache: PageCache, newspaper: Newspaper, clock) -> None:
    for path in (ONE, TWO):
        ask(cache, path)
    clock.advance(500)
    fail(newspaper, "raises")
    ask(cache, ONE)
    with readers(cache, newspaper, Gate()):
        for _reader in range(100):
            assert [ask(cache, path).cache for path in (ONE, TWO)] == ["stale", "stale"]
    assert newspaper.times <= 2 + 1 + 2


def test_when_the_trouble_ends_pages_are_made_again(cache: PageCache, newspaper: Newspaper, clock) -> None:
    ask(cache)
    clock.advance(500)
    fail(newspaper, "raises")
    assert ask(cache).cache == "stale"
    recover(newspaper)
    until(lambda: ask(cache).cache == "hit")
    assert ask(cache).body == b"nouvelle"


def test_one_page_that_always_fails_keeps_no_other_old(cache: PageCache, newspaper: Newspaper, clock) -> None:
    for path in (ONE, TWO):
        ask(cache, path)
    clock.advance(500)
    fail(newspaper, "500 Internal Server Error")
    assert ask(cache, ONE).cache == "stale"
    recover(newspaper)
    assert ask(cache, TWO).cache == "stale"
    until(lambda: ask(cache, TWO).cache == "hit")


def test_trouble_is_over_when_nothing_failed_for_a_while(cache: PageCache, newspaper: Newspaper, clock) -> None:
    for path in (ONE, TWO):
        ask(cache, path)
    clock.advance(500)
    fail(newspaper, "500 Internal Server Error")
    assert ask(cache, ONE).cache == "stale"
    recover(newspaper)
    clock.advance(TROUBLE_SECONDS)
    assert ask(cache, TWO).cache == "miss"
