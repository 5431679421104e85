"""The front page: what the newsroom chose that is public, then the latest, always full."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from articles import frontpage, publishing
from articles.models import Article, FrontPlace
from tests.articles.reading import bulk_articles, headlines
from tests.factories import make_article, make_author, make_draft, make_section

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Stop the clock at NOW; a test may move it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def choose(*articles: Article) -> None:
    """Arrange the front page."""
    seen = list(FrontPlace.objects.values_list("article_id", flat=True))
    frontpage.arrange([article.pk for article in articles], seen=seen)


def three() -> list[Article]:
    """Return three public articles, the oldest first."""
    return [make_article(headline=name, published_at=NOW - age * HOUR) for name, age in (("A", 3), ("B", 2), ("C", 1))]


def test_nobody_touches_it_and_it_shows_the_latest(client: Client) -> None:
    three()
    make_draft()
    make_article(published_at=NOW + HOUR)
    assert headlines(client.get("/")) == ["C", "B", "A"]


def test_the_chosen_come_first_and_nothing_twice(client: Client) -> None:
    a, _b, c = three()
    choose(a, c)
    assert headlines(client.get("/")) == ["A", "C", "B"]


def test_it_is_full_whatever_is_chosen(client: Client) -> None:
    articles = bulk_articles(frontpage.LENGTH + 5, make_section(), make_author())
    choose(*articles[-3:], make_draft())
    shown = headlines(client.get("/"))
    assert len(shown) == len(set(shown)) == frontpage.LENGTH
    assert shown[:4] == ["Série 22", "Série 23", "Série 24", "Série 0"]


def test_what_is_not_public_is_passed_over_until_it_is(client: Client, clock: time_machine.Traveller) -> None:
    a, b, c = three()
    later = make_article(headline="Plus tard", published_at=NOW + HOUR)
    choose(later, b, make_draft(headline="Brouillon"), a)
    assert headlines(client.get("/")) == ["B", "A", "C"]
    clock.move_to(NOW + HOUR)
    assert headlines(client.get("/")) == ["Plus tard", "B", "A", "C"]
    publishing.unpublish(article_id=b.pk)
    assert headlines(client.get("/")) == ["Plus tard", "A", "C"]
    publishing.publish(article_id=b.pk)
    assert headlines(client.get("/")) == ["Plus tard", "B", "A", "C"]
    assert c.is_published()


def test_the_page_is_not_kept_past_the_hour_of_a_chosen_article(client: Client) -> None:
    choose(make_article(published_at=NOW + timedelta(seconds=9)))
    assert "s-maxage=9," in client.get("/")["Cache-Control"]


@pytest.mark.usefixtures("in_a_worker")
def test_a_change_of_places_is_seen_at_once(
    client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    a, b, _c = three()
    client.get("/")
    for chosen in (a, b):
        with django_capture_on_commit_callbacks(execute=True):
            choose(chosen)
        assert headlines(client.get("/"))[0] == chosen.headline


@pytest.mark.usefixtures("in_a_worker")
@pytest.mark.parametrize("rows", [30, 300])
def test_chosen_articles_cost_one_query_more(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    choose(*bulk_articles(rows, make_section(), make_author())[-6:])
    client.get("/")
    with django_assert_num_queries(2):
        client.get("/")


def test_who_comes_second_changes_nothing() -> None:
    a, b, c = three()
    frontpage.arrange([a.pk], seen=[])
    for wanted in ([b.pk], [], [c.pk, a.pk]):
        with pytest.raises(frontpage.Rearranged):
            frontpage.arrange(wanted, seen=[])
    assert frontpage.chosen() == [a]


def test_there_is_an_end_to_choosing() -> None:
    articles = [make_article() for _ in range(frontpage.MOST_PLACES + 1)]
    with pytest.raises(frontpage.Full, match="déjà 6 places"):
        choose(*articles)
    assert not FrontPlace.objects.exists()


def test_an_article_that_is_gone_is_not_chosen() -> None:
    with pytest.raises(Article.DoesNotExist):
        frontpage.arrange([404], seen=[])


def test_an_article_that_is_deleted_leaves_its_place(client: Client) -> None:
    _a, b, _c = three()
    draft = make_draft()
    choose(draft, b)
    draft.delete()
    assert headlines(client.get("/")) == ["B", "C", "A"]
