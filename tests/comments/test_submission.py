"""What sending the form stores, and where it leads."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from comments.models import Comment
from tests.comments.helpers import noticed, post
from tests.factories import make_approved, make_article

pytestmark = pytest.mark.django_db


def test_a_submission_leads_to_its_follow_up_page(client: Client):
    response = post(client, make_article())

    assert response.status_code == 303
    assert response["Location"] == f"/commentaires/{Comment.objects.get().follow_up_key}/"


def test_a_submission_is_stored_as_it_was_typed(client: Client):
    article = make_article()
    post(client, article, author_name="Ève", author_email="eve@exemple.fr", body="Oui !\n\nNon « jamais ».")

    comment = Comment.objects.get()
    assert (comment.article, comment.parent) == (article, None)
    assert (comment.author_name, comment.author_email) == ("Ève", "eve@exemple.fr")
    assert comment.body == "Oui !\n\nNon « jamais »."


def test_a_submission_carries_the_instant_at_which_it_came(client: Client):
    article = make_article(commenting="open")
    instant = datetime(2030, 5, 17, 12, 30, 15, tzinfo=UTC)
    with time_machine.travel(instant, tick=False):
        post(client, article)

    assert Comment.objects.get().submitted_at == instant


def test_a_submission_waits_for_a_moderator(client: Client):
    post(client, make_article())

    comment = Comment.objects.get()
    assert comment.status == Comment.Status.PENDING
    assert (comment.decided_at, comment.first_approved_at, comment.version) == (None, None, 1)


@pytest.mark.parametrize(
    ("field", "forged"),
    [
        ("status", "approved"),
        ("decided_at", "2020-01-01"),
        ("first_approved_at", "2020-01-01"),
        ("version", "9"),
        ("follow_up_key", "devine"),
        ("submitted_at", "2001-01-01"),
        ("client_network", "192.0.2.99"),
        ("submission_digest", "f" * 64),
        ("id", "424242"),
        ("body_html", "<script>alert(1)</script>"),
        ("article", "424242"),
        ("is_staff", "1"),
    ],
)
def test_nothing_else_that_is_posted_counts(client: Client, field: str, forged: str):
    article = make_article()
    post(client, article, **{field: forged})

    comment = Comment.objects.get()
    assert comment.status == Comment.Status.PENDING
    assert comment.article_id == article.pk
    assert str(getattr(comment, field, "")) != forged


def test_a_moderators_own_comment_waits_too(moderator_client: Client):
    assert post(moderator_client, make_article()).status_code == 303

    assert Comment.objects.get().status == Comment.Status.PENDING


def test_an_email_is_kept_in_lower_case(client: Client):
    post(client, make_article(), author_email=" Jeanne@Exemple.FR ")

    assert Comment.objects.get().author_email == "jeanne@exemple.fr"


@pytest.mark.parametrize(
    ("address", "network"),
    [("203.0.113.9", "203.0.113.9"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), ("::ffff:192.0.2.1", "192.0.2.1")],
)
def test_the_network_of_the_reader_is_kept(client: Client, address: str, network: str):
    post(client, make_article(), REMOTE_ADDR=address)

    assert Comment.objects.get().client_network == network


@pytest.mark.parametrize("filled", ["https://spam.exemple", "\0", "x" * 5_000])
def test_a_filled_honeypot_is_answered_as_ever_and_noted(client: Client, filled: str):
    response = post(client, make_article(), website=filled)

    comment = Comment.objects.get()
    assert (response.status_code, response["Location"]) == (303, comment.get_absolute_url())
    assert comment.status == Comment.Status.PENDING
    assert noticed(comment) == ["honeypot"]


def test_an_ordinary_submission_has_no_finding(client: Client):
    post(client, make_article())

    assert noticed(Comment.objects.get()) == []


def test_sending_a_comment_changes_no_count(client: Client):
    article = make_approved().article
    post(client, article)

    article.refresh_from_db()
    assert article.comment_count == 1
