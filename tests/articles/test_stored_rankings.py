"""The stored rankings: worked out once a minute by one process, read by every page, never half written."""

from datetime import timedelta
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from articles import popularity, publishing
from articles.models import Article, RankedArticle
from articles.popularity import Period
from tests.factories import make_article
from tests.parallel import together

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_a_worker")]

PATIENCE = 30


def make_read(views: int, **values: Any) -> Article:
    """Return an article that was read so often today."""
    article = make_article(**values)
    popularity.count(article_id=article.pk, day=timezone.localdate(), views=views)
    return article


def names(period: Period = Period.WEEK) -> list[str]:
    """Return the headlines of the most read."""
    return [entry.headline for entry in popularity.most_read(period)]


def test_pages_show_what_was_stored_last() -> None:
    make_read(3, headline="Un")
    assert names() == []
    popularity.refresh_rankings()
    make_read(9, headline="Deux")
    assert names() == ["Un"]
    popularity.refresh_rankings()
    assert names() == ["Deux", "Un"]


def test_all_time_is_read_from_the_totals() -> None:
    make_read(3, headline="Un")
    assert names(Period.EVER) == ["Un"]
    assert not RankedArticle.objects.exists()


def test_what_is_withdrawn_leaves_its_place_to_the_next() -> None:
    articles = [make_read(100 - number, headline=f"{number}") for number in range(popularity.FULL_LENGTH + 3)]
    popularity.refresh_rankings()
    publishing.unpublish(article_id=articles[0].pk)
    publishing.unpublish(article_id=articles[1].pk)
    assert names() == [f"{number}" for number in range(2, popularity.FULL_LENGTH + 2)]
    side, _commented = popularity.of_the_week()
    assert [entry.headline for entry in side] == ["2", "3", "4", "5", "6"]


def test_what_is_not_public_takes_no_place() -> None:
    make_read(9, published_at=timezone.now() + timedelta(hours=1))
    article = make_read(3)
    popularity.refresh_rankings()
    assert set(RankedArticle.objects.values_list("rank", "article")) == {(1, article.pk)}


def test_a_ranking_says_when_its_articles_will_be_withdrawn() -> None:
    soon = timezone.now() + timedelta(hours=1)
    make_read(3, unpublished_at=soon)
    popularity.refresh_rankings()
    assert [entry.until for entry in popularity.most_read(Period.WEEK)] == [soon]


def test_rankings_that_did_not_change_are_not_written() -> None:
    make_read(3)
    popularity.refresh_rankings()
    stored = list(RankedArticle.objects.order_by("pk").values_list("pk", flat=True))
    popularity.refresh_rankings()
    assert list(RankedArticle.objects.order_by("pk").values_list("pk", flat=True)) == stored != []


def test_an_article_that_nobody_reads_any_more_leaves() -> None:
    article = make_read(3)
    popularity.refresh_rankings()
    popularity.count(article_id=article.pk, day=timezone.localdate(), views=-3)
    popularity.refresh_rankings()
    assert not RankedArticle.objects.exists()


def test_one_query_reads_the_side_lists(django_assert_num_queries) -> None:
    make_read(3)
    popularity.refresh_rankings()
    with django_assert_num_queries(1):
        popularity.of_the_week()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("stored_before", [True, False])
def test_eight_processes_that_work_them_out_at_once_store_them_once(stored_before: bool) -> None:
    article = make_read(3)
    if stored_before:
        popularity.refresh_rankings()
        popularity.count(article_id=article.pk, day=timezone.localdate(), views=2)
    together(lambda number: popularity.refresh_rankings())
    stored = RankedArticle.objects.order_by("period").values_list("period", "kind", "rank", "count")
    assert list(stored) == [(period, "read", 1, 5 if stored_before else 3) for period in ("jour", "mois", "semaine")]


@pytest.mark.django_db(transaction=True)
def test_no_reader_sees_a_ranking_that_is_half_written(monkeypatch: pytest.MonkeyPatch) -> None:
    make_read(3, headline="Un")
    popularity.refresh_rankings()
    make_read(9, headline="Deux")
    emptied, seen = Event(), Event()
    bulk_create = RankedArticle.objects.bulk_create

    def slow(rows: Any) -> Any:
        emptied.set()
        assert seen.wait(PATIENCE)
        return bulk_create(rows)

    def refresh() -> None:
        try:
            popularity.refresh_rankings()
        finally:
            connection.close()

    monkeypatch.setattr(RankedArticle.objects, "bulk_create", slow)
    thread = Thread(target=refresh)
    thread.start()
    assert emptied.wait(PATIENCE)
    assert names() == ["Un"]
    seen.set()
    thread.join(PATIENCE)
    assert names() == ["Deux", "Un"]
