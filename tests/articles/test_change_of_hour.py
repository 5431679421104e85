"""The two nights on which Paris changes its hour: 29 March 2026 has no half past two, 25 October 2026 has two."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client

from articles import popularity
from articles.desk.steps import InstantForm
from articles.models import Article, DailyTally
from comments import moderation
from tests.factories import make_article, make_comment, make_user

pytestmark = pytest.mark.django_db

BEFORE = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("at", ["2026-03-29T02:30", "2026-10-25T02:30"])
def test_an_hour_that_does_not_exist_or_exists_twice_is_asked_again(at: str) -> None:
    with time_machine.travel(BEFORE, tick=False):
        form = InstantForm({"at": at})
        assert not form.is_valid()
    [message] = form.errors["at"]
    assert "02:30" in message
    assert "Europe/Paris" in message


@pytest.mark.parametrize(
    ("typed", "instant"),
    [
        ("2026-03-29T01:59", datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        ("2026-03-29T03:00", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        ("2026-10-25T01:59", datetime(2026, 10, 24, 23, 59, tzinfo=UTC)),
        ("2026-10-25T03:00", datetime(2026, 10, 25, 2, 0, tzinfo=UTC)),
    ],
)
def test_the_hours_around_it_are_what_they_say(client: Client, typed: str, instant: datetime) -> None:
    with time_machine.travel(BEFORE, tick=False) as clock:
        form = InstantForm({"at": typed})
        assert form.is_valid()
        assert form.cleaned_data["at"] == instant
        article = make_article(published_at=form.cleaned_data["at"])
        for moment, status in ((instant.timestamp() - 1, 404), (instant.timestamp(), 200)):
            clock.move_to(moment)
            assert client.get(article.get_absolute_url()).status_code == status


@pytest.mark.parametrize(
    "instant", [datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)]
)
def test_either_half_past_two_is_kept_as_the_instant_that_it_is(instant: datetime) -> None:
    article = make_article(published_at=instant)
    published = Article.objects.published
    assert not published(instant.replace(minute=29)).filter(pk=article.pk).exists()
    assert published(instant).filter(pk=article.pk).exists()


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 3, 28, 23, 0, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 21, 59, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 22, 0, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 10, 24, 22, 0, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 22, 59, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), date(2026, 10, 26)),
    ],
)
def test_a_day_of_23_or_25_hours_counts_what_falls_on_it(instant: datetime, day: date) -> None:
    with time_machine.travel(instant, tick=False):
        comment = make_comment(make_article())
        moderation.decide(comment_id=comment.pk, action="approve", moderator=make_user("moderatrice"))
        popularity.count(article_id=comment.article_id, day=popularity.day_of(instant), views=1)
    tally = DailyTally.objects.get(article=comment.article_id)
    assert (tally.day, tally.views, tally.comments) == (day, 1, 1)
