"""Moderators who decide at the same instant, in real threads: every count stays exact."""

import random
from collections import Counter
from typing import Any

import pytest
from django.db.models import Sum

from articles.models import Article, DailyTally
from comments import counters, moderation
from comments.models import Comment, Decision, Evidence
from tests.factories import make_approved, make_article, make_comment, make_user
from tests.parallel import THREADS, together

pytestmark = pytest.mark.django_db(transaction=True)

DECISIONS = 500


def test_500_random_decisions_leave_every_count_exact():
    articles = [make_article() for _number in range(3)]
    comments = [make_comment(articles[number % 3]).pk for number in range(30)]
    moderators = [make_user(f"m{number}", is_superuser=number % 2 == 0) for number in range(THREADS)]
    attempts = [DECISIONS // THREADS + (number < DECISIONS % THREADS) for number in range(THREADS)]

    def decide_at_random(number: int) -> list[int]:
        chance, taken = random.Random(number), []
        for _attempt in range(attempts[number]):
            try:
                decision = moderation.decide(
                    comment_id=chance.choice(comments),
                    action=chance.choice(list(Decision.Action)),
                    moderator=moderators[number],
                    reason="insult",
                    explanation="Une note.",
                )
            except moderation.DecisionRefused:
                continue
            taken.append(decision.pk)
        return taken

    taken = [key for keys in together(decide_at_random) for key in keys]

    assert sorted(taken) == list(Decision.objects.order_by("pk").values_list("pk", flat=True))
    assert Evidence.objects.count() == len(taken) > 50
    check_every_comment()
    lanes = Counter(Comment.objects.values_list("lane", flat=True))
    assert {lane.value: number for lane, number in counters.numbers().items() if number} == lanes
    for article in Article.objects.all():
        approved = article.comments.filter(status=Comment.Status.APPROVED).count()
        assert article.comment_count == approved
        assert (DailyTally.objects.filter(article=article).aggregate(sum=Sum("comments"))["sum"] or 0) == approved


def test_replies_approved_at_the_same_instant_are_all_in_their_conversation():
    root = make_approved()
    replies = [make_comment(root.article, parent=root).pk for _number in range(THREADS)]

    together(
        lambda number: moderation.decide(comment_id=replies[number], action=Decision.Action.APPROVE, moderator=None)
    )

    root.refresh_from_db()
    assert all(f'id="c{reply}"' in (root.public_html or "") for reply in replies)


def check_every_comment() -> None:
    """Hold that the decisions on each comment follow one another, up to the status in which it stands."""
    for comment in Comment.objects.prefetch_related("decisions"):
        decisions = sorted(comment.decisions.all(), key=lambda decision: decision.version)
        assert [decision.version for decision in decisions] == list(range(1, comment.version))
        status = "pending"
        for decision in decisions:
            assert decision.from_status == status
            status = decision.to_status
        assert comment.status == status
        assert (comment.decided_at is None) == (status == "pending")
        assert comment.first_approved_at is not None or status not in {"approved", "removed"}


@pytest.mark.parametrize("seen", [None, 1])
def test_of_eight_equal_decisions_one_is_taken(seen: int | None):
    comment = make_comment()

    def approve(number: int) -> str:
        try:
            moderation.decide(comment_id=comment.pk, action=Decision.Action.APPROVE, moderator=None, seen_version=seen)
        except moderation.AlreadyDecided:
            return "too late"
        return "taken"

    assert Counter(together(approve)) == {"taken": 1, "too late": 7}
    comment.article.refresh_from_db()
    assert (Decision.objects.count(), comment.article.comment_count) == (1, 1)


def test_replies_sent_while_what_they_answer_is_decided_hold_up_nobody(settings: Any):
    settings.COMMENT_RATE = None
    root = make_approved()
    waiting = [make_comment(root.article, parent=root).pk for _number in range(40)]

    def act(number: int) -> int:
        if number % 2:
            for turn in range(10):
                make_comment(root.article, parent=root, author_email=f"lecteur{number}-{turn}@exemple.fr")
            return 10
        for pk in waiting[number * 5 : number * 5 + 10]:
            moderation.decide(comment_id=pk, action=Decision.Action.APPROVE, moderator=None)
        return 0

    sent = sum(together(act))

    root.article.refresh_from_db()
    assert root.replies.count() == 40 + sent
    assert root.article.comment_count == 41
    assert counters.numbers()[Comment.Lane.APPROVED] == 41
