"""The two rankings: days of Paris, ties, periods, and what counts nothing."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from articles import popularity
from articles.models import Article
from articles.popularity import Period
from tests.articles.reading import ranked
from tests.factories import decide, make_approved, make_article, make_comment

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PERIODS = ["jour", "semaine", "mois", "toujours"]
KINDS = {"lus": "views", "commentes": "comments"}


def names(ranking: list[popularity.Entry]) -> list[tuple[object, object]]:
    """Return headlines and counts."""
    return [(entry.headline, entry.count) for entry in ranking]


def count_on(article: Article, days_ago: int, number: int) -> None:
    """Count readings and comments on a day."""
    popularity.count(article_id=article.pk, day=TODAY - timedelta(days=days_ago), views=number, comments=number)


@pytest.mark.parametrize("kind", KINDS)
def test_a_period_is_so_many_days_today_included(client: Client, kind: str) -> None:
    with time_machine.travel(NOW, tick=False):
        for age in (0, 1, 6, 7, 29, 30, 400):
            count_on(make_article(headline=f"Il y a {age}", published_at=NOW - timedelta(days=500)), age, 1000 - age)
        listed = {period: ranked(client.get(f"/classements/{kind}/?periode={period}")) for period in PERIODS}
    ages = {"jour": [0], "semaine": [0, 1, 6], "mois": [0, 1, 6, 7, 29], "toujours": [0, 1, 6, 7, 29, 30, 400]}
    assert listed == {period: [f"Il y a {age}" for age in ages[period]] for period in PERIODS}


def test_the_days_of_a_period_add_up() -> None:
    with time_machine.travel(NOW, tick=False):
        steady, sudden = make_article(headline="Constant"), make_article(headline="Soudain")
        for age in range(6):
            count_on(steady, age, 2)
        count_on(sudden, 0, 5)
        assert names(popularity.most_read(Period.WEEK)) == [("Constant", 12), ("Soudain", 5)]
        assert names(popularity.most_read(Period.DAY)) == [("Soudain", 5), ("Constant", 2)]


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 11, 20, 22, 59, 59, tzinfo=UTC), date(2026, 11, 20)),
        (datetime(2026, 11, 20, 23, 0, tzinfo=UTC), date(2026, 11, 21)),
        (datetime(2026, 11, 20, 23, 30, tzinfo=UTC), date(2026, 11, 21)),
        (datetime(2026, 7, 14, 21, 59, tzinfo=UTC), date(2026, 7, 14)),
        (datetime(2026, 7, 14, 22, 0, tzinfo=UTC), date(2026, 7, 15)),
    ],
)
def test_a_day_begins_at_midnight_in_paris(instant: datetime, day: date) -> None:
    assert popularity.day_of(instant) == day


def test_at_half_past_eleven_utc_todays_ranking_is_that_of_the_new_day() -> None:
    count_on(make_article(published_at=NOW), 0, 3)
    with time_machine.travel(datetime(2026, 11, 20, 22, 30, tzinfo=UTC), tick=False):
        assert len(popularity.most_read(Period.DAY)) == 1
    with time_machine.travel(datetime(2026, 11, 20, 23, 30, tzinfo=UTC), tick=False):
        assert popularity.most_read(Period.DAY) == []


@pytest.mark.parametrize("period", Period)
def test_at_equal_counts_the_newer_comes_first(period: Period) -> None:
    with time_machine.travel(NOW, tick=False):
        for days in (3, 1, 2):
            count_on(make_article(headline=f"{days}", published_at=NOW - timedelta(days=days)), 0, 4)
        assert names(popularity.most_read(period)) == [("1", 4), ("2", 4), ("3", 4)]
        assert names(popularity.most_commented(period)) == [("1", 4), ("2", 4), ("3", 4)]


@pytest.mark.parametrize("period", Period)
def test_what_counts_nothing_is_not_listed(period: Period) -> None:
    with time_machine.travel(NOW, tick=False):
        read = make_article()
        popularity.count(article_id=read.pk, day=TODAY, views=1)
        make_article()
        assert len(popularity.most_read(period)) == 1
        assert popularity.most_commented(period) == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("period", ["", "annee", "Jour", "7", "jour&periode=mois", "jour "])
def test_an_unknown_period_is_a_404(client: Client, kind: str, period: str) -> None:
    assert client.get(f"/classements/{kind}/?periode={period}").status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_period_it_is_the_week(client: Client, kind: str) -> None:
    assert client.get(f"/classements/{kind}/").content == client.get(f"/classements/{kind}/?periode=semaine").content


def test_a_comment_counts_on_the_day_of_its_first_approval() -> None:
    article = make_article(published_at=NOW - timedelta(days=9))
    with time_machine.travel(NOW - timedelta(days=2), tick=False):
        comment = make_approved(article)
    with time_machine.travel(NOW, tick=False):
        make_comment(article)
        assert popularity.most_commented(Period.DAY) == []
        assert names(popularity.most_commented(Period.WEEK)) == [(article.display_headline, 1)]
        decide(comment, "remove", reason="off_topic")
        assert [popularity.most_commented(period) for period in Period] == [[]] * 4


def test_the_side_column_shows_five_and_the_page_fifty(client: Client) -> None:
    with time_machine.travel(NOW, tick=False):
        for number in range(55):
            count_on(make_article(published_at=NOW - timedelta(days=1)), 0, number + 1)
        assert [len(entries) for entries in popularity.of_the_week()] == [5, 5]
        assert len(ranked(client.get("/classements/lus/"))) == 50
