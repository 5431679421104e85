"""Varnish with deploy/varnish/multitude.vcl: what it tells the site, alone or behind nginx."""

import pytest
from pytest_django import Settings

from tests.frontcaches.programs import Program
from tests.frontcaches.reading import who_and_how
from tests.frontcaches.site import FakeSite

READER = "127.0.0.2"
FORGED = [
    {},
    {"X_Forwarded_For": "203.0.113.9"},
    {"X_Forwarded_For": "203.0.113.9, 203.0.113.10"},
    {"X_Forwarded_Proto": "https"},
    {"Forwarded": "for=203.0.113.9"},
]


@pytest.mark.parametrize("forged", FORGED)
def test_the_site_knows_who_its_reader_is(
    site: FakeSite, varnish: Program, path: str, settings: Settings, forged: dict[str, str]
) -> None:
    varnish.ask(path, "POST", b"x", source=READER, **forged)
    assert who_and_how(site, path, settings) == (READER, "http")


@pytest.mark.parametrize("forged", FORGED)
def test_the_site_knows_who_its_reader_is_behind_both(
    site: FakeSite, nginx_and_varnish: Program, path: str, settings: Settings, forged: dict[str, str]
) -> None:
    nginx_and_varnish.ask(path, "POST", b"x", source=READER, **forged)
    assert who_and_how(site, path, settings) == (READER, "http")


@pytest.mark.parametrize("name", ["X_Forwarded_For", "X-Forwarded_For", "X_Forwarded_Proto", "x_forwarded_for"])
def test_a_header_that_is_only_taken_for_one_does_not_get_through(
    site: FakeSite, varnish: Program, path: str, settings: Settings, name: str
) -> None:
    varnish.ask_with({name: "https"}, path, "POST", b"x", READER)
    assert who_and_how(site, path, settings) == (READER, "http")


def test_readers_do_not_name_their_requests(site: FakeSite, varnish: Program, path: str) -> None:
    varnish.ask(path, "POST", b"x", source=READER, X_Request_ID="une-autre-demande")
    assert "HTTP_X_REQUEST_ID" not in site.asked(path)[-1]


def test_a_tls_server_says_who_its_reader_is_and_how_they_came(
    site: FakeSite, varnish: Program, path: str, settings: Settings
) -> None:
    varnish.ask(path, "POST", b"x", X_Forwarded_For="203.0.113.9", X_Forwarded_Proto="https")
    assert who_and_how(site, path, settings) == ("203.0.113.9", "https")


def test_the_redirection_to_https_is_never_taken_for_the_page(site: FakeSite, varnish: Program, path: str) -> None:
    varnish.ask(path)
    assert varnish.ask(path, X_Forwarded_Proto="https").headers["x-front-cache"] == "miss"
    assert varnish.ask(path, X_Forwarded_Proto="https").headers["x-front-cache"] == "hit"


def test_nginx_keeps_nothing_of_what_varnish_keeps(
    site: FakeSite, varnish: Program, nginx_and_varnish: Program, path: str
) -> None:
    old = nginx_and_varnish.ask(path).body
    assert nginx_and_varnish.ask(path).body == old
    site.revise(path)
    assert varnish.ask("/", "PURGE", xkey_purge=f"article:{path.split('/')[2]}").body == b"Purged 1\n"
    assert nginx_and_varnish.ask(path).body.decode() == site.text(path)


def test_nobody_purges_through_nginx(nginx_and_varnish: Program, path: str) -> None:
    nginx_and_varnish.ask(path)
    assert nginx_and_varnish.ask("/", "PURGE", xkey_purge="site").status == 405


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "BREW"])
def test_a_method_that_no_reader_uses_goes_no_further(site: FakeSite, varnish: Program, path: str, method: str) -> None:
    assert varnish.ask(path, method).status in {400, 405}
    assert site.asked(path) == []
