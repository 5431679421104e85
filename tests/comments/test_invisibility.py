"""A comment that is not approved appears nowhere, and nothing of its author does."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from articles import publishing
from comments.models import Comment
from tests.comments.helpers import submit_path
from tests.factories import decide, make_approved, make_article, make_author, make_comment, withdraw

pytestmark = pytest.mark.django_db

NAME, TEXT = "Cunégonde Ixe", "mots introuvables"
HIDDEN = {"author_name": NAME, "author_email": "cunegonde@secret.exemple", "body": TEXT, "client_network": "192.0.2.77"}
TRACES = (NAME, TEXT, "cunegonde", "secret.exemple", "192.0.2.77")


def withdrawn() -> Comment:
    """Return a comment that its author took back after it had appeared."""
    return withdraw(decide(make_approved(**HIDDEN), "remove", reason="other", explanation="À la demande de son auteur"))


MAKERS: dict[str, Callable[[], Comment]] = {
    "pending": lambda: make_comment(**HIDDEN),
    "rejected": lambda: decide(make_comment(**HIDDEN), "reject", reason="insult"),
    "spam": lambda: decide(make_comment(**HIDDEN), "mark_as_spam"),
    "removed": lambda: decide(make_approved(**HIDDEN), "remove", reason="insult"),
    "withdrawn": withdrawn,
}
every_status = pytest.mark.parametrize("status", MAKERS)


def public_addresses(comment: Comment) -> list[str]:
    """Return every public address on which a comment could appear."""
    article = comment.article
    return [
        "/",
        article.get_absolute_url(),
        f"{article.get_absolute_url()}flux/",
        article.section.get_absolute_url(),
        f"{article.section.get_absolute_url()}flux/",
        article.bylines.get().author.get_absolute_url(),
        "/flux/",
        *(
            f"/classements/{ranking}/?periode={period}"
            for ranking in ("lus", "commentes")
            for period in ("jour", "semaine", "mois", "toujours")
        ),
    ]


def hidden(status: str) -> Comment:
    """Return a comment of a status, under an article that has an author."""
    comment = MAKERS[status]()
    assert comment.status == status
    comment.article.bylines.create(author=make_author())
    return comment


@every_status
def test_it_is_in_the_source_of_no_page(client: Client, status: str):
    comment = hidden(status)
    pages = {path: client.get(path) for path in public_addresses(comment)}

    assert {path: page.status_code for path, page in pages.items()} == dict.fromkeys(pages, 200)
    for path, page in pages.items():
        assert not [trace for trace in TRACES if trace in page.content.decode()], path
        assert f'c{comment.pk}"' not in page.content.decode(), path


@every_status
def test_it_is_not_counted(client: Client, status: str):
    article = hidden(status).article
    article.refresh_from_db()

    assert article.comment_count == 0
    source = client.get(article.get_absolute_url()).content.decode()
    assert "Commentaire 0" in source
    assert "Il n’y a actuellement aucun commentaire concernant cet article." in source.replace("\u202f", " ")


@every_status
def test_its_article_is_not_among_the_commented(client: Client, status: str):
    article = hidden(status).article

    for period in ("jour", "semaine", "mois", "toujours"):
        main = client.get(f"/classements/commentes/?periode={period}").content.decode()
        assert article.get_absolute_url() not in main


@every_status
def test_its_author_is_not_named_by_the_form_of_a_reply(client: Client, status: str):
    comment = hidden(status)
    response = client.get(submit_path(comment.article), {"parent": comment.pk})

    assert response.status_code == 404
    assert NAME not in response.content.decode()


@every_status
def test_it_is_not_a_public_comment(status: str):
    hidden(status)

    assert not Comment.objects.approved().exists()


@every_status
def test_a_hidden_reply_is_in_the_source_of_no_page(client: Client, status: str):
    reply = hidden(status)
    root = make_approved(reply.article)
    Comment.objects.filter(pk=reply.pk).update(parent=root)
    article = reply.article

    for path in (article.get_absolute_url(), f"{article.get_absolute_url()}flux/"):
        source = client.get(path).content.decode()
        assert root.author_name in source
        assert not [trace for trace in TRACES if trace in source]


def test_the_comments_of_an_article_that_was_withdrawn_go_with_it(client: Client):
    comment = make_approved(**HIDDEN)
    publishing.unpublish(article_id=comment.article_id)

    assert not Comment.objects.approved().exists()
    for path in (comment.article.get_absolute_url(), submit_path(comment.article), "/", "/classements/commentes/"):
        assert NAME not in client.get(path).content.decode()


def test_the_comments_of_an_article_set_back_to_a_draft_go_with_it():
    comment = make_approved()
    type(comment.article).objects.filter(pk=comment.article_id).update(published_at=timezone.now() + timedelta(days=1))

    assert not Comment.objects.approved().exists()


def test_an_approved_comment_appears_on_its_article_only(client: Client):
    comment = make_approved(make_article(), **HIDDEN)
    comment.article.bylines.create(author=make_author())

    shown = [path for path in public_addresses(comment) if TEXT in client.get(path).content.decode()]
    assert shown[0] == comment.article.get_absolute_url()
    assert shown[1] == f"{comment.article.get_absolute_url()}flux/"
