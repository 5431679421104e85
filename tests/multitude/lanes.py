"""What the lanes of the desk really hold."""

from django.db.models import Count

from comments import counters
from comments.models import Comment


def lanes() -> dict[str, int]:
    """Return how many comments each lane has, by its rows."""
    return dict(Comment.objects.order_by().values_list("lane").annotate(number=Count("pk")))


def assert_lanes_are_true() -> None:
    """Compare the counters with the rows."""
    assert {lane: number for lane, number in counters.numbers().items() if number} == lanes()
