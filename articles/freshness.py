"""Which pages an article, a section, an author or a tag stands on: all are purged when it is saved or deleted.

Receivers inside this app, so that admin, commands and `loaddata` are all heard. Counts do not
pass here: `popularity` updates them beside.
"""

from typing import Any

from django.contrib.redirects.models import Redirect
from django.db.models import Model, QuerySet
from django.db.models.signals import m2m_changed, post_delete, post_save

from articles.models import Article, Author, Byline, Correction, Section, Tag, Tagging
from multitude.caching import LISTS, MISSING, SITE, purge

# Far below the 50,000 of the protocol: each is read whole, and made anew when one of its articles changes.
SITEMAP_PAGE = 5_000


def page(article_id: int) -> str:
    """Return the key of an article's own page, its thread and its feed."""
    return f"article:{article_id}"


def headline(article_id: int) -> str:
    """Return the key of the pages that name an article, its own apart."""
    return f"headline:{article_id}"


def sitemap(article_id: int) -> str:
    """Return the key of the page of the sitemap on which an article stands, whatever becomes of it."""
    return f"sitemap:{(article_id - 1) // SITEMAP_PAGE + 1}"


def picture(picture_id: int) -> str:
    """Return the key of a picture's files."""
    return f"picture:{picture_id}"


def connect() -> None:
    """Listen to what is saved and deleted."""
    post_save.connect(_correction_published, sender=Correction, dispatch_uid="purge-correction")
    for signal in (post_save, post_delete):
        signal.connect(_article_changed, sender=Article, dispatch_uid="purge-article")
        for join in (Byline, Tagging):
            signal.connect(_joined_changed, sender=join, dispatch_uid=f"purge-{join.__name__}")
        signal.connect(_redirect_changed, sender=Redirect, dispatch_uid="purge-redirect")
        for model in (Author, Section):
            signal.connect(_frame_changed, sender=model, dispatch_uid=f"purge-{model.__name__}")
    for signal in (post_save, post_delete):
        signal.connect(_tag_changed, sender=Tag, dispatch_uid="purge-tag")
    m2m_changed.connect(_tags_changed, sender=Tagging, dispatch_uid="purge-tags")


def _article_changed(instance: Article, **kwargs: Any) -> None:
    if instance.first_published_at is not None or instance.published_at is not None:
        purge(page(instance.pk), headline(instance.pk), sitemap(instance.pk), LISTS, MISSING)


def is_one_of_many(origin: object) -> bool:
    """Return whether a tagging is deleted with others: who deletes them says once what follows for all."""
    return isinstance(origin, QuerySet) and origin.model is Tagging


def _joined_changed(instance: Byline | Tagging, origin: object = None, **kwargs: Any) -> None:
    if not is_one_of_many(origin):
        purge(page(instance.article_id), LISTS, MISSING)


def _tags_changed(action: str, **kwargs: Any) -> None:
    """The pages of the articles themselves are purged where these are signed anew."""
    if action.startswith("post_"):
        purge(LISTS, MISSING)


def _tag_changed(created: bool = False, **kwargs: Any) -> None:
    """A new tag stands nowhere yet."""
    if not created:
        purge(LISTS, MISSING)


def _correction_published(instance: Correction, **kwargs: Any) -> None:
    purge(page(instance.article_id), LISTS)


def _redirect_changed(instance: Redirect, **kwargs: Any) -> None:
    purge(MISSING)


def _frame_changed(instance: Model, **kwargs: Any) -> None:
    purge(SITE)
