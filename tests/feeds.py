"""Feeds, read as a reader's program reads them."""

import feedparser
from django.http import HttpResponse


def parsed(response: HttpResponse) -> feedparser.FeedParserDict:
    """Return what an answer's feed says; it must be a well-formed Atom feed."""
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = feedparser.parse(response.content)
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == "atom10"
    return feed
