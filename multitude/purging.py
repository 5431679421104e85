"""Reads the purges of all processes, several times a second, so that what changed anywhere is dropped here.

Rows may become visible out of order on PostgreSQL: one that was numbered first and committed
last leaves a gap, which is looked at again until it is filled or too old to ever be.
"""

from collections.abc import Callable
from datetime import timedelta
from time import monotonic

from django.db.models import Q, QuerySet
from django.utils import timezone

from multitude import caching
from multitude.models import PurgeEvent

# A purge is known everywhere within a second: the time between two readings, and what a reading takes.
SECONDS = 0.4
KEPT_FOR = timedelta(days=1)
# No transaction lasts this long: a number that is still missing was rolled back.
GAP_SECONDS = 3_600.0
# A process that could not read for so long may have missed rows that are gone.
BLIND_SECONDS = KEPT_FOR.total_seconds() / 2
_RECENT = 1_000


class Reader:
    """Follows the table of purges from where it stood at the first reading."""

    def __init__(self) -> None:
        self._last: int | None = None
        self._gaps: dict[int, float] = {}
        self._read_at = 0.0
        self._after: list[Callable[[frozenset[str]], None]] = []

    def then(self, act: Callable[[frozenset[str]], None]) -> None:
        """Call a function with the keys of each reading, this process's own purges included, once they are dropped here."""
        self._after.append(act)

    def read(self) -> None:
        """Drop what was purged since the last reading; raises DatabaseError, and then the next reading makes up for it."""
        now = monotonic()
        if self._last is None or now - self._read_at > BLIND_SECONDS:
            self._start_over()
        events = list(self._unread().order_by("pk").values_list("pk", "keys"))
        self._read_at = now
        self._advance([pk for pk, _keys in events], now)
        here: set[str] = set()
        everywhere: set[str] = set()
        for pk, keys in events:
            everywhere.update(keys.split())
            if pk in caching.own_events:
                caching.own_events.discard(pk)
            else:
                here.update(keys.split())
        if here:
            caching.tell_listeners(frozenset(here))
        if everywhere:
            for act in self._after:
                act(frozenset(everywhere))

    def _start_over(self) -> None:
        """Take up the table a little before its end: what was not yet committed there is a gap to be watched."""
        recent = PurgeEvent.objects.order_by("-pk").values_list("pk", flat=True)[:_RECENT]
        self._last = min(recent, default=1) - 1
        self._gaps.clear()
        caching.tell_listeners(frozenset({caching.SITE}))

    def _unread(self) -> QuerySet[PurgeEvent]:
        return PurgeEvent.objects.filter(Q(pk__gt=self._last) | Q(pk__in=list(self._gaps)))

    def _advance(self, numbers: list[int], now: float) -> None:
        """Move on to the highest number read, and remember those below it that are not there."""
        for number in numbers:
            self._gaps.pop(number, None)
        start, self._last = self._last or 0, max([self._last or 0, *numbers])
        skipped = range(start + 1, self._last)
        self._gaps |= dict.fromkeys(sorted(set(skipped[-_RECENT:]) - set(numbers)), now)
        self._gaps = {number: since for number, since in self._gaps.items() if now - since < GAP_SECONDS}


def drop_old() -> None:
    """Delete the rows that every process has read long ago."""
    PurgeEvent.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()
