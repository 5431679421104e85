"""The archives: the months in Paris of which articles are public, found without a look at the articles themselves.

A month that has an article's date has a row; whether readers may see it is asked of `published()`, month by month, in
one query. A row is never taken away: a month of which nothing is public is passed over.
"""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any, cast

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.signals import post_save
from django.utils import timezone

from articles.models import Article, ArticleQuerySet, Month

# The years that an address may name; articles are not older, and no clock tells what comes after.
YEARS = range(1900, 9999)


def connect() -> None:
    """Have each month in which an article gets its date stand in the archives."""
    post_save.connect(_article_saved, sender=Article, dispatch_uid="archive-article")


def month_of(instant: datetime) -> Month:
    """Return the month in Paris of an instant, stored or not."""
    local = timezone.localtime(instant)
    return month(local.year, local.month)


def month(year: int, number: int) -> Month:
    """Return a month by its year, one of YEARS, and its number from 1, stored or not."""
    later = (year + 1, 1) if number == 12 else (year, number + 1)
    return Month(begins_at=_first(year, number), ends_at=_first(*later))


def cover(instants: Iterable[datetime]) -> None:
    """Have the months of some instants stand in the archives."""
    months = {found.begins_at: found for found in map(month_of, instants)}
    Month.objects.bulk_create(months.values(), ignore_conflicts=True)


def articles_of(month: Month) -> ArticleQuerySet:
    """Return the public articles of a month."""
    # In this order: of two upper bounds SQLite enters its index at the first, and now may be years after the month.
    inside = Article.objects.filter(published_at__gte=month.begins_at, published_at__lt=month.ends_at)
    return cast(ArticleQuerySet, inside).published()


def public_months() -> QuerySet[Month]:
    """Return the months of which readers may see something, newest first."""
    since = Article.objects.published().filter(published_at__gte=OuterRef("begins_at")).order_by("published_at")
    # Asked so, each month is one entry into an index: the first article that is public since it began.
    first = Subquery(since.values("published_at")[:1])
    return Month.objects.alias(first_article_at=first).filter(first_article_at__lt=F("ends_at"))


def public_years() -> list[tuple[int, list[Month]]]:
    """Return the years of which readers may see something, newest first, each with its months in their order."""
    years = groupby(public_months(), key=lambda month: month.first_day.year)
    return [(year, list(months)[::-1]) for year, months in years]


def neighbours(month: Month) -> tuple[Month | None, Month | None]:
    """Return the public months before and after one."""
    before = public_months().filter(begins_at__lt=month.begins_at).first()
    after = public_months().filter(begins_at__gt=month.begins_at).order_by("begins_at").first()
    return before, after


def _first(year: int, number: int) -> datetime:
    return datetime(year, number, 1, tzinfo=timezone.get_current_timezone())


def _article_saved(instance: Article, **kwargs: Any) -> None:
    if instance.published_at is None or timezone.localtime(instance.published_at).year not in YEARS:
        return
    found = month_of(instance.published_at)
    Month.objects.get_or_create(begins_at=found.begins_at, defaults={"ends_at": found.ends_at})
