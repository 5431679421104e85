"""The public pages of articles. Each states its cache policy; none knows who reads it."""

from collections.abc import Callable
from typing import Any

from django.db.models import BigIntegerField, Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from articles import corrections, freshness, frontpage, menu, popularity, schedule
from articles.models import Article, ArticleQuerySet, Author, FormerAddress, Section
from multitude.caching import LISTS, Hidden, depends_on, page_number, public_page
from multitude.origin import is_same_origin

PAGE_LENGTH = 20
FRESH = 60


@public_page(fresh=FRESH)
def front_page(request: HttpRequest) -> HttpResponse:
    """Show what the newsroom has chosen, its first as the lead, then the latest articles."""
    depends_on(request, LISTS, until=schedule.next_change())
    cards = frontpage.cards()
    return render(
        request,
        "articles/front_page.html",
        {"lead": cards[0] if cards else None, "cards": cards[1:5], "briefs": cards[5:]},
    )


@public_page(fresh=FRESH, params=("page",), hides=True)
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an article; its thread and its form are composed in the template.

    An article that was public and is no longer answers 410, one that never was 404; an address that it had leads to it.
    """
    found = Article.objects.for_page().ever_public().filter(slug=slug).first()
    has_moved = found is None
    if found is None:
        found = FormerAddress.objects.article_at(slug)
    if found is None:
        raise Http404
    depends_on(request, freshness.page(found.pk), until=found.next_change())
    if not found.is_published():
        return render(request, "410.html", status=410)
    if has_moved:
        query = f"?page={number}" if (number := page_number(request)) > 1 else ""
        return HttpResponsePermanentRedirect(found.get_absolute_url() + query)
    if section := menu.section_of(found):
        found.section = section
    return render(request, "articles/article.html", {"article": found, "page_number": page_number(request)})


@public_page(fresh=FRESH, params=("page",))
def section(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a section's articles, newest first."""
    found = menu.section(slug) or get_object_or_404(Section, slug=slug)
    page = _page_of(request, Article.objects.published().filter(section=found))
    return render(request, "articles/section.html", {"section": found, **page})


@public_page(fresh=FRESH, params=("page",), hides=True)
def author(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an author's articles; an author without a published one has no page."""
    signed = Article.objects.published().filter(bylines__author=OuterRef("pk"))
    found = get_object_or_404(Author, Exists(signed), slug=slug)
    page = _page_of(request, Article.objects.published().filter(bylines__author=found))
    return render(request, "articles/author.html", {"author": found, **page})


@public_page(fresh=FRESH, params=("periode",))
def most_read(request: HttpRequest) -> HttpResponse:
    """Show the most read articles of a period in full."""
    return _ranking(request, "read", popularity.most_read)


@public_page(fresh=FRESH, params=("periode",))
def most_commented(request: HttpRequest) -> HttpResponse:
    """Show the most commented articles of a period in full."""
    return _ranking(request, "commented", popularity.most_commented)


@public_page(fresh=FRESH, params=("page",))
def corrections_page(request: HttpRequest) -> HttpResponse:
    """Show the corrections of the articles that are public, newest first."""
    depends_on(request, LISTS, until=schedule.next_change())
    page = _cut(request, corrections.public())
    return render(request, "articles/corrections.html", {"corrections": page.pop("rows"), **page})


@csrf_exempt
@require_POST
def record_view(request: HttpRequest, article_id: int) -> HttpResponse:
    """Take the reading beacon; the answer is 204 whatever was counted, also to a page of another site."""
    if is_same_origin(request) and article_id <= BigIntegerField.MAX_BIGINT:
        popularity.record_view(request.META, article_id)
    return HttpResponse(status=204, headers={"Cache-Control": "no-store"})


def _page_of(request: HttpRequest, articles: ArticleQuerySet) -> dict[str, Any]:
    """Return one page of a list and whether there are others, in one query and without a count."""
    depends_on(request, LISTS, until=schedule.next_change())
    page = _cut(request, articles.cards())
    return {"cards": page.pop("rows"), **page}


def _cut(request: HttpRequest, rows: QuerySet[Any, Any]) -> dict[str, Any]:
    """Return the rows of the page that is asked for, and what a pager needs; one beyond the last is a 404."""
    number = page_number(request)
    start = (number - 1) * PAGE_LENGTH
    found = list(rows[start : start + PAGE_LENGTH + 1])
    if number > 1 and not found:
        raise Http404
    return {
        "rows": found[:PAGE_LENGTH],
        "page_number": number,
        "has_previous": number > 1,
        "has_next": len(found) > PAGE_LENGTH,
    }


def _period(request: HttpRequest) -> popularity.Period:
    values = request.GET.getlist("periode") or [popularity.Period.WEEK.value]
    if len(values) == 1 and values[0] in popularity.Period:
        return popularity.Period(values[0])
    raise Hidden


def _ranking(
    request: HttpRequest, kind: str, ranked: Callable[[popularity.Period], list[popularity.Entry]]
) -> HttpResponse:
    period = _period(request)
    depends_on(request, LISTS, until=schedule.next_change())
    entries = ranked(period)
    periods = [
        {"value": p.value, "label": p.label, "url": f"{request.path}?periode={p.value}", "current": p is period}
        for p in popularity.Period
    ]
    return render(
        request, "articles/ranking.html", {"kind": kind, "period": period.value, "periods": periods, "entries": entries}
    )
