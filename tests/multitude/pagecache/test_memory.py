"""The cache takes no more memory than it is given: the least recently used pages go, and bytes are counted as they are."""

import random
import tracemalloc

import pytest

from multitude.caching import ENDLESS
from multitude.pagecache import ENDLESS_SHARE, PageCache
from multitude.pages import Page, Shelf
from tests.multitude.pagecache.newspaper import POLICY, Newspaper, ask

MEGABYTE = 1024 * 1024
NOISE = random.Random(1).randbytes(40_000)


def page(size: int, keys: str = "site") -> Page:
    """Return a page of so many bytes, which compression does not make smaller."""
    headers = [("Cache-Control", POLICY), ("Content-Type", "image/png"), ("Surrogate-Key", keys)]
    return Page("200 OK", headers, NOISE[:size], 0.0)


def test_the_least_recently_used_page_goes_first() -> None:
    shelf = Shelf[str](page(1_000).size * 3)
    for name in "abc":
        shelf.put(name, page(1_000))
    shelf.get("a")
    shelf.put("d", page(1_000))
    assert [name for name in "abcd" if shelf.get(name)] == ["a", "c", "d"]


def test_a_large_page_takes_the_place_of_several() -> None:
    shelf = Shelf[str](page(1_000).size * 4)
    for name in "abcd":
        shelf.put(name, page(1_000))
    shelf.put("e", page(5_000))
    assert [name for name in "abcde" if shelf.get(name)] == ["c", "d", "e"]


def test_a_page_larger_than_everything_drives_nothing_out() -> None:
    shelf = Shelf[str](10_000)
    shelf.put("a", page(10))
    shelf.put("b", page(20_000))
    assert (shelf.get("a") is not None, shelf.get("b"), len(shelf)) == (True, None, 1)


def test_a_page_that_outgrew_the_shelf_leaves_no_older_one() -> None:
    shelf = Shelf[str](10_000)
    shelf.put("a", page(10))
    shelf.put("a", page(20_000))
    assert (shelf.get("a"), shelf.bytes) == (None, 0)


@pytest.mark.parametrize("seed", range(20))
def test_the_count_of_bytes_is_that_of_the_pages(seed: int) -> None:
    chance, shelf = random.Random(seed), Shelf[int](200_000)
    for _turn in range(500):
        key, keys = chance.randrange(30), " ".join(chance.sample(["site", "lists", "article:1", "article:2"], 2))
        act = chance.choice(["put", "put", "put", "drop", "get", "purge"])
        if act == "put":
            shelf.put(key, page(chance.randrange(20_000), keys))
        elif act == "drop":
            shelf.drop(key)
        elif act == "get":
            shelf.get(key)
        else:
            shelf.purge(frozenset({chance.choice(["article:1", "nothing"])}))
        held = shelf._pages.values()
        assert shelf.bytes == sum(page.size for page in held) <= 200_000
        assert {name for page in held for name in page.keys} == shelf._by_surrogate.keys()


@pytest.mark.parametrize("size", [500, 3_000, 30_000])
def test_bytes_are_counted_truthfully(size: int) -> None:
    shelf = Shelf[str](100 * MEGABYTE)
    names = [f"Header-{number}" for number in range(8)]
    tracemalloc.start()
    try:
        for number in range(300):
            text = NOISE[number : number + size // 2].hex()[:size].encode()
            headers = [("Content-Type", "text/html"), ("Cache-Control", POLICY + " "), ("ETag", f'"{number:032}"')]
            headers += [("Surrogate-Key", f"article:{number} lists site")] + [(name, f"{number:060}") for name in names]
            shelf.put(f"/articles/{'a' * 60}-{number}/", Page("200 OK", headers, text, 0.0))
        taken = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert 0.4 <= taken / shelf.bytes <= 1.0


def test_pages_and_addresses_where_there_is_nothing_stay_within_the_memory(
    cache: PageCache, newspaper: Newspaper
) -> None:
    newspaper.body = NOISE[:5_000]
    for number in range(300):
        newspaper.status = "404 Not Found" if number % 2 else "200 OK"
        ask(cache, f"/articles/{number}/")
        assert cache.counters()["bytes"] <= MEGABYTE
    assert cache.counters()["bytes"] > 0.9 * MEGABYTE


def test_addresses_where_there_is_nothing_drive_no_page_out(cache: PageCache, newspaper: Newspaper) -> None:
    for number in range(10):
        ask(cache, f"/articles/{number}/")
    pages = cache.counters()["bytes"]
    newspaper.status = "404 Not Found"
    for number in range(2_000):
        ask(cache, f"/articles/rien-{number}/")
    newspaper.status = "200 OK"
    assert [ask(cache, f"/articles/{number}/").cache for number in range(10)] == ["hit"] * 10
    assert cache.counters()["bytes"] - pages <= MEGABYTE // ENDLESS_SHARE


def test_searches_drive_no_page_out(cache: PageCache, newspaper: Newspaper) -> None:
    for number in range(10):
        ask(cache, f"/articles/{number}/")
    pages = cache.counters()["bytes"]
    newspaper.headers["Surrogate-Key"] = f"{ENDLESS} lists site"
    for number in range(2_000):
        ask(cache, "/recherche/", f"q={number}")
    assert ask(cache, "/recherche/", "q=1999").cache == "hit"
    assert [ask(cache, f"/articles/{number}/").cache for number in range(10)] == ["hit"] * 10
    assert cache.counters()["bytes"] - pages <= MEGABYTE // ENDLESS_SHARE
    cache.purge(frozenset({"lists"}))
    assert ask(cache, "/recherche/", "q=1999").cache == "miss"


def test_nothing_is_held_of_pages_that_were_made(cache: PageCache, newspaper: Newspaper) -> None:
    for status in ("200 OK", "404 Not Found", "500 Internal Server Error"):
        newspaper.status = status
        ask(cache, f"/articles/{status[:3]}/")
    assert not cache._under_way
    assert not cache._renderings
