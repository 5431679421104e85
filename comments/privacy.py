"""What is personal in a comment, and when it goes.

The public name and text stay with the article; the e-mail and the network, which nobody but the
newsroom sees, are dropped after 90 days.
"""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import ngettext

from comments.models import Comment
from multitude.sight import journal
from multitude.transactions import act

RETENTION = timedelta(days=90)
EVERY_SECONDS = 6 * 3_600.0
_BATCH = 1_000


def retention_label() -> str:
    """Say how long the e-mail and the network are kept: «90 jours»."""
    return ngettext("%(count)s\u00a0jour", "%(count)s\u00a0jours", RETENTION.days) % {"count": RETENTION.days}


def apply_retention(now: datetime | None = None) -> int:
    """Drop the e-mail, the network and the digest of comments older than 90 days; return how many.

    What goes says who wrote. `text_digest` stays: it follows from the text alone, which stays too, and its secret key never
    leaves the server, so that it says nothing more of anybody; without it, a text that comes again after 90 days is new.

    It works in short transactions, so that readers can post meanwhile; a chore does it four times a day.
    """
    old = Comment.objects.filter(submitted_at__lt=(now or timezone.now()) - RETENTION)
    held = old.exclude(author_email="", client_network="", submission_digest=None)
    total = 0
    last = 0
    while keys := list(held.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_BATCH]):
        last = keys[-1]
        total += _forget(keys)
    journal.act("privacy.retention", count=total)
    return total


@act()
def _forget(keys: list[int]) -> int:
    """Drop what is personal of some comments, which are locked in the order in which decisions lock them."""
    some = Comment.objects.filter(pk__in=keys)
    list(some.order_by("pk").select_for_update(no_key=True).values_list("pk"))
    return some.update(author_email="", client_network="", submission_digest=None)
