"""Replies: to a public comment of the same article, one level deep, and pending like any other."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client

from comments.models import Comment
from tests.comments.helpers import page, post, text, value
from tests.factories import decide, make_approved, make_article, make_comment

pytestmark = pytest.mark.django_db


def test_a_reply_waits_for_a_moderator_under_its_parent(client: Client):
    root = make_approved()

    assert post(client, root.article, parent=root.pk).status_code == 303
    reply = Comment.objects.exclude(pk=root.pk).get()
    assert (reply.parent, reply.article, reply.status) == (root, root.article, Comment.Status.PENDING)


def _reply_to_a_reply() -> Comment:
    root = make_approved()
    return make_approved(root.article, parent=root)


UNANSWERABLE = {
    "pending": make_comment,
    "rejected": lambda: decide(make_comment(), "reject", reason="insult"),
    "spam": lambda: decide(make_comment(), "mark_as_spam"),
    "removed": lambda: decide(make_approved(), "remove", reason="insult"),
    "back in the queue": lambda: decide(make_approved(), "return_to_queue"),
    "a reply itself": _reply_to_a_reply,
}


@pytest.mark.parametrize("make", UNANSWERABLE.values(), ids=UNANSWERABLE.keys())
def test_what_is_not_public_or_a_reply_takes_no_reply(client: Client, make):
    comment = make()
    before = Comment.objects.count()
    response = post(client, comment.article, parent=comment.pk, body="Ma réponse")

    assert response.status_code == 422
    assert "n’est plus en ligne" in text(page(response))
    assert value(page(response), "body") == "Ma réponse"
    assert Comment.objects.count() == before


def test_a_comment_of_another_article_takes_no_reply_here(client: Client):
    root = make_approved()
    response = post(client, make_article(), parent=root.pk, body="Ma réponse")

    assert response.status_code == 422
    assert value(page(response), "body") == "Ma réponse"
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("parent", ["abc", "0", "-5", "1.5", "9" * 30, "99999999", "1 2", "²"])
def test_a_parent_that_is_none_is_refused_and_the_text_kept(client: Client, parent: str):
    response = post(client, make_article(), parent=parent, body="Ma réponse")

    assert response.status_code == 422
    assert value(page(response), "body") == "Ma réponse"
    assert not Comment.objects.exists()


def test_an_empty_parent_is_no_parent(client: Client):
    assert post(client, make_article(), parent="").status_code == 303
    assert Comment.objects.get().parent is None


def test_the_unseen_parent_of_a_refused_reply_is_not_told(client: Client):
    hidden = make_comment(author_name="Nom caché")

    assert "Nom caché" not in post(client, hidden.article, parent=hidden.pk).content.decode()


def test_the_database_refuses_a_reply_across_articles():
    reply, elsewhere = make_comment(), make_comment()

    Comment.objects.filter(pk=reply.pk).update(parent=elsewhere)
    with pytest.raises(IntegrityError), transaction.atomic():
        connection.check_constraints()
    Comment.objects.filter(pk=reply.pk).update(parent=None)


def test_the_database_refuses_to_move_a_parent_to_another_article():
    root = make_approved()
    make_comment(root.article, parent=root)
    moved = Comment.objects.filter(pk=root.pk)

    moved.update(article=make_article())
    with pytest.raises(IntegrityError), transaction.atomic():
        connection.check_constraints()
    moved.update(article=root.article)


@pytest.mark.django_db(transaction=True)
def test_a_reply_across_articles_fails_at_commit():
    reply, elsewhere = make_comment(), make_comment()

    with pytest.raises(IntegrityError):
        Comment.objects.filter(pk=reply.pk).update(parent=elsewhere)
    reply.refresh_from_db()
    assert reply.parent is None


def test_the_database_refuses_a_comment_that_answers_itself():
    comment = make_comment()

    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=comment.pk).update(parent=comment)


def test_validation_says_so_before_the_database_does():
    reply, elsewhere = make_comment(), make_comment()
    reply.parent = elsewhere

    with pytest.raises(ValidationError, match="appartient à l’article"):
        reply.validate_constraints()


def test_a_reply_whose_comment_is_gone_can_still_be_sent(client: Client):
    parent = make_approved()
    decide(parent, "remove", reason="insult")
    response = post(client, parent.article, parent=str(parent.pk), body="Gardé, puis envoyé")
    tree = page(response)

    assert response.status_code == 422
    assert value(tree, "body") == "Gardé, puis envoyé"
    assert value(tree, "parent") == ""
    assert post(client, parent.article, parent="", body="Gardé, puis envoyé").status_code == 303
