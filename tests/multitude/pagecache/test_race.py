"""The race between the making of a page and a purge: what was made from the state before is never kept nor handed on."""

from threading import Barrier, Thread

import pytest

from multitude.pagecache import PageCache
from tests.multitude.pagecache.newspaper import Newspaper, ask
from tests.multitude.pagecache.together import Gate, Waiting, answers, readers
from tests.waiting import PATIENCE

OLD, NEW = b"<p>Sans le commentaire.</p>", b"<p>Avec le commentaire.</p>"
HIDDEN = {"Cache-Control": "no-store", "Surrogate-Key": None}


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> Waiting:
    """Tell when readers wait."""
    return Waiting(monkeypatch)


def change(cache: PageCache, newspaper: Newspaper, *keys: str) -> None:
    """Do what a moderator does: the database says something new, then the purge comes."""
    newspaper.body, newspaper.status, newspaper.headers = NEW, "200 OK", {}
    cache.purge(frozenset(keys or {"site"}))


def test_a_page_whose_making_began_before_the_purge_is_not_kept(cache: PageCache, newspaper: Newspaper) -> None:
    newspaper.body = OLD
    begun, purged = Barrier(2), Barrier(2)

    def meanwhile(environ: object) -> None:
        begun.wait(PATIENCE)
        purged.wait(PATIENCE)

    newspaper.meanwhile = meanwhile
    got = []
    reader = Thread(target=lambda: got.append(ask(cache).body))
    reader.start()
    begun.wait(PATIENCE)
    change(cache, newspaper)
    purged.wait(PATIENCE)
    reader.join(PATIENCE)
    newspaper.meanwhile = lambda environ: None

    assert got == [OLD]
    assert cache.counters()["pages"] == 0
    assert (ask(cache).body, ask(cache).body, newspaper.times) == (NEW, NEW, 2)


def test_those_who_wait_after_the_purge_never_get_the_older_page(
    cache: PageCache, newspaper: Newspaper, waiting: Waiting
) -> None:
    newspaper.body = OLD
    with readers(cache, newspaper, gate := Gate()) as public:
        first = public.ask()
        gate.wait_for_someone()
        before = public.ask(20)
        waiting.wait_for(20)
        change(cache, newspaper)
        after = public.ask(20)
        waiting.wait_for(20)
        gate.open()
        assert {answer.body for answer in answers(after)} == {NEW}
        assert {answer.body for answer in answers(before)} <= {OLD, NEW}
        assert answers(first)[0].body == OLD
    assert newspaper.times == 2


def test_those_who_wait_through_two_purges_get_the_last_state(
    cache: PageCache, newspaper: Newspaper, waiting: Waiting
) -> None:
    second = Gate()
    with readers(cache, newspaper, first := Gate()) as public:
        public.ask()
        first.wait_for_someone()
        cache.purge(frozenset({"site"}))
        newspaper.body, newspaper.meanwhile = OLD, second
        late = public.ask(5)
        waiting.wait_for(5)
        first.open()
        second.wait_for_someone()
        change(cache, newspaper)
        latest = public.ask(5)
        second.open()
        assert {answer.body for answer in answers(latest)} == {NEW}
        assert {answer.body for answer in answers(late)} <= {OLD, NEW}
    assert ask(cache).body == NEW


def test_a_purge_of_other_pages_disturbs_nobody(cache: PageCache, newspaper: Newspaper, waiting: Waiting) -> None:
    newspaper.body = OLD
    with readers(cache, newspaper, gate := Gate()) as public:
        everyone = public.ask(20)
        gate.wait_for_someone()
        waiting.wait_for(19)
        cache.purge(frozenset({"article:9", "lists"}))
        gate.open()
        assert {answer.body for answer in answers(everyone)} == {OLD}
    assert (newspaper.times, ask(cache).cache) == (1, "hit")


def test_a_hidden_article_is_not_handed_to_those_who_come_after_its_publication(
    cache: PageCache, newspaper: Newspaper, waiting: Waiting
) -> None:
    newspaper.status, newspaper.headers = "404 Not Found", HIDDEN
    with readers(cache, newspaper, gate := Gate()) as public:
        public.ask()
        gate.wait_for_someone()
        change(cache, newspaper, "article:1", "missing")
        editor = public.ask()
        waiting.wait_for(1)
        gate.open()
        assert answers(editor)[0].status == "200 OK"


def test_a_refresh_that_began_before_the_purge_is_not_kept(cache: PageCache, newspaper: Newspaper, clock) -> None:
    newspaper.body = OLD
    ask(cache)
    clock.advance(61)
    with readers(cache, newspaper, gate := Gate()) as public:
        assert answers(public.ask())[0].cache == "stale"
        gate.wait_for_someone()
        change(cache, newspaper)
        after = public.ask()
        gate.open()
        assert answers(after)[0].body == NEW
    assert ask(cache).body == NEW
