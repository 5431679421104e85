"""What several tests of articles share: pages read as a browser reads them, rows in bulk, a site's public paths."""

from datetime import timedelta
from typing import Any

import html5lib
from django.http import HttpResponse
from django.utils import timezone

from articles import archives, popularity
from articles.models import Article, Author, Byline, DailyTally, Section, Tag, Tagging
from articles.rendering import render_head

HTML = "{http://www.w3.org/1999/xhtml}"


def parse(response: HttpResponse) -> Any:
    """Return the page's tree; the markup itself must be valid."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"))
    return parser.parse(response.content.decode())


def one(tree: Any, path: str) -> Any:
    """Return the one element at a path, in which `h:` stands for HTML's namespace."""
    found = every(tree, path)
    assert len(found) == 1, f"{len(found)} × {path}"
    return found[0]


def every(tree: Any, path: str) -> list[Any]:
    """Return the elements at a path."""
    return tree.findall(path, {"h": HTML.strip("{}")})


def text(element: Any) -> str:
    """Return an element's text, its white space as one reads it."""
    return " ".join("".join(element.itertext()).split())


def headlines(response: HttpResponse) -> list[str]:
    """Return the headlines of a page's cards, in their order."""
    return [text(link) for link in every(parse(response), ".//h:article//h:h2/h:a")]


def ranked(response: HttpResponse) -> list[str]:
    """Return the headlines of a ranking's page, in their order."""
    return [text(link) for link in every(parse(response), ".//h:ol[@class='ranked full']//h:h2/h:a")]


def bulk_articles(count: int, section: Section, author: Author, tag: Tag | None = None) -> list[Article]:
    """Store signed, read and commented articles, a minute apart, quickly."""
    now = timezone.now()
    articles = [
        Article(
            section=section,
            slug=f"serie-{section.pk}-{number}",
            headline=f"Série {number}",
            display_headline=f"Série {number}",
            display_kicker="Série",
            display_standfirst="Un chapô.",
            body_html="<p>Un texte.</p>",
            published_at=now - timedelta(minutes=number + 1),
            first_published_at=now - timedelta(minutes=number + 1),
            modified_at=now,
            view_count=number + 1,
            comment_count=number + 1,
        )
        for number in range(count)
    ]
    for article in articles:
        render_head(article)
    Article.objects.bulk_create(articles)
    Byline.objects.bulk_create(
        Byline(article=article, author=author, published_at=article.published_at) for article in articles
    )
    if tag:
        Tagging.objects.bulk_create(
            Tagging(article=article, tag=tag, published_at=article.published_at) for article in articles
        )
    archives.cover(now - timedelta(minutes=number + 1) for number in range(count))
    DailyTally.objects.bulk_create(
        DailyTally(
            article=article,
            day=popularity.day_of(now),
            views=article.view_count,
            comments=article.comment_count,
        )
        for article in articles
    )
    return articles
