"""The same-origin check: `Sec-Fetch-Site` first, `Origin` else, and neither for a text browser."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from multitude.origin import is_same_origin, same_origin_required

SITES = [
    ("same-origin", True),
    ("none", True),
    ("Same-Origin", True),
    ("same-site", False),
    ("cross-site", False),
    ("", False),
    ("autre", False),
]
ORIGINS = [
    ("http://exemple.fr", "exemple.fr", True),
    ("http://EXEMPLE.fr", "exemple.fr", True),
    ("http://exemple.fr:80", "exemple.fr", True),
    ("http://exemple.fr", "exemple.fr:80", True),
    ("https://exemple.fr", "exemple.fr", True),
    ("https://exemple.fr:443", "exemple.fr", True),
    ("http://exemple.fr:8000", "exemple.fr:8000", True),
    ("http://[::1]:8000", "[::1]:8000", True),
    ("null", "exemple.fr", False),
    ("", "exemple.fr", False),
    ("http://exemple.fr:8001", "exemple.fr:8000", False),
    ("http://exemple.fr", "exemple.fr:8000", False),
    ("http://exemple.fr:8000", "exemple.fr", False),
    ("http://pirate.fr", "exemple.fr", False),
    ("http://exemple.fr.pirate.fr", "exemple.fr", False),
    ("http://pirate.fr/exemple.fr", "exemple.fr", False),
    ("http://exemple.fr@pirate.fr", "exemple.fr", False),
    ("http://sous.exemple.fr", "exemple.fr", False),
    ("http://exemple.fr:port", "exemple.fr", False),
    ("http://[::1", "exemple.fr", False),
    ("exemple.fr", "exemple.fr", False),
]


@pytest.fixture(autouse=True)
def _hosts(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["exemple.fr", "[::1]"]


def request_with(host: str = "exemple.fr", **headers: str) -> HttpRequest:
    """Return a POST that carries these headers."""
    return RequestFactory().post("/", headers={"Host": host} | headers)


@pytest.mark.parametrize(("site", "expected"), SITES)
def test_sec_fetch_site_decides(site: str, expected: bool) -> None:
    assert is_same_origin(request_with(**{"Sec-Fetch-Site": site})) is expected


def test_sec_fetch_site_decides_before_origin() -> None:
    assert is_same_origin(request_with(**{"Sec-Fetch-Site": "same-origin", "Origin": "null"}))
    assert not is_same_origin(request_with(**{"Sec-Fetch-Site": "cross-site", "Origin": "http://exemple.fr"}))


@pytest.mark.parametrize(("origin", "host", "expected"), ORIGINS)
def test_origin_has_the_host_and_port_of_the_site(origin: str, host: str, expected: bool) -> None:
    assert is_same_origin(request_with(host, Origin=origin)) is expected


def test_a_client_that_sends_neither_passes() -> None:
    assert is_same_origin(request_with())


def test_a_foreign_post_gets_403_that_no_cache_keeps(db: None) -> None:
    view = same_origin_required(lambda request: HttpResponse("fait"))
    response = view(request_with(Origin="http://pirate.fr"))
    assert (response.status_code, response["Cache-Control"]) == (403, "no-store")
    assert b"fait" not in response.content


def test_a_foreign_reading_is_not_an_act() -> None:
    view = same_origin_required(lambda request: HttpResponse("lu"))
    assert view(RequestFactory().get("/", headers={"Sec-Fetch-Site": "cross-site"})).status_code == 200


def test_no_csrf_token_is_asked_of_a_guarded_view() -> None:
    assert same_origin_required(lambda request: HttpResponse()).csrf_exempt  # type: ignore[attr-defined]
