"""`manage.py loaddata essay`: the founding essay, and nothing else."""

from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from articles import publishing
from articles.models import Article, Author, Byline, DailyTally, Section
from comments.models import Comment

pytestmark = pytest.mark.django_db

SLUG = "les-dirigeants-et-les-attentes-de-la-multitude"


def load() -> Article:
    """Load the essay, and return it."""
    call_command("loaddata", "essay", verbosity=0)
    return Article.objects.get(slug=SLUG)


def everything() -> dict[str, list[dict[str, Any]]]:
    """Return all rows of both apps."""
    tables: list[type[models.Model]] = [*apps.get_app_config("articles").get_models()]
    tables += apps.get_app_config("comments").get_models()
    return {table.__name__: list(table._default_manager.order_by("pk").values()) for table in tables}


def test_it_brings_its_own_rows_and_nothing_else() -> None:
    before = everything()
    load()
    counts = {name: len(rows) for name, rows in everything().items() if rows != before[name]}
    assert counts == {
        "Section": 1,
        "Author": 1,
        "Article": 1,
        "Byline": 1,
        "Month": 1,
        "SearchEntry": 1,
        "Tag": 3,
        "Tagging": 3,
    }


def test_its_words_are_stored_as_they_were_given() -> None:
    article = load()
    author = Author.objects.get()
    assert article.headline == 'Les dirigeants et les attentes de la "multitude"'
    assert author.name == "Nicolas Colin"
    assert author.credentials == (
        'expert APM, inspecteur des finances et rapporteur de la mission "Création et internet"'
    )
    assert article.standfirst


def test_it_is_rendered_like_what_admin_saves() -> None:
    article = load()
    assert article.display_headline == "Les dirigeants et les attentes de la «\u202fmultitude\u202f»"
    assert article.body_html.count("<h2>") == 1
    assert "<h2>Repositionner et repenser</h2>" in article.body_html
    assert article.footnote_html.startswith("Auteur de <cite>L’âge de la multitude")
    assert article.first_published_at == article.published_at
    assert "«\u202fCréation et internet\u202f»" in Author.objects.get().display_credentials
    assert "'" not in article.body_html
    assert Section.objects.get().display_description


def test_it_has_three_to_four_hundred_and_fifty_words() -> None:
    assert 300 <= load().word_count <= 450


def test_loading_it_twice_changes_nothing() -> None:
    load()
    before = everything()
    load()
    assert everything() == before


def test_loading_it_after_it_was_renamed_finds_it_where_it_is() -> None:
    article = load()
    article.slug = "la-multitude"
    publishing.save(article, by=None)
    counts = {name: len(rows) for name, rows in everything().items()}
    call_command("loaddata", "essay", verbosity=0)
    assert {name: len(rows) for name, rows in everything().items()} == counts
    again = Article.objects.get()
    assert (again.pk, again.slug, again.modified_at) == (article.pk, "la-multitude", article.modified_at)
    assert Byline.objects.get_by_natural_key(SLUG, "nicolas-colin").article == article


def test_loading_it_over_what_was_written_since_is_a_version_as_well() -> None:
    article = load()
    article.headline = "Relu"
    publishing.save(article, by=None)
    loaded = load()
    with pytest.raises(publishing.Overtaken):
        publishing.save(article, by=None, seen_version=article.version)
    given = loaded.headline
    loaded.headline = "Relu encore"
    publishing.save(loaded, by=None)
    assert [*loaded.versions.values_list("number", "headline")] == [
        (3, "Relu encore"),
        (2, given),
        (1, "Relu"),
        (0, given),
    ]


def test_a_byline_of_no_article_is_not_found() -> None:
    with pytest.raises(Byline.DoesNotExist):
        Byline.objects.get_by_natural_key(SLUG, "nicolas-colin")


def test_loading_it_again_keeps_readings_and_comments_counted() -> None:
    article = load()
    Article.objects.filter(pk=article.pk).update(view_count=12, comment_count=3)
    again = load()
    assert (again.pk, again.view_count, again.comment_count) == (article.pk, 12, 3)


def test_loading_it_over_the_demo_changes_nothing() -> None:
    call_command("demo", verbosity=0)
    before = everything()
    load()
    assert everything() == before


def test_the_demo_puts_no_comment_on_it() -> None:
    call_command("demo", verbosity=0)
    assert not Comment.objects.filter(article__slug=SLUG).exists()
    assert DailyTally.objects.filter(article__slug=SLUG).exists()
    assert Byline.objects.filter(article__slug=SLUG).count() == 1
