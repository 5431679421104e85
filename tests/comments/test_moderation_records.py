"""What a decision leaves on record, and which version it judged."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import DatabaseError
from django.db.models import ProtectedError

from articles import popularity
from comments import charter, moderation
from comments.models import Comment, Decision, Evidence
from tests.factories import decide, make_approved, make_comment, make_user

pytestmark = pytest.mark.django_db


def test_a_decision_says_who_when_what_and_why(moderator: User):
    comment = make_comment()
    instant = datetime(2030, 5, 17, 12, tzinfo=UTC)
    with time_machine.travel(instant, tick=False):
        decide(comment, "reject", moderator=moderator, reason="other", explanation="Propos déplacés")

    values = dict(Decision.objects.values().get())
    assert values.pop("id")
    assert values == {
        "comment_id": comment.pk,
        "action": "reject",
        "reason": "other",
        "from_status": "pending",
        "to_status": "rejected",
        "version": 1,
        "moderator_id": moderator.pk,
        "rule": "",
        "charter_id": charter.in_force(),
        "decided_at": instant,
    }


def test_the_evidence_is_what_was_judged():
    comment = make_comment(author_name="Zoé", body="Un mot\n\nde trop")
    decide(comment, "reject", reason="insult", explanation="Trop, c’est trop")

    assert Evidence.objects.values("decision__comment", "author_name", "body", "explanation").get() == {
        "decision__comment": comment.pk,
        "author_name": "Zoé",
        "body": "Un mot\n\nde trop",
        "explanation": "Trop, c’est trop",
    }


def test_no_decision_holds_an_email_or_a_network():
    comment = decide(make_comment(author_email="a@secret.exemple", client_network="192.0.2.7"), "approve")
    kept = str(Decision.objects.values().get()) + str(Evidence.objects.values().get())

    assert "secret.exemple" not in kept
    assert "192.0.2.7" not in kept
    assert comment.author_email == "a@secret.exemple"


def test_each_decision_raises_the_version():
    comment = make_approved()
    decide(comment, "return_to_queue")
    decide(comment, "mark_as_spam")

    assert comment.version == 4
    assert list(comment.decisions.values_list("version", flat=True)) == [1, 2, 3]


def test_a_decision_on_the_version_seen_passes():
    comment = make_approved()

    assert decide(comment, "remove", reason="insult", seen_version=2).status == "removed"


@pytest.mark.parametrize("seen", [0, 1, 3, -1, 10**12])
def test_a_decision_on_another_version_changes_nothing(seen: int):
    comment = make_approved()

    with pytest.raises(moderation.AlreadyDecided):
        decide(comment, "remove", reason="insult", seen_version=seen)
    comment.refresh_from_db()
    assert (comment.status, comment.version, comment.decisions.count()) == ("approved", 2, 1)


def test_a_stale_decision_names_the_colleague_who_was_faster():
    colleague = make_user("amina", first_name="Amina", last_name="Diallo")
    comment = decide(make_comment(author_name="Zoé"), "approve", moderator=colleague)

    with pytest.raises(moderation.AlreadyDecided, match=r"Zoé.*Amina Diallo.*publié"):
        decide(comment, "approve", seen_version=1)


def test_a_stale_decision_names_an_account_without_a_name(moderator: User):
    comment = decide(make_comment(), "approve", moderator=moderator)

    with pytest.raises(moderation.AlreadyDecided, match="moderatrice a été plus rapide"):
        decide(comment, "reject", reason="insult")


def test_the_same_status_in_another_version_is_stale():
    comment = decide(make_approved(), "return_to_queue")

    with pytest.raises(moderation.AlreadyDecided):
        decide(comment, "approve", seen_version=1)


def test_a_decision_that_cannot_be_counted_is_not_taken(monkeypatch: pytest.MonkeyPatch):
    comment = make_comment()

    def broken(*values: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(popularity, "count_comments", broken)
    with pytest.raises(DatabaseError):
        decide(comment, "approve")
    comment.refresh_from_db()
    assert (comment.status, Decision.objects.count(), Evidence.objects.count()) == ("pending", 0, 0)


def test_what_stands_on_record_cannot_be_deleted_from_beneath_it(moderator: User):
    comment = decide(make_comment(), "approve", moderator=moderator)

    for row in (moderator, comment, comment.article):
        with pytest.raises(ProtectedError):
            row.delete()
    assert Comment.objects.filter(pk=comment.pk).exists()
