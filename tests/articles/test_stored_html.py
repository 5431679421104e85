"""What an article's page shows is stored, and stored anew whenever what it is made of changes."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.test import Client

from articles import publishing
from articles.models import Article, Author, Byline
from tests.articles.reading import every, one, parse, text
from tests.factories import make_article, make_author, make_draft, make_section

pytestmark = pytest.mark.django_db

MAY_DAY = datetime(2026, 5, 1, 4, 5, tzinfo=UTC)


def bylines(client: Client, article: Article) -> list[str]:
    """Return the signature as one reads it."""
    page = parse(client.get(article.get_absolute_url()))
    return [text(line) for line in every(page, ".//h:p[@class='byline']")]


def signature(article: Article) -> str:
    """Return what is stored of the signature."""
    return Article.objects.values_list("signature_html", flat=True).get(pk=article.pk)


def test_authors_added_after_the_article_sign_it(client: Client) -> None:
    article = make_article(authors=[make_author(name="Ada", credentials="mathématicienne"), make_author(name="Bo")])
    assert bylines(client, article) == ["Par Ada, mathématicienne", "et Bo"]


def test_an_author_who_is_taken_away_signs_no_more(client: Client) -> None:
    article = make_article(authors=[make_author(name="Ada"), make_author(name="Bo")])
    Byline.objects.get(author__name="Ada").delete()
    assert bylines(client, article) == ["Par Bo"]


def test_authors_who_change_places_sign_in_their_new_order(client: Client) -> None:
    article = make_article(authors=[make_author(name="Ada"), make_author(name="Bo")])
    first = Byline.objects.get(author__name="Ada")
    first.position = 9
    first.save()
    assert bylines(client, article) == ["Par Bo", "et Ada"]


def test_authors_set_through_the_article_sign_it(client: Client) -> None:
    article = make_article(authors=[make_author(name="Ada")])
    article.authors.set([make_author(name="Bo")])
    assert bylines(client, article) == ["Par Bo"]
    make_author(name="Cléo").articles.add(article)
    assert bylines(client, article) == ["Par Bo", "et Cléo"]


def test_an_author_who_changes_their_name_changes_it_under_every_article(client: Client) -> None:
    author = make_author(name="Ada", slug="ada")
    articles = [make_article(authors=[author]) for _number in range(3)]
    author.name, author.slug, author.credentials = "Ada L.", "ada-l", "comtesse"
    author.save()
    for article in articles:
        assert bylines(client, article) == ["Par Ada L., comtesse"]
        assert 'href="/auteurs/ada-l/"' in signature(article)


def test_a_section_that_changes_its_name_changes_it_on_its_articles(client: Client) -> None:
    section = make_section(name="Idées", slug="idees")
    article = make_article(section=section)
    section.name, section.slug = "Débats", "debats"
    section.save()
    label = one(parse(client.get(article.get_absolute_url())), ".//h:p[@class='label']/h:a")
    assert (text(label), label.get("href")) == ("Débats", "/rubriques/debats/")


def test_a_footnote_is_called_from_the_signature_as_long_as_it_is_there() -> None:
    article = make_article(authors=[make_author()])
    article.footnote = "Auteur de livres."
    article.save()
    assert 'href="#note"' in signature(article)
    article.footnote = ""
    article.save()
    assert 'href="#note"' not in signature(article)


def test_saving_an_article_read_before_its_signature_changed_keeps_the_signature() -> None:
    article = make_article()
    Byline.objects.create(article=article, author=make_author(name="Ada"))
    article.save()
    assert "Ada" in signature(article)


def test_the_date_shown_is_that_of_publication() -> None:
    article = make_draft()
    assert "<time" not in article.dates_html
    article = publishing.publish(article_id=article.pk, at=MAY_DAY)
    assert "1er mai 2026 à 6\u202fh\u202f05" in article.dates_html
    article = publishing.publish(article_id=article.pk, at=MAY_DAY.replace(day=2))
    assert "2 mai 2026 à 6\u202fh\u202f05" in article.dates_html


def test_the_reading_time_follows_the_text() -> None:
    article = make_article(body=f"<p>{'mot ' * 230}</p>")
    assert "1 minute de lecture" in article.dates_html
    article.body = f"<p>{'mot ' * 690}</p>"
    article.save()
    assert "3 minutes de lecture" in article.dates_html


def test_a_fixture_is_signed_however_often_it_is_loaded(client: Client) -> None:
    call_command("loaddata", "essay", verbosity=0)
    once = Article.objects.values("signature_html", "dates_html").get()
    assert "Nicolas Colin" in once["signature_html"]
    Author.objects.update(name="Une autre")
    call_command("loaddata", "essay", verbosity=0)
    assert Article.objects.values("signature_html", "dates_html").get() == once
