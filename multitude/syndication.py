"""Feeds, in Atom (RFC 4287) and in RSS 2.0 (its advisory board's profile), valid by the rules of the W3C's validator.

Every address in them, those inside texts too, is built on SITE_URL, never on the Host header. What a feed and an entry are known by
is no address: a newspaper that moves to another domain would give its readers all of it anew.
"""

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

import nh3
from django.conf import settings
from django.db import models
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpResponse
from django.utils import feedgenerator
from django.utils.translation import get_language

from multitude.typography import printable

# The name space of what `permanent` names; another one would rename everything that readers' programs know.
_NAMES = UUID("b5f0c1a2-7d0e-4f5b-9c43-2f6a8e1d3c70")
# What a reader's program shows of HTML: no form, no script, nothing that only our style sheets give a meaning.
_ELEMENTS = {
    *("a", "abbr", "blockquote", "br", "cite", "code", "em", "figcaption", "figure", "h2", "h3", "hr", "img", "li"),
    *("ol", "p", "pre", "q", "s", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
_ATTRIBUTES = {
    "*": {"dir", "title"},
    "a": {"href", "hreflang", "rel"},
    "img": {"alt", "height", "src", "width"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}


class Form(models.TextChoices):
    """In which of the two languages of feeds one is written."""

    ATOM = "atom", "Atom"
    RSS = "rss", "RSS"


@dataclass(frozen=True)
class Person:
    """Who wrote an entry, and the path of a page of theirs, if there is one."""

    name: str
    path: str = ""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry: a title in plain text, a path, its times, who wrote it, and safe HTML.

    `identifier` is what `permanent` returns; `summary` is what it says in short, `content` the whole of it; one of the two may be empty.
    """

    title: str
    path: str
    identifier: str
    published: datetime
    updated: datetime
    authors: Iterable[Person]
    summary: str = ""
    content: str = ""
    category: str = ""


class _Dated(feedgenerator.SyndicationFeed):
    """A feed whose date is that of its contents, so that its bytes change only with them."""

    def latest_post_date(self) -> datetime:
        """Return the newest date of an entry, or the one given for a feed without entries."""
        dates = [item["updateddate"] for item in self.items]
        return max(dates, default=self.feed["empty_since"])


class _Atom(_Dated, feedgenerator.Atom1Feed):
    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for author in item["authors"]:
            handler.startElement("author", {})
            handler.addQuickElement("name", printable(author.name))
            if author.path:
                handler.addQuickElement("uri", settings.SITE_URL + author.path)
            handler.endElement("author")
        if item["content"]:
            handler.addQuickElement("content", item["content"], {"type": "html"})


class _Rss(_Dated, feedgenerator.Rss201rev2Feed):
    def rss_attributes(self) -> dict[str, str]:
        return super().rss_attributes() | {
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
        }

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        # Programs that know nothing but RSS's own elements find the text as well.
        if item["description"] is None:
            item = item | {"description": item["content"], "content": ""}
        super().add_item_elements(handler, item)
        # RSS's own `author` would need an e-mail address.
        for author in item["authors"]:
            handler.addQuickElement("dc:creator", printable(author.name))
        if item["content"]:
            handler.addQuickElement("content:encoded", item["content"])


_FEEDS: dict[str, type[_Dated]] = {Form.ATOM: _Atom, Form.RSS: _Rss}
_TYPES = {Form.ATOM: "application/atom+xml; charset=utf-8", Form.RSS: "application/rss+xml; charset=utf-8"}


def respond(
    form: Form,
    *,
    title: str,
    description: str,
    identifier: str,
    page: str,
    feed: str,
    empty_since: datetime,
    entries: Iterable[Entry],
) -> HttpResponse:
    """Return the feed at the path `feed`, which belongs to the page at the path `page`.

    `identifier` is what `permanent` returns; RSS has no place for it. `empty_since` dates a feed without entries, for which
    Atom requires a date all the same.
    """
    document = _FEEDS[form](
        title=printable(title),
        link=settings.SITE_URL + page,
        feed_url=settings.SITE_URL + feed,
        feed_guid=identifier,
        language=get_language(),
        author_name="Multitude",
        description=printable(description),
        subtitle=printable(description),
        empty_since=empty_since,
    )
    for entry in entries:
        document.add_item(
            title=printable(entry.title),
            link=settings.SITE_URL + entry.path,
            unique_id=entry.identifier,
            unique_id_is_permalink=False,
            pubdate=entry.published,
            updateddate=entry.updated,
            authors=entry.authors,
            description=entry.summary or None,  # type: ignore[arg-type]  # no element where there is nothing
            content=entry.content,
            categories=[printable(entry.category)] if entry.category else [],
        )
    return HttpResponse(document.writeString("utf-8"), content_type=_TYPES[form])


def permanent(kind: str, key: int, born: datetime) -> str:
    """Return what an entry or a feed is known by for ever (RFC 4287, 4.2.6), whatever becomes of its address and of its newspaper's.

    It is drawn from the row's key and from an instant of its life that nothing changes (RFC 9562, version 5): two newspapers
    have the same keys, but not in the same microsecond.
    """
    return uuid5(_NAMES, f"{kind} {key} {born.astimezone(UTC).isoformat(timespec='microseconds')}").urn


@functools.cache
def born() -> datetime:
    """Return the instant at which this newspaper's database was made; it goes wherever that goes, backups included."""
    at: datetime = MigrationRecorder.Migration.objects.aggregate(at=models.Min("applied"))["at"]
    return at


def portable(html: str, path: str) -> str:
    """Return the HTML of the page at a path as it can stand anywhere: each address absolute, and the plainest elements alone."""
    return nh3.clean(
        html,
        tags=_ELEMENTS,
        attributes=_ATTRIBUTES,
        clean_content_tags={"script", "style"},
        link_rel=None,
        url_schemes={"http", "https", "mailto"},
        url_relative=("rewrite_with_base", settings.SITE_URL + path),
    )
