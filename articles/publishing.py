"""The verbs of publication, called by every door: admin today, any other tomorrow.

Publication in the future needs nothing to run when its hour comes: what is public is a query
on time, `Article.objects.published()`.
"""

from datetime import datetime

from django.utils import timezone

from articles.models import Article
from multitude.transactions import act


@act()
def publish(*, article_id: int, at: datetime | None = None) -> Article:
    """Make an article public, now or at a given instant, and return it.

    An article that was withdrawn comes back under its first date, unless `at` says otherwise.
    Raises Article.DoesNotExist.
    """
    article = Article.objects.select_for_update(no_key=True).get(pk=article_id)
    now = timezone.now()
    if at is not None:
        article.published_at = at
    elif article.published_at is None or article.published_at > now:
        article.published_at = now
    article.unpublished_at = None
    article.save()
    return article


@act()
def unpublish(*, article_id: int) -> Article:
    """Withdraw an article from the public, from now on, and return it.

    An article that is not yet public becomes a draft again. Raises Article.DoesNotExist.
    """
    article = Article.objects.select_for_update(no_key=True).get(pk=article_id)
    now = timezone.now()
    if article.is_published(now):
        article.unpublished_at = now
    elif article.published_at and article.published_at > now:
        article.published_at = article.unpublished_at = None
    article.save()
    return article
