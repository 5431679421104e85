"""Bylines and taggings repeat the date of their article, so that one index has an author's or a tag's newest first.

The date there orders, and decides nothing: what is public is asked of the article, by `published()`. Receivers keep it,
so that admin, commands and `loaddata` are all heard; what is written in bulk gives it itself.
"""

from typing import Any

from django.db.models import QuerySet
from django.db.models.signals import m2m_changed, post_save, pre_save

from articles.models import Article, ArticleQuerySet, Author, Byline, Tag, Tagging
from multitude import clock

_JOINS: tuple[type[Byline] | type[Tagging], ...] = (Byline, Tagging)


def connect() -> None:
    """Listen to articles that get another date, and to what is joined to one."""
    post_save.connect(_article_saved, sender=Article, dispatch_uid="date-joined")
    for join in _JOINS:
        pre_save.connect(_join_saved, sender=join, dispatch_uid=f"date-{join.__name__}")
        m2m_changed.connect(_relation_changed, sender=join, dispatch_uid=f"date-relation-{join.__name__}")


def signed_by(author: Author) -> ArticleQuerySet:
    """Return the public articles that somebody signed, newest first."""
    return _newest_first("bylines", bylines__author=author)


def about(tag: Tag) -> ArticleQuerySet:
    """Return the public articles that have a tag, newest first."""
    return _newest_first("taggings", taggings__tag=tag)


def _newest_first(join: str, **wanted: Any) -> ArticleQuerySet:
    """Return public articles in the order of an index of what joins them; where it starts, nothing lies in the future."""
    wanted[f"{join}__published_at__lte"] = clock.now()
    return Article.objects.published().filter(**wanted).order_by(f"-{join}__published_at", f"-{join}__article_id")


def _article_saved(instance: Article, created: bool, raw: bool, **kwargs: Any) -> None:
    """A new article has nothing joined to it yet, unless a fixture brought that first."""
    if raw or not created:
        for join in _JOINS:
            _repeat(join.objects.filter(article=instance), instance)


def _join_saved(instance: Byline | Tagging, **kwargs: Any) -> None:
    dates = Article.objects.filter(pk=instance.article_id).values_list("published_at", flat=True)
    instance.published_at = dates.first()


def _relation_changed(
    instance: Article | Author | Tag, sender: type[Byline] | type[Tagging], action: str, reverse: bool, **kwargs: Any
) -> None:
    if action != "post_add":
        return
    keys = kwargs["pk_set"] if reverse else {instance.pk}
    for article in Article.objects.only("published_at").filter(pk__in=keys):
        _repeat(sender.objects.filter(article=article), article)


def _repeat(joined: QuerySet[Any], article: Article) -> None:
    joined.exclude(published_at=article.published_at).update(published_at=article.published_at)
