"""The author of a refused or removed comment reads why, and which law it touches, on the page that follows it."""

import pytest
from django.test import Client

from comments import reasons
from comments.models import Comment, Decision
from tests.comments.helpers import by_id, page, text
from tests.factories import decide, make_approved, make_comment

pytestmark = pytest.mark.django_db

WITH_A_LAW = {"insult": "1881", "hate": "1881", "personal_data": "Code civil", "illegal": "2022/2065"}


def told(client: Client, comment: Comment) -> str:
    """Return the words of the page that follows a comment."""
    return text(by_id(page(client.get(comment.get_absolute_url())), "suivi"))


def test_each_reason_has_a_sentence_of_its_own():
    assert set(reasons.GROUNDS) == set(Decision.Reason)
    sentences = [str(ground.sentence) for ground in reasons.GROUNDS.values()]
    assert len(set(sentences)) == len(sentences)
    assert [reason.value for reason in Decision.Reason if reasons.GROUNDS[reason].law] == list(WITH_A_LAW)


@pytest.mark.parametrize("reason", [reason for reason in Decision.Reason.values if reason != "other"])
@pytest.mark.parametrize("action", ["reject", "remove"])
def test_the_author_reads_the_sentence_and_the_law(client: Client, reason: str, action: str):
    comment = make_comment() if action == "reject" else make_approved()
    shown = told(client, decide(comment, action, reason=reason, explanation="Note interne."))

    assert str(reasons.GROUNDS[Decision.Reason(reason)].sentence) in shown
    assert WITH_A_LAW.get(reason, "") in shown
    assert "Note interne" not in shown


def test_another_reason_is_told_in_the_moderator_s_words(client: Client):
    comment = decide(
        make_comment(), "reject", reason="other", explanation="Signé d’un <b>nom</b> qui n’est pas le vôtre."
    )

    assert "Signé d’un <b>nom</b> qui n’est pas le vôtre." in told(client, comment)


def test_the_last_decision_is_the_one_that_is_told(client: Client):
    comment = decide(make_comment(), "reject", reason="insult")
    comment = decide(decide(comment, "return_to_queue"), "reject", reason="off_topic")

    shown = told(client, comment)
    assert str(reasons.GROUNDS[Decision.Reason.OFF_TOPIC].sentence) in shown
    assert "1881" not in shown


def test_a_refusal_taken_back_and_taken_again_is_told(client: Client):
    comment = decide(decide(decide(make_comment(), "reject", reason="hate"), "return_to_queue"), "undo")

    assert comment.status == "rejected"
    assert str(reasons.GROUNDS[Decision.Reason.HATE].sentence) in told(client, comment)


@pytest.mark.parametrize("action", ["approve", "mark_as_spam"])
def test_other_decisions_tell_no_reason(client: Client, action: str):
    shown = told(client, decide(make_comment(), action))

    assert "Motif" not in shown
