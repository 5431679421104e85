"""What is personal in a comment, and when it goes.

The public name and text stay with the article; the e-mail and the network, which nobody but the
newsroom sees, are dropped after 90 days, or when somebody asks for it. `export` and `forget` are twins: what one gives of a
person, the other takes.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import ngettext

from comments import notifications
from comments.models import Comment
from multitude.mail import outbox
from multitude.sight import journal
from multitude.transactions import act

RETENTION = timedelta(days=90)
EVERY_SECONDS = 6 * 3_600.0
_BATCH = 1_000
# What a person is given of each comment, beside its article's address.
_GIVEN = ("submitted_at", "author_name", "author_email", "client_network", "body", "status", "decided_at")


def retention_label() -> str:
    """Say how long the e-mail and the network are kept: «90 jours»."""
    return ngettext("%(count)s\u00a0jour", "%(count)s\u00a0jours", RETENTION.days) % {"count": RETENTION.days}


def apply_retention(now: datetime | None = None) -> int:
    """Drop the e-mail, the network and the digest of comments older than 90 days; return how many.

    What is kept of accounts that are no more goes too.

    What goes says who wrote. `text_digest` stays: it follows from the text alone, which stays too, and its secret key never
    leaves the server, so that it says nothing more of anybody; without it, a text that comes again after 90 days is new.

    It works in short transactions, so that readers can post meanwhile; a chore does it four times a day.
    """
    old = Comment.objects.filter(submitted_at__lt=(now or timezone.now()) - RETENTION)
    total = _forget_all(old.exclude(author_email="", client_network="", submission_digest=None))
    notifications.forget_gone()
    journal.act("privacy.retention", count=total)
    return total


def export(address: str) -> dict[str, list[dict[str, Any]]]:
    """Return what is kept under a person's e-mail: the comments that still bear it, and the mails to it."""
    comments = [
        {"article": comment.article.get_absolute_url()} | {name: getattr(comment, name) for name in _GIVEN}
        for comment in _written_by(address).select_related("article").order_by("submitted_at", "pk")
    ]
    mails = outbox.export(address)
    journal.act("privacy.export", comments=len(comments), mails=len(mails))
    return {"comments": comments, "mails": mails}


def forget(address: str) -> tuple[int, int]:
    """Drop a person's e-mail, with what says as much, from their comments, and the mails to it; return how many of each.

    What is public stays: taking a comment away is a decision, and has its reason.
    """
    comments, mails = _forget_all(_written_by(address)), outbox.erase(address)
    journal.act("privacy.forget", comments=comments, mails=mails)
    return comments, mails


def _written_by(address: str) -> QuerySet[Comment]:
    address = address.strip().lower()
    return Comment.objects.filter(author_email=address) if address else Comment.objects.none()


def _forget_all(comments: QuerySet[Comment]) -> int:
    total = 0
    last = 0
    while keys := list(comments.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_BATCH]):
        last = keys[-1]
        total += _forget(keys)
    return total


@act()
def _forget(keys: list[int]) -> int:
    """Drop what is personal of some comments, which are locked in the order in which decisions lock them."""
    some = Comment.objects.filter(pk__in=keys)
    list(some.order_by("pk").select_for_update(no_key=True).values_list("pk"))
    return some.update(author_email="", client_network="", submission_digest=None)
