"""What the database itself refuses, whoever writes: the shell, an import, a fault of ours."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from articles.models import Article, Byline, DailyTally
from tests.factories import make_article, make_author, make_draft

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
NONSENSE: list[dict[str, Any]] = [
    {"published_at": NOW, "first_published_at": None},
    {"first_published_at": None},
    {"published_at": NOW, "unpublished_at": NOW - timedelta(microseconds=1)},
    {"published_at": None, "unpublished_at": NOW},
    {"view_count": -1},
    {"comment_count": -1},
    {"word_count": -1},
    {"slug": None},
    {"section": None},
]


@pytest.mark.parametrize("values", NONSENSE, ids=str)
def test_an_article_that_makes_no_sense_is_refused(values: dict[str, Any]) -> None:
    article = make_article(published_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=article.pk).update(**values)


def test_a_draft_has_no_withdrawal() -> None:
    article = make_draft()
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=article.pk).update(unpublished_at=NOW)


def test_two_articles_have_two_addresses() -> None:
    first, second = make_article(), make_article()
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=second.pk).update(slug=first.slug)


def test_an_author_signs_an_article_once() -> None:
    author = make_author()
    article = make_article(authors=[author])
    with pytest.raises(IntegrityError), transaction.atomic():
        Byline.objects.create(article=article, author=author, position=1)


def test_a_day_is_one_row() -> None:
    article = make_article()
    DailyTally.objects.create(article=article, day=date(2026, 11, 20))
    with pytest.raises(IntegrityError), transaction.atomic():
        DailyTally.objects.create(article=article, day=date(2026, 11, 20))


@pytest.mark.parametrize("field", ["views", "comments"])
def test_a_tally_is_never_negative(field: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        DailyTally.objects.create(article=make_article(), day=date(2026, 11, 20), **{field: -1})
