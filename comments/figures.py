"""How moderation goes, in figures: what waits, how fast it is decided and by whom, and thirty days of it.

The desk's header reads `header()`, its page of figures `thirty_days()`. Days are those of Paris, with their 23 or 25
hours where clocks change. What was taken back counts nowhere, nor does what the newsroom itself wrote.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from statistics import median
from time import monotonic
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.utils import timezone
from django.utils.translation import gettext as _

from comments import counters
from comments.models import Comment, Decision, LaneCount
from multitude.caching import SITE, Remembered

Action = Decision.Action
Lane = Comment.Lane
Reason = Decision.Reason
DAYS = 30
SAMPLE = 1_000
# Well before what is kept grows old.
EVERY_SECONDS = 45
IN_USE_SECONDS = 600
_asked_at = -float(IN_USE_SECONDS)


def midnight(day: date) -> datetime:
    """Return the instant at which a day begins in Paris."""
    return timezone.make_aware(datetime.combine(day, time.min))


# The header ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Header:
    """What the head of the desk tells; the numbers that wait are in `comments.counters`."""

    oldest: datetime | None
    """When the oldest comment came that waits for moderators."""
    oldest_escalated: datetime | None
    """When the oldest came that waits for the publication director."""
    median: timedelta | None
    """How long a comment of this week waited for its first decision, half of them longer, half of them less."""
    today: list[tuple[str, int]]
    """Who took how many decisions today, the most first."""

    @property
    def decided_today(self) -> int:
        """How many decisions were taken today."""
        return sum(number for _name, number in self.today)

    @property
    def median_label(self) -> str:
        """The median in words, such as «1 h 14 min»; empty where there is none."""
        return "" if self.median is None else duration_label(self.median)


def duration_label(duration: timedelta) -> str:
    """Say how long something took, by its two largest units: «moins d’une minute», «12 min», «1 h 14 min», «3 j 4 h»."""
    minutes = int(duration.total_seconds()) // 60
    days, hours = divmod(minutes // 60, 24)
    figures = {"days": days, "hours": hours, "minutes": minutes % 60}
    if days:
        return _("%(days)d j %(hours)d h") % figures
    if hours:
        return _("%(hours)d h %(minutes)d min") % figures
    return _("%(minutes)d min") % figures if minutes else _("moins d’une minute")


def header() -> Header:
    """Return the figures of the desk's head, at most a minute old."""
    global _asked_at
    _asked_at = monotonic()
    return _header.get()


def renew() -> None:
    """Have the head of the desk at hand before a moderator asks for it again; where none is at work, rest."""
    if monotonic() - _asked_at < IN_USE_SECONDS:
        _header.renew()


def _read_header() -> Header:
    today = timezone.localdate()
    waiting = oldest()
    moderators = [waiting[lane] for lane in (Lane.PENDING, Lane.SUSPECT) if lane in waiting]
    return Header(
        oldest=min(moderators, default=None),
        oldest_escalated=waiting.get(Lane.ESCALATED),
        median=median_wait(midnight(today - timedelta(days=today.weekday()))),
        today=decided_since(midnight(today)),
    )


_header = Remembered(_read_header, SITE)


def oldest() -> dict[Lane, datetime]:
    """Return when the oldest comment came of each lane in which one waits."""
    first = Comment.objects.filter(lane=OuterRef("lane")).oldest_first().values("submitted_at")[:1]
    lanes = LaneCount.objects.filter(lane__in=counters.WAITING)
    found = lanes.values_list("lane", Subquery(first))
    return {Lane(lane): at for lane, at in found if at is not None}


def oldest_seconds() -> float:
    """Return for the metrics how long the comment that waits longest has waited; 0 where none does."""
    first = min(oldest().values(), default=None)
    return 0.0 if first is None else max(0.0, (timezone.now() - first).total_seconds())


