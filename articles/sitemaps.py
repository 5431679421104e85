"""What search engines are told to read (sitemaps.org, and Google's extension for news): public pages alone, with true dates.

An index names the other files. Articles stand in pages of 5,000 keys: an article's page never changes, so that each is
read by its keys however large the newspaper, and is made anew only when one of its own articles changes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from html import escape
from typing import Any, cast

from django.conf import settings
from django.db.models import Max, Min, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language

from articles import archives, freshness, schedule
from articles.models import ROUTES, Article, ArticleQuerySet, Author, Section, Tag
from multitude import clock
from multitude.addresses import address
from multitude.caching import LISTS, SITE, Hidden, Remembered, depends_on, public_page

# What Google takes as news: an article's first two days, a thousand of them.
NEWS = timedelta(hours=48)
MOST_NEWS = 1_000
# Seconds for which a page's dates are good, since whatever changes them purges them.
_LONG = 3_600
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
    articles = [
        Place(address("articles:sitemap_articles", number), page.changed_at)
        for number, page in enumerate(_pages(), start=1)
        if page.changed_at
    ]
    lists = {
        "sections": True,
        "authors": _authors().exists(),
        "tags": _tags().exists(),
        "archives": bool(articles),
        "news": True,
    }
    others = [Place(reverse(f"articles:sitemap_{name}")) for name, has_any in lists.items() if has_any]
    return _respond("sitemapindex", [f"<sitemap>{_located(place)}</sitemap>" for place in (*articles, *others)])


@public_page(fresh=3600)
def articles(request: HttpRequest, number: str) -> HttpResponse:
    """Give the public articles whose keys belong to a page; one that holds none of them does not exist."""
    depends_on(request, freshness.sitemap(int(number) * freshness.SITEMAP_PAGE), until=schedule.next_change())
    found = _articles_on(int(number)).published().order_by("pk")
    rows = list(found.values_list("slug", "published_at", "modified_at"))
    if not rows:
        raise Hidden
    return _urls(
        Place(address("articles:article", slug), max(published or modified, modified))
        for slug, published, modified in rows
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
    """Give the authors of whom something is published, each dated by the newest of it."""
    return _lists(request, "articles:author", _authors())


@public_page(fresh=300)
def tags(request: HttpRequest) -> HttpResponse:
    """Give the tags under which something is published, each dated by the newest of it."""
    return _lists(request, "articles:tag", _tags())


@public_page(fresh=300)
def archive(request: HttpRequest) -> HttpResponse:
    """Give the archives, and the months of which something is public."""
    depends_on(request, LISTS, until=schedule.next_change())
    months = [Place(month.get_absolute_url()) for month in archives.public_months()]
    if not months:
        raise Hidden
    return _urls([Place(reverse("articles:archive")), *months])


@public_page(fresh=300)
def news(request: HttpRequest) -> HttpResponse:
    """Give the articles of the last two days as news; in quiet times the front page alone, as a sitemap is never empty."""
    now = clock.now()
    recent = Article.objects.published(now).filter(published_at__gt=now - NEWS).newest_first()
    rows = list(recent.values_list("slug", "display_headline", "published_at")[:MOST_NEWS])
    changes = [at for at in (schedule.next_change(), *(row[2] + NEWS for row in rows[-1:])) if at is not None]
    depends_on(request, LISTS, until=min(changes, default=None))
    entries = [_piece_of_news(*row) for row in rows] or [
        f"<url>{_located(Place(reverse('articles:front_page')))}</url>"
    ]
    return _respond("urlset", entries, f' xmlns:news="{_NEWS}"')


@dataclass(frozen=True)
class _Page:
    """When a page of articles last changed, None if none of them is public, and when it next changes by itself."""

    changed_at: datetime | None
    until: datetime | None


def _pages() -> list[_Page]:
    """Return the pages of articles, from the first to that of the newest key: those that have not changed as they are remembered."""
    newest = Article.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return [_page(number) for number in range(1, -(-newest // freshness.SITEMAP_PAGE) + 1)]


def _page(number: int) -> _Page:
    kept = _remembered(number)
    page = kept.get()
    return kept.renew() if page.until is not None and page.until <= clock.now() else page


@cache
def _remembered(number: int) -> Remembered[_Page]:
    key = freshness.sitemap(number * freshness.SITEMAP_PAGE)
    return Remembered(partial(_read_page, number), key, SITE, seconds=_LONG)


def _read_page(number: int) -> _Page:
    """Read a page's dates from the index that holds all of them."""
    now, found = clock.now(), _articles_on(number)
    shown = found.published(now).aggregate(published=Max("published_at"), modified=Max("modified_at"))
    hidden = found.aggregate(
        left=Max("unpublished_at", filter=Q(unpublished_at__lte=now)),
        leaving=Min("unpublished_at", filter=Q(unpublished_at__gt=now)),
        coming=Min("published_at", filter=Q(published_at__gt=now)),
    )
    changes = [at for at in (*shown.values(), hidden["left"]) if at is not None]
    until = min((at for at in (hidden["leaving"], hidden["coming"]) if at is not None), default=None)
    return _Page(max(changes) if shown["published"] else None, until)


def _articles_on(number: int) -> ArticleQuerySet:
    last = number * freshness.SITEMAP_PAGE
    found = Article.objects.filter(pk__gt=last - freshness.SITEMAP_PAGE, pk__lte=last)
    return cast(ArticleQuerySet, found)


def _authors() -> QuerySet[Author]:
    return _with_newest(Author.objects.all(), "bylines", "author")


def _tags() -> QuerySet[Tag]:
    return _with_newest(Tag.objects.all(), "taggings", "tag")


def _with_newest[M: (Author, Tag)](found: QuerySet[M], join: str, name: str) -> QuerySet[M]:
    """Keep what joins a public article, with the date of the newest, by the index that `dated` reads.

    Of EXISTS, PostgreSQL would make a walk through all articles.
    """
    joined = Article.objects.published().filter(**{f"{join}__{name}": OuterRef("pk")})
    newest = joined.order_by(f"-{join}__published_at", f"-{join}__article_id").values("published_at")[:1]
    return found.annotate(newest=Subquery(newest)).filter(newest__isnull=False).order_by("pk")


def _lists(request: HttpRequest, view: str, found: QuerySet[Any]) -> HttpResponse:
    """Give the pages of lists that have something to show; a sitemap of none does not exist."""
    depends_on(request, LISTS, until=schedule.next_change())
    places = [Place(address(view, slug), newest) for slug, newest in found.values_list("slug", "newest")]
    if not places:
        raise Hidden
    return _urls(places)


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
        # A browser that finds no style sheet styles the document itself, against the policy of the site.
        yield f'<?xml-stylesheet type="text/css" href="{static("css/machines.css")}"?>'
        yield f'<{root} xmlns="{_PROTOCOL}"{namespaces}>'
        yield from entries
        yield f"</{root}>\n"

    return HttpResponse("\n".join(lines()), content_type="application/xml; charset=utf-8")
