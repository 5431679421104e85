"""A decision is taken back as long as nothing else happened: one more decision, and the comment stands as before."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from articles.models import DailyTally
from comments import moderation
from comments.models import Comment, Decision
from tests.comments.test_moderation_states import comment_in
from tests.factories import decide, make_approved, make_comment, make_user, withdraw

pytestmark = pytest.mark.django_db

TAKEN_BACK = [
    ("pending", "approve"),
    ("pending", "reject"),
    ("pending", "mark_as_spam"),
    ("approved", "remove"),
    ("approved", "return_to_queue"),
    ("rejected", "return_to_queue"),
    ("spam", "return_to_queue"),
    ("removed", "return_to_queue"),
]


@pytest.mark.parametrize(("status", "action"), TAKEN_BACK)
def test_any_decision_can_be_taken_back(status: str, action: str):
    comment = decide(comment_in(status), action, reason="insult")
    taken = comment.decisions.count()

    comment = decide(comment, "undo")
    assert comment.status == status
    assert (comment.decided_at is None) == (status == "pending")
    assert [decision.action for decision in comment.decisions.all()][-2:] == [action, "undo"]
    assert comment.decisions.count() == taken + 1


def test_an_approval_taken_back_leaves_no_trace_on_the_page(client: Client):
    comment = make_approved()
    assert comment.body in client.get(comment.article.get_absolute_url()).content.decode()

    decide(comment, "undo")
    comment.article.refresh_from_db()
    assert comment.body not in client.get(comment.article.get_absolute_url()).content.decode()
    assert comment.article.comment_count == 0
    assert DailyTally.objects.get().comments == 0


def test_a_removal_taken_back_counts_on_the_day_of_the_first_approval(client: Client):
    with time_machine.travel(datetime(2026, 11, 10, 12, tzinfo=UTC), tick=False):
        comment = make_approved()
    decide(comment, "remove", reason="insult")
    decide(comment, "undo")

    assert list(DailyTally.objects.values_list("day__day", "comments")) == [(10, 1)]
    assert comment.body in client.get(comment.article.get_absolute_url()).content.decode()


def test_a_reply_taken_back_leaves_its_conversation():
    root = make_approved()
    reply = make_approved(root.article, parent=root)
    root.refresh_from_db()
    assert reply.body in (root.public_html or "")

    decide(reply, "undo")
    root.refresh_from_db()
    assert reply.body not in (root.public_html or "")


def test_what_is_undone_is_not_undone_again():
    comment = decide(decide(make_comment(), "approve"), "undo")

    with pytest.raises(moderation.NothingToUndo, match="aucune décision à annuler"):
        decide(comment, "undo")


@pytest.mark.parametrize("comment", [make_comment, lambda: withdraw(make_approved())], ids=["new", "withdrawn"])
def test_where_no_moderator_decided_last_there_is_nothing_to_undo(comment):
    comment = comment()
    before = Decision.objects.count()

    with pytest.raises(moderation.NothingToUndo):
        decide(comment, "undo")
    assert Decision.objects.count() == before


def test_a_decision_that_a_colleague_has_changed_is_not_taken_back_unseen():
    comment = decide(make_comment(), "approve")
    seen = comment.version
    decide(comment, "remove", reason="hate", moderator=make_user("collegue"))

    with pytest.raises(moderation.AlreadyDecided, match="collegue a été plus rapide"):
        decide(comment, "undo", seen_version=seen)
    assert Comment.objects.get().status == "removed"
