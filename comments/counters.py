"""How many comments stand in each lane of the desk: counted in the transaction that moves one, so that nobody counts rows."""

from django.db.models import Count

from comments.models import Comment, LaneCount
from multitude import bulk
from multitude.transactions import act

Lane = Comment.Lane
WAITING = (Lane.PENDING, Lane.SUSPECT, Lane.ESCALATED)


def add(changes: dict[str, int]) -> None:
    """Add a number of comments, which may be negative, to each of some lanes; call it last in the act's transaction.

    The rows are locked in the order of their lanes, whatever the direction, and for as short as can be.
    """
    rows = sorted(changes.items())
    bulk.insert_or_increase(LaneCount, ("lane", "number"), rows, unique=("lane",), amount="number")


def numbers() -> dict[Comment.Lane, int]:
    """Return the number of comments in every lane."""
    known = dict(LaneCount.objects.values_list("lane", "number"))
    return {lane: known.get(lane.value, 0) for lane in Lane}


def waiting() -> int:
    """Return how many comments wait for somebody's decision, in whichever lane."""
    return sum(LaneCount.objects.filter(lane__in=WAITING).values_list("number", flat=True))


@act()
def recount() -> None:
    """Count the rows themselves, for a database that was written to by other means than the verbs.

    Acts that are under way wait for the rows that this locks, and then add to what was counted without them.
    """
    LaneCount.objects.bulk_create([LaneCount(lane=lane) for lane in Lane], ignore_conflicts=True)
    rows = list(LaneCount.objects.select_for_update().order_by("lane"))
    counted = dict(Comment.objects.order_by().values_list("lane").annotate(number=Count("pk")))
    for row in rows:
        row.number = counted.get(row.lane, 0)
    LaneCount.objects.bulk_update(rows, ["number"])
