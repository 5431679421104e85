"""A redaction: passages are masked before everyone's eyes, the original stays in evidence, and it can be taken back."""

from collections import Counter
from datetime import UTC, datetime

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client

from comments import counters, moderation
from comments.models import Comment, Decision, Evidence
from tests.comments.helpers import by_id, page, text
from tests.comments.test_moderation_states import comment_in
from tests.factories import decide, make_approved, make_article, make_comment, make_user
from tests.parallel import together

BODY = "Quel âne, ce maire.\n\nIl habite 12, rue des Lilas."
MASKED = "Quel […], ce maire.\n\nIl habite […]."
NOTE = "La modération a masqué des passages, remplacés par […]."


def redact(comment: Comment, typed: str = MASKED, **values: object) -> Comment:
    """Mask passages of a comment by the verb and return it as it then is."""
    return decide(comment, "redact", text=typed, **values)


@pytest.mark.django_db
@pytest.mark.parametrize("make", [make_comment, make_approved])
def test_passages_are_masked_and_the_status_stays(make):
    comment = make(body=BODY)
    before = (comment.status, comment.lane, comment.version)
    counted = counters.numbers()
    comment = redact(comment)

    assert (comment.status, comment.lane, comment.version - 1) == before
    assert comment.body == MASKED
    assert "rue des Lilas" not in comment.body_html
    assert comment.redacted_at is not None
    assert counters.numbers() == counted


@pytest.mark.django_db
def test_the_original_stays_in_evidence_word_for_word(moderator: User):
    comment = redact(make_comment(body=BODY), moderator=moderator, explanation=" Une adresse. ")
    decision = comment.decisions.get()

    assert (decision.action, decision.from_status, decision.to_status) == ("redact", "pending", "pending")
    assert (decision.moderator, decision.reason) == (moderator, "")
    assert (decision.evidence.body, decision.evidence.explanation) == (BODY, "Une adresse.")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed", ["", BODY, "[…]", MASKED.replace("maire", "préfet"), f"{MASKED} Bravo.", BODY.replace("âne", "")]
)
def test_a_text_that_says_anything_else_changes_nothing(typed: str):
    comment = make_approved(body=BODY)
    before = Comment.objects.values().get()

    with pytest.raises(moderation.TextRefused):
        redact(comment, typed)
    assert Comment.objects.values().get() == before
    assert comment.decisions.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["rejected", "spam", "removed", "withdrawn"])
def test_only_what_waits_or_is_public_is_redacted(status: str):
    comment = comment_in(status)

    with pytest.raises(moderation.AlreadyDecided):
        redact(comment, "[…] avis")


@pytest.mark.django_db
def test_readers_see_what_is_masked_and_that_it_is(client: Client):
    comment = redact(make_approved(body=BODY))
    article = comment.article
    shown = text(by_id(page(client.get(article.get_absolute_url())), f"c{comment.pk}"))

    assert "Quel […], ce maire." in shown
    assert "modéré" in shown
    assert NOTE in shown
    feed = client.get(f"{article.get_absolute_url()}flux/").content.decode()
    assert "(modéré)" in feed
    assert NOTE in feed
    assert "Lilas" not in feed


@pytest.mark.django_db
def test_the_author_is_told(client: Client):
    comment = redact(make_comment(body=BODY))
    shown = text(page(client.get(comment.get_absolute_url())))

    assert "La modération a masqué des passages de votre commentaire" in shown
    assert "Lilas" not in shown


@pytest.mark.django_db
def test_a_reply_is_masked_in_its_conversation_too(client: Client):
    root = make_approved()
    reply = redact(make_approved(root.article, parent=root, body=BODY))
    root.refresh_from_db()

    assert "Lilas" not in (root.public_html or "")
    assert str(reply.public_html) in (root.public_html or "")
    decide(reply, "undo")
    root.refresh_from_db()
    assert "Lilas" in (root.public_html or "")


@pytest.mark.django_db
def test_a_redaction_is_counted_nowhere():
    comment = redact(make_approved(body=BODY))
    comment.article.refresh_from_db()

    assert comment.article.comment_count == 1


