"""Mail to the newsroom: a digest of the comments that wait, never more often than the settings say.

A chore calls it every minute, and so may `manage.py send_digest`. Each moderator gets a mail of their own. It tells numbers,
ages and headlines, nothing that a reader wrote or is called, and its links open the desk: nothing is decided from a mail.

Who was told when is kept for each of them in the transaction that writes their mail into the outbox: both are done, or
neither is. What becomes of the mail then is the outbox's matter.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.db.models import Count, Max, Min, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode

from articles.models import Article
from comments import house, rights
from comments.models import Comment
from multitude import clock
from multitude.mail.outbox import on_a_line
from multitude.models import Chore
from multitude.transactions import act

logger = logging.getLogger(__name__)

Lane = Comment.Lane
EVERY_SECONDS = 60
# What a mail lists; the desk lists the rest.
MOST_ARTICLES = 20
_RECIPIENT = "digest "
# A comment stands in the database so long after the instant at which it says that it came, at most.
_ON_ITS_WAY = timedelta(seconds=30)


def send_digest_if_due(now: datetime | None = None) -> int:
    """Tell each moderator who was told long enough ago, and for whom something came since; return how many were told.

    Processes that call it at once tell nobody twice.
    """
    kept = house.stored()
    if kept.digest_minutes is None:
        return 0
    told_at = _told_at()
    # Only now: whoever was told meanwhile would pass for told in the future.
    now = now or clock.now()
    long_ago = now - timedelta(minutes=kept.digest_minutes)
    due = [user for user in _moderators() if not long_ago < told_at.get(user.pk, long_ago) <= now]
    return _tell(list(_mails(due, told_at, kept.digest_minutes, now)), told_at, now) if due else 0


def _moderators() -> QuerySet[User]:
    """Return those who decide and can be written to."""
    deciding = User.objects.with_perm(rights.DECIDE)
    return deciding.filter(is_active=True, is_staff=True).exclude(email="").order_by("pk")


def _told_at() -> dict[int, datetime]:
    """Return when each account was last told."""
    kept = Chore.objects.filter(name__startswith=_RECIPIENT).values_list("name", "claimed_at")
    return {int(name.removeprefix(_RECIPIENT)): at for name, at in kept}


def forget_gone() -> None:
    """Forget when accounts that are no more were told, as `privacy` forgets what is old."""
    gone = _told_at().keys() - User.objects.values_list("pk", flat=True)
    Chore.objects.filter(name__in=[f"{_RECIPIENT}{pk}" for pk in gone]).delete()


# What is told --------------------------------------------------------------------------------


@dataclass(frozen=True)
class _OnArticle:
    """What waits under one article, and where the desk shows it."""

    headline: str
    number: int
    url: str


class _Waiting:
    """The comments that wait in some lanes; what one does not ask for is not read."""

    def __init__(self, *lanes: Lane, since: str, query: dict[str, str]) -> None:
        """`since` is the field that says when a comment began to wait here, `query` what the desk's address needs."""
        self._lanes, self._since, self._query = lanes, since, query

    @cached_property
    def _newest(self) -> datetime | None:
        # Lane by lane, as the index has them.
        lanes = [Comment.objects.filter(lane=lane).aggregate(newest=Max(self._since)) for lane in self._lanes]
        return max((lane["newest"] for lane in lanes if lane["newest"]), default=None)

    def has_come_since(self, instant: datetime | None) -> bool:
        """Return whether something waits that began to after an instant, or at any time."""
        is_new = self._newest is not None and (instant is None or self._newest > instant - _ON_ITS_WAY)
        # Somebody may have decided of it since the line before.
        return is_new and self.number > 0

    @cached_property
    def _by_article(self) -> list[tuple[int, int, datetime]]:
        waiting = Comment.objects.filter(lane__in=self._lanes).order_by().values_list("article")
        counted = waiting.annotate(number=Count("pk"), oldest=Min(self._since))
        return sorted(counted, key=lambda row: (-row[1], row[0]))

    @property
    def number(self) -> int:
        """How many wait."""
        return sum(number for _article, number, _oldest in self._by_article)

    @property
    def oldest(self) -> datetime | None:
        """Since when the oldest has waited."""
        return min((oldest for _article, _number, oldest in self._by_article), default=None)

    @cached_property
    def articles(self) -> list[_OnArticle]:
        """The articles under which most wait."""
        first = self._by_article[:MOST_ARTICLES]
        headlines = dict(Article.objects.filter(pk__in=[row[0] for row in first]).values_list("pk", "headline"))
        return [
            _OnArticle(on_a_line(headlines[pk]), number, self._address(article=str(pk))) for pk, number, _at in first
        ]

    @property
    def other_articles(self) -> int:
        """How many articles are not listed."""
        return max(0, len(self._by_article) - MOST_ARTICLES)

    @property
    def url(self) -> str:
        """Where the desk shows all of it."""
        return self._address()

    def _address(self, **query: str) -> str:
        asked = urlencode(self._query | query)
        return f"{settings.SITE_URL}{reverse('admin:comments_comment_changelist')}{'?' if asked else ''}{asked}"


def _mails(
    due: list[User], told_at: dict[int, datetime], minutes: int, now: datetime
) -> Iterator[tuple[User, EmailMessage]]:
    """Yield a mail for each for whom something came; what waits for the director is told to those who decide of it."""
    waiting = _Waiting(Lane.PENDING, Lane.SUSPECT, since="submitted_at", query={})
    escalated = _Waiting(Lane.ESCALATED, since="escalated_at", query={"status": "escalated"})
    directors = set(User.objects.with_perm(rights.DIRECT).values_list("pk", flat=True))
    for user in due:
        parts = {"waiting": waiting, "escalated": escalated if user.pk in directors else None}
        told = told_at.get(user.pk)
        # Who was told in the future was told by a clock that was wrong.
        if any(part and part.has_come_since(told if told and told <= now else None) for part in parts.values()):
            context = parts | {"now": now, "minutes": minutes, "site": settings.SITE_URL}
            yield (
                user,
                EmailMessage(
                    subject=" ".join(render_to_string("mail/digest_subject.txt", context).split()),
                    body=render_to_string("mail/digest.txt", context),
                    to=[user.email],
                    headers={"Auto-Submitted": "auto-generated"},
                ),
            )


# How they are told ---------------------------------------------------------------------------


@act()
def _tell(mails: list[tuple[User, EmailMessage]], told_at: dict[int, datetime], now: datetime) -> int:
    """Write the mails, and who is told; return to how many whom no other process has told meanwhile."""
    told = 0
    for user, mail in mails:
        if not _is_ours_to_tell(user, told_at.get(user.pk), now):
            continue
        try:
            told += mail.send()
        except ValueError:
            # It waits for the next digest, as a mail to it would be refused again.
            logger.error(
                "L’adresse email du compte « %s » n’en est pas une : il n’est pas prévenu.", user.get_username()
            )
    return told


def _is_ours_to_tell(user: User, told_at: datetime | None, now: datetime) -> bool:
    """Note that somebody is told, unless another process was faster."""
    name = f"{_RECIPIENT}{user.pk}"
    if told_at is None:
        return Chore.objects.get_or_create(name=name, defaults={"claimed_at": now})[1]
    return bool(Chore.objects.filter(name=name, claimed_at=told_at).update(claimed_at=now))
