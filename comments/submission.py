"""The verb of readers: submit a comment, which then waits for a moderator.

Sending the same again within 15 minutes, from the same network, changes nothing: a double click,
a retry on a bad connection and the back button all end on the first row.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, models
from django.db.models import Count, Exists, Q, QuerySet, Subquery
from django.utils.crypto import salted_hmac

from articles.models import Article
from comments import blocklist, closing, counters, house, rendering, screening
from comments.findings import Screened
from comments.incoming import Context, Match, Submission
from comments.models import Comment, CommentQuerySet, Finding
from multitude import bulk, clock
from multitude.prepared import Insertion, Parameter, Prepared
from multitude.sight import journal
from multitude.transactions import act

REPEATED_WITHIN = timedelta(minutes=15)
# Shorter texts («Merci beaucoup pour cet article !») are many people's own.
TELLING_LENGTH = 60
# Whoever waits for their turn is overtaken by comments of later instants, no longer than a request may take.
_OVERTAKEN = timedelta(minutes=1)


class ArticleUnavailable(Exception):
    """The article is not, or no longer, public."""


class CommentingClosed(Exception):
    """The article is public, and takes no comments."""

    def __init__(self, standing: closing.Standing) -> None:
        super().__init__(standing.reason)
        self.standing = standing


class ParentUnavailable(Exception):
    """The comment replied to is not, or no longer, a public one of this article's first level."""


class TooManySubmissions(Exception):
    """This network has sent as many comments as COMMENT_RATE allows."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after
        """Seconds until the next comment is welcome."""


def submit(submission: Submission) -> Comment:
    """Store a submission as a pending comment, once, and return it; it is durable on return.

    Raises ArticleUnavailable, CommentingClosed, ParentUnavailable or TooManySubmissions, and then stores nothing.
    """
    submission = replace(submission, author_email=submission.author_email.lower())
    now = clock.now()
    comment = Comment(
        article_id=submission.article_id,
        parent_id=submission.parent_id,
        author_name=submission.author_name,
        author_email=submission.author_email,
        body=submission.body,
        body_html=rendering.render(submission.body),
        submitted_at=now,
        client_network=submission.client_network,
        submission_digest=_digest(submission),
        text_digest=text_digest(submission),
    )
    blocked = blocklist.current().matches(submission)
    with act():
        return _store(comment, submission, blocked, now)


def _store(
    comment: Comment, submission: Submission, blocked: Mapping[str, tuple[Match, ...]], now: datetime
) -> Comment:
    """Check what only the transaction can know, and store the comment, or return the one that it repeats."""
    _one_at_a_time(submission.client_network)
    _number, seconds = screening.flood_limit()
    around = _around.first(
        article=submission.article_id,
        now=now,
        digest=comment.submission_digest,
        text=comment.text_digest,
        email=submission.author_email,
        body=submission.body,
        since=now - timedelta(seconds=seconds),
    )
    if around is None:
        raise ArticleUnavailable
    same_id, repeats, is_known, is_elsewhere, recent_of_email, *chosen = around
    if same_id is not None:
        same = Comment.objects.get(pk=same_id)
        if same.submitted_at > now - REPEATED_WITHIN:
            return same
        Comment.objects.filter(pk=same_id).update(submission_digest=None)
    _check_open(closing.Choices(*chosen), now)
    if (
        submission.parent_id is not None
        and not answerable(submission.article_id).filter(pk=submission.parent_id).exists()
    ):
        raise ParentUnavailable
    _check_rate(submission.client_network, now)
    context = Context(
        repeats=repeats,
        is_elsewhere=is_elsewhere,
        is_first=not is_known,
        recent_of_email=recent_of_email or 0,
        blocked=blocked,
    )
    screened = screening.screen(submission, context)
    comment.is_suspect = screened.is_suspect
    _comments.insert(comment)
    _label(comment, screened, now)
    counters.add({comment.current_lane: 1})
    journal.act(
        "comment.submit",
        comment=comment.pk,
        article=comment.article_id,
        parent=comment.parent_id,
        suspect=comment.is_suspect,
    )
    return comment


def _label(comment: Comment, screened: Screened, now: datetime) -> None:
    """Store what the rules noticed, and count it for the terms that matched."""
    if screened.found:
        bulk.insert(Finding, ("comment_id", "rule", "detail"), [(comment.pk, *row) for row in screened.rows])
    if screened.terms:
        blocklist.count(screened.terms, now)


def _ask_around(
    article: Parameter,
    now: Parameter,
    digest: Parameter,
    text: Parameter,
    email: Parameter,
    body: Parameter,
    since: Parameter,
) -> QuerySet:
    """Ask of an article, if it is public, for the comment of a digest, the same text here and elsewhere, what else an e-mail sent, and its choices."""
    of_email = Comment.objects.filter(author_email=email)
    # Texts too short to tell have no digest, and are not in the index. SQLite knows that this leaves them out too where
    # the SQL says so to the letter; a parameter would have it plan anew each time.
    nothing = models.Func(template="''", output_field=models.CharField())
    same_text = Comment.objects.filter(text_digest=text).exclude(text_digest=nothing)
    recent = of_email.filter(submitted_at__gt=since).order_by().values("author_email")
    return (
        Article.objects.published(now)
        .filter(pk=article)
        .values_list(
            Subquery(Comment.objects.filter(submission_digest=digest).values("pk")),
            Exists(of_email.filter(article=article, body=body)),
            Exists(of_email),
            Exists(same_text.exclude(Q(article=article) & Q(author_email=email))),
            Subquery(recent.annotate(number=Count("pk")).values("number")),
            *closing.COLUMNS,
        )
    )


_around = Prepared(
    _ask_around,
    article=models.BigIntegerField(),
    now=models.DateTimeField(),
    digest=models.CharField(),
    text=models.CharField(),
    email=models.CharField(),
    body=models.TextField(),
    since=models.DateTimeField(),
)
_of_network = Prepared(
    # What lies far ahead comes from a clock that was wrong: it must not hold anybody up until that hour has come.
    lambda network, since, until: (
        Comment.objects.filter(client_network=network, submitted_at__gt=since, submitted_at__lt=until)
        .order_by("-submitted_at")
        .values_list("submitted_at")
    ),
    network=models.CharField(),
    since=models.DateTimeField(),
    until=models.DateTimeField(),
)
_comments = Insertion(Comment)


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


def text_digest(submission: Submission) -> str:
    """Return the HMAC of a text's words, by which the same text is found again; nothing of one that is too short to tell."""
    words = " ".join(submission.words)
    if len(words) < TELLING_LENGTH:
        return ""
    return salted_hmac("comments.text", words, algorithm="sha256").hexdigest()[:32]


def _check_open(choices: closing.Choices, now: datetime) -> None:
    standing = closing.standing(choices, house.current(), now)
    if standing.is_closed:
        raise CommentingClosed(standing)


def _check_rate(client_network: str, now: datetime) -> None:
    if settings.COMMENT_RATE is None:
        return
    number, seconds = settings.COMMENT_RATE
    window = timedelta(seconds=seconds)
    recent = _of_network.rows(limit=number, network=client_network, since=now - window, until=now + _OVERTAKEN)
    if len(recent) == number:
        [oldest] = recent[-1]
        raise TooManySubmissions(max(1, math.ceil((oldest + window - now).total_seconds())))
