"""What a browser that has the page already is told, what HEAD gets, and how old a page says it is."""

import pytest

from multitude.pagecache import PageCache
from tests.multitude.pagecache.newspaper import LONG, POLICY, Newspaper, ask

BAD_TAGS = ['"autre"', "abc", "", '"abc-gzip"', 'W/"ab"', "a*", '"*"', '"abc']


@pytest.mark.parametrize("known", ['"abc"', 'W/"abc"', '"x", "abc"', '"x,y" ,W/"abc"', "*", " * "])
@pytest.mark.parametrize("first", [True, False])
def test_a_known_page_is_answered_304(cache: PageCache, known: str, first: bool) -> None:
    if not first:
        ask(cache)
    answer = ask(cache, IF_NONE_MATCH=known)
    assert (answer.status, answer.body) == ("304 Not Modified", b"")


@pytest.mark.parametrize("known", BAD_TAGS)
def test_an_unknown_tag_is_answered_with_the_page(cache: PageCache, newspaper: Newspaper, known: str) -> None:
    answer = ask(cache, IF_NONE_MATCH=known)
    assert (answer.status, answer.body) == ("200 OK", newspaper.body)


def test_a_304_says_what_a_cache_must_know_and_nothing_of_the_body(cache: PageCache, newspaper: Newspaper) -> None:
    newspaper.headers = {"X-Accel-Expires": "1", "Content-Language": "fr"}
    headers = ask(cache, IF_NONE_MATCH='"abc"').headers
    assert headers == {
        "Cache-Control": POLICY,
        "ETag": '"abc"',
        "Surrogate-Key": "site",
        "Vary": "Accept-Encoding",
        "X-Accel-Expires": "1",
        "X-Cache": "miss",
    }


def test_a_304_is_for_the_encoding_that_would_be_sent(cache: PageCache, newspaper: Newspaper) -> None:
    newspaper.body = LONG
    assert ask(cache, ACCEPT_ENCODING="gzip", IF_NONE_MATCH='"abc-gzip"').status == "304 Not Modified"
    assert ask(cache, ACCEPT_ENCODING="gzip", IF_NONE_MATCH='"abc"').status == "200 OK"
    assert ask(cache, ACCEPT_ENCODING="br", IF_NONE_MATCH='"abc-gzip"').status == "200 OK"


def test_a_reader_with_an_old_copy_does_not_make_the_page_conditional_for_others(
    cache: PageCache, newspaper: Newspaper
) -> None:
    ask(cache, IF_NONE_MATCH='"abc"', IF_MODIFIED_SINCE="Sat, 29 Oct 1994 19:43:31 GMT", RANGE="bytes=0-1")
    assert not {"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE"} & newspaper.asked[0].keys()
    assert ask(cache).body == newspaper.body


@pytest.mark.parametrize("status", ["301 Moved Permanently", "404 Not Found", "410 Gone", "500 Internal Server Error"])
@pytest.mark.parametrize("known", ["*", '"abc"'])
def test_what_is_no_success_is_never_304(cache: PageCache, newspaper: Newspaper, status: str, known: str) -> None:
    newspaper.status = status
    for _time in range(2):
        assert ask(cache, IF_NONE_MATCH=known).status == status


def test_a_page_without_a_tag_is_always_sent(cache: PageCache, newspaper: Newspaper) -> None:
    newspaper.headers = {"ETag": None}
    assert ask(cache, IF_NONE_MATCH="*").status == "200 OK"


@pytest.mark.parametrize("coding", ["identity", "gzip", "br"])
@pytest.mark.parametrize("first", ["HEAD", "GET"])
def test_head_gets_the_headers_of_get_and_the_page_is_one(
    cache: PageCache, newspaper: Newspaper, first: str, coding: str
) -> None:
    newspaper.body = LONG
    ask(cache, method=first)
    head = ask(cache, method="HEAD", ACCEPT_ENCODING=coding)
    got = ask(cache, ACCEPT_ENCODING=coding)
    assert (head.status, head.headers, head.body) == (got.status, got.headers, b"")
    assert got.headers["Content-Length"] == str(len(got.body)) != "0"
    assert (newspaper.times, newspaper.asked[0]["REQUEST_METHOD"]) == (1, "GET")


def test_head_on_a_known_page_is_304_too(cache: PageCache) -> None:
    assert ask(cache, method="HEAD", IF_NONE_MATCH='"abc"').status == "304 Not Modified"


def test_a_page_says_how_old_it_is(cache: PageCache, clock) -> None:
    assert "Age" not in ask(cache).headers
    assert ask(cache).headers["Age"] == "0"
    clock.advance(59.9)
    assert ask(cache).headers["Age"] == ask(cache, IF_NONE_MATCH="*").headers["Age"] == "59"


def test_a_page_is_as_old_as_the_beginning_of_its_making(cache: PageCache, newspaper: Newspaper, clock) -> None:
    newspaper.meanwhile = lambda environ: clock.advance(10)
    ask(cache)
    assert ask(cache).headers["Age"] == "10"
    newspaper.headers = {"Cache-Control": "public, s-maxage=9"}
    ask(cache, "/articles/un/")
    assert ask(cache, "/articles/un/").cache == "miss"
