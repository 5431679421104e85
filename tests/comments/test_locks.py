"""Who writes on a comment or on an article holds up nobody who refers to it meanwhile; SQLite has one writer at a time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import publishing, rendering
from articles.models import Article, Commenting
from comments import closing, moderation, privacy
from comments.models import Comment
from tests.factories import logged_in, make_approved, make_article, make_comment, make_user

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]

# A submission waits for no lock longer than this, in seconds.
PATIENCE = 10


def submitted_meanwhile(article: Article, parent: Comment | None = None) -> None:
    """Submit a comment by another connection; raises TimeoutError if that has to wait for this one's transaction."""

    def submit() -> None:
        try:
            make_comment(article, parent=parent)
        finally:
            connection.close()

    pool = ThreadPoolExecutor(1)
    try:
        pool.submit(submit).result(timeout=PATIENCE)
    finally:
        pool.shutdown(wait=False)


def test_who_sends_an_old_comment_again_holds_up_no_reply_to_it():
    root = make_approved()
    with transaction.atomic():
        Comment.objects.filter(pk=root.pk).update(submission_digest=None)
        submitted_meanwhile(root.article, parent=root)

    assert root.replies.count() == 1


def test_what_blanks_old_digests_holds_up_no_reply():
    root = make_approved()
    with transaction.atomic():
        privacy.apply_retention(timezone.now() + 2 * privacy.RETENTION)
        submitted_meanwhile(root.article, parent=root)

    assert root.replies.count() == 1


def withdrawn_at_the_desk(article: Article) -> None:
    """Withdraw an article by its button."""
    desk = logged_in(make_user("directrice", is_superuser=True))
    desk.post(f"/admin/articles/article/{article.pk}/depublier/")


@pytest.mark.parametrize(
    "act",
    [
        withdrawn_at_the_desk,
        lambda article: publishing.publish(article_id=article.pk),
        lambda article: publishing.unpublish(article_id=article.pk),
        lambda article: rendering.sign([article.pk]),
        lambda article: list(rendering.rerender()),
        lambda article: closing.choose(
            article_id=article.pk, commenting=Commenting.CLOSED, note="", moderator=make_user("cheffe")
        ),
    ],
    ids=["desk", "publish", "unpublish", "sign", "rerender", "close"],
)
def test_who_writes_on_an_article_holds_up_no_comment(act: Callable[[Article], object]):
    article = make_article()
    with transaction.atomic():
        act(article)
        submitted_meanwhile(article)

    assert article.comments.count() == 1


def test_a_decision_reads_the_comments_it_is_about_and_no_others():
    root = make_approved()
    keys = [make_comment(root.article).pk, make_comment(root.article, parent=root).pk]
    with transaction.atomic(), CaptureQueriesContext(connection) as captured:
        moderation.locked(keys)
    with transaction.atomic(), connection.cursor() as cursor:
        # So few comments are read from end to end otherwise, whatever the indexes allow.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + captured[-1]["sql"])
        plan = [line for (line,) in cursor.fetchall()]

    # What PostgreSQL calls so is asked about each comment there is.
    assert not any("SubPlan" in line for line in plan)
