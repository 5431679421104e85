"""What the database itself refuses, whoever asks."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from comments.models import Comment, Decision, Finding
from tests.factories import make_approved, make_comment, make_user

pytestmark = pytest.mark.django_db


DAY = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    "values",
    [
        {"status": "publié"},
        {"status": ""},
        {"status": "APPROVED"},
        {"decided_at": DAY},
        {"status": "approved"},
        {"status": "rejected"},
        {"status": "spam"},
        {"status": "withdrawn"},
        {"status": "approved", "decided_at": DAY},
        {"status": "removed", "decided_at": DAY},
        {"version": -1},
        {"author_name": None},
        {"follow_up_key": None},
    ],
    ids=str,
)
def test_a_comment_without_coherence_is_refused(values: dict[str, Any]):
    comment = make_comment()

    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=comment.pk).update(**values)


@pytest.mark.parametrize("values", [{"status": "pending"}, {"decided_at": None}, {"first_approved_at": None}], ids=str)
def test_an_approved_comment_keeps_its_dates(values: dict[str, Any]):
    comment = make_approved()

    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=comment.pk).update(**values)


def test_an_approval_written_in_the_shell_is_refused_with_a_sentence():
    comment = make_comment()
    comment.status = Comment.Status.APPROVED

    with pytest.raises(ValidationError, match="Un commentaire décidé a sa date"):
        comment.full_clean()


@pytest.mark.parametrize("field", ["follow_up_key", "submission_digest"])
def test_a_key_and_a_digest_are_unique(field: str):
    first, second = make_comment(), make_comment()

    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=second.pk).update(**{field: getattr(first, field)})


def decision(comment: Comment, **values: Any) -> Decision:
    """Store a decision without its verb."""
    defaults = {"action": "approve", "from_status": "pending", "to_status": "approved", "version": 1, "rule": "command"}
    return Decision.objects.create(comment=comment, **defaults | values)


@pytest.mark.parametrize(
    "values",
    [
        {"action": "reject", "to_status": "rejected"},
        {"action": "remove", "from_status": "approved", "to_status": "removed"},
        {"to_status": "pending"},
    ],
    ids=str,
)
def test_a_decision_without_coherence_is_refused(values: dict[str, Any]):
    comment = make_comment()

    with pytest.raises(IntegrityError), transaction.atomic():
        decision(comment, **values)


def test_two_decisions_on_one_version_are_refused():
    comment = make_comment()
    decision(comment)

    with pytest.raises(IntegrityError), transaction.atomic():
        decision(comment, action="mark_as_spam", to_status="spam")


def test_a_finding_is_kept_once():
    comment = make_comment()
    Finding.objects.create(comment=comment, rule="flood")

    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.create(comment=comment, rule="flood")


@pytest.mark.parametrize("is_by_moderator", [True, False])
def test_a_decision_is_a_moderator_s_or_a_rule_s(is_by_moderator: bool):
    moderator = make_user("modératrice") if is_by_moderator else None
    with pytest.raises(IntegrityError), transaction.atomic():
        decision(make_comment(), moderator=moderator, rule="command" if is_by_moderator else "")


def test_a_waiting_comment_is_not_selected():
    comment = make_comment()
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=comment.pk).update(selected_rank=1)
