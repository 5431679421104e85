"""The feeds of the site, of a section and of an author: the latest articles, in Atom and in RSS.

They hold standfirsts, or whole articles where `FEED_CONTENT` says so.
"""

from datetime import UTC, datetime

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from articles import dated, menu, schedule, structured_data
from articles.models import Article, ArticleQuerySet, Author, Section
from multitude import syndication
from multitude.caching import LISTS, depends_on, public_page
from multitude.syndication import Form

LENGTH = 20
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@public_page(fresh=300)
def site(request: HttpRequest, form: Form) -> HttpResponse:
    """Give the site's latest articles."""
    return _respond(
        request,
        form,
        title="Multitude",
        description=_("L’actualité, et ceux qui en parlent"),
        subject=("site", 0),
        page=reverse("articles:front_page"),
        articles=Article.objects.published().newest_first(),
    )


@public_page(fresh=300)
def section(request: HttpRequest, slug: str, form: Form) -> HttpResponse:
    """Give a section's latest articles."""
    found = menu.section(slug) or get_object_or_404(Section, slug=slug)
    return _respond(
        request,
        form,
        title=f"Multitude · {found.name}",
        description=found.summary,
        subject=("section", found.pk),
        page=found.get_absolute_url(),
        articles=Article.objects.published().filter(section=found).newest_first(),
    )


@public_page(fresh=300, hides=True)
def author(request: HttpRequest, slug: str, form: Form) -> HttpResponse:
    """Give an author's latest articles; an author without a published one has no feed."""
    signed = Article.objects.published().filter(bylines__author=OuterRef("pk"))
    found = get_object_or_404(Author, Exists(signed), slug=slug)
    return _respond(
        request,
        form,
        title=f"Multitude · {found.name}",
        description=_("Les articles de %(name)s dans Multitude.") % {"name": found.name},
        subject=("author", found.pk),
        page=found.get_absolute_url(),
        articles=dated.signed_by(found),
    )


def _respond(
    request: HttpRequest,
    form: Form,
    *,
    title: str,
    description: str,
    subject: tuple[str, int],
    page: str,
    articles: ArticleQuerySet,
) -> HttpResponse:
    depends_on(request, LISTS, until=schedule.next_change())
    is_full = settings.FEED_CONTENT == "full"
    found = list(articles.for_feeds(full=is_full)[:LENGTH])
    return syndication.respond(
        form,
        title=title,
        description=description,
        identifier=syndication.permanent(*subject, syndication.born()),
        page=page,
        feed=request.path,
        empty_since=_EPOCH,
        entries=[_entry(article, is_full) for article in found],
    )


def _entry(article: Article, is_full: bool) -> syndication.Entry:
    path = article.get_absolute_url()
    return syndication.Entry(
        title=article.display_headline,
        path=path,
        identifier=syndication.permanent("article", article.pk, article.first_published_at or article.modified_at),
        published=article.published_at or article.modified_at,
        updated=article.changed_at,
        authors=[syndication.Person(each["name"], each["url"]) for each in structured_data.authors(article)],
        summary=_paragraph(article.display_standfirst),
        content=syndication.portable(_whole(article), path) if is_full else "",
        category=article.section.name,
    )


def _whole(article: Article) -> str:
    """Return all that an article says, in the order of its page."""
    footnote = f"<p>* {article.footnote_html}</p>" if article.footnote_html else ""
    return "".join(
        [
            _paragraph(article.display_standfirst),
            article.lead_html,
            article.body_html,
            footnote,
            article.corrections_html,
        ]
    )


def _paragraph(text: str) -> str:
    return format_html("<p>{}</p>", text) if text else ""
