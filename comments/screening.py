"""Automatic findings: an ordered list of small rules. They label, and never decide.

Adding a rule is one function, one line in `RULES` and one in `LABELS`. A rule takes a submission
and the instant it came, and answers whether it noticed what its name says.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from comments.models import Comment

DEFAULT_FLOOD = (5, 600)


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What a reader sent, in its normal form, and from which network."""

    article_id: int
    parent_id: int | None
    author_name: str
    author_email: str
    body: str
    client_network: str
    honeypot: str = ""


def honeypot(submission: Submission, now: datetime) -> bool:
    """Notice a filled field that no person sees."""
    return bool(submission.honeypot)


def duplicate(submission: Submission, now: datetime) -> bool:
    """Notice a text that the same e-mail has already sent to the same article."""
    return Comment.objects.filter(
        author_email=submission.author_email, article_id=submission.article_id, body=submission.body
    ).exists()


def flood(submission: Submission, now: datetime) -> bool:
    """Notice an e-mail that sends more than the rate allows to a network.

    It is no ground for a refusal: anyone could then silence somebody else's address.
    """
    number, seconds = settings.COMMENT_RATE or DEFAULT_FLOOD
    recent = Comment.objects.filter(
        author_email=submission.author_email, submitted_at__gt=now - timedelta(seconds=seconds)
    )
    return recent.count() >= number


RULES: tuple[Callable[[Submission, datetime], bool], ...] = (honeypot, duplicate, flood)

LABELS = {
    "honeypot": _("champ piège rempli"),
    "duplicate": _("texte déjà envoyé"),
    "flood": _("envois nombreux de cet email"),
}


def screen(submission: Submission, now: datetime) -> list[str]:
    """Return the names of the rules that noticed something, in their order."""
    return [rule.__name__ for rule in RULES if rule(submission, now)]
