"""After 90 days nothing is left that says who wrote, but the name and the text that are public."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from time_machine import Traveller

from comments import privacy
from comments.models import Comment
from tests.comments.helpers import make_many, noticed
from tests.factories import decide, make_approved, make_comment

pytestmark = pytest.mark.django_db

DAYS = timedelta(days=90)


@pytest.fixture
def clock() -> Iterator[Traveller]:
    """Stop the clock; a test moves it."""
    with time_machine.travel(datetime(2030, 5, 17, 12, tzinfo=UTC), tick=False) as traveller:
        yield traveller


def run() -> str:
    """Run the command and return what it says."""
    output = StringIO()
    call_command("apply_retention", stdout=output)
    return output.getvalue().strip()


def personal(comment: Comment) -> tuple[str, str, str | None]:
    """Return what is personal in a stored comment."""
    comment.refresh_from_db()
    return comment.author_email, comment.client_network, comment.submission_digest


def test_email_network_and_digest_go_after_90_days(clock: Traveller):
    comment = make_approved()
    clock.shift(DAYS + timedelta(seconds=1))
    run()

    assert personal(comment) == ("", "", None)


@pytest.mark.parametrize("age", [timedelta(0), DAYS - timedelta(seconds=1), DAYS])
def test_until_then_they_stay(clock: Traveller, age: timedelta):
    comment = make_comment()
    before = personal(comment)
    clock.shift(age)
    run()

    assert personal(comment) == before
    assert all(before)


@pytest.mark.parametrize("action", [None, "approve", "reject", "mark_as_spam"])
def test_whatever_was_decided_they_go(clock: Traveller, action: str | None):
    comment = make_comment()
    if action:
        decide(comment, action, reason="insult")
    clock.shift(DAYS * 2)
    run()

    assert personal(comment) == ("", "", None)


def test_the_public_comment_stays_as_it_was(client: Client, clock: Traveller):
    comment = make_approved(author_name="Zoé", body="Un avis durable")
    before = dict(Comment.objects.values().get())
    clock.shift(DAYS * 2)
    run()
    after = dict(Comment.objects.values().get())

    assert {name for name in before if before[name] != after[name]} == {
        "author_email",
        "client_network",
        "submission_digest",
    }
    assert "Un avis durable" in client.get(comment.article.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("count", "sentence"),
    [(0, "0 commentaire anonymisé."), (1, "1 commentaire anonymisé."), (2, "2 commentaires anonymisés.")],
)
def test_the_command_says_how_many(clock: Traveller, count: int, sentence: str):
    for _number in range(count):
        make_comment()
    clock.shift(DAYS * 2)

    assert run() == sentence


def test_a_second_run_finds_nothing(clock: Traveller):
    make_comment()
    clock.shift(DAYS * 2)

    assert [privacy.apply_retention(), privacy.apply_retention()] == [1, 0]


def test_any_number_of_comments_is_done_at_once(clock: Traveller):
    make_many(2_100, author_email="lectrice@exemple.fr")
    clock.shift(DAYS * 2)

    assert privacy.apply_retention() == 2_100
    assert not Comment.objects.exclude(author_email="").exists()


def test_one_without_an_email_is_not_taken_for_another(client: Client, clock: Traveller):
    make_many(6)
    comment = make_comment(author_email="nouvelle@exemple.fr", client_network="192.0.2.9")

    assert noticed(comment) == []
