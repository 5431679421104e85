"""The verb of readers: submit a comment, which then waits for a moderator.

Sending the same again within 15 minutes, from the same network, changes nothing: a double click,
a retry on a bad connection and the back button all end on the first row.
"""

import json
import math
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from articles.models import Article
from comments import rendering, screening
from comments.models import Comment, CommentQuerySet, Finding
from comments.screening import Submission

REPEATED_WITHIN = timedelta(minutes=15)


class ArticleUnavailable(Exception):
    """The article is not, or no longer, public."""


class ParentUnavailable(Exception):
    """The comment replied to is not, or no longer, a public one of this article's first level."""


class TooManySubmissions(Exception):
    """This network has sent as many comments as COMMENT_RATE allows."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after
        """Seconds until the next comment is welcome."""


@transaction.atomic
def submit(submission: Submission) -> Comment:
    """Store a submission as a pending comment, once, and return it; it is durable on return.

    Raises ArticleUnavailable, ParentUnavailable or TooManySubmissions, and then stores nothing.
    """
    submission = replace(submission, author_email=submission.author_email.lower())
    now = timezone.now()
    _one_at_a_time(submission.client_network)
    if not Article.objects.published(now).filter(pk=submission.article_id).exists():
        raise ArticleUnavailable
    digest = _digest(submission)
    same = Comment.objects.filter(submission_digest=digest)
    same.filter(submitted_at__lte=now - REPEATED_WITHIN).update(submission_digest=None)
    if first := same.first():
        return first
    if (
        submission.parent_id is not None
        and not answerable(submission.article_id).filter(pk=submission.parent_id).exists()
    ):
        raise ParentUnavailable
    _check_rate(submission.client_network, now)
    findings = screening.screen(submission, now)
    comment = Comment.objects.create(
        article_id=submission.article_id,
        parent_id=submission.parent_id,
        author_name=submission.author_name,
        author_email=submission.author_email,
        body=submission.body,
        body_html=rendering.render(submission.body),
        submitted_at=now,
        client_network=submission.client_network,
        submission_digest=digest,
    )
    Finding.objects.bulk_create(Finding(comment=comment, rule=rule) for rule in findings)
    return comment


def answerable(article_id: int) -> CommentQuerySet:
    """Return the comments of an article to which one may reply: public, and no replies themselves."""
    return Comment.objects.approved().filter(article_id=article_id, parent__isnull=True)


def _one_at_a_time(client_network: str) -> None:
    """Let one network's submissions pass one after the other, so that repetitions and rates are exact.

    SQLite's immediate transactions already do; PostgreSQL is asked for a lock that ends with the
    transaction.
    """
    if connection.vendor == "postgresql":
        key = int.from_bytes(
            salted_hmac("comments.network", client_network, algorithm="sha256").digest()[:8], signed=True
        )
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def _digest(submission: Submission) -> str:
    """Return the HMAC of what makes two submissions the same one."""
    identity = [
        submission.article_id,
        submission.parent_id,
        submission.author_email,
        submission.body,
        submission.client_network,
    ]
    return salted_hmac("comments.submission", json.dumps(identity), algorithm="sha256").hexdigest()


def _check_rate(client_network: str, now: datetime) -> None:
    if settings.COMMENT_RATE is None:
        return
    number, seconds = settings.COMMENT_RATE
    window = timedelta(seconds=seconds)
    recent = Comment.objects.filter(client_network=client_network, submitted_at__gt=now - window)
    times = recent.order_by("-submitted_at").values_list("submitted_at", flat=True)[:number]
    if len(times) == number:
        raise TooManySubmissions(max(1, math.ceil((times[number - 1] + window - now).total_seconds())))
