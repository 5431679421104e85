"""`published()`, the one definition of what the public may see."""

from datetime import UTC, datetime, timedelta

import pytest

from articles.models import Article
from tests.factories import make_article, make_draft

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
HOUR = timedelta(hours=1)
CASES = [
    ("a draft", None, None, False),
    ("in the past", NOW - HOUR, None, True),
    ("in the future", NOW + HOUR, None, False),
    ("at this very microsecond", NOW, None, True),
    ("a microsecond from now", NOW + INSTANT, None, False),
    ("a microsecond ago", NOW - INSTANT, None, True),
    ("withdrawn", NOW - HOUR, NOW - INSTANT, False),
    ("withdrawn at this very microsecond", NOW - HOUR, NOW, False),
    ("to be withdrawn in a microsecond", NOW - HOUR, NOW + INSTANT, True),
    ("to be withdrawn later", NOW - HOUR, NOW + HOUR, True),
    ("to be published and withdrawn later", NOW + HOUR, NOW + 2 * HOUR, False),
    ("published and withdrawn at once", NOW, NOW, False),
]


@pytest.mark.parametrize(
    ("published_at", "unpublished_at", "expected"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_time_decides_what_is_public(
    published_at: datetime | None, unpublished_at: datetime | None, expected: bool
) -> None:
    article = make_article(published_at=published_at, unpublished_at=unpublished_at)
    assert Article.objects.published(NOW).filter(pk=article.pk).exists() is expected
    article.refresh_from_db()
    assert article.is_published(NOW) is expected


def test_nothing_has_to_run_when_the_hour_comes() -> None:
    article = make_article(published_at=NOW + HOUR, unpublished_at=NOW + 3 * HOUR)
    visible = [
        Article.objects.published(NOW + hours * HOUR).filter(pk=article.pk).exists() for hours in (0, 1, 2, 3, 4)
    ]
    assert visible == [False, True, True, False, False]


def test_without_an_instant_it_is_now() -> None:
    published, _draft = make_article(), make_draft()
    assert list(Article.objects.published()) == [published]


def test_newest_comes_first_and_the_later_row_breaks_a_tie() -> None:
    older, first, second = (make_article(published_at=NOW - hours * HOUR) for hours in (2, 1, 1))
    assert list(Article.objects.published(NOW).newest_first()) == [second, first, older]