@pytest.mark.django_db
@pytest.mark.parametrize("make", [make_comment, make_approved])
def test_taken_back_the_comment_stands_as_before(make):
    comment = make(body=BODY)
    before = (comment.body, comment.body_html, comment.public_html, comment.redacted_at, comment.status, comment.lane)
    comment = decide(redact(comment), "undo")

    assert before == (
        *(comment.body, comment.body_html, comment.public_html, comment.redacted_at),
        *(comment.status, comment.lane),
    )
    assert [decision.action for decision in comment.decisions.all()][-2:] == ["redact", "undo"]
    assert Evidence.objects.last().body == MASKED


@pytest.mark.django_db
def test_a_second_redaction_taken_back_leaves_the_first():
    first = datetime(2030, 5, 17, 12, tzinfo=UTC)
    with time_machine.travel(first, tick=False):
        comment = redact(make_comment(body=BODY))
    comment = redact(comment, "Quel […]\n\nIl habite […].")
    assert comment.redacted_at != first
    comment = decide(comment, "undo")

    assert (comment.body, comment.redacted_at) == (MASKED, first)


@pytest.mark.django_db
def test_what_followed_is_taken_back_first_and_alone():
    comment = decide(decide(redact(make_comment(body=BODY)), "approve"), "undo")

    assert (comment.status, comment.body) == ("pending", MASKED)
    assert comment.redacted_at is not None
    with pytest.raises(moderation.NothingToUndo):
        decide(comment, "undo")


@pytest.mark.django_db
def test_what_waits_for_the_director_still_does_and_only_the_director_masks(moderator: User):
    director = make_user("directrice", groups=["Direction de la publication"])
    comment = decide(make_comment(body=BODY), "escalate", explanation="Qu’en pensez-vous ?", moderator=moderator)
    since = comment.escalated_at
    with pytest.raises(moderation.DirectorNeeded):
        redact(comment, moderator=moderator)
    comment = redact(comment, moderator=director)

    assert (comment.lane, comment.escalated_at) == ("escalated", since)
    comment = decide(decide(comment, "reject", reason="hate", moderator=director), "undo", moderator=director)
    assert (comment.lane, comment.escalated_at) == ("escalated", since)


@pytest.mark.django_db
def test_what_is_suspect_stays_so():
    comment = make_comment(body=BODY)
    Comment.objects.update(is_suspect=True)

    assert redact(comment).lane == "suspect"


@pytest.mark.django_db
def test_a_stale_redaction_says_who_was_faster(moderator: User):
    comment = make_comment(body=BODY)
    redact(comment, moderator=make_user("collegue"))

    with pytest.raises(moderation.AlreadyDecided, match="collegue a été plus rapide"):
        redact(comment, seen_version=1, moderator=moderator)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "typed"),
    [
        ("Un mot […] de moi, âne.", "Un mot […] de moi, […]."),
        ("Un \u202etourné\u202c âne.", "Un \u202etourné\u202c […]."),
        ("<script>alert(1)</script> âne", "<script>alert(1)</script> […]"),
        ("mot " * 1_249 + "âne.", "mot " * 1_249 + "[…]."),
        ("âne " * 1_249 + "fin.", "âne […] " * 624 + "âne fin."),
    ],
    ids=["a reader's mark", "bidi", "markup", "5,000 characters", "longer than it was"],
)
def test_hostile_texts_are_masked_like_any_other(client: Client, body: str, typed: str):
    comment = redact(make_approved(body=body), typed)

    assert comment.body == typed
    source = client.get(comment.article.get_absolute_url()).content.decode()
    assert "<script>alert" not in source
    assert comment.body_html in source


@pytest.mark.django_db(transaction=True)
def test_of_eight_moderators_who_mask_the_same_version_one_does():
    article = make_article()
    comment = make_approved(article, body=BODY)
    moderators = [make_user(f"m{number}") for number in range(8)]

    def mask(number: int) -> str:
        try:
            moderation.decide(
                comment_id=comment.pk,
                action=Decision.Action.REDACT,
                moderator=moderators[number],
                text=MASKED,
                seen_version=2,
            )
        except moderation.AlreadyDecided:
            return "too late"
        return "masked"

    assert Counter(together(mask)) == {"masked": 1, "too late": 7}
    comment.refresh_from_db()
    assert (comment.version, comment.body) == (3, MASKED)
    assert Decision.objects.filter(action="redact").count() == 1
