"""Pages of a long list by key: each begins where another ended, so that none is reached by counting rows.

A list is ordered by an instant of its rows and, where two are equal, by their primary key. While others
write, a page after a row still begins right after it, even when that row has left the list meanwhile:
nothing is skipped, nothing comes twice. The moderators' lists read their pages here; nothing here counts
further than it is told to, and no page costs more for lying deep.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from django.db.models import Q, QuerySet

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_WORDS = re.compile(r"(?P<side>apres|avant)\.(?P<at>-?[0-9]{1,18})\.(?P<pk>[0-9]{1,18})")
_END = "fin"


@dataclass(frozen=True)
class Key:
    """What the place of a row in its list hangs on."""

    at: datetime
    pk: int


@dataclass(frozen=True)
class Position:
    """Where a page lies: it begins after a row or, read backwards, ends before one.

    Without a row it begins at the start of the list or, backwards, ends at its end.
    """

    key: Key | None = None
    backwards: bool = False

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a position from an address; what is none is the start of the list."""
        if text == _END:
            return cls(backwards=True)
        words = _WORDS.fullmatch(text)
        if words is None:
            return cls()
        try:
            at = _EPOCH + int(words["at"]) * _MICROSECOND
        except OverflowError:
            return cls()
        return cls(Key(at, int(words["pk"])), backwards=words["side"] == "avant")

    def __str__(self) -> str:
        if self.key is None:
            return _END if self.backwards else ""
        side = "avant" if self.backwards else "apres"
        return f"{side}.{(self.key.at - _EPOCH) // _MICROSECOND}.{self.key.pk}"


START = Position()
END = Position(backwards=True)


@dataclass(frozen=True)
class Order:
    """The order of a list: by an instant, then by primary key, both rising or both falling."""

    field: str
    falling: bool = False

    @property
    def fields(self) -> tuple[str, str]:
        """What `order_by` takes."""
        return (f"-{self.field}", "-pk") if self.falling else (self.field, "pk")

    def reversed(self) -> "Order":
        """Return the same order from its other end."""
        return Order(self.field, not self.falling)

    def key(self, row: Any) -> Key:
        """Return what a row's place hangs on."""
        return Key(getattr(row, self.field), row.pk)

    def beyond(self, key: Key) -> Q:
        """Keep what comes after a key.

        The first condition says nothing that the second does not; by it both databases enter their index
        at the key, which they do not for an OR alone.
        """
        sense = "lt" if self.falling else "gt"
        later = Q(**{f"{self.field}__{sense}": key.at})
        same = Q(**{self.field: key.at, f"pk__{sense}": key.pk})
        return Q(**{f"{self.field}__{sense}e": key.at}) & (later | same)


@dataclass(frozen=True)
class Page:
    """The rows of one page, and where its neighbours lie: None where there are none.

    `is_nearest` tells that nothing is left where one asked, so that this is the end nearest to it.
    """

    rows: list[Any]
    previous: Position | None = None
    next: Position | None = None
    is_nearest: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether these rows are all that the list has."""
        return self.previous is None and self.next is None


def read(queryset: QuerySet[Any], order: Order, position: Position, size: int) -> Page:
    """Return the page of at most `size` rows that lies at a position of a list."""
    page = _read(queryset, order, position, size)
    if page.rows or position.key is None:
        return page
    nearest = _read(queryset, order, START if position.backwards else END, size)
    return Page(nearest.rows, nearest.previous, nearest.next, is_nearest=bool(nearest.rows))


def _read(queryset: QuerySet[Any], order: Order, position: Position, size: int) -> Page:
    way = order.reversed() if position.backwards else order
    ahead = queryset.order_by(*way.fields)
    rows = list((ahead.filter(way.beyond(position.key)) if position.key else ahead)[: size + 1])
    if not rows:
        return Page([])
    has_more, rows = len(rows) > size, rows[:size]
    has_passed = position.key is not None and _has_any(queryset, way.reversed(), way.key(rows[0]))
    if position.backwards:
        rows.reverse()
    has_previous, has_next = (has_more, has_passed) if position.backwards else (has_passed, has_more)
    return Page(
        rows,
        previous=Position(order.key(rows[0]), backwards=True) if has_previous else None,
        next=Position(order.key(rows[-1])) if has_next else None,
    )


def _has_any(queryset: QuerySet[Any], way: Order, key: Key) -> bool:
    """Tell whether anything lies beyond a key; in order, or PostgreSQL may read the whole table to find one row."""
    return bool(queryset.order_by(*way.fields).filter(way.beyond(key)).values_list("pk")[:1])


def count(queryset: QuerySet[Any], most: int) -> int:
    """Return how many rows a list has, `most + 1` where it has more.

    The list keeps its order: without it PostgreSQL reads the table from its beginning, where what waits is not.
    """
    return queryset[: most + 1].count()
