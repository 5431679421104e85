"""Folding: readings become one row per article and day and the articles' totals, each counted once, whatever fails."""

from datetime import date, timedelta

import pytest
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from articles import popularity
from articles.models import Article, DailyTally
from multitude import caching
from multitude.background import housekeeping
from tests.factories import make_article, make_draft
from tests.parallel import THREADS, together

pytestmark = pytest.mark.usefixtures("in_a_worker")


def read(article: Article, times: int, day: date | None = None) -> None:
    """Have this process hold so many readings of an article."""
    popularity.readings.put_back({(article.pk, day or timezone.localdate()): times})


def rows(article: Article) -> tuple[int, list[tuple[date, int, int]]]:
    """Return an article's total, and day, readings and comments of its rows."""
    article.refresh_from_db()
    tallies = DailyTally.objects.filter(article=article).order_by("day")
    return article.view_count, list(tallies.values_list("day", "views", "comments"))


@pytest.mark.django_db
def test_readings_are_added_to_the_day_and_to_the_total() -> None:
    article, today = make_article(), timezone.localdate()
    yesterday = today - timedelta(days=1)
    popularity.count(article_id=article.pk, day=today, views=1, comments=4)
    read(article, 3)
    read(article, 2, yesterday)
    popularity.fold()
    read(article, 5)
    popularity.fold()
    popularity.fold()
    assert rows(article) == (11, [(yesterday, 2, 0), (today, 9, 4)])
    assert article.comment_count == 4


@pytest.mark.django_db
def test_what_is_not_published_or_not_there_is_dropped() -> None:
    now, published = timezone.now(), make_article()
    gone = make_article(unpublished_at=now - timedelta(hours=1))
    hidden = [make_draft(), make_article(published_at=now + timedelta(hours=1)), gone, Article(pk=10**17)]
    for article in [*hidden, published]:
        read(article, 1)
    popularity.fold()
    assert DailyTally.objects.get().article == published
    assert popularity.readings.drain() == {}


@pytest.mark.django_db
@pytest.mark.parametrize("error", [OperationalError, InterfaceError, ValueError])
def test_what_is_not_written_is_held_and_counted_once(error: type[Exception]) -> None:
    articles = [make_article() for _number in range(5)]
    for article in articles:
        read(article, 2)
    times = iter(range(100))

    def away(execute: object, sql: str, *args: object) -> object:
        if sql.startswith("INSERT") and next(times) == 1:
            raise error("la base ne répond pas")
        return execute(sql, *args)  # type: ignore[operator]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(popularity, "_FOLDED_AT_ONCE", 2)
        with connection.execute_wrapper(away), pytest.raises(error):
            popularity.fold()
    assert [rows(article)[0] for article in articles] == [2, 2, 0, 0, 0]
    popularity.fold()
    assert [rows(article)[0] for article in articles] == [2] * 5


@pytest.mark.django_db
def test_a_fold_of_500_articles_is_a_handful_of_queries(django_assert_max_num_queries) -> None:
    for _number in range(20):
        read(make_article(), 1)
    with django_assert_max_num_queries(5):
        popularity.fold()


@pytest.mark.django_db(transaction=True)
def test_folds_at_the_same_time_lose_and_double_nothing() -> None:
    articles = [make_article() for _number in range(10)]

    def fold(number: int) -> None:
        for turn in range(5):
            for article in articles[:: 1 if number % 2 else -1]:
                read(article, turn)
            popularity.fold()

    together(fold)
    popularity.fold()
    today = timezone.localdate()
    assert [rows(article) for article in articles] == [(10 * THREADS, [(today, 10 * THREADS, 0)])] * 10


@pytest.mark.django_db(transaction=True)
def test_a_fold_and_moderators_decisions_wait_for_each_other_in_no_circle() -> None:
    articles, today = [make_article() for _number in range(6)], timezone.localdate()

    def act(number: int) -> None:
        for turn in range(10):
            if number % 2:
                read(articles[turn % 6], 1)
                read(articles[(turn + 3) % 6], 1)
                popularity.fold()
            else:
                with transaction.atomic():
                    popularity.count(article_id=articles[turn % 6].pk, day=today, comments=1)

    together(act)
    popularity.fold()
    for article in articles:
        article.refresh_from_db()
    assert sum(article.view_count for article in articles) == 2 * 10 * THREADS // 2
    assert sum(article.comment_count for article in articles) == 10 * THREADS // 2
    totals = DailyTally.objects.values_list("views", "comments")
    assert (sum(views for views, _ in totals), sum(comments for _, comments in totals)) == (80, 40)


@pytest.mark.parametrize(("keys", "times"), [({"readings"}, 1), ({"lists", "site"}, 0)])
def test_a_process_folds_when_asked_to(keys: set[str], times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    hastened = []
    monkeypatch.setattr(housekeeping, "hasten", hastened.append)
    caching.tell_listeners(frozenset(keys))
    assert hastened == [popularity.fold] * times