def median_wait(since: datetime) -> timedelta | None:
    """Return how long comments waited that were decided for the first time since an instant; None where none was.

    Passing a comment on to the director decides nothing: the clock runs on. Of a busy week the last SAMPLE decisions
    stand for all, so that the head of the desk costs the same however many there are.
    """
    deciding = ~Q(to_status=Comment.Status.PENDING)
    before = _standing(Decision.objects.filter(deciding, comment=OuterRef("comment"), version__lt=OuterRef("version")))
    first = _standing(Decision.objects.filter(deciding, decided_at__gte=since, comment__is_newsroom=False))
    first = first.filter(Q(version=1) | ~Exists(before))
    instants = first.order_by("-decided_at", "-pk").values_list("decided_at", "comment__submitted_at")[:SAMPLE]
    waits = [(decided_at - submitted_at).total_seconds() for decided_at, submitted_at in instants]
    return timedelta(seconds=round(median(waits))) if waits else None


def decided_since(since: datetime) -> list[tuple[str, int]]:
    """Return who took how many decisions since an instant, the most first; commands and rules are one."""
    taken = _standing(Decision.objects.filter(decided_at__gte=since, comment__is_newsroom=False)).order_by()
    names = taken.values_list("moderator__first_name", "moderator__last_name", "moderator__username")
    counted = [
        (f"{first or ''} {last or ''}".strip() or username or _("commandes et règles"), number)
        for first, last, username, number in names.annotate(number=Count("pk"))
    ]
    return sorted(counted, key=lambda pair: (-pair[1], pair[0]))


def _standing(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    """Leave out what was taken back, and the taking back."""
    undone = Decision.objects.filter(action=Action.UNDO, comment=OuterRef("comment"), version=OuterRef("version") + 1)
    return decisions.exclude(action=Action.UNDO).exclude(Exists(undone))


# Thirty days ---------------------------------------------------------------------------------


@dataclass
class Day:
    """What came and what was decided on one day in Paris."""

    day: date
    submitted: int = 0
    approved: int = 0
    refused: Counter[Reason] = field(default_factory=Counter)
    spam: int = 0
    removed: int = 0

    @property
    def refused_in_all(self) -> int:
        """Refusals, whatever their reason."""
        return self.refused.total()


def thirty_days() -> list[Day]:
    """Return the last thirty days, today included, the oldest first; at most a minute old."""
    return _thirty_days.get()


def _read_thirty_days() -> list[Day]:
    last = timezone.localdate()
    days = [Day(last - timedelta(days=before)) for before in reversed(range(DAYS))]
    begin, end = midnight(days[0].day), midnight(last + timedelta(days=1))
    came = Comment.objects.filter(submitted_at__gte=begin, submitted_at__lt=end, is_newsroom=False)
    for index, number in _by_day(came, "submitted_at", days):
        days[index].submitted = number
    taken = _standing(Decision.objects.filter(decided_at__gte=begin, decided_at__lt=end, comment__is_newsroom=False))
    for index, action, reason, number in _by_day(taken, "decided_at", days, "action", "reason"):
        _count(days[index], Action(action), reason, number)
    return days


def _by_day(rows: QuerySet, instant: str, days: Sequence[Day], *names: str) -> list[tuple[Any, ...]]:
    """Return (place of the day, *names, number) of the rows; where a day begins, Python says and databases compare."""
    ends = [When(**{f"{instant}__lt": midnight(each.day)}, then=index) for index, each in enumerate(days[1:])]
    day = Case(*ends, default=Value(len(days) - 1), output_field=IntegerField())
    return list(rows.order_by().values_list(day, *names).annotate(number=Count("pk")))


def _count(day: Day, action: Action, reason: str, number: int) -> None:
    match action:
        case Action.APPROVE:
            day.approved += number
        case Action.REJECT:
            day.refused[Reason(reason)] += number
        case Action.MARK_AS_SPAM:
            day.spam += number
        case Action.REMOVE:
            day.removed += number


_thirty_days = Remembered(_read_thirty_days, SITE)
