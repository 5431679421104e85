"""The form needs no cookie and no token, refuses other sites, and no cache keeps its answers."""

import pytest
from django.http import HttpResponse
from django.test import Client

from comments.models import Comment
from tests.comments.helpers import post, submit_path
from tests.factories import make_approved, make_article, make_draft

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://ailleurs.exemple"},
        {"Origin": "http://testserver"},
        {"Origin": "http://testserver:80"},
    ],
)
def test_the_site_itself_and_text_browsers_may_send(headers: dict[str, str]):
    strict = Client(enforce_csrf_checks=True)

    assert post(strict, make_article(), headers=headers).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "inconnu"},
        {"Sec-Fetch-Site": ""},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
        {"Origin": "https://ailleurs.exemple"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://testserver:8080"},
        {"Origin": "http://testserver.exemple"},
        {"Origin": "http://testserver:99999"},
        {"Origin": "http://[::1"},
    ],
)
def test_another_site_may_not_send(client: Client, headers: dict[str, str]):
    assert post(client, make_article(), headers=headers).status_code == 403
    assert not Comment.objects.exists()


def test_another_site_may_not_speak_through_a_moderator(moderator_client: Client):
    post(moderator_client, make_article(), headers={"Origin": "https://ailleurs.exemple"})

    assert not Comment.objects.exists()


def answers(client: Client) -> dict[str, HttpResponse]:
    """Return one answer of each kind that the form's address gives."""
    root = make_approved()
    article = root.article
    path = submit_path(article)
    withdrawn = make_approved().article
    type(withdrawn).objects.filter(pk=withdrawn.pk).update(unpublished_at=withdrawn.published_at)
    return {
        "303": post(client, article),
        "422": post(client, article, body=""),
        "403": post(client, article, headers={"Origin": "https://ailleurs.exemple"}),
        "413": client.post(path, "x" * 70_000, content_type="application/x-www-form-urlencoded"),
        "410": post(client, withdrawn),
        "410 read": client.get(submit_path(withdrawn)),
        "404": post(client, make_draft()),
        "404 parent": client.get(path, {"parent": "9999999"}),
        "405": client.put(path),
        "303 read": client.get(path),
        "200": client.get(path, {"parent": root.pk}),
        "429": [post(client, article, body=f"{number}") for number in range(5)][-1],
    }


KINDS = ["303", "422", "403", "413", "410", "410 read", "404", "404 parent", "405", "303 read", "200", "429"]


@pytest.mark.parametrize("kind", KINDS)
def test_no_cache_keeps_an_answer(client: Client, kind: str):
    response = answers(client)[kind]

    assert response.status_code == int(kind.split()[0])
    assert response.get("Cache-Control") == "private, no-store"


def test_no_answer_sets_a_cookie(client: Client):
    assert {kind: bool(answer.cookies) for kind, answer in answers(client).items()} == dict.fromkeys(KINDS, False)


def test_the_form_carries_no_token(client: Client):
    article = make_article()

    for response in (client.get(article.get_absolute_url()), post(client, article, body="")):
        assert "csrf" not in response.content.decode().lower()
        assert "Cookie" not in response.get("Vary", "")
