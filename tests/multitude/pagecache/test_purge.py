"""A purge drops every page that depends on one of its keys, its old copies too, and no other."""

import pytest

from multitude import caching
from multitude.pagecache import PageCache
from tests.multitude.pagecache.newspaper import Newspaper, ask


def make(cache: PageCache, newspaper: Newspaper, slug: str, keys: str, status: str = "200 OK") -> str:
    """Have a page made that depends on the keys, and return its path."""
    path = f"/articles/{slug}/"
    newspaper.headers, newspaper.status = {"Surrogate-Key": keys}, status
    assert ask(cache, path).cache == "miss"
    return path


def test_a_purge_drops_the_pages_that_name_its_key(cache: PageCache, newspaper: Newspaper) -> None:
    paths = [
        make(cache, newspaper, "un", "site article:1 headline:2"),
        make(cache, newspaper, "deux", "site article:2"),
        make(cache, newspaper, "douze", "site article:12"),
        make(cache, newspaper, "liste", "site lists"),
    ]
    cache.purge(frozenset({"article:2", "headline:2"}))
    assert [ask(cache, path).cache for path in paths] == ["miss", "miss", "hit", "hit"]


def test_a_purge_of_what_no_page_names_drops_nothing(cache: PageCache, newspaper: Newspaper) -> None:
    path = make(cache, newspaper, "un", "site")
    cache.purge(frozenset({"article:1", "sit", "sites", ""}))
    assert ask(cache, path).cache == "hit"


@pytest.mark.parametrize("status", ["301 Moved Permanently", "404 Not Found", "410 Gone"])
def test_what_is_no_page_is_purged_too(cache: PageCache, newspaper: Newspaper, status: str) -> None:
    path = make(cache, newspaper, "un", "site missing", status)
    cache.purge(frozenset({"missing"}))
    assert ask(cache, path).cache == "miss"


def test_all_parameters_and_encodings_of_a_page_go_together(cache: PageCache, newspaper: Newspaper) -> None:
    for query in ("", "page=1", "page=2"):
        ask(cache, "/articles/un/", query)
    cache.purge(frozenset({"site"}))
    assert [ask(cache, "/articles/un/", query).cache for query in ("", "page=1", "page=2")] == ["miss"] * 3


def test_a_purged_page_is_not_served_old(cache: PageCache, newspaper: Newspaper, clock) -> None:
    ask(cache)
    clock.advance(61)
    cache.purge(frozenset({"site"}))
    newspaper.body = b"corrige"
    assert ask(cache).body == b"corrige"


def test_a_purged_page_is_not_served_when_its_making_fails(cache: PageCache, newspaper: Newspaper) -> None:
    ask(cache)
    cache.purge(frozenset({"site"}))
    newspaper.status = "500 Internal Server Error"
    assert ask(cache).status == "500 Internal Server Error"


def test_a_page_forgets_the_keys_that_it_no_longer_names(cache: PageCache, newspaper: Newspaper, clock) -> None:
    path = make(cache, newspaper, "un", "site headline:1")
    clock.advance(121)
    make(cache, newspaper, "un", "site headline:2")
    cache.purge(frozenset({"headline:1"}))
    assert ask(cache, path).cache == "hit"
    cache.purge(frozenset({"headline:2"}))
    assert ask(cache, path).cache == "miss"


def test_a_page_that_became_a_404_or_came_back_is_held_once(cache: PageCache, newspaper: Newspaper, clock) -> None:
    for status in ("200 OK", "404 Not Found", "200 OK", "404 Not Found"):
        path = make(cache, newspaper, "un", "site", status)
        assert cache.counters()["pages"] == 1
        assert (ask(cache, path).status, ask(cache, path).cache) == (status, "hit")
        clock.advance(121)


def test_a_purge_anywhere_reaches_every_cache_of_the_process(newspaper: Newspaper) -> None:
    first, second = PageCache(newspaper, megabytes=1), PageCache(newspaper, megabytes=1)
    for cache in (first, second):
        ask(cache)
    caching.tell_listeners(frozenset({"site"}))
    assert [ask(cache).cache for cache in (first, second)] == ["miss", "miss"]
