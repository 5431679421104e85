"""Automatic findings: an ordered list of small rules. They label, and never decide.

Adding a rule is one function, one line in `RULES` and one in `LABELS`. A rule takes a submission
and its context, and answers whether it noticed what its name says. It asks the database nothing:
what it needs to know of other comments is a line in `Context` and one in the query of `comments.submission`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _

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


@dataclass(frozen=True, kw_only=True)
class Context:
    """What the database knows of other comments when a submission comes."""

    repeats: bool
    """The same e-mail has already sent the same text to the same article."""
    recent_of_email: int
    """Comments of this e-mail within the seconds of `flood_limit()`."""


def flood_limit() -> tuple[int, int]:
    """Return (number, seconds): an e-mail that sends more is labelled."""
    return settings.COMMENT_RATE or DEFAULT_FLOOD


def honeypot(submission: Submission, context: Context) -> bool:
    """Notice a filled field that no person sees."""
    return bool(submission.honeypot)


def duplicate(submission: Submission, context: Context) -> bool:
    """Notice a text that the same e-mail has already sent to the same article."""
    return context.repeats


def flood(submission: Submission, context: Context) -> bool:
    """Notice an e-mail that sends more than the rate allows to a network.

    It is no ground for a refusal: anyone could then silence somebody else's address.
    """
    number, _seconds = flood_limit()
    return context.recent_of_email >= number


RULES: tuple[Callable[[Submission, Context], bool], ...] = (honeypot, duplicate, flood)

LABELS = {
    "honeypot": _("champ piège rempli"),
    "duplicate": _("texte déjà envoyé"),
    "flood": _("envois nombreux de cet email"),
}


def screen(submission: Submission, context: Context) -> list[str]:
    """Return the names of the rules that noticed something, in their order."""
    return [rule.__name__ for rule in RULES if rule(submission, context)]
