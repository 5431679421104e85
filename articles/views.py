"""The public pages of articles. Each states its cache policy; none knows who reads it."""

from collections.abc import Callable

from django.db.models import BigIntegerField, Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from articles import archives, corrections, dated, freshness, frontpage, menu, paging, popularity, schedule
from articles.models import Article, ArticleQuerySet, Author, FormerAddress, Section, Tag
from multitude.caching import LISTS, Hidden, depends_on, page_number, public_page
from multitude.origin import is_same_origin

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
    return render(request, "articles/section.html", {"section": found, "title": found.name, "page": page})


@public_page(fresh=FRESH, params=("page",), hides=True)
def author(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an author's articles; an author without a published one has no page."""
    signed = Article.objects.published().filter(bylines__author=OuterRef("pk"))
    found = get_object_or_404(Author, Exists(signed), slug=slug)
    page = _page_of_some(request, dated.signed_by(found))
    return render(request, "articles/author.html", {"author": found, "title": found.name, "page": page})


@public_page(fresh=FRESH, params=("page",), hides=True)
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the articles that have a tag, newest first; a tag of which nothing is published has no page."""
    about = Article.objects.published().filter(taggings__tag=OuterRef("pk"))
    found = get_object_or_404(Tag, Exists(about), slug=slug)
    page = _page_of_some(request, dated.about(found))
    return render(request, "articles/tag.html", {"tag": found, "title": found.name, "page": page})


@public_page(fresh=FRESH)
def archive(request: HttpRequest) -> HttpResponse:
    """Show the years and months of which an article is public."""
    depends_on(request, LISTS, until=schedule.next_change())
    return render(request, "articles/archive.html", {"years": archives.public_years()})


@public_page(fresh=FRESH, params=("page",), hides=True)
def archive_month(request: HttpRequest, year: str, month: str) -> HttpResponse:
    """Show the articles of a month in Paris, newest first; a month without one has no page."""
    if int(year) not in archives.YEARS:
        raise Hidden
    found = archives.month(int(year), int(month))
    page = _page_of_some(request, archives.articles_of(found))
    before, after = archives.neighbours(found)
    context = {"month": found, "title": found.label, "page": page, "before": before, "after": after}
    return render(request, "articles/archive_month.html", context)


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
    context = {"title": _("Rectificatifs"), "page": paging.cut(request, corrections.public())}
    return render(request, "articles/corrections.html", context)


@csrf_exempt
@require_POST
def record_view(request: HttpRequest, article_id: int) -> HttpResponse:
    """Take the reading beacon; the answer is 204 whatever was counted, also to a page of another site."""
    if is_same_origin(request) and article_id <= BigIntegerField.MAX_BIGINT:
        popularity.record_view(request.META, article_id)
    return HttpResponse(status=204, headers={"Cache-Control": "no-store"})


def _page_of(request: HttpRequest, articles: ArticleQuerySet) -> paging.Page:
    """Return one page of the cards of a list."""
    depends_on(request, LISTS, until=schedule.next_change())
    return paging.cut(request, articles.cards())


def _page_of_some(request: HttpRequest, articles: ArticleQuerySet) -> paging.Page:
    """Return one page of the cards of a list that has a page only while it has an article; raises Hidden."""
    page = _page_of(request, articles)
    if not page.rows:
        raise Hidden
    return page


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
