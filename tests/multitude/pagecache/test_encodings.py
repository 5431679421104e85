"""The same page as it is, in gzip and in brotli: each made once, each with its own strong entity tag."""

import gzip

import brotli
import pytest

from multitude import pages
from multitude.pagecache import PageCache
from multitude.pages import encoding_order
from tests.multitude.pagecache.newspaper import LONG, Newspaper, ask

BROWSER = "gzip, deflate, br, zstd"


@pytest.fixture(autouse=True)
def _long_page(newspaper: Newspaper) -> None:
    newspaper.body = LONG


@pytest.mark.parametrize(
    ("accepted", "coding"), [(BROWSER, "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("deflate", None), ("", None)]
)
def test_a_reader_gets_the_best_encoding_that_it_accepts(cache: PageCache, accepted: str, coding: str | None) -> None:
    answer = ask(cache, ACCEPT_ENCODING=accepted)
    assert answer.headers.get("Content-Encoding") == coding
    decode = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[coding]
    assert decode(answer.body) == LONG
    assert answer.headers["Content-Length"] == str(len(answer.body))
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_a_reader_without_the_header_gets_the_page_as_it_is(cache: PageCache) -> None:
    ask(cache, ACCEPT_ENCODING=BROWSER)
    assert ask(cache).body == LONG


def test_each_encoding_has_an_entity_tag_of_its_own(cache: PageCache) -> None:
    tags = [ask(cache, ACCEPT_ENCODING=coding).headers["ETag"] for coding in ("br", "gzip", "identity")]
    assert tags == ['"abc-br"', '"abc-gzip"', '"abc"']


def test_each_encoding_is_made_once(cache: PageCache, newspaper: Newspaper, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(cache)
    monkeypatch.delattr(pages.gzip, "compress")
    monkeypatch.delattr(pages.brotli, "compress")
    for coding in ("br", "gzip", "identity") * 2:
        assert ask(cache, ACCEPT_ENCODING=coding).cache == "hit"
    assert newspaper.times == 1


@pytest.mark.parametrize("content_type", ["image/png", "application/octet-stream", ""])
def test_what_does_not_shrink_is_sent_as_it_is(cache: PageCache, newspaper: Newspaper, content_type: str) -> None:
    newspaper.headers = {"Content-Type": content_type}
    assert "Content-Encoding" not in ask(cache, ACCEPT_ENCODING=BROWSER).headers


@pytest.mark.parametrize(
    "content_type", ["text/html; charset=utf-8", "application/atom+xml; charset=utf-8", "application/xml", "text/plain"]
)
def test_text_and_feeds_are_compressed(cache: PageCache, newspaper: Newspaper, content_type: str) -> None:
    newspaper.headers = {"Content-Type": content_type}
    assert ask(cache, ACCEPT_ENCODING=BROWSER).headers["Content-Encoding"] == "br"


def test_a_small_page_is_sent_as_it_is(cache: PageCache, newspaper: Newspaper) -> None:
    newspaper.body = b"x" * 900
    assert "Content-Encoding" not in ask(cache, ACCEPT_ENCODING=BROWSER).headers


def test_without_brotli_there_is_gzip(cache: PageCache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "brotli", None)
    assert ask(cache, ACCEPT_ENCODING=BROWSER).headers["Content-Encoding"] == "gzip"


@pytest.mark.parametrize(
    ("accepted", "order"),
    [
        ("gzip, deflate, br", ("br", "gzip", "identity")),
        ("*", ("br", "gzip", "identity")),
        ("*;q=0.5, gzip", ("gzip", "br", "identity")),
        ("br;q=0.5, gzip;q=0.9", ("gzip", "br", "identity")),
        ("gzip;q=0.5", ("gzip", "identity")),
        ("GZIP ; Q=0.5", ("gzip", "identity")),
        ("identity, gzip;q=0.5", ("identity", "gzip")),
        ("gzip;q=0", ("identity",)),
        ("gzip;q=0.000, br;q=1.000", ("br", "identity")),
        ("identity;q=0, gzip", ("gzip",)),
        ("gzip, *;q=0", ("gzip",)),
        ("br;q=x, gzip;q=1.2.3", ("br", "identity")),
        ("", ("identity",)),
    ],
)
def test_the_order_of_encodings_follows_their_weights(accepted: str, order: tuple[str, ...]) -> None:
    assert encoding_order(accepted) == order


@pytest.mark.parametrize("accepted", ["identity;q=0", "*;q=0", "gzip, " * 1_000, "br;q=0;" + "x" * 1_000])
def test_what_cannot_be_satisfied_or_read_gets_the_page_as_it_is(cache: PageCache, accepted: str) -> None:
    answer = ask(cache, ACCEPT_ENCODING=accepted)
    assert (answer.status, answer.body) == ("200 OK", LONG)
