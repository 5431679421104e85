"""The Atom feeds of the site and of each section: the latest articles, by their standfirst."""

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html

from articles import schedule
from articles.models import Article, ArticleQuerySet, Section
from multitude import atom
from multitude.caching import LISTS, depends_on, public_page

LENGTH = 20
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@public_page(fresh=300)
def site(request: HttpRequest) -> HttpResponse:
    """Give the site's latest articles."""
    depends_on(request, LISTS, until=schedule.next_change())
    return _respond("Multitude", reverse("articles:front_page"), reverse("articles:feed"), Article.objects.published())


@public_page(fresh=300)
def section(request: HttpRequest, slug: str) -> HttpResponse:
    """Give a section's latest articles."""
    depends_on(request, LISTS, until=schedule.next_change())
    found = get_object_or_404(Section, slug=slug)
    feed = reverse("articles:section_feed", args=[slug])
    return _respond(
        f"Multitude · {found.name}", found.get_absolute_url(), feed, Article.objects.published().filter(section=found)
    )


def _respond(title: str, page: str, feed: str, articles: ArticleQuerySet) -> HttpResponse:
    articles = articles.newest_first().for_feeds().with_signature()[:LENGTH]
    return atom.respond(
        title=title, page=page, feed=feed, empty_since=_EPOCH, entries=[_entry(article) for article in articles]
    )


def _entry(article: Article) -> atom.Entry:
    published = article.published_at or article.modified_at
    return atom.Entry(
        title=article.display_headline,
        path=article.get_absolute_url(),
        identifier=f"/#article-{article.pk}",
        published=published,
        updated=max(published, article.modified_at),
        author=", ".join(byline.author.name for byline in article.bylines.all()),
        html=format_html("<p>{}</p>", article.display_standfirst),
        category=article.section.name,
    )
