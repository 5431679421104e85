"""Atom feeds (RFC 4287) whose every address is built on SITE_URL, never on the Host header."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpResponse
from django.utils.feedgenerator import Atom1Feed

from multitude.typography import printable


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry: a title in plain text, a path, its times, who wrote it, and safe HTML."""

    title: str
    path: str
    identifier: str
    published: datetime
    updated: datetime
    author: str
    html: str
    category: str = ""


class _DatedFeed(Atom1Feed):
    """An Atom feed whose date is that of its contents, so that its bytes change only with them."""

    def latest_post_date(self) -> datetime:
        """Return the newest date of an entry, or the one given for a feed without entries."""
        dates = [item["updateddate"] for item in self.items]
        return max(dates, default=self.feed["empty_since"])


def respond(*, title: str, page: str, feed: str, empty_since: datetime, entries: Iterable[Entry]) -> HttpResponse:
    """Return the feed at the path `feed`, which belongs to the page at the path `page`.

    `empty_since` dates a feed without entries, for which Atom requires a date all the same.
    """
    document = _DatedFeed(
        title=printable(title),
        link=settings.SITE_URL + page,
        feed_url=settings.SITE_URL + feed,
        feed_guid=settings.SITE_URL + feed,
        language="fr",
        author_name="Multitude",
        description="",
        empty_since=empty_since,
    )
    for entry in entries:
        document.add_item(
            title=printable(entry.title),
            link=settings.SITE_URL + entry.path,
            unique_id=settings.SITE_URL + entry.identifier,
            pubdate=entry.published,
            updateddate=entry.updated,
            author_name=printable(entry.author) or None,
            description=entry.html,
            categories=[printable(entry.category)] if entry.category else [],
        )
    return HttpResponse(document.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
