"""`@public_page` and `@private_page`: the headers, the conditional answers, and nothing personal."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.sessions.backends.cache import SessionStore
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from multitude.caching import PersonalContentError, depends_on, page_number, private_page, public_page
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def request_for(path: str = "/", user: User | AnonymousUser | None = None) -> HttpRequest:
    """Return a GET request as the middleware hands it to a view."""
    request = RequestFactory().get(path, headers={"Cookie": "essai=1; sessionid=abc"})
    request.session = SessionStore()
    request.user = user or AnonymousUser()
    return request


def test_a_public_page_says_how_long_a_shared_cache_keeps_it() -> None:
    response = public_page(fresh=60, stale=600)(lambda request: HttpResponse("a"))(request_for())
    policy = "public, max-age=0, s-maxage=60, stale-while-revalidate=600, stale-if-error=86400"
    assert response["Cache-Control"] == policy


POLICY = "public, max-age=0, s-maxage={}, stale-while-revalidate={}, stale-if-error={}"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def policy_before(change: timedelta, now: datetime = NOON) -> str:
    """Return what a page says that something changes so long from now."""

    def view(request: HttpRequest) -> HttpResponse:
        depends_on(request, until=now + change)
        return HttpResponse("a")

    with time_machine.travel(now, tick=False):
        return public_page(fresh=60, stale=60)(view)(request_for())["Cache-Control"]


@pytest.mark.parametrize(
    ("seconds", "policy"),
    [(0, (0, 0, 0)), (7.9, (7, 0, 0)), (60, (60, 0, 0)), (90, (60, 30, 30)), (120, (60, 60, 60))],
)
def test_no_page_is_good_past_what_changes_it(seconds: float, policy: tuple[int, ...]) -> None:
    assert policy_before(timedelta(seconds=seconds)) == POLICY.format(*policy)


def test_what_changes_later_is_not_told_to_the_second() -> None:
    told = {policy_before(timedelta(seconds=seconds)) for seconds in range(120, 129_600, 599)}
    assert told == {POLICY.format(60, 60, 60)}


@pytest.mark.parametrize("seconds", range(0, 7_200, 1_201))
def test_when_old_pages_are_no_longer_good_tells_the_day_alone(seconds: int) -> None:
    """Whoever asks each second sees it at midnight, whatever the hour of what is to come."""
    change = datetime(2026, 11, 23, tzinfo=UTC) + timedelta(seconds=seconds)
    turning = datetime(2026, 11, 22, tzinfo=UTC) - timedelta(seconds=60)
    before, after = turning - timedelta(seconds=1), turning
    assert policy_before(change - before, before) == POLICY.format(60, 60, 86_400)
    assert policy_before(change - after, after) == POLICY.format(60, 60, 60)


def test_a_public_page_has_a_strong_etag_that_follows_its_bytes(client: Client) -> None:
    first = client.get("/")["ETag"]
    assert first.startswith('"')
    assert client.get("/")["ETag"] == first
    make_article()
    assert client.get("/")["ETag"] != first


def test_a_known_etag_is_answered_304_without_a_body(client: Client) -> None:
    etag = client.get("/")["ETag"]
    for sent in (etag, f'W/{etag}, "autre"', "*"):
        response = client.get("/", headers={"If-None-Match": sent})
        assert (response.status_code, response.content) == (304, b"")
        assert response["ETag"] == etag
        assert "s-maxage" in response["Cache-Control"]


def test_an_unknown_etag_is_answered_with_the_page(client: Client) -> None:
    assert client.get("/", headers={"If-None-Match": '"autre"'}).status_code == 200


def test_head_has_the_headers_of_get_and_no_body(client: Client) -> None:
    got, head = client.get("/"), client.head("/")
    assert head.content == b""
    assert (head.status_code, head["ETag"], head["Cache-Control"]) == (200, got["ETag"], got["Cache-Control"])


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_public_page_is_only_read(client: Client, method: str) -> None:
    response = getattr(client, method)("/")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"


def test_a_post_from_a_browser_is_told_405_too() -> None:
    assert Client(enforce_csrf_checks=True).post("/").status_code == 405


def test_undeclared_parameters_and_cookies_change_nothing(client: Client) -> None:
    make_article()
    plain = client.get("/").content
    client.cookies["essai"] = "1"
    assert client.get("/?utm_source=lettre&page=7&q=<b>", headers={"Accept-Language": "de"}).content == plain


def test_a_view_sees_declared_parameters_alone() -> None:
    seen = {}

    @public_page(fresh=1, params=("page",))
    def view(request: HttpRequest) -> HttpResponse:
        seen.update(request.GET.dict(), query=request.META["QUERY_STRING"], cookies=dict(request.COOKIES))
        seen.update(user=request.user, session=hasattr(request, "session"), header=request.headers.get("Cookie"))
        return HttpResponse()

    view(request_for("/?page=2&utm=x", User(username="redaction")))
    expected = {"page": "2", "query": "page=2", "cookies": {}, "user": AnonymousUser(), "session": False}
    assert seen == expected | {"header": None}


def test_a_public_view_that_sets_a_cookie_is_a_fault() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        response = HttpResponse()
        response.set_cookie("a", "b")
        return response

    with pytest.raises(PersonalContentError):
        public_page(fresh=1)(view)(request_for())


def test_a_public_view_that_varies_on_the_cookie_is_a_fault() -> None:
    with pytest.raises(PersonalContentError):
        public_page(fresh=1)(lambda request: HttpResponse(headers={"Vary": "Accept, Cookie"}))(request_for())


def test_what_is_not_a_page_gets_no_cache_policy() -> None:
    response = public_page(fresh=1)(lambda request: HttpResponse(status=403))(request_for())
    assert "ETag" not in response
    assert "s-maxage" not in response.get("Cache-Control", "")


def test_a_private_page_is_kept_nowhere() -> None:
    assert private_page(lambda request: HttpResponse())(request_for())["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(("query", "number"), [("", 1), ("?page=1", 1), ("?page=27", 27)])
def test_a_page_number_is_a_plain_number(query: str, number: int) -> None:
    assert page_number(RequestFactory().get(f"/{query}")) == number
