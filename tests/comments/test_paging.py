"""Pages by key: every row once, in both directions, whatever stands in an address."""

from datetime import UTC, datetime, timedelta

import pytest

from comments import paging
from comments.models import Comment
from comments.paging import END, START, Key, Order, Position
from tests.comments.helpers import make_many

RISING = Order("submitted_at")
ORDERS = [RISING, Order("submitted_at", falling=True)]
MOMENT = datetime(2026, 11, 20, 8, 30, 15, 123_457, tzinfo=UTC)


@pytest.fixture
def keys(db: None) -> list[int]:
    """Return the keys, oldest first, of 23 comments: some alone in their instant, fourteen together."""
    early, late = make_many(5), make_many(4, submitted_at=MOMENT + timedelta(days=900))
    together = make_many(14, submitted_at=MOMENT)
    Comment.objects.filter(pk__in=[comment.pk for comment in early]).update(submitted_at=MOMENT - timedelta(days=1))
    return [comment.pk for comment in (*early, *together, *late)]


def walk(order: Order, position: Position | None, *, size: int = 4) -> list[int]:
    """Return the keys met on the way from a position, backwards where it looks backwards."""
    met: list[int] = []
    while position is not None:
        page = paging.read(Comment.objects.all(), order, position, size)
        assert len(page.rows) <= size
        found = [row.pk for row in page.rows]
        met = found + met if position.backwards else met + found
        position = page.previous if position.backwards else page.next
    return met


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("start", [START, END])
@pytest.mark.parametrize("size", [1, 4, 23, 50])
def test_a_walk_meets_every_row_once_and_in_order(keys: list[int], order: Order, start: Position, size: int):
    assert walk(order, start, size=size) == (keys[::-1] if order.falling else keys)


def test_the_last_page_is_full(keys: list[int]):
    page = paging.read(Comment.objects.all(), RISING, END, 4)

    assert [row.pk for row in page.rows] == keys[-4:]
    assert page.next is None


@pytest.mark.parametrize("size", [4, 22])
def test_a_page_and_the_next_are_neighbours_both_ways(keys: list[int], size: int):
    first = paging.read(Comment.objects.all(), RISING, START, size)
    assert first.previous is None
    assert first.next is not None
    second = paging.read(Comment.objects.all(), RISING, first.next, size)
    assert second.previous is not None

    assert paging.read(Comment.objects.all(), RISING, second.previous, size).rows == first.rows


def test_a_page_that_holds_everything_has_no_neighbours(keys: list[int]):
    for position in (START, END):
        page = paging.read(Comment.objects.all(), RISING, position, len(keys))
        assert (page.previous, page.next) == (None, None)


@pytest.mark.parametrize("position", [START, END, Position(Key(MOMENT, 1)), Position(Key(MOMENT, 1), backwards=True)])
@pytest.mark.django_db
def test_an_empty_list_is_an_empty_page(position: Position):
    assert paging.read(Comment.objects.all(), RISING, position, 4) == paging.Page([])


def test_a_position_whose_row_is_gone_still_holds(keys: list[int]):
    row = Comment.objects.get(pk=keys[9])
    position = Position(RISING.key(row))
    Comment.objects.filter(pk=row.pk).update(status="spam")
    page = paging.read(Comment.objects.exclude(status="spam"), RISING, position, 4)

    assert [row.pk for row in page.rows] == keys[10:14]


@pytest.mark.parametrize("at", [MOMENT, MOMENT - timedelta(days=40_000), datetime(1970, 1, 1, tzinfo=UTC)])
@pytest.mark.parametrize("backwards", [True, False])
def test_a_position_survives_an_address(at: datetime, backwards: bool):
    position = Position(Key(at, 12), backwards=backwards)

    assert Position.parse(str(position)) == position


@pytest.mark.parametrize("position", [START, END])
def test_both_ends_survive_an_address(position: Position):
    assert Position.parse(str(position)) == position


NO_POSITIONS = ["", "2", "FIN", "apres", "apres.1", "apres..", "apres.1.2.3", "avant.x.1", "apres.1.-1", "apres.1.²"]
NO_POSITIONS += ["apres.1.2\n", "apres.1.2\x00", "apres.1." + "9" * 19, "9" * 5_000]
NO_POSITIONS += [f"{side}.{sign}{'9' * 18}.1" for side in ("apres", "avant") for sign in ("", "-")]


@pytest.mark.parametrize("words", NO_POSITIONS)
def test_what_is_no_position_is_the_start(words: str):
    assert Position.parse(words) == START


@pytest.mark.parametrize(("most", "count"), [(22, 23), (23, 23), (24, 23), (10, 11)])
def test_one_counts_no_further_than_one_more(keys: list[int], most: int, count: int):
    assert paging.count(Comment.objects.all(), most) == count
