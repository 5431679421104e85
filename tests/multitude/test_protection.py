"""What protects readers in their browser stands on every answer: pages, errors, files, and what no view makes."""

from typing import Any

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client
from django.utils import timezone
from django.utils.csp import CSP
from pytest_django import Settings

from multitude import protection
from multitude.web import congestion
from tests.articles.pictures.making import make_picture
from tests.factories import make_article, make_user
from tests.multitude import observatory

pytestmark = pytest.mark.django_db

HEADERS = {name for name, _value in protection.without_django("/")}
GOAL = 110


@pytest.fixture(autouse=True)
def _over_tls(settings: Settings) -> None:
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True


@pytest.fixture
def visitor() -> Client:
    """Return a reader over TLS who is told of errors as readers are, and whom CSRF checks apply to."""
    return Client(enforce_csrf_checks=True, raise_request_exception=False)


def is_protected(response: Any) -> bool:
    """Return whether an answer has every header, none of them weaker than the site's."""
    policy = response["Content-Security-Policy"]
    referrer = protection.referrer_policy(response.request["PATH_INFO"])
    expected = {**dict(protection.OWN), "X-Content-Type-Options": "nosniff", "Referrer-Policy": referrer}
    told = {name: response.headers.get(name) for name in expected}
    strict = policy.startswith("default-src 'none'") and "unsafe" not in policy and "nonce" not in policy
    return told == expected and strict and "max-age=31536000" in response["Strict-Transport-Security"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/articles/en-ligne/", 200),
        ("/articles/retire/", 410),
        ("/articles/inconnu/", 404),
        ("/nulle/part/", 404),
        ("/flux/", 200),
        ("/admin/login/", 200),
        ("/admin/", 302),
        ("/articles/en-ligne", 301),
        ("/commentaires/inconnu/", 404),
        ("/media/00000000000000000000000000000000/x.jpg", 404),
    ],
)
def test_an_answer_is_protected(visitor: Client, path: str, status: int) -> None:
    make_article(slug="en-ligne")
    make_article(slug="retire", first_published_at=timezone.now(), unpublished_at=timezone.now())
    response = visitor.get(path, secure=True)
    assert response.status_code == status
    assert is_protected(response)


def test_a_refused_form_is_protected(visitor: Client) -> None:
    assert is_protected(visitor.post("/admin/login/", {"username": "a", "password": "b"}, secure=True))


def test_a_refused_host_is_protected(visitor: Client) -> None:
    response = visitor.get("/", secure=True, headers={"Host": "pirate.exemple"})
    assert response.status_code == 400
    assert is_protected(response)


def test_a_page_of_the_newsroom_is_protected() -> None:
    client = Client()
    client.force_login(make_user("chef", is_superuser=True))
    assert is_protected(client.get("/admin/", secure=True))


def test_a_reading_is_answered_with_protection(visitor: Client) -> None:
    article = make_article()
    response = visitor.post(f"/vues/{article.pk}/", secure=True, headers={"Sec-Fetch-Site": "same-origin"})
    assert response.status_code == 204
    assert is_protected(response)


def test_a_static_file_is_protected_and_not_for_other_sites(visitor: Client) -> None:
    response = visitor.get(staticfiles_storage.url("css/base.css"), secure=True)
    response.close()
    assert response.status_code == 200
    assert is_protected(response)
    assert "Access-Control-Allow-Origin" not in response.headers


def test_a_public_picture_may_be_shown_by_feed_readers(visitor: Client) -> None:
    picture = make_picture(made=True)
    make_article(lead_picture=picture)
    response = visitor.get(f"/media/{picture.file}", secure=True)
    assert response.status_code == 200
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_what_no_view_answers_is_protected_too() -> None:
    told: list[list[tuple[str, str]]] = []
    jammed = congestion.OneThreadLeft(lambda environ, start: [], places=0)
    jammed._is_jammed = True
    for path in ("/commentaires/clef/", "/"):
        jammed({"REQUEST_METHOD": "GET", "PATH_INFO": path}, lambda status, headers: told.append(headers))
    assert all({name for name, _value in headers} >= HEADERS for headers in told)
    assert [dict(headers)["Referrer-Policy"] for headers in told] == ["no-referrer", "same-origin"]


@pytest.mark.parametrize("path", ["/", "/articles/en-ligne/", "/admin/login/", "/nulle/part/"])
def test_the_observatory_gives_a_page_its_best_grade(visitor: Client, path: str) -> None:
    make_article(slug="en-ligne")
    response = visitor.get(path, secure=True)
    assert observatory.score(response.headers, response.cookies) >= GOAL


def test_the_observatory_would_see_an_unsafe_policy(visitor: Client, settings: Settings) -> None:
    settings.SECURE_CSP = settings.SECURE_CSP | {"script-src": [CSP.SELF, CSP.UNSAFE_INLINE]}
    response = visitor.get("/", secure=True)
    assert observatory.score(response.headers, response.cookies) < GOAL
