"""Which answers are kept: what is public and says for how long, and never what concerns one reader."""

import pytest

from multitude.pagecache import PageCache
from tests.multitude.pagecache.newspaper import Newspaper, ask

STATUSES_KEPT = ["200 OK", "301 Moved Permanently", "404 Not Found", "410 Gone"]
OTHERS = ["201 Created", "302 Found", "303 See Other", "400 Bad Request", "403 Forbidden", "429 Too Many Requests"]


def times_made(cache: PageCache, newspaper: Newspaper) -> int:
    """Ask for a page twice, and return how often it was made."""
    for _reader in range(2):
        ask(cache)
    return newspaper.times


@pytest.mark.parametrize("status", STATUSES_KEPT)
def test_a_public_answer_is_made_once(cache: PageCache, newspaper: Newspaper, status: str) -> None:
    newspaper.status = status
    answers = [ask(cache) for _reader in range(3)]
    assert newspaper.times == 1
    assert [answer.cache for answer in answers] == ["miss", "hit", "hit"]
    assert {(answer.status, answer.body) for answer in answers} == {(status, newspaper.body)}


@pytest.mark.parametrize("status", [*OTHERS, "500 Internal Server Error", "503 Service Unavailable"])
def test_other_answers_are_made_each_time(cache: PageCache, newspaper: Newspaper, status: str) -> None:
    newspaper.status = status
    assert times_made(cache, newspaper) == 2
    assert ask(cache).status == status


@pytest.mark.parametrize(
    "policy",
    [
        None,
        "",
        "public",
        "s-maxage=60",
        "public, max-age=60",
        "public, s-maxage=0",
        "public, s-maxage=0, stale-while-revalidate=60, stale-if-error=60",
        "public, stale-while-revalidate=60, stale-if-error=60",
        "public, s-maxage=demain",
        "public, s-maxage=-1",
        "private, s-maxage=60",
        "public, s-maxage=60, private",
        'public, s-maxage=60, private="Set-Cookie"',
        "public, s-maxage=60, no-store",
        "Public, S-MaxAge=60, No-Store",
        "public, s-maxage=60, no-cache",
    ],
)
def test_what_is_not_said_to_be_public_is_not_kept(cache: PageCache, newspaper: Newspaper, policy: str | None) -> None:
    newspaper.headers = {"Cache-Control": policy}
    assert times_made(cache, newspaper) == 2


@pytest.mark.parametrize("policy", ["public,s-maxage=60", "PUBLIC , S-MAXAGE=60", 'public, s-maxage="60"'])
def test_the_policy_is_read_as_http_writes_it(cache: PageCache, newspaper: Newspaper, policy: str) -> None:
    newspaper.headers = {"Cache-Control": policy}
    assert times_made(cache, newspaper) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Set-Cookie", "sessionid=abc"),
        ("set-cookie", "sessionid=abc"),
        ("Vary", "Cookie"),
        ("Vary", "Accept-Encoding, Cookie"),
        ("vary", "accept-language"),
        ("Vary", "*"),
        ("Content-Encoding", "gzip"),
    ],
)
def test_what_depends_on_one_reader_is_not_kept(cache: PageCache, newspaper: Newspaper, name: str, value: str) -> None:
    newspaper.headers = {name: value}
    assert times_made(cache, newspaper) == 2
    assert ask(cache).headers[name] == value


@pytest.mark.parametrize("first", ["Cache-Control", "cache-control"])
def test_a_header_that_comes_twice_counts_twice(cache: PageCache, newspaper: Newspaper, first: str) -> None:
    newspaper.headers = {"CACHE-CONTROL": "private, no-store"}
    assert times_made(cache, newspaper) == 2
    newspaper.headers = {"Cache-Control": None, "CACHE-CONTROL": "private", first: "public, s-maxage=60"}
    assert times_made(cache, newspaper) == 4


@pytest.mark.parametrize("vary", ["", "Accept-Encoding", "accept-encoding , Accept-Encoding"])
def test_what_varies_on_its_encoding_alone_is_kept(cache: PageCache, newspaper: Newspaper, vary: str) -> None:
    newspaper.headers = {"Vary": vary}
    assert times_made(cache, newspaper) == 1
    assert ask(cache).headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_what_is_not_a_reading_goes_through(cache: PageCache, newspaper: Newspaper, method: str) -> None:
    ask(cache)
    answer = ask(cache, method=method, COOKIE="sessionid=abc")
    assert answer.cache is None
    assert newspaper.asked[1]["REQUEST_METHOD"] == method
    assert newspaper.asked[1]["HTTP_COOKIE"] == "sessionid=abc"


@pytest.mark.parametrize("path", ["/admin/", "/inconnu/", "/articles/sans-barre"])
def test_what_is_no_public_page_goes_through_untouched(cache: PageCache, newspaper: Newspaper, path: str) -> None:
    for _time in range(2):
        assert ask(cache, path, "a=1", COOKIE="sessionid=abc").cache is None
    seen = newspaper.asked[1]
    assert (seen["PATH_INFO"], seen["QUERY_STRING"], seen["HTTP_COOKIE"]) == (path, "a=1", "sessionid=abc")
    assert newspaper.times == 2


def test_a_page_that_is_no_longer_kept_leaves_no_old_one(cache: PageCache, newspaper: Newspaper, clock) -> None:
    ask(cache)
    clock.advance(121)
    newspaper.headers, newspaper.body = {"Cache-Control": "no-store"}, b"brouillon"
    assert ask(cache).body == b"brouillon"
    assert cache.counters()["pages"] == 0
