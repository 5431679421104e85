"""Queries whose SQL is written once: they answer what the ORM answers, and store what it stores."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, models
from django.db.models.signals import post_save
from django.forms.models import model_to_dict
from pytest_django import DjangoAssertNumQueries

from articles.models import Article
from comments.models import Comment
from multitude.prepared import Insertion, Parameter, Prepared
from tests.factories import make_article, make_comment, make_draft

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)

published_since = Prepared(
    lambda now, since: Article.objects.published(now).filter(published_at__gte=since).order_by("pk"),
    now=models.DateTimeField(),
    since=models.DateTimeField(),
)
slugs = Prepared(
    lambda headline: Article.objects.filter(headline=headline).order_by("pk").values_list("slug", "published_at"),
    headline=models.CharField(),
)


def test_instances_are_those_of_the_same_queryset() -> None:
    make_draft()
    make_article(published_at=NOW + timedelta(hours=1))
    make_article(published_at=NOW - timedelta(days=2))
    seen = make_article(published_at=NOW - timedelta(hours=1))
    [found] = published_since.rows(now=NOW, since=NOW - timedelta(days=1))
    assert found == seen
    assert model_to_dict(found) == model_to_dict(Article.objects.get(pk=seen.pk))
    assert not found._state.adding


def test_rows_hold_python_values_and_keep_their_order() -> None:
    articles = [make_article(headline="Deux fois", published_at=NOW + timedelta(seconds=number)) for number in range(3)]
    assert slugs.rows(headline="Deux fois") == [(article.slug, article.published_at) for article in articles]
    assert slugs.rows(headline="Deux fois", limit=2) == slugs.rows(headline="Deux fois")[:2]
    assert slugs.rows(headline="Deux fois", limit=2, offset=2) == slugs.rows(headline="Deux fois")[2:]
    assert slugs.first(headline="Deux fois") == (articles[0].slug, articles[0].published_at)


def test_a_value_is_a_value_whatever_it_says() -> None:
    hostile = "'; DROP TABLE articles_article; -- %s %(x)s ?"
    article = make_article(headline=hostile)
    assert slugs.first(headline=hostile) == (article.slug, article.published_at)


def test_where_nothing_is_found_there_is_no_row() -> None:
    assert slugs.rows(headline="Rien") == []
    assert slugs.first(headline="Rien") is None


def test_each_asking_is_one_query_and_its_sql_is_written_once(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    built = []

    def build(pk: Parameter) -> models.QuerySet:
        built.append(pk)
        return Article.objects.filter(pk=pk).values_list("pk")

    query = Prepared(build, pk=models.BigIntegerField())
    with django_assert_num_queries(3):
        for pk in range(3):
            query.rows(pk=pk)
    assert len(built) == 1


def test_a_parameter_without_a_value_is_refused() -> None:
    with pytest.raises(ValueError, match="headline"):
        slugs.rows(headline=None)
    with pytest.raises(KeyError, match="headline"):
        slugs.rows()


def test_an_instance_is_stored_as_save_would_and_knows_its_key() -> None:
    comment = make_comment()
    values = {field.attname: getattr(comment, field.attname) for field in Comment._meta.concrete_fields}
    values |= {"id": None, "follow_up_key": "une-autre-cle", "submission_digest": None}
    stored = Insertion(Comment).insert(Comment(**values))
    found = Comment.objects.get(pk=stored.pk)
    assert stored.pk != comment.pk
    assert {name: getattr(found, name) for name in values} == values | {"id": stored.pk}
    stored.author_name = "Un autre nom"
    stored.save()
    assert Comment.objects.count() == 2


def test_what_the_database_refuses_raises() -> None:
    comment = make_comment()
    with pytest.raises(IntegrityError):
        Insertion(Comment).insert(Comment(article=comment.article, follow_up_key=comment.follow_up_key, version=1))


def test_an_insertion_sends_no_signal() -> None:
    article = make_article()
    heard: list[object] = []

    def hear(**kwargs: object) -> None:
        heard.append(kwargs["instance"])

    post_save.connect(hear, sender=Comment)
    try:
        Insertion(Comment).insert(Comment(article=article, author_name="N", author_email="n@exemple.fr", body="T"))
    finally:
        post_save.disconnect(hear, sender=Comment)
    assert Comment.objects.count() == 1
    assert heard == []
