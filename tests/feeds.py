"""Feeds, read as a reader's program reads them, and held against the rules of the W3C's feed validator."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import feedparser
import html5lib
from django.conf import settings

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
TYPES = {"atom10": "application/atom+xml; charset=utf-8", "rss20": "application/rss+xml; charset=utf-8"}

# RFC 3339, and RFC 822 with the four figures of a year that RSS wants.
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_RFC_822 = re.compile(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}")
# RFC 9562, 4: what the validator takes for an identifier that is no address.
_URN = re.compile(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_LANGUAGE = re.compile(r"[a-z]{2}(?:-[A-Za-z]{2,4})?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|&#(?:x?0*(?:[0-8bce]|1[0-9a-f]?));", re.IGNORECASE)


def parsed(response: Any) -> feedparser.FeedParserDict:
    """Return what an answer's feed says; it must be well-formed, of the type that is announced, and without a fault."""
    assert response.status_code == 200
    feed = feedparser.parse(response.content)
    assert not feed.bozo, feed.get("bozo_exception")
    assert response["Content-Type"] == TYPES[feed.version]
    assert [*faults(response.content, settings.SITE_URL + response.wsgi_request.path)] == []
    return feed


def faults(content: bytes, address: str) -> Iterator[str]:
    """Yield what the W3C's validator would say against a feed that is served at an address, warnings included."""
    source = content.decode()
    if not source.startswith('<?xml version="1.0" encoding="utf-8"?>'):
        yield "no XML declaration"
    if _CONTROL.search(source):
        yield "control characters"
    root = ElementTree.fromstring(content)  # noqa: S314  our own answer
    yield from _of_atom(root, address) if root.tag == f"{ATOM}feed" else _of_rss(root, address)


def _of_atom(feed: ElementTree.Element, address: str) -> Iterator[str]:
    """RFC 4287, sections 3 and 4."""
    entries = feed.findall(f"{ATOM}entry")
    if not _LANGUAGE.fullmatch(feed.get("{http://www.w3.org/XML/1998/namespace}lang", "")):
        yield "no language"
    for each, kind in ((feed, "feed"), *((entry, "entry") for entry in entries)):
        for name in ("id", "title", "updated"):
            yield from _once(each, f"{ATOM}{name}", kind)
        for name in ("updated", "published"):
            for found in each.findall(f"{ATOM}{name}"):
                if not _RFC_3339.fullmatch(found.text or ""):
                    yield f"{kind}: {name} is no date of RFC 3339"
        name = each.findtext(f"{ATOM}id", "")
        if not (_is_absolute(name) or _URN.fullmatch(name)):
            yield f"{kind}: the id is no absolute IRI"
        if len([link for link in each.findall(f"{ATOM}link") if link.get("rel") == "alternate"]) != 1:
            yield f"{kind}: not one link to its page"
        yield from (f"{kind}: {link}" for link in _relative(link.get("href", "") for link in each.iter(f"{ATOM}link")))
        if "<" in each.findtext(f"{ATOM}title", "") and each.find(f"{ATOM}title").get("type", "text") != "text":
            yield f"{kind}: markup in the title"
    if [link.get("href") for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"] != [address]:
        yield "the link to itself is not its address"
    for entry in entries:
        if not entry.findall(f"{ATOM}author") and not feed.findall(f"{ATOM}author"):
            yield "an entry that nobody wrote"
        texts = [found for name in ("summary", "content") for found in entry.findall(f"{ATOM}{name}")]
        if any(text.get("type") != "html" for text in texts):
            yield "HTML that says it is none"
        yield from _in_texts(texts)
    authors = [*feed.iter(f"{ATOM}author")]
    if any(not author.findtext(f"{ATOM}name") for author in authors):
        yield "an author without a name"
    yield from _relative(author.findtext(f"{ATOM}uri", address) for author in authors)
    yield from _unique(entry.findtext(f"{ATOM}id", "") for entry in entries)
    dates = [datetime.fromisoformat(entry.findtext(f"{ATOM}updated", "")) for entry in entries]
    if dates and datetime.fromisoformat(feed.findtext(f"{ATOM}updated", "")) != max(dates):
        yield "the feed's date is not that of its newest entry"


def _of_rss(rss: ElementTree.Element, address: str) -> Iterator[str]:
    """RSS 2.0, and the profile of its advisory board that the validator recommends."""
    if rss.get("version") != "2.0" or len(rss.findall("channel")) != 1:
        yield "not one channel of RSS 2.0"
    channel = rss.find("channel")
    assert channel is not None
    items = channel.findall("item")
    for name in ("title", "link", "description", "language", "lastBuildDate"):
        yield from _once(channel, name, "channel")
    if not _LANGUAGE.fullmatch(channel.findtext("language", "")):
        yield "no language"
    links = channel.findall(f"{ATOM}link")
    if [(link.get("rel"), link.get("href")) for link in links] != [("self", address)]:
        yield "the link to itself is not its address"
    dates = [channel.find("lastBuildDate"), *(item.find("pubDate") for item in items)]
    if any(date is None or not _is_rfc_822(date.text or "") for date in dates):
        yield "a date that is none of RFC 822"
    yield from _relative(each.findtext("link", "") for each in [channel, *items])
    for item in items:
        for name in ("title", "link", "guid", "pubDate"):
            yield from _once(item, name, "item")
        if len(item.findall("description")) > 1:
            yield "item: more than one description"
        guid = item.find("guid")
        if guid is None or (guid.get("isPermaLink") != "false" and guid.text != item.findtext("link")):
            yield "a guid that says it is an address, and is none"
        if item.findall("author"):
            yield "an author is an e-mail address in RSS: dc:creator is for names"
        if not all(creator.text for creator in item.findall(f"{DC}creator")):
            yield "an author without a name"
        yield from _in_texts([*item.findall("description"), *item.findall(f"{CONTENT}encoded")])
    yield from _unique(item.findtext("guid", "") for item in items)


def _in_texts(texts: Iterable[ElementTree.Element]) -> Iterator[str]:
    """What the validator warns of in HTML: relative addresses, scripts, what reaches out of its place."""
    for text in texts:
        tree = html5lib.parseFragment(text.text or "", namespaceHTMLElements=False)
        for element in tree.iter():
            if element.tag in {"script", "style", "iframe", "object", "embed", "form", "input", "link", "meta"}:
                yield f"<{element.tag}> in a text"
            addresses = [element.get(name) for name in ("href", "src", "cite", "srcset", "data") if element.get(name)]
            yield from _relative(addresses)
            yield from (f"{name} on <{element.tag}>" for name in element.attrib if re.match(r"on|style$|srcset$", name))


def _once(element: ElementTree.Element, name: str, kind: str) -> Iterator[str]:
    found = element.findall(name)
    if len(found) != 1 or not (found[0].text or "").strip():
        yield f"{kind}: not one {name}"


def _unique(identifiers: Iterable[str]) -> Iterator[str]:
    found = list(identifiers)
    if len(found) != len(set(found)):
        yield "two entries of one name"


def _relative(addresses: Iterable[str]) -> Iterator[str]:
    yield from (f"a relative address: {address}" for address in addresses if not _is_absolute(address))


def _is_absolute(address: str) -> bool:
    parts = urlsplit(address)
    return (parts.scheme in {"http", "https"} and bool(parts.netloc)) or parts.scheme == "mailto"


def _is_rfc_822(text: str) -> bool:
    return bool(_RFC_822.fullmatch(text)) and parsedate_to_datetime(text).tzinfo is not None
