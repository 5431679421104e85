"""What an article's page tells machines, in schema.org's words (JSON-LD, NewsArticle).

What stands in other tables, authors and corrections, is stored with the article; the rest is put together when the
page is made, which costs no query.
"""

import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from articles.models import Article, Author, Correction
from articles.searching import documents
from multitude import typography

# Pixels of a side of static/images/touch-icon.png.
_LOGO = 180
# How many characters of a text say what it is about, where nobody said it in a standfirst.
_SUMMARY = 160
_BLANKS = re.compile(r"[ \t\n]+")
# Inside a script these would end it, or begin something else.
_ESCAPED = re.compile("[<>&\u2028\u2029]")


def linked(authors: Sequence[Author], corrections: Sequence[Correction]) -> str:
    """Return what is stored of an article's authors, in their order, and of its corrections, newest first."""
    if not authors and not corrections:
        return ""
    data: dict[str, Any] = {
        "author": [{"@type": "Person", "name": author.name, "url": author.get_absolute_url()} for author in authors],
    }
    if corrections:
        data["correction"] = [
            {
                "@type": "CorrectionComment",
                "text": typography.typeset(correction.body),
                "datePublished": _instant(correction.corrected_at),
            }
            for correction in corrections
        ]
    return json.dumps(data, ensure_ascii=False)


def authors(article: Article) -> list[dict[str, str]]:
    """Return who signs an article, in their order: each has a `name`, and the path of their page as `url`."""
    people: list[dict[str, str]] = _stored(article).get("author", [])
    return people


def summary(article: Article) -> str:
    """Return what a rendered article is about: its standfirst, else how its text begins, cut between two words."""
    if article.display_standfirst:
        return article.display_standfirst
    text = _BLANKS.sub(" ", documents.plain(article.body_html)).strip()
    if len(text) <= _SUMMARY:
        return text
    start = text[:_SUMMARY]
    return f"{(start.rpartition(' ')[0] or start).rstrip('\u00a0\u202f,;:«')}…"


def news_article(article: Article, **more: Any) -> dict[str, Any]:
    """Return an article as a NewsArticle (schema.org), with what others know of it; every address is absolute, on SITE_URL."""
    publisher = {
        "@type": "NewsMediaOrganization",
        "name": "Multitude",
        "url": f"{settings.SITE_URL}/",
        "logo": {
            "@type": "ImageObject",
            "url": settings.SITE_URL + static("images/touch-icon.png"),
            "width": _LOGO,
            "height": _LOGO,
        },
        "correctionsPolicy": settings.SITE_URL + reverse("articles:corrections"),
    }
    people = [each | {"url": settings.SITE_URL + each["url"]} for each in authors(article)]
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "url": settings.SITE_URL + article.get_absolute_url(),
        "mainEntityOfPage": settings.SITE_URL + article.get_absolute_url(),
        "headline": article.display_headline,
        "description": summary(article),
        "image": _images(article),
        "datePublished": _instant(article.published_at or article.modified_at),
        "dateModified": _instant(article.changed_at),
        # What nobody signs the newspaper answers for.
        "author": people or {name: publisher[name] for name in ("@type", "name", "url")},
        "articleSection": article.section.name,
        "keywords": [tag["name"] for tag in article.shown_tags],
        "inLanguage": get_language(),
        "isAccessibleForFree": True,
        "publisher": publisher,
        "correction": _stored(article).get("correction", []),
        "commentCount": article.comment_count,
    }
    return {name: value for name, value in (data | more).items() if value not in ([], "")}


def script(article: Article, **more: Any) -> SafeString:
    """Return the element that holds an article's data; nothing in it can end it, and no browser runs it."""
    data = json.dumps(news_article(article, **more), ensure_ascii=False)
    data = _ESCAPED.sub(lambda sign: f"\\u{ord(sign[0]):04X}", data)
    return mark_safe(f'<script type="application/ld+json">{data}</script>')  # noqa: S308  escaped


def _stored(article: Article) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(article.linked_data or "{}")
    return data


def _images(article: Article) -> list[str]:
    """Return the addresses of an article's lead picture, in each of the proportions that there are."""
    files = [article.lead_data[name]["address"] for name in ("shared", "whole") if article.lead_data]
    return [settings.SITE_URL + address for address in dict.fromkeys(files)]


def _instant(at: datetime) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds")
