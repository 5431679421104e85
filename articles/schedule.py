"""When the newspaper next changes by itself: a publication or a withdrawal whose hour comes.

Publication in the future is a query, with nothing to run; but a page that lists articles must
not be kept past that hour.
"""

from datetime import datetime

from articles.models import Article
from multitude import clock
from multitude.caching import LISTS, Remembered

_ENOUGH = 100


def next_change() -> datetime | None:
    """Return the next instant at which an article appears or disappears by itself, or None."""
    now = clock.now()
    return min((instant for instant in _instants.get() if instant > now), default=None)


def _coming() -> list[datetime]:
    """Return the instants to come, the next ones of each kind: enough for the minute that they are remembered."""
    now = clock.now()
    appearing = Article.objects.filter(published_at__gt=now).order_by("published_at")[:_ENOUGH]
    leaving = Article.objects.filter(unpublished_at__gt=now).order_by("unpublished_at")[:_ENOUGH]
    coming = [*appearing.values_list("published_at", flat=True), *leaving.values_list("unpublished_at", flat=True)]
    return [instant for instant in coming if instant is not None]


_instants = Remembered(_coming, LISTS)
