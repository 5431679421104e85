"""nginx with deploy/nginx/multitude.conf: what it keeps, and for how long."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.frontcaches.programs import Program
from tests.frontcaches.site import PUBLIC, FakeSite

PERSONAL = [
    {"Cache-Control": "private, no-store"},
    {"Cache-Control": "no-store"},
    {"Cache-Control": "max-age=60"},
    {},
    PUBLIC | {"Cache-Control": "private, no-store"},
    PUBLIC | {"Cache-Control": "public, no-cache"},
    PUBLIC | {"Set-Cookie": "sessionid=1"},
    PUBLIC | {"Vary": "Cookie"},
    PUBLIC | {"Vary": "Accept-Encoding, Cookie"},
    {"X-Accel-Expires": "1"},
    {"Cache-Control": "public, max-age=60"},
]


def at_the_start_of_a_second() -> None:
    """Wait for the clock's next second: a copy lives to the end of the one in which it was made."""
    time.sleep(1 - time.time() % 1)


def test_a_page_is_kept_for_a_second_and_no_longer(site: FakeSite, nginx: Program, path: str) -> None:
    at_the_start_of_a_second()
    old = nginx.ask(path)
    made = time.monotonic()
    assert old.headers["x-front-cache"] == "miss"
    site.revise(path)
    again = nginx.ask(path)
    assert (again.headers["x-front-cache"], again.body) == ("hit", old.body)
    assert len(site.asked(path)) == 1
    asked = made
    while nginx.ask(path).body == old.body:
        # However slow this machine is, no request that leaves later gets the old page.
        assert asked - made < 1.2
        time.sleep(0.01)
        asked = time.monotonic()
    assert len(site.asked(path)) == 2


def test_nobody_gets_an_old_page_while_a_new_one_is_made(site: FakeSite, nginx: Program, path: str) -> None:
    old = nginx.ask(path).body
    site.revise(path)
    time.sleep(1.1)
    site.before_leaving = lambda: time.sleep(0.2)
    with ThreadPoolExecutor(8) as readers:
        answers = list(readers.map(nginx.ask, [path] * 8))
    assert old not in {answer.body for answer in answers}
    assert {answer.body.decode() for answer in answers} == {site.text(path)}


def test_an_old_page_is_not_better_than_none(site: FakeSite, nginx: Program, path: str) -> None:
    nginx.ask(path)
    site.away = True
    time.sleep(1.1)
    answer = nginx.ask(path)
    assert (answer.status, answer.headers["cache-control"]) == (503, "no-store")
    assert "Le journal ne répond pas" in answer.body.decode()
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    site.away = False
    assert nginx.ask(path).status == 200


def test_an_error_is_not_kept(site: FakeSite, nginx: Program, path: str) -> None:
    site.statuses[path], site.headers[path] = 500, {}
    assert nginx.ask(path).status == 500
    site.statuses[path] = 200
    assert nginx.ask(path).status == 200


@pytest.mark.parametrize("headers", PERSONAL)
def test_what_is_not_public_is_never_kept(site: FakeSite, nginx: Program, path: str, headers: dict[str, str]) -> None:
    site.headers[path] = headers
    assert [nginx.ask(path).headers["x-front-cache"] for _ in range(2)] == ["miss", "miss"]
    assert len(site.asked(path)) == 2


@pytest.mark.parametrize("folder", ["/admin", "/commentaires"])
def test_what_is_personal_by_its_address_is_not_even_looked_for(
    site: FakeSite, nginx: Program, path: str, folder: str
) -> None:
    answers = [nginx.ask(folder + path, Cookie="sessionid=1") for _ in range(2)]
    assert [answer.headers["x-front-cache"] for answer in answers] == ["pass", "pass"]
    assert [environ["HTTP_COOKIE"] for environ in site.asked(folder + path)] == ["sessionid=1"] * 2


def test_a_form_that_is_sent_always_gets_there(site: FakeSite, nginx: Program, path: str) -> None:
    nginx.ask(path)
    for _ in range(2):
        nginx.ask(path, "POST", b"body=Bonjour")
    assert [environ["body"] for environ in site.asked(path)] == [b"", b"body=Bonjour", b"body=Bonjour"]


def test_readers_with_and_without_cookies_share_a_page(site: FakeSite, nginx: Program, path: str) -> None:
    at_the_start_of_a_second()
    nginx.ask(path, Cookie="a=1")
    assert nginx.ask(path, Cookie="b=2").headers["x-front-cache"] == "hit"
    assert nginx.ask(path).headers["x-front-cache"] == "hit"


def test_another_query_is_another_page(site: FakeSite, nginx: Program, path: str) -> None:
    at_the_start_of_a_second()
    nginx.ask(path)
    assert nginx.ask(f"{path}?page=2&q=%C3%A9t%C3%A9").headers["x-front-cache"] == "miss"
    assert site.asked(path)[-1]["QUERY_STRING"] == "page=2&q=%C3%A9t%C3%A9"
