"""What names a page: site, path and declared parameters. Nothing else that a reader sends makes another one."""

import pytest
from pytest_django import Settings

from multitude import pagekeys
from multitude.pagecache import PageCache
from tests.multitude.pagecache.newspaper import Newspaper, ask


def test_unknown_parameters_make_no_entry(cache: PageCache, newspaper: Newspaper) -> None:
    for number in range(5_000):
        ask(cache, "/", f"x={number}")
        ask(cache, "/articles/un/", f"utm_source=lettre{number}")
    assert newspaper.times == cache.counters()["pages"] == 2


def test_the_view_sees_declared_parameters_alone(cache: PageCache, newspaper: Newspaper) -> None:
    ask(cache, "/articles/un/", "utm_source=a&page=2&fbclid=b")
    assert newspaper.asked[0]["QUERY_STRING"] == "page=2"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("q=a&page=2", "page=2&q=a"),
        ("q=a&x=1", "x=2&q=a&y"),
        ("q=%C3%A9t%C3%A9", "q=%c3%a9t%c3%a9"),
        ("q=%61", "q=a"),
        ("q=a+b", "q=a%20b"),
        ("q=a", "q=a&rubrique="),
        ("q=&rubrique=", ""),
    ],
)
def test_two_spellings_of_the_same_parameters_are_one_page(
    cache: PageCache, newspaper: Newspaper, first: str, second: str
) -> None:
    assert [ask(cache, "/recherche/", query).cache for query in (first, second)] == ["miss", "hit"]
    assert newspaper.times == 1


def test_parameters_without_end_make_no_entry_and_no_work(cache: PageCache, newspaper: Newspaper) -> None:
    for letter in "abc":
        ask(cache, "/articles/un/", "&".join([letter] * 5_000) + "&page=2")
    assert newspaper.times == 1


def test_declared_parameters_make_another_page(cache: PageCache, newspaper: Newspaper) -> None:
    queries = ["", "page=1", "page=2", "page=", "page=1&page=2", "page=2&page=1", "Page=2"]
    assert [ask(cache, "/articles/un/", query).cache for query in queries] == ["miss"] * 6 + ["hit"]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8000", "127.0.0.1:9", "127.0.0.1."])
def test_a_host_is_one_site_however_it_is_written(cache: PageCache, newspaper: Newspaper, host: str) -> None:
    ask(cache)
    assert ask(cache, HOST=host).cache == "hit"


def test_the_names_of_a_whole_domain_are_one_site(cache: PageCache, newspaper: Newspaper, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = [".exemple.fr"]
    for number in range(100):
        ask(cache, HOST=f"w{number}.Exemple.fr:{number}")
    assert newspaper.times == 1


@pytest.mark.parametrize("host", ["", "pirate.exemple", "127.0.0.1@pirate", "127.0.0.1" + "9" * 300, "a b", "[::1"])
def test_a_host_that_is_not_ours_is_left_to_django(cache: PageCache, newspaper: Newspaper, host: str) -> None:
    ask(cache)
    assert ask(cache, HOST=host).cache is None
    assert newspaper.asked[1]["HTTP_HOST"] == host


def test_endless_hosts_are_not_remembered(cache: PageCache, newspaper: Newspaper, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = [".exemple.fr"]
    for number in range(10):
        assert ask(cache, HOST="a" * 50_000 + f"{number}.exemple.fr").cache is None
    assert pagekeys._site.cache_info().currsize == 0


def test_the_page_is_made_for_the_site_and_not_for_the_reader(cache: PageCache, newspaper: Newspaper) -> None:
    ask(cache, HOST="127.0.0.1:666", COOKIE="sessionid=abc", ACCEPT_LANGUAGE="de", X_FORWARDED_FOR="1.2.3.4")
    seen = newspaper.asked[0]
    assert {name for name in seen if name.startswith("HTTP_")} == {"HTTP_HOST"}
    assert (seen["HTTP_HOST"], seen["REMOTE_ADDR"]) == ("127.0.0.1:8000", "")


@pytest.mark.parametrize(
    ("header", "scheme", "seen"),
    [("https", "http", "https"), ("http", "https", "http"), ("https, http", "http", "https"), (None, "https", "https")],
)
def test_the_proxy_says_which_site_is_asked_for(
    newspaper: Newspaper, settings: Settings, header: str | None, scheme: str, seen: str
) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    cache = PageCache(newspaper, megabytes=1)
    ask(cache, scheme=scheme, **({"X_FORWARDED_PROTO": header} if header else {}))
    assert newspaper.asked[0]["wsgi.url_scheme"] == newspaper.asked[0]["HTTP_X_FORWARDED_PROTO"] == seen


def test_http_and_https_are_two_sites(newspaper: Newspaper, settings: Settings) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    cache = PageCache(newspaper, megabytes=1)
    for proto in ("http", "https", "http", "https"):
        ask(cache, X_FORWARDED_PROTO=proto)
    assert [seen["wsgi.url_scheme"] for seen in newspaper.asked] == ["http", "https"]


def test_endless_ways_of_asking_are_not_all_remembered(cache: PageCache, newspaper: Newspaper) -> None:
    for number in range(5_000):
        assert ask(cache, "/articles/un/", ACCEPT_ENCODING=f"gzip, x{number}").status == "200 OK"
        ask(cache, "/articles/un/", ACCEPT_ENCODING="x" * 10_000 + str(number))
    assert newspaper.times == 1
    assert len(cache._spellings) < 5_000
    assert max(sum(map(len, spelling)) for spelling in cache._spellings) < 1_000


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/articles/" + "a" * 500 + "/", ""),
        ("/recherche/", "q=" + "a" * 1_001),
        ("/recherche/", "&".join(["q=a"] * 301)),
        ("/recherche/", "q=" + "%C3%A9" * 200),
    ],
)
def test_what_is_too_long_is_left_to_django(cache: PageCache, newspaper: Newspaper, path: str, query: str) -> None:
    for _time in range(2):
        assert ask(cache, path, query).cache is None
    assert [seen["QUERY_STRING"] for seen in newspaper.asked] == [query] * 2


@pytest.mark.parametrize("query", ["q=\xff", "q=%ff", "q=\xc3\xa9", "%", "&&&", "q", "q=a;page=2"])
def test_a_strange_query_breaks_nothing(cache: PageCache, newspaper: Newspaper, query: str) -> None:
    assert [ask(cache, "/recherche/", query).cache for _time in range(2)] == ["miss", "hit"]
