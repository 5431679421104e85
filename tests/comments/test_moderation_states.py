"""Which action is possible in which status, and where it leads."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from comments import moderation
from comments.models import Comment, Decision
from tests.factories import decide, make_approved, make_comment, withdraw

pytestmark = pytest.mark.django_db

ALLOWED = {
    ("pending", "approve"): "approved",
    ("pending", "reject"): "rejected",
    ("pending", "mark_as_spam"): "spam",
    ("approved", "remove"): "removed",
    ("approved", "return_to_queue"): "pending",
    ("rejected", "return_to_queue"): "pending",
    ("spam", "return_to_queue"): "pending",
    ("removed", "return_to_queue"): "pending",
}
ACTIONS = ["approve", "reject", "mark_as_spam", "remove", "return_to_queue"]
STATUSES = ["pending", "approved", "rejected", "spam", "removed", "withdrawn"]
REFUSED = [(status, action) for status in STATUSES for action in ACTIONS if (status, action) not in ALLOWED]


def comment_in(status: str) -> Comment:
    """Return a comment that has come to a status."""
    comment = make_comment()
    if status in {"approved", "removed", "withdrawn"}:
        decide(comment, "approve")
    if status == "removed":
        decide(comment, "remove", reason="insult")
    elif status == "rejected":
        decide(comment, "reject", reason="insult")
    elif status == "spam":
        decide(comment, "mark_as_spam")
    elif status == "withdrawn":
        withdraw(comment)
    comment.refresh_from_db()
    assert comment.status == status
    return comment


@pytest.mark.parametrize(("status", "action"), ALLOWED)
def test_an_action_leads_to_its_status(status: str, action: str):
    comment = decide(comment_in(status), action, reason="insult")

    assert comment.status == ALLOWED[status, action]


@pytest.mark.parametrize(("status", "action"), REFUSED)
def test_any_other_action_changes_nothing(status: str, action: str):
    comment = comment_in(status)
    before = (Comment.objects.filter(pk=comment.pk).values().get(), Decision.objects.count())

    with pytest.raises(moderation.AlreadyDecided):
        decide(comment, action, reason="insult")
    assert (Comment.objects.filter(pk=comment.pk).values().get(), Decision.objects.count()) == before


@pytest.mark.parametrize("action", ["", "publish", "APPROVE", "withdraw"])
def test_an_unknown_action_is_refused(action: str):
    with pytest.raises(ValueError, match="not a valid"):
        moderation.decide(comment_id=make_comment().pk, action=action, moderator=None)


def test_an_unknown_comment_is_refused():
    with pytest.raises(Comment.DoesNotExist):
        moderation.decide(comment_id=999_999, action=Decision.Action.APPROVE, moderator=None)


@pytest.mark.parametrize(("status", "action"), ALLOWED)
def test_a_final_status_has_its_date_and_a_pending_one_has_none(status: str, action: str):
    comment = comment_in(status)
    instant = datetime(2030, 5, 17, 12, tzinfo=UTC)
    with time_machine.travel(instant, tick=False):
        decide(comment, action, reason="insult")

    assert comment.decided_at == (None if comment.status == "pending" else instant)


def test_the_first_approval_is_remembered():
    comment = make_comment()
    first = datetime(2030, 5, 17, 12, tzinfo=UTC)
    with time_machine.travel(first, tick=False) as clock:
        decide(comment, "approve")
        clock.shift(timedelta(days=1))
        decide(comment, "return_to_queue")
        clock.shift(timedelta(days=1))
        decide(comment, "approve")

    assert comment.first_approved_at == first
    assert comment.decided_at == first + timedelta(days=2)


def test_a_refusal_is_no_first_approval():
    assert decide(make_comment(), "reject", reason="insult").first_approved_at is None


def test_an_approved_comment_is_public_at_once():
    comment = make_approved()

    assert list(Comment.objects.approved()) == [comment]
