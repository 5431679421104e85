"""Rows written many at a time are those that saving one by one would have written."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import IntegrityError, connection, transaction

from articles.models import Article, DailyTally
from comments.models import Comment
from multitude import bulk
from tests.factories import make_article, make_comment
from tests.parallel import THREADS, together

pytestmark = pytest.mark.django_db

TEXTS = ("author_name", "body", "body_html")
DAY = date(2030, 5, 17)


def write(article: Article, **values: object) -> None:
    """Insert one pending comment."""
    given = {"article_id": article.pk} | dict.fromkeys(TEXTS, "…") | values
    bulk.insert(Comment, list(given), [tuple(given.values())])


def stored_instants() -> list[object]:
    """Return when the comments came, as the database holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT submitted_at FROM comments_comment")
        return [value for (value,) in cursor.fetchall()]


def test_a_column_that_is_not_given_has_its_default():
    write(make_article())
    comment = Comment.objects.get()

    assert (comment.status, comment.version, comment.author_email, comment.submission_digest) == (
        "pending",
        1,
        "",
        None,
    )
    assert len(comment.follow_up_key) == 27


@pytest.mark.parametrize("microsecond", [0, 120_000])
def test_an_instant_is_stored_as_saving_stores_it(microsecond: int):
    instant = datetime(2030, 5, 17, 21, 30, microsecond=microsecond, tzinfo=UTC)
    saved = make_comment()
    Comment.objects.filter(pk=saved.pk).update(submitted_at=instant)
    write(saved.article, submitted_at=instant)

    first, second = stored_instants()
    assert first == second


def test_a_name_that_the_model_does_not_have_is_refused():
    with pytest.raises(FieldDoesNotExist):
        bulk.insert(Comment, ("nom",), [("Ève",)])


def test_the_database_enforces_its_constraints():
    with pytest.raises(IntegrityError), transaction.atomic():
        write(make_article(), status="approved")


def test_no_rows_change_nothing():
    bulk.insert(Comment, TEXTS, [])
    bulk.increase(Article, "comment_count", [])
    bulk.insert_or_increase(DailyTally, ("article_id", "day"), [], unique=("article_id", "day"), amount="views")

    assert list(bulk.reserve_keys(Comment, 0)) == []
    assert not Comment.objects.exists()


def test_a_reserved_key_is_new_and_the_next_row_has_a_later_one():
    article = make_article()
    gone = make_comment(article)
    Comment.objects.all().delete()
    with transaction.atomic():
        key, last = bulk.reserve_keys(Comment, 2)
        write(article, id=key)
        write(article, id=last)

    assert gone.pk < key < last < make_comment(article).pk


def test_a_row_that_is_there_is_increased_by_the_amount_and_otherwise_left():
    one, other = make_article(), make_article()
    DailyTally.objects.create(article=one, day=DAY, views=5, comments=2)
    rows = [(one.pk, DAY, 3, 9), (other.pk, DAY, 4, 1), (one.pk, DAY + timedelta(days=1), 1, 1)]
    bulk.insert_or_increase(
        DailyTally, ("article_id", "day", "comments", "views"), rows, unique=("article_id", "day"), amount="comments"
    )

    tallies = DailyTally.objects.order_by("article", "day").values_list("comments", "views")
    assert list(tallies) == [(5, 5), (1, 1), (4, 1)]


def test_a_column_of_many_rows_is_increased():
    articles = [make_article() for _number in range(3)]
    for _time in range(2):
        bulk.increase(Article, "comment_count", [(articles[0].pk, 2), (articles[2].pk, 5)])

    counts = Article.objects.order_by("pk").values_list("comment_count", "view_count")
    assert list(counts) == [(4, 0), (0, 0), (10, 0)]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has a cache of its own")
def test_the_cache_is_large_only_meanwhile():
    def size() -> int:
        with connection.cursor() as cursor:
            return cursor.execute("PRAGMA cache_size").fetchone()[0]

    before = size()
    with bulk.large_cache():
        assert size() == -128 * 1024
    assert size() == before


@pytest.mark.django_db(transaction=True)
def test_eight_writers_at_once_never_have_the_same_key():
    article = make_article()

    def act(number: int) -> None:
        with transaction.atomic():
            for key in bulk.reserve_keys(Comment, 20):
                write(article, id=key)

    together(act)

    assert Comment.objects.count() == THREADS * 20


def test_what_is_given_is_written_and_the_rest_left_alone():
    first, second, third = (make_comment(body="avant") for _number in range(3))
    at = datetime(2030, 5, 17, tzinfo=UTC)
    bulk.update(Comment, ("body", "redacted_at"), [(first.pk, "un", at), (second.pk, "deux", None)])

    assert list(Comment.objects.order_by("pk").values_list("body", "redacted_at", "author_name")) == [
        ("un", at, first.author_name),
        ("deux", None, second.author_name),
        ("avant", None, third.author_name),
    ]
