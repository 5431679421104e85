"""Varnish with deploy/varnish/multitude.vcl: pages after their time, which last a second here, and old ones 2 s."""

import time

import pytest

from tests.frontcaches.programs import Answer, Program
from tests.frontcaches.site import FOR_A_SECOND, PUBLIC, FakeSite

PAST_ITS_TIME = 1.2
TOO_OLD = 3.3


def states(*answers: Answer) -> list[str]:
    """Return what Varnish says that it did."""
    return [answer.headers["x-front-cache"] for answer in answers]


def wait_for(site: FakeSite, path: str, requests: int) -> None:
    """Wait until the site was asked so often."""
    start = time.monotonic()
    while len(site.asked(path)) < requests:
        assert time.monotonic() - start < 30
        time.sleep(0.01)
    time.sleep(0.1)


def test_an_old_page_is_served_at_once_while_a_new_one_is_fetched(site: FakeSite, varnish: Program, path: str) -> None:
    site.headers[path] = FOR_A_SECOND
    old = varnish.ask(path)
    site.revise(path)
    time.sleep(PAST_ITS_TIME)
    second = varnish.ask(path)
    wait_for(site, path, 2)
    third = varnish.ask(path)
    assert states(old, second, third) == ["miss", "stale", "hit"]
    assert old.body == second.body != third.body


def test_a_page_that_did_not_change_is_not_sent_twice(site: FakeSite, varnish: Program, path: str) -> None:
    site.headers[path] = FOR_A_SECOND
    first = varnish.ask(path, Accept_Encoding="gzip")
    time.sleep(PAST_ITS_TIME)
    varnish.ask(path)
    wait_for(site, path, 2)
    assert site.asked(path)[1]["HTTP_IF_NONE_MATCH"] == first.headers["etag"]
    again = varnish.ask(path, Accept_Encoding="gzip")
    assert (states(again), again.body, again.headers["etag"]) == (["hit"], first.body, first.headers["etag"])
    assert varnish.ask("/", "PURGE", xkey_purge=f"article:{path.split('/')[2]}").status == 200
    assert states(varnish.ask(path)) == ["miss"]


def test_an_old_page_is_better_than_none_for_as_long_as_the_site_allows(
    site: FakeSite, varnish: Program, path: str
) -> None:
    failing = f"{path}autre/"
    site.headers[path] = site.headers[failing] = FOR_A_SECOND
    old = {page: varnish.ask(page).body for page in (path, failing)}
    site.statuses[failing], site.headers[failing] = 500, {}
    time.sleep(PAST_ITS_TIME)
    for age in (0, TOO_OLD - PAST_ITS_TIME):
        time.sleep(age)
        for page in (path, failing):
            site.away = page == path
            answers = [varnish.ask(page) for _ in range(2)]
            assert states(*answers) == ["stale", "stale"]
            assert {answer.body for answer in answers} == {old[page]}


def test_once_pages_can_be_made_again_they_are(site: FakeSite, varnish: Program, path: str) -> None:
    site.headers[path] = FOR_A_SECOND
    varnish.ask(path)
    site.revise(path)
    site.away = True
    time.sleep(PAST_ITS_TIME)
    varnish.ask(path)
    site.away = False
    varnish.ask(path)
    wait_for(site, path, 2)
    assert varnish.ask(path).body.decode() == site.text(path)


@pytest.mark.parametrize("status", [500, 503])
def test_a_page_that_was_never_made_is_a_sentence(site: FakeSite, varnish: Program, path: str, status: int) -> None:
    site.statuses[path], site.headers[path] = status, {}
    answer = varnish.ask(path)
    assert (answer.status, answer.headers["cache-control"]) == (503, "no-store")
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "Le journal ne répond pas" in answer.body.decode()
    assert len(site.asked(path)) == 1
    site.statuses[path], site.headers[path] = 200, PUBLIC
    assert varnish.ask(path).body.decode() == site.text(path)


def test_an_old_page_that_may_not_be_shown_is_not(site: FakeSite, varnish: Program, path: str) -> None:
    site.headers[path] = PUBLIC | {"Cache-Control": "public, s-maxage=1, stale-while-revalidate=0, stale-if-error=0"}
    varnish.ask(path)
    site.away = True
    time.sleep(PAST_ITS_TIME)
    assert varnish.ask(path).status == 503


def test_an_old_page_of_the_sites_own_is_kept_for_a_second(site: FakeSite, varnish: Program, path: str) -> None:
    site.headers[path] = PUBLIC | {"X-Cache": "stale", "Age": "300"}
    assert states(varnish.ask(path), varnish.ask(path)) == ["miss", "hit"]
    site.revise(path)
    time.sleep(PAST_ITS_TIME)
    varnish.ask(path)
    wait_for(site, path, 2)
    assert varnish.ask(path).body.decode() == site.text(path)


def test_its_age_says_how_old_a_page_is(site: FakeSite, varnish: Program, path: str) -> None:
    site.headers[path] = PUBLIC | {"X-Cache": "hit", "Age": "40"}
    varnish.ask(path)
    assert 40 <= int(varnish.ask(path).headers["age"]) <= 41
