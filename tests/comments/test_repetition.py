"""The same comment sent again: a double click, a retry, the back button."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from comments.models import Comment
from tests.comments.helpers import noticed, post
from tests.factories import decide, make_approved, make_article

pytestmark = pytest.mark.django_db

NOW = datetime(2030, 5, 17, 12, 30, tzinfo=UTC)


def newest() -> Comment:
    """Return the comment that was stored last."""
    return Comment.objects.latest("pk")


def send_twice(client: Client, minutes: float, first: dict[str, str] | None = None, **second: str) -> tuple[str, str]:
    """Send a comment, and so many minutes later again with what differs; return where each led."""
    with time_machine.travel(NOW, tick=False) as clock:
        article = make_article(commenting="open")
        before = post(client, article, **(first or {}))["Location"]
        clock.shift(timedelta(minutes=minutes))
        return before, post(client, article, **second)["Location"]


@pytest.mark.parametrize("minutes", [0, 1, 14.99])
def test_a_second_identical_submission_leads_to_the_first(client: Client, minutes: float):
    first, second = send_twice(client, minutes)

    assert first == second
    assert Comment.objects.count() == 1


def test_the_first_comment_stays_without_finding(client: Client):
    send_twice(client, 1)

    assert noticed(Comment.objects.get()) == []


@pytest.mark.parametrize("minutes", [15, 16, 60 * 24 * 30])
def test_a_later_repetition_is_a_new_comment_with_a_finding(client: Client, minutes: float):
    first, second = send_twice(client, minutes)

    assert first != second
    assert Comment.objects.count() == 2
    assert (newest().status, noticed(newest())) == (Comment.Status.PENDING, ["duplicate"])


def test_a_repetition_of_the_later_one_leads_to_the_later_one(client: Client):
    _first, second = send_twice(client, 16)
    with time_machine.travel(NOW + timedelta(minutes=20), tick=False):
        assert post(client, newest().article)["Location"] == second


def test_a_repetition_from_another_network_is_a_new_comment_with_a_finding(client: Client):
    first, second = send_twice(client, 1, REMOTE_ADDR="203.0.113.77")

    assert first != second
    assert noticed(newest()) == ["duplicate"]


def test_a_repetition_from_the_same_household_is_one(client: Client):
    first, second = send_twice(client, 1, {"REMOTE_ADDR": "2001:db8::1"}, REMOTE_ADDR="2001:db8::2")

    assert first == second


@pytest.mark.parametrize("email", ["JEANNE@exemple.fr", "jeanne@EXEMPLE.fr", " jeanne@exemple.fr "])
def test_the_case_of_the_email_makes_no_difference(client: Client, email: str):
    first, second = send_twice(client, 1, author_email=email)

    assert first == second


def test_the_case_of_the_email_hides_no_later_repetition(client: Client):
    send_twice(client, 16, author_email="Jeanne@exemple.fr")

    assert noticed(newest()) == ["duplicate"]


def test_another_name_is_still_the_same_comment(client: Client):
    first, second = send_twice(client, 1, author_name="J. D.")

    assert first == second


def test_line_ends_of_another_kind_make_no_difference(client: Client):
    first, second = send_twice(client, 1, {"body": "un\r\ndeux"}, body="un\ndeux")

    assert first == second


@pytest.mark.parametrize("other", [{"body": "Un autre avis."}, {"author_email": "jean@exemple.fr"}])
def test_another_text_or_email_is_another_comment(client: Client, other: dict[str, str]):
    first, second = send_twice(client, 1, **other)

    assert first != second
    assert noticed(newest()) == []


def test_the_same_text_under_another_article_or_comment_is_another_one(client: Client):
    root = make_approved()
    places = [
        post(client, make_article()),
        post(client, root.article),
        post(client, root.article, parent=root.pk),
    ]

    assert len({place["Location"] for place in places}) == 3


def test_a_repetition_of_a_decided_comment_leads_to_it(client: Client):
    article = make_article()
    first = post(client, article)["Location"]
    decide(Comment.objects.get(), "reject", reason="insult")

    assert post(client, article)["Location"] == first


def test_a_repetition_of_a_reply_whose_parent_went_leads_to_it(client: Client):
    root = make_approved()
    first = post(client, root.article, parent=root.pk)["Location"]
    decide(root, "remove", reason="insult")

    assert post(client, root.article, parent=root.pk)["Location"] == first
