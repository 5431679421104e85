"""A submission to an article that is not there: unknown, never public, or withdrawn meanwhile."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from articles import publishing
from articles.models import Article
from comments import submission
from comments.incoming import Submission
from comments.models import Comment
from tests.comments.helpers import FIELDS, page, post, submit_path, text, value
from tests.factories import make_approved, make_article, make_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def withdrawn() -> Article:
    """Return an article that readers have seen, and that is no longer public."""
    return publishing.unpublish(article_id=make_article().pk)


def test_an_unknown_article_is_not_found(client: Client):
    assert client.post("/articles/inconnu/commentaires/", FIELDS).status_code == 404


def test_a_draft_is_not_found(client: Client):
    assert post(client, make_draft()).status_code == 404
    assert not Comment.objects.exists()


def test_an_article_to_come_is_not_found(client: Client):
    article = make_article(published_at=timezone.now() + timedelta(hours=1))

    assert post(client, article).status_code == 404
    assert client.get(submit_path(article)).status_code == 404
    assert not Comment.objects.exists()


def test_an_article_takes_comments_from_the_instant_of_its_publication(client: Client):
    article = make_article(published_at=timezone.now() + timedelta(hours=1))

    with time_machine.travel(article.published_at, tick=False):
        assert post(client, article).status_code == 303


def test_a_withdrawn_article_is_gone_and_the_text_is_not(client: Client, withdrawn: Article):
    response = post(client, withdrawn, body="Un long <travail>")

    assert response.status_code == 410
    assert "vient d’être retiré" in text(page(response))
    assert value(page(response), "body") == "Un long <travail>"
    assert not Comment.objects.exists()


def test_a_withdrawn_article_offers_no_reply_form(client: Client):
    root = make_approved()
    publishing.unpublish(article_id=root.article_id)

    assert client.get(submit_path(root.article), {"parent": root.pk}).status_code == 410
    assert client.get(submit_path(root.article)).status_code == 410


def test_an_article_withdrawn_while_its_form_is_read_is_gone_and_the_text_is_not(
    client: Client, monkeypatch: pytest.MonkeyPatch
):
    article = make_article()

    def too_late(sent: Submission) -> Comment:
        publishing.unpublish(article_id=sent.article_id)
        raise submission.ArticleUnavailable

    monkeypatch.setattr("comments.submission.submit", too_late)
    response = post(client, article, body="Mon texte")

    assert response.status_code == 410
    assert value(page(response), "body") == "Mon texte"


def test_the_verb_itself_refuses_an_article_that_is_not_public():
    with pytest.raises(submission.ArticleUnavailable):
        submission.submit(Submission(article_id=make_draft().pk, parent_id=None, client_network="192.0.2.1", **FIELDS))
