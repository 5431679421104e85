"""No page and no log shows an e-mail, a network, or any digest of them."""

import hashlib
import logging

import pytest
from django.test import Client

from comments.models import Comment
from tests.comments.helpers import page, post, submit_path, text
from tests.factories import decide, make_approved, make_article, make_comment

pytestmark = pytest.mark.django_db

EMAIL, NETWORK = "Secrete@exemple.fr", "192.0.2.77"


def traces(comment: Comment) -> set[str]:
    """Return everything that would give an e-mail or a network away, in lower case."""
    digests = {
        hashlib.new(name, secret.encode()).hexdigest()
        for name in ("md5", "sha1", "sha256", "sha512", "blake2b")
        for secret in (EMAIL, EMAIL.lower(), NETWORK)
    }
    return {"secrete@", "secrete%40", NETWORK, str(comment.submission_digest), *digests} - {"None"}


def secrets_in(source: str, comment: Comment) -> list[str]:
    """Return what of a comment's secrets stands in a page."""
    return [trace for trace in traces(comment) if trace in source.lower()]


def test_an_approved_comment_is_shown_without_its_email(client: Client):
    comment = make_approved(author_email=EMAIL, client_network=NETWORK)
    path = comment.article.get_absolute_url()
    addresses = ["/", path, f"{path}flux/", "/flux/", "/classements/commentes/"]
    addresses += [comment.get_absolute_url(), f"{submit_path(comment.article)}?parent={comment.pk}"]

    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200
        assert secrets_in(response.content.decode(), comment) == [], address
        assert secrets_in(str(response.headers), comment) == [], address


def test_a_comment_shows_no_picture_from_elsewhere(client: Client):
    tree = page(client.get(make_approved().article.get_absolute_url()))
    shown = [element for element in tree.iter() if element.tag in {"img", "script", "iframe"}]
    sources = [element.get("src") or "" for element in shown if element.get("type") != "application/ld+json"]

    assert [source for source in sources if not source.startswith("/")] == []


@pytest.mark.parametrize("action", ["approve", "reject", "mark_as_spam"])
def test_the_follow_up_page_never_shows_it(client: Client, action: str):
    comment = decide(make_comment(author_email=EMAIL, client_network=NETWORK), action, reason="insult")

    assert secrets_in(client.get(comment.get_absolute_url()).content.decode(), comment) == []


def test_no_log_holds_it(client: Client, caplog: pytest.LogCaptureFixture):
    article = make_article()
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("django.db.backends").setLevel(logging.WARNING)
        post(client, article, author_email=EMAIL, REMOTE_ADDR=NETWORK)
        post(client, article, author_email=EMAIL, body="", REMOTE_ADDR=NETWORK)
        post(client, article, author_email=EMAIL, REMOTE_ADDR=NETWORK, headers={"Origin": "null"})
        decide(Comment.objects.get(), "approve")

    assert secrets_in(caplog.text, Comment.objects.get()) == []


def test_the_digest_of_a_submission_needs_the_secret(client: Client):
    post(client, make_article(), author_email=EMAIL)
    comment = Comment.objects.get()

    assert len(comment.submission_digest or "") == 64
    assert comment.submission_digest not in traces(comment) - {comment.submission_digest}


def test_the_reader_is_told_beside_the_field(client: Client):
    tree = page(client.get(make_article().get_absolute_url()))

    assert "Votre email ne sera pas affiché publiquement." in text(tree)
    assert "Tous les champs sont obligatoires." in text(tree)
    assert [link.get("href") for link in tree.iter("a") if text(link) == "Ce que deviennent vos données"] == [
        "/confidentialite/"
    ]
