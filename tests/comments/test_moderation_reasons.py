"""A refusal and a removal have a reason, and `other` an explanation."""

import pytest

from comments import moderation
from comments.models import Decision
from tests.factories import decide, make_approved, make_comment

pytestmark = pytest.mark.django_db

REASONS = ["off_topic", "insult", "hate", "advertising", "personal_data", "illegal", "duplicate", "other"]


def test_the_reasons_are_those_of_the_contract():
    assert Decision.Reason.values == REASONS


@pytest.mark.parametrize("reason", REASONS)
def test_each_reason_refuses_and_removes(reason: str):
    for comment, action in ((make_comment(), "reject"), (make_approved(), "remove")):
        decide(comment, action, reason=reason, explanation="Une phrase.")
        assert comment.decisions.last().reason == reason


@pytest.mark.parametrize("reason", ["", "inconnu", "INSULT", " insult", "hors sujet"])
def test_a_refusal_without_a_known_reason_changes_nothing(reason: str):
    for comment, action, status in ((make_comment(), "reject", "pending"), (make_approved(), "remove", "approved")):
        with pytest.raises(moderation.ReasonMissing, match="Choisissez un motif"):
            decide(comment, action, reason=reason)
        comment.refresh_from_db()
        assert comment.status == status


@pytest.mark.parametrize("explanation", ["", "   ", "\n\t", "\u00a0", "\u200b", "\u3164", "…"])
def test_another_reason_needs_an_explanation(explanation: str):
    comment = make_comment()

    with pytest.raises(moderation.ReasonMissing, match="demande une explication"):
        decide(comment, "reject", reason="other", explanation=explanation)
    assert not comment.decisions.exists()


def test_an_explanation_may_have_a_thousand_characters():
    comment = decide(make_comment(), "reject", reason="other", explanation="e" * 1_000)

    assert comment.decisions.get().evidence.explanation == "e" * 1_000


def test_an_explanation_of_one_more_is_refused():
    comment = make_comment()

    with pytest.raises(moderation.ReasonMissing, match="1 000 caractères"):
        decide(comment, "reject", reason="insult", explanation="e" * 1_001)
    assert not comment.decisions.exists()


@pytest.mark.parametrize("action", ["approve", "mark_as_spam"])
def test_other_actions_keep_no_reason(action: str):
    decision = decide(make_comment(), action, reason="insult", explanation="Pour rien").decisions.get()

    assert (decision.reason, decision.evidence.explanation) == ("", "")


def test_a_known_reason_may_be_explained():
    decision = decide(make_comment(), "reject", reason="hate", explanation=" Voir la charte. ").decisions.get()

    assert decision.evidence.explanation == "Voir la charte."
