"""The index follows what is saved, by whatever door, and the public sees of it what is published."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection

from articles import publishing, search
from articles.models import Article, Byline, SearchEntry
from articles.searching import postgres
from articles.searching.query import parse
from tests.articles import leaks
from tests.articles.reading import bulk_articles
from tests.factories import make_article, make_author, make_draft, make_section

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def keys(typed: str) -> list[int]:
    """Return the keys of what a question finds."""
    return search.find(parse(typed)).keys


def test_what_is_written_anew_is_found_by_its_new_words_alone() -> None:
    article = make_article(headline="Un zèbre", body="<p>Rayé.</p>")
    article.headline, article.body = "Une girafe", "<p>Tachetée.</p>"
    publishing.save(article, by=None)
    assert (keys("zèbre"), keys("rayé"), keys("girafe tachetée")) == ([], [], [article.pk])


def test_a_change_of_date_or_of_section_moves_the_article() -> None:
    first, second = make_article(headline="Un zèbre"), make_article(headline="Un zèbre")
    first.published_at, first.section = NOW - timedelta(days=900), make_section()
    first.save()
    assert keys("zèbre") == [second.pk, first.pk]
    assert search.find(parse("zèbre"), section=first.section).keys == [first.pk]


def test_those_who_sign_are_found_as_soon_as_they_sign_and_under_their_present_name() -> None:
    article, author = make_article(), make_author(name="Anne Zèbre")
    byline = Byline.objects.create(article=article, author=author)
    assert keys("zèbre") == [article.pk]
    author.name = "Anne Girafe"
    author.save()
    assert (keys("zèbre"), keys("girafe")) == ([], [article.pk])
    byline.delete()
    assert keys("girafe") == []


def test_what_a_fixture_brings_is_found_once_however_often_it_is_loaded() -> None:
    for _time in range(2):
        call_command("loaddata", "essay", verbosity=0)
    essay = Article.objects.get()
    assert keys("multitudes dirigeant") == keys("nicolas colin") == [essay.pk]


def test_what_is_deleted_leaves_nothing_behind() -> None:
    make_draft(headline="Un zèbre").delete()
    assert not SearchEntry.objects.exists()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            assert cursor.execute("SELECT count(*) FROM articles_search").fetchone() == (0,)


def test_what_stays_the_same_is_not_written_again(monkeypatch: pytest.MonkeyPatch) -> None:
    article = make_article()
    written: list[object] = []
    monkeypatch.setattr(search, "write", lambda documents: written.extend(documents))
    article.save()
    assert written == []


def test_rerender_fills_an_index_that_was_lost() -> None:
    article = make_article(headline="Un zèbre", authors=[make_author(name="Anne Girafe")])
    SearchEntry.objects.all().delete()
    assert keys("zèbre") == []
    call_command("rerender", verbosity=0)
    assert keys("zèbre girafe") == [article.pk]


def test_the_demo_newspaper_and_its_archives_are_found_as_if_they_had_been_saved() -> None:
    call_command("demo", articles=40, verbosity=0)
    before = list(SearchEntry.objects.order_by("pk").values_list("pk", "key", "digest"))
    call_command("rerender", verbosity=0)
    assert len(before) == Article.objects.count()
    assert list(SearchEntry.objects.order_by("pk").values_list("pk", "key", "digest")) == before


def test_pictures_and_what_stands_under_them_are_not_searched_and_words_keep_their_tags() -> None:
    article = make_article(body="<p>Un zè<em>bre</em></p><h2>rayé</h2><p>au &lt;zoo&gt; &amp; ailleurs</p>")
    assert keys("zèbre rayé zoo") == [article.pk]
    assert (keys("em"), keys("amp"), keys("h2")) == ([], [], [])


@pytest.mark.parametrize("way", leaks.hiding(NOW))
def test_what_is_not_published_is_not_found(way: str) -> None:
    with time_machine.travel(NOW, tick=False):
        article = make_article(headline="Un zèbre")
        assert keys("zèbre") == [article.pk]
        leaks.hiding(NOW)[way](article)
        assert keys("zèbre") == []


def test_what_is_scheduled_is_found_from_its_hour_on() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        article = make_draft(headline="Un zèbre")
        publishing.publish(article_id=article.pk, at=NOW + timedelta(days=40))
        assert keys("zèbre") == []
        clock.move_to(NOW + timedelta(days=40))
        assert keys("zèbre") == [article.pk]


@pytest.mark.parametrize("year", [1900, 2300, 9999])
def test_no_date_is_too_far(year: int) -> None:
    article = make_article(headline="Un zèbre", published_at=datetime(year, 6, 30, tzinfo=UTC))
    assert keys("zèbre") == ([article.pk] if year < 2000 else [])


@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's planner")
@pytest.mark.parametrize("typed", ['"mairie dépenses"', "week-end saint-étienne", 'dossier -"ordre du jour"'])
def test_a_phrase_is_looked_for_in_the_index_and_not_in_every_text(typed: str) -> None:
    bulk_articles(1_500, make_section(), make_author())
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO articles_searchentry (article_id, key, digest) SELECT id, id, slug FROM articles_article"
        )
    for sql, parameters in postgres.branches(parse(typed), None, 0, 1 << 62, "true"):
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {sql}", parameters)
            plan = " ".join(line for (line,) in cursor.fetchall())
        assert "Bitmap Index Scan on articles_search_vector" in plan
