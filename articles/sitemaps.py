"""What search engines are told to read (sitemaps.org, and Google's extension for news): public pages alone, with true dates.

An index names the other files. Articles stand in pages of 5,000 keys: an article's page never changes, so that each is
read by its keys however large the newspaper, and is made anew only when one of its own articles changes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape

from django.conf import settings
from django.db.models import Exists, F, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from articles import freshness, schedule
from articles.models import ROUTES, Article, Author, Section, State
from multitude.addresses import address
from multitude.caching import LISTS, Hidden, Remembered, depends_on, public_page

# What Google takes as news: an article's first two days, a thousand of them.
NEWS = timedelta(hours=48)
MOST_NEWS = 1_000
_PROTOCOL = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


@dataclass(frozen=True, slots=True)
class Place:
    """A page, or a sitemap, by its path, and when it last changed, where that is known."""

    path: str
    changed_at: datetime | None = None


@public_page(fresh=300)
def index(request: HttpRequest) -> HttpResponse:
    """Name every sitemap that holds anything."""
    depends_on(request, LISTS, until=schedule.next_change())
    pages = _pages.get()
    if pages.until is not None and pages.until <= timezone.now():
        pages = _pages.renew()
    articles = [Place(address("articles:sitemap_articles", number), at) for number, at in pages.changed_at.items()]
    lists = ["sections", "authors", "news"] if pages.has_authors else ["sections", "news"]
    others = [Place(reverse(f"articles:sitemap_{name}")) for name in lists]
    return _respond("sitemapindex", [f"<sitemap>{_located(place)}</sitemap>" for place in (*articles, *others)])


@public_page(fresh=3600)
def articles(request: HttpRequest, number: str) -> HttpResponse:
    """Give the public articles whose keys belong to a page; one that holds none of them does not exist."""
    last = int(number) * freshness.SITEMAP_PAGE
    depends_on(request, freshness.sitemap(last), until=schedule.next_change())
    found = Article.objects.published().filter(pk__gt=last - freshness.SITEMAP_PAGE, pk__lte=last).order_by("pk")
    rows = list(found.values_list("slug", "published_at", "modified_at"))
    if not rows:
        raise Hidden
    return _urls(
        Place(address("articles:article", slug), max(published, modified)) for slug, published, modified in rows
    )


@public_page(fresh=300)
def sections(request: HttpRequest) -> HttpResponse:
    """Give the front page, the sections in which something is published, the lists of all of them, and the legal pages."""
    depends_on(request, LISTS, until=schedule.next_change())
    published = Article.objects.published()
    newest = Subquery(published.filter(section=OuterRef("pk")).newest_first().values("published_at")[:1])
    found = Section.objects.annotate(newest=newest).filter(newest__isnull=False).order_by("pk")
    lists = ("articles:front_page", "articles:most_read", "articles:most_commented", "articles:corrections")
    names = (*lists, *ROUTES.values())
    return _urls(
        [
            *(Place(reverse(name)) for name in names),
            *(Place(address("articles:section", slug), at) for slug, at in found.values_list("slug", "newest")),
        ]
    )


@public_page(fresh=300)
def authors(request: HttpRequest) -> HttpResponse:
    """Give the authors of whom something is published."""
    depends_on(request, LISTS, until=schedule.next_change())
    slugs = list(_published_authors().values_list("slug", flat=True))
    if not slugs:
        raise Hidden
    return _urls(Place(address("articles:author", slug)) for slug in slugs)


@public_page(fresh=300)
def news(request: HttpRequest) -> HttpResponse:
    """Give the articles of the last two days as news; in quiet times the front page alone, as a sitemap is never empty."""
    now = timezone.now()
    recent = Article.objects.published(now).filter(published_at__gt=now - NEWS).newest_first()
    rows = list(recent.values_list("slug", "display_headline", "published_at")[:MOST_NEWS])
    changes = [at for at in (schedule.next_change(), *(row[2] + NEWS for row in rows[-1:])) if at is not None]
    depends_on(request, LISTS, until=min(changes, default=None))
    entries = [_piece_of_news(*row) for row in rows] or [
        f"<url>{_located(Place(reverse('articles:front_page')))}</url>"
    ]
    return _respond("urlset", entries, f' xmlns:news="{_NEWS}"')


@dataclass(frozen=True)
class _Pages:
    """The pages of articles that hold anything, when each last changed, whether anybody signs, and until when that is so."""

    changed_at: dict[int, datetime]
    has_authors: bool
    until: datetime | None


def _read_pages() -> _Pages:
    """Read every page's date from an index: the one question whose cost grows with the newspaper, so its answer is kept."""
    until, published = schedule.next_change(), Article.objects.published()
    changed_at = dict(_by_page(published, Greatest("published_at", "modified_at")))
    for number, withdrawn_at in _by_page(Article.objects.in_state(State.UNPUBLISHED), F("unpublished_at")):
        if number in changed_at:
            changed_at[number] = max(changed_at[number], withdrawn_at)
    return _Pages(changed_at, _published_authors().exists(), until)


def _published_authors() -> QuerySet[Author]:
    signed = Article.objects.published().filter(bylines__author=OuterRef("pk"))
    return Author.objects.filter(Exists(signed)).order_by("pk")


def _by_page(found: QuerySet[Article], date: F | Greatest) -> QuerySet[Article, tuple[int, datetime]]:
    numbered = found.annotate(page=(F("pk") - 1) / freshness.SITEMAP_PAGE + 1).order_by("page")
    return numbered.values("page").annotate(changed=Max(date)).values_list("page", "changed")


_pages = Remembered(_read_pages, LISTS)


def _urls(places: Iterable[Place]) -> HttpResponse:
    return _respond("urlset", [f"<url>{_located(place)}</url>" for place in places])


def _piece_of_news(slug: str, headline: str, published_at: datetime) -> str:
    return (
        f"<url>{_located(Place(address('articles:article', slug)))}<news:news>"
        f"<news:publication><news:name>Multitude</news:name><news:language>{get_language()}</news:language></news:publication>"
        f"<news:publication_date>{_written(published_at)}</news:publication_date>"
        f"<news:title>{escape(headline, quote=False)}</news:title></news:news></url>"
    )


def _located(place: Place) -> str:
    changed = f"<lastmod>{_written(place.changed_at)}</lastmod>" if place.changed_at else ""
    return f"<loc>{escape(settings.SITE_URL + place.path)}</loc>{changed}"


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _respond(root: str, entries: Iterable[str], namespaces: str = "") -> HttpResponse:
    def lines() -> Iterator[str]:
        yield '<?xml version="1.0" encoding="UTF-8"?>'
        yield f'<{root} xmlns="{_PROTOCOL}"{namespaces}>'
        yield from entries
        yield f"</{root}>\n"

    return HttpResponse("\n".join(lines()), content_type="application/xml; charset=utf-8")
