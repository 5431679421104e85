"""Varnish with deploy/varnish/multitude.vcl: dropping pages by the keys that they carry."""

import time

import pytest

from multitude import frontcaches
from tests.frontcaches.programs import Answer, Program
from tests.frontcaches.site import FOR_A_SECOND, FakeSite


def purge(varnish: Program, keys: str, **request: str) -> Answer:
    """Ask for the pages with one of the keys to be dropped."""
    return varnish.ask("/", "PURGE", xkey_purge=keys, **request)


def key(path: str) -> str:
    """Return the surrogate key of a page of the site."""
    return f"article:{path.strip('/').rpartition('/')[2]}"


def is_kept(varnish: Program, path: str) -> bool:
    """Ask for a page, and return whether Varnish had it."""
    return varnish.ask(path).headers["x-front-cache"] != "miss"


def numbered(path: str, count: int) -> list[str]:
    """Return the addresses of several articles of one test."""
    return [f"{path[:-1]}-{number}/" for number in range(count)]


def test_one_article_is_dropped_and_another_one_stays(varnish: Program, path: str) -> None:
    one, other = numbered(path, 2)
    pages = [one, f"{one}?page=2", other]
    for page in pages:
        varnish.ask(page)
    assert purge(varnish, key(one)).body == b"Purged 2\n"
    assert [is_kept(varnish, page) for page in pages] == [False, False, True]


def test_several_keys_are_dropped_at_once(varnish: Program, path: str) -> None:
    pages = numbered(path, 3)
    for page in pages:
        varnish.ask(page)
    assert purge(varnish, f"{key(pages[0])} {key(pages[2])} article:none").body == b"Purged 2\n"
    assert [is_kept(varnish, page) for page in pages] == [False, True, False]


def test_a_purge_voids_old_pages_too(site: FakeSite, varnish: Program, path: str) -> None:
    site.headers[path] = FOR_A_SECOND
    old = varnish.ask(path)
    site.revise(path)
    time.sleep(1.2)
    purge(varnish, key(path))
    assert varnish.ask(path).body != old.body
    site.away = True
    purge(varnish, key(path))
    assert varnish.ask(path).status == 503


def test_a_stranger_cannot_purge(varnish: Program, path: str) -> None:
    varnish.ask(path)
    assert purge(varnish, key(path), source="127.0.0.2").status == 405
    assert is_kept(varnish, path)


def test_a_stranger_behind_a_tls_server_cannot_purge(varnish: Program, path: str) -> None:
    varnish.ask(path)
    assert purge(varnish, key(path), X_Forwarded_For="203.0.113.9").status == 405
    assert is_kept(varnish, path)


def test_a_purge_without_keys_is_refused(varnish: Program) -> None:
    assert varnish.ask("/", "PURGE").status == 400


def test_a_purge_never_reaches_the_site(site: FakeSite, varnish: Program) -> None:
    for source in ("127.0.0.1", "127.0.0.2"):
        purge(varnish, "article:0", source=source)
    assert [environ for environ in site.asked("/") if environ["REQUEST_METHOD"] == "PURGE"] == []


def test_what_the_site_sends_is_understood(varnish: Program, path: str) -> None:
    varnish.ask(path)
    keys = [f"article:{number}" for number in range(3_000)]
    frontcaches.send(f"http://127.0.0.1:{varnish.port}", [*keys, key(path)])
    assert not is_kept(varnish, path)


def test_a_page_that_left_before_a_purge_and_came_after_it_does_not_stay(
    site: FakeSite, varnish: Program, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frontcaches, "AGAIN_SECONDS", 1.0)
    caches = frontcaches.FrontCaches([f"http://127.0.0.1:{varnish.port}"])

    def purged_on_the_way() -> None:
        site.before_leaving = lambda: None
        site.revise(path)
        caches.purge([key(path)])
        time.sleep(0.1)

    site.before_leaving = purged_on_the_way
    old = varnish.ask(path)
    assert varnish.ask(path).body == old.body
    start = time.monotonic()
    while varnish.ask(path).body == old.body:
        assert time.monotonic() - start < 30
        time.sleep(0.01)
    caches.finish()
