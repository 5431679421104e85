"""The order of a thread, its conversations, and what stands in place of a removed comment."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from articles.models import Article
from comments.models import Comment
from tests.comments.helpers import by_id, page, text
from tests.factories import decide, make_approved, make_article, make_comment, withdraw

pytestmark = pytest.mark.django_db

NOON = datetime(2030, 5, 17, 12, tzinfo=UTC)


def shown(client: Client, article: Article) -> list[str]:
    """Return the texts of a thread in the order of the page."""
    tree = by_id(page(client.get(article.get_absolute_url())), "commentaires")
    return [text(element) for element in tree.iter("div") if element.get("class") == "comment-body"]


def source(client: Client, article: Article) -> str:
    """Return the source of an article's page."""
    return client.get(article.get_absolute_url()).content.decode()


def test_comments_stand_oldest_first_whenever_they_were_approved(client: Client):
    article = make_article(published_at=NOON - timedelta(days=1))
    with time_machine.travel(NOON, tick=False) as clock:
        comments = []
        for body in ("premier", "deuxième", "troisième"):
            comments.append(make_comment(article, body=body))
            clock.shift(timedelta(minutes=1))
        for comment in reversed(comments):
            decide(comment, "approve")
            clock.shift(timedelta(minutes=1))
        assert shown(client, article) == ["premier", "deuxième", "troisième"]


def test_comments_of_the_same_instant_keep_their_order(client: Client):
    article = make_article(published_at=NOON - timedelta(days=1))
    with time_machine.travel(NOON, tick=False):
        for number in range(5):
            make_approved(article, body=f"avis {number}")
        assert shown(client, article) == [f"avis {number}" for number in range(5)]


def test_replies_stand_under_their_parent_oldest_first(client: Client):
    article = make_article()
    first, second = make_approved(article, body="A"), make_approved(article, body="B")
    for parent, body in ((second, "B1"), (first, "A1"), (second, "B2"), (first, "A2")):
        make_approved(article, parent=parent, body=body)

    assert shown(client, article) == ["A", "A1", "A2", "B", "B1", "B2"]
    conversation = page(source(client, article))
    replies = [
        [text(item) for item in entry.iter("div") if item.get("class") == "comment-body"]
        for entry in conversation.iter("ol")
        if entry.get("class") == "replies"
    ]
    assert replies == [["A1", "A2"], ["B1", "B2"]]


def test_a_thread_shows_its_own_article_alone(client: Client):
    here = make_approved(body="ici")
    make_approved(body="ailleurs")

    assert shown(client, here.article) == ["ici"]


def test_each_comment_has_its_anchor(client: Client):
    root = make_approved(author_name="Zoé")
    reply = make_approved(root.article, parent=root, author_name="Tom")
    tree = page(source(client, root.article))

    assert "Zoé" in text(by_id(tree, f"c{root.pk}"))
    assert "Tom" in text(by_id(tree, f"c{reply.pk}"))


GONE: dict[str, Callable[[Comment], object]] = {
    "removed": lambda root: decide(root, "remove", reason="insult"),
    "pending": lambda root: decide(root, "return_to_queue"),
    "rejected": lambda root: decide(decide(root, "return_to_queue"), "reject", reason="insult"),
    "withdrawn": withdraw,
}


@pytest.mark.parametrize("status", GONE)
def test_a_comment_that_went_leaves_a_word_above_its_replies(client: Client, status: str):
    root = make_approved(author_name="Cunégonde", body="mots retirés")
    make_approved(root.article, parent=root, body="la réponse")
    GONE[status](root)
    tree = page(source(client, root.article))

    assert text(by_id(tree, f"c{root.pk}")) == "Commentaire retiré"
    assert shown(client, root.article) == ["la réponse"]
    assert "Cunégonde" not in source(client, root.article)
    assert "mots retirés" not in source(client, root.article)


def test_what_went_is_not_counted_and_takes_no_reply(client: Client):
    root = make_approved()
    make_approved(root.article, parent=root)
    decide(root, "remove", reason="insult")
    tree = page(source(client, root.article))

    assert text(by_id(tree, "titre-commentaires")) == "Commentaire 1"
    assert [link for link in tree.iter("a") if link.get("data-reply") is not None] == []


@pytest.mark.parametrize("action", [None, "reject", "mark_as_spam"])
def test_without_a_public_reply_nothing_is_left(client: Client, action: str | None):
    root = make_approved()
    reply = make_comment(root.article, parent=root)
    if action:
        decide(reply, action, reason="insult")
    decide(root, "remove", reason="insult")

    assert "Commentaire retiré" not in source(client, root.article)
    assert "aucun commentaire" in source(client, root.article)


def test_a_removed_reply_leaves_nothing(client: Client):
    root = make_approved(body="la question")
    decide(make_approved(root.article, parent=root, body="la réponse"), "remove", reason="insult")

    assert shown(client, root.article) == ["la question"]
    assert "Commentaire retiré" not in source(client, root.article)


@pytest.mark.parametrize(("count", "heading"), [(0, "Commentaire 0"), (1, "Commentaire 1"), (2, "Commentaires 2")])
def test_the_heading_counts_in_french(client: Client, count: int, heading: str):
    article = make_article()
    for _number in range(count):
        make_approved(article)

    assert text(by_id(page(source(client, article)), "titre-commentaires")) == heading
