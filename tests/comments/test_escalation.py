"""A second opinion: a comment is passed on with a note, waits, and the publication director alone decides."""

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from comments import moderation
from comments.models import Comment
from tests.comments.helpers import QUEUE, page
from tests.factories import decide, logged_in, make_approved, make_comment, make_user

pytestmark = pytest.mark.django_db

NOTE = "Est-ce encore de la satire ?"


@pytest.fixture
def director(db: None) -> User:
    """Return a publication director."""
    return make_user("directrice", groups=["Direction de la publication"])


@pytest.fixture
def escalated(moderator: User) -> Comment:
    """Return a comment that the moderator has passed on."""
    return decide(make_comment(), "escalate", explanation=NOTE, moderator=moderator)


def test_what_is_passed_on_still_waits_with_its_note(escalated: Comment, moderator: User):
    decision = escalated.decisions.get()

    assert (escalated.status, escalated.decided_at, escalated.version) == ("pending", None, 2)
    assert escalated.escalated_at is not None
    assert (decision.action, decision.moderator, decision.evidence.explanation) == ("escalate", moderator, NOTE)
    assert decision.evidence.body == escalated.body


@pytest.mark.parametrize("explanation", ["", "  \n", "\u200b", "?"])
def test_a_note_is_obligatory(explanation: str):
    with pytest.raises(moderation.ReasonMissing, match="ce qui vous fait hésiter"):
        decide(make_comment(), "escalate", explanation=explanation)


def test_only_what_waits_is_passed_on_and_only_once(escalated: Comment):
    for comment in (escalated, make_approved()):
        with pytest.raises(moderation.AlreadyDecided):
            decide(comment, "escalate", explanation=NOTE)


@pytest.mark.parametrize("action", ["approve", "reject", "mark_as_spam"])
def test_a_moderator_does_not_decide_on_it_any_more(escalated: Comment, moderator: User, action: str):
    with pytest.raises(moderation.DirectorNeeded, match="transmis à la direction"):
        decide(escalated, action, reason="hate", moderator=moderator)
    escalated.refresh_from_db()
    assert escalated.escalated_at is not None


@pytest.mark.parametrize(("action", "status"), [("approve", "approved"), ("reject", "rejected")])
def test_the_director_decides(escalated: Comment, director: User, action: str, status: str):
    comment = decide(escalated, action, reason="hate", moderator=director)

    assert (comment.status, comment.escalated_at) == (status, None)


def test_whoever_passed_it_on_may_think_again(escalated: Comment, moderator: User):
    comment = decide(escalated, "undo", moderator=moderator)

    assert (comment.status, comment.escalated_at) == ("pending", None)
    assert decide(comment, "approve", moderator=moderator).status == "approved"


def test_a_colleague_may_not_think_again_for_them(escalated: Comment):
    with pytest.raises(moderation.DirectorNeeded):
        decide(escalated, "undo", moderator=make_user("autre", groups=["Modérateurs"]))


def test_the_director_s_decision_taken_back_leaves_it_with_the_director(
    escalated: Comment, director: User, moderator: User
):
    decide(escalated, "reject", reason="hate", moderator=director)
    comment = decide(escalated, "undo", moderator=director)

    assert (comment.status, comment.escalated_at is None) == ("pending", False)
    with pytest.raises(moderation.DirectorNeeded):
        decide(comment, "approve", moderator=moderator)


@pytest.mark.parametrize("action", ["return_to_queue", "undo"])
def test_a_moderator_does_not_take_the_director_s_decision_back(
    escalated: Comment, director: User, moderator: User, action: str
):
    decide(escalated, "reject", reason="illegal", moderator=director)
    with pytest.raises(moderation.DirectorNeeded):
        decide(escalated, action, moderator=moderator)


def test_what_the_director_gives_back_to_the_queue_is_everybody_s(escalated: Comment, director: User, moderator: User):
    decide(escalated, "reject", reason="illegal", moderator=director)
    decide(escalated, "return_to_queue", moderator=director)

    assert decide(escalated, "approve", moderator=moderator).status == "approved"


def buttons(user: User, comment: Comment) -> tuple[set[str], set[str]]:
    """Return the decisions that the page of a comment offers somebody, and those that its row offers."""
    client = logged_in(user)
    own = page(client.get(f"{QUEUE}{comment.pk}/change/"))
    listed = page(client.get(QUEUE, {"status": "all"}))
    values = ({button.get("value") or "" for button in tree.iter("button")} for tree in (own, listed))
    of_page, of_row = ({value.split(".")[0] for value in some if f".{comment.pk}." in value} for some in values)
    return of_page, of_row


def test_the_page_offers_to_think_again_to_whoever_passed_it_on_alone(escalated: Comment, moderator: User):
    assert buttons(moderator, escalated) == ({"undo"}, set())
    assert buttons(make_user("autre", groups=["Modérateurs"]), escalated) == (set(), set())


def test_what_the_director_published_offers_a_moderator_nothing(escalated: Comment, director: User, moderator: User):
    comment = decide(escalated, "approve", moderator=director)

    assert buttons(moderator, comment) == (set(), set())
    assert buttons(director, comment) == ({"remove", "return_to_queue", "undo"}, {"remove", "return_to_queue"})


def test_what_is_undone_offers_no_undoing(moderator: User):
    comment = decide(decide(make_comment(), "approve"), "undo")

    assert "undo" not in buttons(moderator, comment)[0]
    assert buttons(moderator, decide(comment, "reject", reason="hate"))[0] == {"return_to_queue", "undo"}


def test_the_database_lets_nothing_wait_that_is_decided():
    comment = make_approved()

    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=comment.pk).update(escalated_at=comment.submitted_at)
