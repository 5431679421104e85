"""Lists that go on from page to page, at addresses that say which: `?page=2`; the first page has none."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from multitude.caching import page_number

PAGE_LENGTH = 20


@dataclass(frozen=True)
class Page:
    """One page of a list: its rows, its number from 1, and the addresses around it."""

    rows: list[Any]
    number: int
    path: str
    has_next: bool
    query: str = ""
    """What else the addresses ask for, encoded."""

    @property
    def url(self) -> str:
        """The address of this page."""
        return self._at(self.number)

    @property
    def previous_url(self) -> str:
        """The address of the page of newer rows, empty on the first."""
        return self._at(self.number - 1) if self.number > 1 else ""

    @property
    def next_url(self) -> str:
        """The address of the page of older rows, empty on the last."""
        return self._at(self.number + 1) if self.has_next else ""

    def _at(self, number: int) -> str:
        asked = [self.query] if self.query else []
        if number > 1:
            asked.append(f"page={number}")
        return f"{self.path}?{'&'.join(asked)}" if asked else self.path


def cut(request: HttpRequest, rows: QuerySet[Any, Any] | list[Any], query: str = "") -> Page:
    """Return the page that is asked for, in one query at most and without a count; raises Http404 beyond the last."""
    number = page_number(request)
    start = (number - 1) * PAGE_LENGTH
    found = list(rows[start : start + PAGE_LENGTH + 1])
    if number > 1 and not found:
        raise Http404
    return Page(found[:PAGE_LENGTH], number, request.path, len(found) > PAGE_LENGTH, query)
