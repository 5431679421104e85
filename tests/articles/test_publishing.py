"""The verbs of publication, and the date of the first one."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from articles import publishing
from articles.models import Article
from tests.factories import make_article, make_draft

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Stop the clock at NOW; a test may move it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def dates(article: Article) -> tuple[datetime | None, datetime | None, datetime | None]:
    """Return an article's three dates as they are stored."""
    article.refresh_from_db()
    return article.published_at, article.first_published_at, article.unpublished_at


def test_publishing_a_draft_dates_it_now() -> None:
    article = make_draft()
    assert publishing.publish(article_id=article.pk).is_published()
    assert dates(article) == (NOW, NOW, None)


def test_publishing_for_later_shows_nothing_yet() -> None:
    article = make_draft()
    assert not publishing.publish(article_id=article.pk, at=NOW + HOUR).is_published()
    assert dates(article) == (NOW + HOUR, NOW + HOUR, None)


def test_publishing_what_was_scheduled_brings_it_forward() -> None:
    article = make_article(published_at=NOW + HOUR)
    publishing.publish(article_id=article.pk)
    assert dates(article) == (NOW, NOW, None)


def test_publishing_what_is_public_changes_no_date() -> None:
    article = make_article(published_at=NOW - HOUR)
    publishing.publish(article_id=article.pk)
    assert dates(article) == (NOW - HOUR, NOW - HOUR, None)


def test_unpublishing_withdraws_now() -> None:
    article = make_article(published_at=NOW - HOUR)
    assert not publishing.unpublish(article_id=article.pk).is_published()
    assert dates(article) == (NOW - HOUR, NOW - HOUR, NOW)


def test_what_was_withdrawn_comes_back_under_its_first_date() -> None:
    article = make_article(published_at=NOW - 2 * HOUR, unpublished_at=NOW - HOUR)
    publishing.publish(article_id=article.pk)
    assert dates(article) == (NOW - 2 * HOUR, NOW - 2 * HOUR, None)


def test_what_was_withdrawn_may_come_back_under_a_new_date_and_keeps_its_first() -> None:
    article = make_article(published_at=NOW - 2 * HOUR, unpublished_at=NOW - HOUR)
    publishing.publish(article_id=article.pk, at=NOW + HOUR)
    assert dates(article) == (NOW + HOUR, NOW - 2 * HOUR, None)


def test_unpublishing_what_was_withdrawn_keeps_the_date_of_its_withdrawal() -> None:
    article = make_article(published_at=NOW - 2 * HOUR, unpublished_at=NOW - HOUR)
    publishing.unpublish(article_id=article.pk)
    assert dates(article)[2] == NOW - HOUR


def test_unpublishing_a_scheduled_article_makes_it_a_draft() -> None:
    article = make_article(published_at=NOW + HOUR)
    publishing.unpublish(article_id=article.pk)
    assert dates(article)[0] is None


def test_a_schedule_that_was_cancelled_was_never_a_publication(client: Client, clock: time_machine.Traveller) -> None:
    article = make_article(published_at=NOW + HOUR)
    publishing.unpublish(article_id=article.pk)
    clock.move_to(NOW + 2 * HOUR)
    assert client.get(article.get_absolute_url()).status_code == 404
    publishing.publish(article_id=article.pk)
    assert dates(article) == (NOW + 2 * HOUR, NOW + 2 * HOUR, None)


def test_a_rescheduled_article_has_the_date_on_which_it_came_out(clock: time_machine.Traveller) -> None:
    article = make_article(published_at=NOW + HOUR)
    publishing.publish(article_id=article.pk, at=NOW + 2 * HOUR)
    clock.move_to(NOW + 3 * HOUR)
    assert dates(article)[1] == NOW + 2 * HOUR


def test_a_later_correction_of_the_date_keeps_the_first(clock: time_machine.Traveller) -> None:
    article = make_article(published_at=NOW - HOUR)
    clock.move_to(NOW + HOUR)
    publishing.publish(article_id=article.pk, at=NOW)
    assert dates(article) == (NOW, NOW - HOUR, None)


@pytest.mark.parametrize("verb", [publishing.publish, publishing.unpublish])
def test_an_unknown_article_is_said_to_be(verb: object) -> None:
    assert callable(verb)
    with pytest.raises(Article.DoesNotExist):
        verb(article_id=404)
