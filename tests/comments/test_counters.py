"""The counters of the desk's lanes: true after every act."""

import pytest
from django.core.management import call_command

from comments import counters
from comments.models import Comment, LaneCount
from tests.factories import decide, make_approved, make_comment, make_user

pytestmark = pytest.mark.django_db

Lane = Comment.Lane


def shown() -> dict[str, int]:
    """Return the lanes that are not empty."""
    return {lane.value: number for lane, number in counters.numbers().items() if number}


def test_a_comment_that_comes_waits():
    make_comment()

    assert shown() == {"pending": 1}


def test_a_repetition_is_counted_once():
    first = make_comment()
    make_comment(first.article, author_email=first.author_email, body=first.body, client_network=first.client_network)

    assert shown() == {"pending": 1}


@pytest.mark.parametrize(
    ("action", "lane"),
    [("approve", "approved"), ("reject", "rejected"), ("mark_as_spam", "spam"), ("escalate", "escalated")],
)
def test_a_decision_moves_it_and_its_undoing_back(action: str, lane: str):
    comment = make_comment()
    decide(comment, action, reason="insult", explanation="Une note.", moderator=make_user("m", is_superuser=True))
    assert shown() == {lane: 1}

    decide(comment, "undo", moderator=make_user("n", is_superuser=True))
    assert shown() == {"pending": 1}


def test_a_removal_and_a_return_move_it():
    comment = make_approved()
    decide(comment, "remove", reason="insult")
    assert shown() == {"removed": 1}

    decide(comment, "return_to_queue")
    assert shown() == {"pending": 1}


def test_counting_again_mends_what_other_means_wrote():
    make_comment()
    make_approved()
    LaneCount.objects.update(number=40)
    call_command("recount_comments")

    assert shown() == {"pending": 1, "approved": 1}
