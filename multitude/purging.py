"""Reads the purges of all processes, several times a second, so that what changed anywhere is dropped here.

Rows may become visible out of order on PostgreSQL: those that were numbered first and committed
last leave a gap, which is looked at again until it is filled or too old to ever be.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import timedelta
from time import monotonic

from django.db.models import Q, QuerySet

from multitude import caching, clock
from multitude.models import PurgeEvent

# A purge is known everywhere within a second: the time between two readings, and what a reading takes.
SECONDS = 0.4
KEPT_FOR = timedelta(days=1)
# No transaction lasts this long: a number that is still missing was rolled back.
GAP_SECONDS = 3_600.0
# A process that could not read for so long may have missed rows that are gone.
BLIND_SECONDS = KEPT_FOR.total_seconds() / 2
_RECENT = 1_000
# Beyond, the oldest gaps are given up: the pages concerned live as long as their headers say. SQLite takes an
# expression of depth 1,000 at most.
_MOST_GAPS = 500


class Reader:
    """Follows the table of purges from where it stood at the first reading."""

    def __init__(self) -> None:
        self._last: int | None = None
        # Runs of numbers that are not there, by their first and last, and since when each is awaited.
        self._gaps: dict[tuple[int, int], float] = {}
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
            if pk not in caching.own_events:
                here.update(keys.split())
        self._forget_own_events()
        if here:
            caching.tell_listeners(frozenset(here))
        if everywhere:
            for act in self._after:
                act(frozenset(everywhere))

    def lag(self) -> float:
        """Return how many seconds ago this process last learnt what changed elsewhere; 0 before it has begun."""
        return monotonic() - self._read_at if self._read_at else 0.0

    def _start_over(self) -> None:
        """Take up the table a little before its end: what was not yet committed there is a gap to be watched."""
        recent = PurgeEvent.objects.order_by("-pk").values_list("pk", flat=True)[:_RECENT]
        self._last = min(recent, default=1) - 1
        self._gaps.clear()
        caching.tell_listeners(frozenset({caching.SITE}))

    def _unread(self) -> QuerySet[PurgeEvent]:
        wanted = Q(pk__gt=self._last)
        for run in self._gaps:
            wanted |= Q(pk__range=run)
        return PurgeEvent.objects.filter(wanted)

    def _advance(self, numbers: list[int], now: float) -> None:
        """Move on to the highest number read (`numbers` ascend), and remember the runs below it that are not there."""
        start, self._last = self._last or 0, max([self._last or 0, *numbers])
        runs = [(run, since) for run, since in self._gaps.items() if now - since < GAP_SECONDS]
        self._gaps = {}
        for (first, last), since in [*runs, ((start + 1, self._last), now)]:
            awaited = first
            for number in [*numbers[bisect_left(numbers, first) : bisect_right(numbers, last)], last + 1]:
                if awaited < number:
                    self._gaps[awaited, number - 1] = since
                awaited = number + 1
        for run in list(self._gaps)[:-_MOST_GAPS]:
            del self._gaps[run]

    def _forget_own_events(self) -> None:
        """Forget the purges of this process that were read, also those that were read before they were noted."""
        for number in tuple(caching.own_events):
            if number <= (self._last or 0) and not any(first <= number <= last for first, last in self._gaps):
                caching.own_events.discard(number)


def drop_old() -> None:
    """Delete the rows that every process has read long ago."""
    PurgeEvent.objects.filter(created_at__lt=clock.now() - KEPT_FOR).delete()
