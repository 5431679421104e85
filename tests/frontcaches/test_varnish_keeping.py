"""Varnish with deploy/varnish/multitude.vcl: what it keeps, and for whom."""

import gzip

import pytest

from tests.frontcaches.programs import Program
from tests.frontcaches.site import PUBLIC, FakeSite

PERSONAL = [
    {"Cache-Control": "private, no-store"},
    {"Cache-Control": "no-store"},
    {"Cache-Control": "max-age=60"},
    {},
    {"Cache-Control": "public"} | {"Cache-Control": "public, max-age=0"},
    PUBLIC | {"Cache-Control": "public, no-cache, s-maxage=60"},
    PUBLIC | {"Cache-Control": "public, private, s-maxage=60"},
    PUBLIC | {"Set-Cookie": "sessionid=1"},
    PUBLIC | {"Vary": "Cookie"},
    PUBLIC | {"Vary": "Accept-Encoding, Cookie"},
    PUBLIC | {"Vary": "*"},
]
PERSONAL_ADDRESSES = ["/admin{}", "/commentaires{}", "{}commentaires/", "{}commentaires/?parent=1", "/sante{}"]
CAMPAIGNS = [
    ("?utm_source=lettre&utm_medium=mail", ""),
    ("?page=2&fbclid=abc", "page=2"),
    ("?gclid=abc&page=2", "page=2"),
    ("?utm_source=a&page=2&xtor=RSS-1&q=%C3%A9", "page=2&q=%C3%A9"),
    ("?q=utm_source%3Da", "q=utm_source%3Da"),
    ("?x=1&page=2", "x=1&page=2"),
]
EMPTY = [
    ("?q=a&rubrique=&periode=", "q=a"),
    ("?q=&rubrique=&periode=an&page=2", "periode=an&page=2"),
    ("?rubrique=&q=b%26q%3D&periode=", "q=b%26q%3D"),
    ("?q=&rubrique=&periode=", ""),
    ("?page=&xq=", "page=&xq="),
]


def test_a_page_is_asked_for_once(site: FakeSite, varnish: Program, path: str) -> None:
    first, second = varnish.ask(path), varnish.ask(path)
    assert [answer.headers["x-front-cache"] for answer in (first, second)] == ["miss", "hit"]
    assert first.body == second.body
    assert second.headers["cache-control"] == PUBLIC["Cache-Control"]
    assert len(site.asked(path)) == 1


@pytest.mark.parametrize("headers", PERSONAL)
def test_what_is_not_public_is_never_kept(site: FakeSite, varnish: Program, path: str, headers: dict[str, str]) -> None:
    site.headers[path] = headers
    assert [varnish.ask(path).headers["x-front-cache"] for _ in range(2)] == ["miss", "miss"]
    assert len(site.asked(path)) == 2


@pytest.mark.parametrize("address", PERSONAL_ADDRESSES)
def test_what_is_personal_by_its_address_is_not_even_looked_for(
    site: FakeSite, varnish: Program, path: str, address: str
) -> None:
    address = address.format(path)
    answers = [varnish.ask(address, Cookie="sessionid=1") for _ in range(2)]
    assert [answer.headers["x-front-cache"] for answer in answers] == ["pass", "pass"]
    asked = site.asked(address.partition("?")[0])
    assert [environ["HTTP_COOKIE"] for environ in asked] == ["sessionid=1"] * 2


def test_cookies_neither_split_pages_nor_reach_them(site: FakeSite, varnish: Program, path: str) -> None:
    varnish.ask(path, Cookie="sessionid=1")
    assert varnish.ask(path, Cookie="other=2").headers["x-front-cache"] == "hit"
    assert varnish.ask(path).headers["x-front-cache"] == "hit"
    assert ["HTTP_COOKIE" in environ for environ in site.asked(path)] == [False]


def test_the_newsroom_sees_pictures_by_its_session_and_readers_share_theirs(
    site: FakeSite, varnish: Program, path: str
) -> None:
    picture = "/media" + path
    site.headers[picture] = PUBLIC
    varnish.ask(picture, Cookie="autre=1")
    assert varnish.ask(picture).headers["x-front-cache"] == "hit"
    assert varnish.ask(picture, Cookie="autre=1; sessionid=2").headers["x-front-cache"] == "pass"
    assert [environ.get("HTTP_COOKIE") for environ in site.asked(picture)] == [None, "autre=1; sessionid=2"]


def test_a_form_that_is_sent_always_gets_there_with_its_cookies(site: FakeSite, varnish: Program, path: str) -> None:
    varnish.ask(path)
    for _ in range(2):
        varnish.ask(path, "POST", b"body=Bonjour", Cookie="sessionid=1")
    assert [environ["body"] for environ in site.asked(path)[1:]] == [b"body=Bonjour"] * 2
    assert site.asked(path)[-1]["HTTP_COOKIE"] == "sessionid=1"


def test_one_copy_serves_every_encoding(site: FakeSite, varnish: Program, path: str) -> None:
    packed = varnish.ask(path, Accept_Encoding="gzip, deflate, br, zstd")
    plain = varnish.ask(path, Accept_Encoding="identity")
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(packed.body) == plain.body == site.text(path).encode()
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert len(site.asked(path)) == 1


@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_what_a_reader_already_has_is_not_sent_again(site: FakeSite, varnish: Program, path: str, coding: str) -> None:
    etag = varnish.ask(path, Accept_Encoding=coding).headers["etag"]
    assert varnish.ask(path, Accept_Encoding=coding, If_None_Match=etag).status == 304
    assert varnish.ask(path, Accept_Encoding=coding, If_None_Match='"autre"').status == 200
    assert len(site.asked(path)) == 1


@pytest.mark.parametrize(("query", "kept"), CAMPAIGNS)
def test_only_what_follows_readers_is_taken_out_of_an_address(
    site: FakeSite, varnish: Program, path: str, query: str, kept: str
) -> None:
    varnish.ask(path + query)
    assert site.asked(path)[-1]["QUERY_STRING"] == kept
    assert varnish.ask(f"{path}?{kept}".rstrip("?")).headers["x-front-cache"] == "hit"


@pytest.mark.parametrize(("query", "kept"), EMPTY)
def test_what_the_form_of_the_search_leaves_empty_makes_no_other_page(
    site: FakeSite, varnish: Program, query: str, kept: str
) -> None:
    site.headers["/recherche/"] = PUBLIC
    varnish.ask(f"/recherche/{query}")
    assert site.asked("/recherche/")[-1]["QUERY_STRING"] == kept
    assert varnish.ask(f"/recherche/?{kept}".rstrip("?")).headers["x-front-cache"] == "hit"


def test_keys_and_orders_for_caches_stay_between_caches(site: FakeSite, varnish: Program, path: str) -> None:
    site.headers["/admin" + path] = PUBLIC
    for address in (path, path, "/admin" + path):
        assert {"surrogate-key", "x-accel-expires", "xkey"}.isdisjoint(varnish.ask(address).headers)
