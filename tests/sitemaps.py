"""Sitemaps, read as a search engine reads them, and held against their XML schemas."""

from datetime import datetime
from functools import cache
from pathlib import Path

from django.http import HttpResponse
from lxml import etree

SCHEMAS = Path(__file__).parent / "schemas"
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "n": "http://www.google.com/schemas/sitemap-news/0.9"}
# Of one file, uncompressed.
MOST_BYTES = 50 * 1024 * 1024


def parsed(response: HttpResponse) -> etree._Element:
    """Return the root of a sitemap, or of an index of them; it must be valid."""
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    assert len(response.content) < MOST_BYTES
    root = etree.fromstring(response.content)
    schema = _schema("siteindex.xsd" if root.tag.endswith("}sitemapindex") else "sitemap.xsd")
    assert schema.validate(root), schema.error_log
    return root


def places(response: HttpResponse) -> dict[str, datetime | None]:
    """Return the addresses that a sitemap names, with the date of each that has one."""
    root = parsed(response)
    return {
        each.findtext("s:loc", namespaces=NAMES): datetime.fromisoformat(at)
        if (at := each.findtext("s:lastmod", namespaces=NAMES))
        else None
        for each in root
    }


@cache
def _schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMAS / name))
