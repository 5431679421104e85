"""Many comments decided in one act: as one by one, in as many queries as for one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import DailyTally
from comments import counters, moderation
from comments.models import Comment, Decision, Evidence
from tests.comments.helpers import make_many
from tests.factories import decide, make_approved, make_article, make_comment, make_user
from tests.parallel import THREADS, together

Action = Decision.Action


def decide_all(*comments: Comment, action: str = "approve", **values: object) -> moderation.Outcome:
    """Decide on comments as they are in memory."""
    seen = {comment.pk: comment.version for comment in comments}
    return moderation.decide_all(seen, **{"action": Action(action), "moderator": None} | values)


@pytest.mark.django_db
def test_each_has_its_own_decision_and_evidence():
    comments = [make_comment(body=f"Avis {number}") for number in range(3)]
    outcome = decide_all(*comments, action="reject", reason="insult", explanation="Trop.")

    assert [decision.comment_id for decision in outcome.taken] == [comment.pk for comment in comments]
    assert set(Comment.objects.values_list("status", "version")) == {("rejected", 2)}
    assert list(Evidence.objects.order_by("pk").values_list("body", "explanation")) == [
        (f"Avis {number}", "Trop.") for number in range(3)
    ]


@pytest.mark.django_db
def test_one_that_changed_meanwhile_is_refused_and_the_others_decided():
    first, stale, unknown = make_comment(), make_comment(), Comment(pk=10**9)
    decide(make_comment(), "approve")
    moderation.decide(comment_id=stale.pk, action=Action.REJECT, moderator=make_user("collegue"), reason="hate")
    outcome = decide_all(first, stale, unknown)

    assert [decision.comment_id for decision in outcome.taken] == [first.pk]
    assert list(outcome.refused) == [stale.pk]
    assert "collegue a été plus rapide" in str(outcome.refused[stale.pk])


@pytest.mark.django_db
def test_a_comment_and_its_replies_appear_together():
    root = make_approved()
    moderation.decide(comment_id=root.pk, action=Action.RETURN_TO_QUEUE, moderator=None)
    replies = make_many(2, root.article, parent=root, status="pending")
    root.refresh_from_db()
    decide_all(*replies, root)

    root.refresh_from_db()
    html = root.public_html or ""
    assert [f'id="c{pk}"' in html for pk in (root.pk, replies[0].pk, replies[1].pk)] == [True] * 3
    assert html.index(f"c{replies[0].pk}") < html.index(f"c{replies[1].pk}")


@pytest.mark.django_db
def test_all_taken_back_at_once_leaves_nothing_counted():
    articles = [make_article(), make_article()]
    comments = [make_comment(articles[number % 2]) for number in range(5)]
    decide_all(*comments)
    assert [article.comment_count for article in type(articles[0]).objects.order_by("pk")] == [3, 2]
    for comment in comments:
        comment.refresh_from_db()
    decide_all(*comments, action="undo")

    assert set(type(articles[0]).objects.values_list("comment_count", flat=True)) == {0}
    assert set(DailyTally.objects.values_list("comments", flat=True)) == {0}
    assert counters.numbers()[Comment.Lane.PENDING] == 5


@pytest.mark.django_db
@pytest.mark.parametrize("action", ["approve", "reject", "escalate"])
def test_a_hundred_cost_as_many_queries_as_two(action: str):
    def queries(number: int) -> int:
        comments = [comment for _article in range(2) for comment in make_many(number // 2, status="pending")]
        with CaptureQueriesContext(connection) as captured:
            decide_all(*comments, action=action, reason="insult", explanation="Une note.")
        return len(captured)

    assert queries(2) == queries(100)


@pytest.mark.django_db(transaction=True)
def test_acts_that_cross_wait_for_each_other_in_one_direction():
    article = make_article()
    roots = [make_approved(article) for _number in range(4)]
    replies = [make_comment(article, parent=root) for root in roots for _number in range(4)]
    keys = [comment.pk for comment in (*roots, *replies)]

    def decide_some(number: int) -> int:
        action = Action.RETURN_TO_QUEUE if number % 2 else Action.APPROVE
        some = keys[number % 3 :: 2] if number % 4 < 2 else keys[::-1]
        return len(moderation.decide_all(dict.fromkeys(some), action=action, moderator=None).taken)

    taken = sum(together(decide_some)) + len(roots)

    article.refresh_from_db()
    approved = Comment.objects.filter(status="approved").count()
    assert Decision.objects.count() == taken >= THREADS
    assert (article.comment_count, counters.numbers()[Comment.Lane.APPROVED]) == (approved, approved)
    for root in Comment.objects.filter(parent=None):
        public = root.replies.filter(status="approved").values_list("pk", flat=True)
        assert all(f'id="c{pk}"' in (root.public_html or "") for pk in public)
