"""nginx with deploy/nginx/multitude.conf: what it tells the site, and what it lets through to readers."""

import gzip
import re
import time

import pytest
from pytest_django import Settings

from tests.frontcaches.programs import Program
from tests.frontcaches.reading import who_and_how
from tests.frontcaches.site import FakeSite
from tests.frontcaches.test_nginx_keeping import at_the_start_of_a_second

CODINGS = [
    ("gzip", "gzip"),
    ("br", "br"),
    ("gzip, deflate, br, zstd", "br"),
    ("br;q=0, gzip", "gzip"),
    ("GZIP", "gzip"),
    ("gzip;q=0", None),
    ("identity", None),
    ("*;q=0.1", None),
]


@pytest.mark.parametrize(("accepted", "coding"), CODINGS)
def test_each_reader_gets_an_encoding_that_they_understand(
    site: FakeSite, nginx: Program, path: str, accepted: str, coding: str | None
) -> None:
    for other in ("gzip", "br", "identity"):
        nginx.ask(path, Accept_Encoding=other)
    answer = nginx.ask(path, Accept_Encoding=accepted)
    assert answer.headers.get("content-encoding") == coding
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["etag"].endswith(f'-{coding}"' if coding else '"')
    assert not answer.headers["etag"].startswith("W/")
    if coding != "br":
        body = gzip.decompress(answer.body) if coding else answer.body
        assert body.decode() == site.text(path)


def test_browsers_that_spell_it_differently_share_a_copy(site: FakeSite, nginx: Program, path: str) -> None:
    at_the_start_of_a_second()
    for accepted in ("gzip, deflate, br", "br, gzip", "gzip,deflate,br,zstd", "gzip;q=1.0, br;q=1.0, *;q=0.5"):
        nginx.ask(path, Accept_Encoding=accepted)
    assert len(site.asked(path)) == 1


@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_what_a_reader_already_has_is_not_sent_again(site: FakeSite, nginx: Program, path: str, coding: str) -> None:
    etag = nginx.ask(path, Accept_Encoding=coding).headers["etag"]
    answer = nginx.ask(path, Accept_Encoding=coding, If_None_Match=etag)
    assert (answer.status, answer.body, answer.headers["etag"]) == (304, b"", etag)
    site.revise(path)
    at_the_start_of_a_second()
    assert nginx.ask(path, Accept_Encoding=coding, If_None_Match=etag).status == 200


def test_keys_and_orders_for_caches_stay_between_caches(site: FakeSite, nginx: Program, path: str) -> None:
    for _ in range(2):
        headers = nginx.ask(path).headers
        assert "surrogate-key" not in headers
        assert "x-accel-expires" not in headers
        assert headers["cache-control"].startswith("public")


@pytest.mark.parametrize(
    "forged",
    [{}, {"X_Forwarded_For": "203.0.113.9"}, {"X_Forwarded_Proto": "https"}, {"Forwarded": "for=203.0.113.9"}],
)
def test_the_site_knows_who_its_reader_is(
    site: FakeSite, nginx: Program, path: str, settings: Settings, forged: dict[str, str]
) -> None:
    nginx.ask(path, "POST", b"x", source="127.0.0.2", **forged)
    assert who_and_how(site, path, settings) == ("127.0.0.2", "http")
    assert site.asked(path)[-1]["HTTP_HOST"] == "exemple.fr"


def test_a_comment_that_is_too_long_reaches_the_page_that_says_so(site: FakeSite, nginx: Program, path: str) -> None:
    nginx.ask(path, "POST", b"x" * 500_000)
    assert len(site.asked(path)[-1]["body"]) == 500_000


def test_an_image_fits_into_the_newsroom_only(site: FakeSite, nginx: Program, path: str) -> None:
    image = b"x" * 3_000_000
    nginx.ask(f"/admin{path}", "POST", image)
    assert len(site.asked(f"/admin{path}")[-1]["body"]) == len(image)
    assert nginx.ask(path, "POST", image).status == 413
    assert site.asked(path) == []


def test_both_logs_name_a_request_alike_and_readers_do_not(site: FakeSite, nginx: Program, path: str) -> None:
    nginx.ask(path, "POST", b"x", X_Request_ID="une-autre-demande")
    name = site.asked(path)[-1]["HTTP_X_REQUEST_ID"]
    assert re.fullmatch("[0-9a-f]{32}", name)
    assert f"{name}\n" in logged(nginx, path)


def test_the_key_of_a_follow_up_page_or_of_a_preview_is_in_no_log(site: FakeSite, nginx: Program, path: str) -> None:
    for secret in ("/commentaires/clef-secrete/", "/apercu/clef-secrete/", "/media/a/b.jpg?apercu=clef-secrete"):
        nginx.ask(secret)
        assert site.asked(secret.partition("?")[0])
        nginx.ask_with({"Host": "www.exemple.fr"}, secret)
    nginx.ask(path)
    assert "clef-secrete" not in logged(nginx, path)


def test_the_key_of_a_follow_up_page_or_of_a_preview_is_in_no_log_while_the_site_is_away(
    site: FakeSite, nginx: Program, path: str
) -> None:
    site.away = True
    for secret in ("/commentaires/autre-clef/", "/apercu/autre-clef/", "/media/a/b.jpg?apercu=autre-clef", path):
        assert nginx.ask(secret).status == 503
    assert "autre-clef" not in logged(nginx, path) + (nginx.folder / "error.log").read_text()
    assert path in (nginx.folder / "error.log").read_text()


def logged(nginx: Program, path: str) -> str:
    """Return nginx's log once it tells of a request."""
    log, start = nginx.folder / "access.log", time.monotonic()
    while path not in log.read_text():
        assert time.monotonic() - start < 30
        time.sleep(0.01)
    return log.read_text()
