"""The page of the search: what was found, in the articles' own words, and what to try where nothing was."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from articles import menu, paging, schedule, search
from articles.models import Article, Byline, Section
from articles.searching import documents, passages, periods
from articles.searching.periods import Period
from articles.searching.query import MOST_TYPED, Query, parse
from multitude import typography
from multitude.caching import ENDLESS, LISTS, Hidden, depends_on, public_page

# How many characters of a question its page repeats in words; the field keeps all of it.
_SAID = 80
_FRESH = 30


@dataclass(frozen=True)
class Result:
    """An article that was found, as the page shows it."""

    url: str
    kicker: SafeString
    headline: SafeString
    passage: SafeString
    names: list[SafeString]
    section: str
    published_at: datetime | None


@public_page(
    fresh=_FRESH, stale=_FRESH, params=("q", "rubrique", "periode", "page"), blank=("q", "rubrique", "periode")
)
def search_page(request: HttpRequest) -> HttpResponse:
    """Show the form and, where something was typed, what is found; any text is a valid question."""
    depends_on(request, LISTS, ENDLESS, until=schedule.next_change())
    typed = " ".join(typography.printable(request.GET.get("q", "")).split())
    section, period = _section(request), _period(request)
    query = parse(typed)
    found = search.find(query, section=section, period=period)
    # One more than is looked for, so that the other pages say as well that something was left out.
    sent = typed[: MOST_TYPED + 1]
    page = paging.cut(request, found.keys, _asked(sent, section, period))
    return render(
        request,
        "articles/search.html",
        {
            "typed": typed,
            "said": Truncator(typed).chars(_SAID),
            "most_typed": MOST_TYPED,
            "query": query,
            "found": found,
            "page": page,
            "pages": -(-len(found.keys) // paging.PAGE_LENGTH),
            "results": _results(page.rows, query),
            "section_here": section,
            "period_here": period,
            "sections": menu.sections(),
            "periods": periods.choices(),
            "everywhere": f"{request.path}?{urlencode({'q': sent})}",
        },
    )


def _asked(typed: str, section: Section | None, period: Period | None) -> str:
    """Return the question as its address asks it, without what was not asked."""
    if not typed:
        return ""
    asked = {"q": typed, "rubrique": section.slug if section else "", "periode": period.value if period else ""}
    return urlencode({name: value for name, value in asked.items() if value})


def _results(keys: list[int], query: Query) -> list[Result]:
    """Return what is shown of the articles, in the order of their keys, in two queries."""
    if not keys:
        return []
    shown = (
        "section_id",
        "slug",
        "display_kicker",
        "display_headline",
        "display_standfirst",
        "body_html",
        "published_at",
    )
    articles = Article.objects.published().select_related("section").only("section__name", *shown).in_bulk(keys)
    names: dict[int, list[SafeString]] = {}
    for key, name in Byline.objects.filter(article__in=keys).values_list("article_id", "author__name"):
        names.setdefault(key, []).append(passages.highlighted(name, query))
    return [_result(articles[key], names.get(key, []), query) for key in keys if key in articles]


def _result(article: Article, names: list[SafeString], query: Query) -> Result:
    passage = passages.excerpt(documents.plain(article.body_html).splitlines(), query)
    return Result(
        url=article.get_absolute_url(),
        kicker=passages.highlighted(article.display_kicker, query),
        headline=passages.highlighted(article.display_headline, query),
        passage=passage or passages.highlighted(article.display_standfirst, query),
        names=names,
        section=article.section.name,
        published_at=article.published_at,
    )


def _section(request: HttpRequest) -> Section | None:
    """Return the section that is asked for, or None for all; one that does not exist is a 404."""
    values = request.GET.getlist("rubrique")
    if not values:
        return None
    found = next((section for section in menu.sections() if [section.slug] == values), None)
    if found is None:
        raise Hidden
    return found


def _period(request: HttpRequest) -> Period | None:
    """Return the period that is asked for, or None for all time; what names none is a 404."""
    values = request.GET.getlist("periode")
    if not values:
        return None
    found = periods.read(values[0]) if len(values) == 1 else None
    if found is None:
        raise Hidden
    return found
