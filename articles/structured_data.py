"""What an article's page tells machines, in schema.org's words (JSON-LD, NewsArticle).

What stands in other tables, authors and corrections, is stored with the article; the rest is put together when the
page is made, which costs no query.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from articles.models import Article, Author, Correction
from multitude import typography

# Inside a script these would end it, or begin something else.
_ESCAPED = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&\u2028\u2029"}


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


def news_article(article: Article) -> dict[str, Any]:
    """Return an article as a NewsArticle (schema.org); every address is absolute, on SITE_URL."""
    stored = _stored(article)
    published = article.published_at or article.modified_at
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "url": settings.SITE_URL + article.get_absolute_url(),
        "mainEntityOfPage": settings.SITE_URL + article.get_absolute_url(),
        "headline": article.display_headline,
        "description": article.display_standfirst,
        "image": [settings.SITE_URL + article.lead_address] if article.lead_address else [],
        "datePublished": _instant(published),
        "dateModified": _instant(max(published, article.modified_at)),
        "author": [author | {"url": settings.SITE_URL + author["url"]} for author in authors(article)],
        "articleSection": article.section.name,
        "inLanguage": get_language(),
        "isAccessibleForFree": True,
        "publisher": {
            "@type": "NewsMediaOrganization",
            "name": "Multitude",
            "url": f"{settings.SITE_URL}/",
            "correctionsPolicy": settings.SITE_URL + reverse("articles:corrections"),
        },
        "correction": stored.get("correction", []),
    }
    return {name: value for name, value in data.items() if value}


def script(article: Article) -> SafeString:
    """Return the element that holds an article's data; nothing in it can end it, and no browser runs it."""
    data = json.dumps(news_article(article), ensure_ascii=False).translate(_ESCAPED)
    return mark_safe(f'<script type="application/ld+json">{data}</script>')  # noqa: S308  escaped


def _stored(article: Article) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(article.linked_data or "{}")
    return data


def _instant(at: datetime) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds")
