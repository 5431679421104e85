"""Beside an article's form: where readers find it, how often they did, and its last comments."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from articles import frontpage, popularity
from articles.models import Article, FrontPlace
from tests.articles.reading import bulk_articles, one, parse, text
from tests.articles.test_admin import change
from tests.factories import (
    decide,
    logged_in,
    make_approved,
    make_article,
    make_author,
    make_comment,
    make_draft,
    make_section,
    make_tag,
    make_user,
)

pytestmark = pytest.mark.django_db


def where(client: Client, article: Article) -> str:
    """Return what its page says of where an article appears."""
    return text(one(parse(client.get(change(article))), ".//h:section[@class='whereabouts']"))


def test_it_says_where_a_public_article_stands(editor_client: Client) -> None:
    article = make_article(
        slug="un",
        section=make_section(name="Idées"),
        authors=[make_author(name="Anna")],
        tags=[make_tag("Sel"), make_tag("Eau")],
    )
    popularity.count(article_id=article.pk, day=popularity.day_of(timezone.now()), views=1_234)
    popularity.refresh_rankings()
    told = where(editor_client, article)
    for words in (
        "Sa page\u00a0: /articles/un/".replace("\u00a0", " "),
        "En ouverture de la une",
        "Idées",
        "Page de Anna",
        "Thème : Eau",
        "Thème : Sel",
        "le flux du site",
        "1ᵉʳ des sujets les + lus",
    ):
        assert words in told


def test_it_leads_to_its_month_in_the_archives(editor_client: Client) -> None:
    article = make_article(published_at=datetime(2026, 2, 28, 23, 30, tzinfo=UTC))
    assert "Archives : Mars 2026" in where(editor_client, article)
    assert 'href="/archives/2026/03/"' in editor_client.get(change(article)).content.decode()


def test_it_says_what_an_old_article_has_left(editor_client: Client) -> None:
    article = make_article(published_at=timezone.now() - timedelta(days=30))
    bulk_articles(frontpage.LENGTH, article.section, make_author())
    told = where(editor_client, article)
    assert "Plus à la une" in told
    assert "Sorti du flux du site" in told
    frontpage.arrange([article.pk], seen=[])
    assert "En ouverture de la une, choisi par la rédaction" in where(editor_client, article)


def test_it_says_that_a_draft_is_nowhere_though_a_place_is_kept(editor_client: Client) -> None:
    article = make_draft()
    frontpage.arrange([make_article().pk, article.pk], seen=[])
    told = where(editor_client, article)
    assert "Nulle part pour le moment. La 2ᵉ place de la une lui est gardée." in told
    frontpage.arrange([article.pk], seen=[*FrontPlace.objects.values_list("article", flat=True)])
    assert "La 1ʳᵉ place de la une lui est gardée." in where(editor_client, article)


def test_what_is_not_public_takes_no_place_from_what_is(editor_client: Client) -> None:
    section = make_section()
    bulk_articles(frontpage.LENGTH, section, make_author())
    Article.objects.update(published_at=timezone.now() + timedelta(hours=1))
    frontpage.arrange([make_draft().pk], seen=[])
    told = where(editor_client, make_article(section=section))
    for words in ("En ouverture de la une", "le flux du site", "celui de la rubrique"):
        assert words in told


def test_it_counts(editor_client: Client) -> None:
    article, today = make_article(), popularity.day_of(timezone.now())
    popularity.count(article_id=article.pk, day=today, views=3, comments=2)
    popularity.count(article_id=article.pk, day=today - timedelta(days=7), views=4)
    told = where(editor_client, article)
    assert "Lectures en 7 jours 3 Lectures en tout 7 Commentaires publiés 2" in told


def test_it_shows_the_last_comments_and_leads_to_all(editor_client: Client) -> None:
    article = make_article()
    make_approved(article, body="Le plus ancien")
    for number in range(4):
        make_comment(article, body=f"Attend {number}", author_name="<b>Anna</b>")
    decide(make_comment(article, body="Refusé hier"), "reject", reason="insult")
    make_comment(body="Ailleurs")
    response = editor_client.get(change(article))
    told = text(one(parse(response), ".//h:section[@class='last-comments']"))
    assert "Refusé hier" in told
    assert "<b>Anna</b>" in told
    assert "Le plus ancien" not in told
    assert "Ailleurs" not in told
    assert f"?status=all&amp;article={article.pk}" in response.content.decode()


def test_comments_are_shown_to_who_may_see_them() -> None:
    article = make_article()
    make_comment(article, body="Attend")
    client = logged_in(make_user("journaliste", groups=["Journalistes"]))
    assert "Attend" not in client.get(change(article)).content.decode()


@pytest.mark.parametrize("number", [1, 12])
def test_the_page_costs_the_same_however_much_there_is_to_say(
    editor_client: Client, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    [article, *_others] = bulk_articles(number, make_section(), make_author())
    for _ in range(number):
        make_comment(article)
    editor_client.get(change(article))
    with django_assert_num_queries(23):
        editor_client.get(change(article))
