"""The counts shown equal the comments approved, after any sequence of decisions."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db.models import Sum
from django.test import Client
from django.utils import timezone

from articles import popularity
from articles.models import Article, DailyTally
from comments import moderation
from comments.models import Comment, Decision
from tests.comments.helpers import page, text
from tests.factories import decide, make_article, make_comment

pytestmark = pytest.mark.django_db

# 23:30 in Paris: an hour later it is another day.
EVENING = datetime(2030, 5, 17, 21, 30, tzinfo=UTC)


def tallies(article: Article) -> dict[date, int]:
    """Return the comments counted by day."""
    return dict(article.tallies.exclude(comments=0).values_list("day", "comments"))


def count(article: Article) -> int:
    """Return the count that pages show."""
    article.refresh_from_db()
    return article.comment_count


def test_a_comment_counts_on_the_paris_day_of_its_first_approval():
    with time_machine.travel(EVENING, tick=False) as clock:
        comment = make_comment()
        clock.shift(timedelta(hours=1))
        decide(comment, "approve")

    assert tallies(comment.article) == {date(2030, 5, 18): 1}


def test_a_removal_subtracts_on_the_day_of_the_approval():
    with time_machine.travel(EVENING, tick=False) as clock:
        article = make_article()
        kept, removed = make_comment(article), make_comment(article)
        decide(kept, "approve")
        decide(removed, "approve")
        clock.shift(timedelta(days=3))
        decide(removed, "remove", reason="insult")

    assert tallies(article) == {date(2030, 5, 17): 1}
    assert count(article) == 1


def test_a_second_approval_counts_on_the_day_of_the_first():
    with time_machine.travel(EVENING, tick=False) as clock:
        comment = make_comment()
        decide(comment, "approve")
        clock.shift(timedelta(days=3))
        decide(comment, "return_to_queue")
        assert tallies(comment.article) == {}
        clock.shift(timedelta(days=3))
        decide(comment, "approve")

    assert tallies(comment.article) == {date(2030, 5, 17): 1}
    assert count(comment.article) == 1


@pytest.mark.parametrize("action", ["reject", "mark_as_spam"])
def test_a_refusal_counts_nothing(action: str):
    comment = decide(make_comment(), action, reason="insult")

    assert (count(comment.article), tallies(comment.article)) == (0, {})


def test_a_refused_decision_counts_nothing():
    comment = decide(make_comment(), "approve")
    with pytest.raises(moderation.AlreadyDecided):
        decide(comment, "approve")

    assert count(comment.article) == 1


def test_replies_count_too(client: Client):
    root = decide(make_comment(), "approve")
    decide(make_comment(root.article, parent=root), "approve")

    assert "Commentaires 2" in text(page(client.get(root.article.get_absolute_url())))


def test_what_is_taken_away_on_more_than_a_thousand_days_at_once_is_subtracted_on_each():
    article = make_article(comment_count=3_300)
    days = [date(2030, 1, 1) + timedelta(days=number) for number in range(1_100)]
    DailyTally.objects.bulk_create(DailyTally(article=article, day=day, comments=3) for day in days)
    popularity.count_comments({(article.pk, day): -2 if day.day == 1 else -1 for day in days})

    assert tallies(article) == {day: 1 if day.day == 1 else 2 for day in days}
    assert count(article) == 2_200 - sum(day.day == 1 for day in days)


@pytest.mark.parametrize("seed", range(5))
def test_after_any_sequence_of_decisions_the_counts_are_exact(seed: int):
    chance = random.Random(seed)
    with time_machine.travel(EVENING, tick=False) as clock:
        articles = [make_article() for _number in range(3)]
        comments = [make_comment(chance.choice(articles)) for _number in range(12)]
        for _number in range(120):
            clock.shift(timedelta(minutes=chance.randrange(600)))
            try:
                decide(chance.choice(comments), chance.choice(Decision.Action.values), reason="insult")
            except moderation.DecisionRefused:
                continue

    assert Decision.objects.exists()
    for article in articles:
        approved = article.comments.filter(status=Comment.Status.APPROVED)
        by_day: dict[date, int] = {}
        for comment in approved:
            assert comment.first_approved_at is not None
            day = timezone.localdate(comment.first_approved_at)
            by_day[day] = by_day.get(day, 0) + 1
        assert count(article) == len(approved)
        assert tallies(article) == by_day
        assert (DailyTally.objects.filter(article=article).aggregate(sum=Sum("comments"))["sum"] or 0) == len(approved)
