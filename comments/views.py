"""The pages of comments: the form that is sent, and the page that follows a comment."""

import logging

from django.db import InterfaceError, OperationalError, models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from articles.models import Article, FormerAddress
from comments import closing, reasons, submission, threads
from comments.forms import CommentForm
from comments.models import Comment
from multitude.caching import private_page
from multitude.clients import client_network
from multitude.middleware import AWAY
from multitude.origin import same_origin_required
from multitude.prepared import Prepared

logger = logging.getLogger(__name__)

MAX_REQUEST = 64 * 1024


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_required
def submit(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a comment (POST), or show the form of a reply alone (GET with `parent`).

    303 leads to the follow-up page; 422 brings the form back with its errors, 429 with the time to wait, 409 with the
    text when the article takes no comments, 410 when it was withdrawn meanwhile, 503 with it while the database is away; 413, and 411 for a body of
    unknown length, parse nothing.
    """
    if "Transfer-Encoding" in request.headers and not request.META.get("CONTENT_LENGTH"):
        return render(request, "400.html", status=411)
    if _content_length(request) > MAX_REQUEST:
        return render(request, "413.html", status=413)
    request.encoding = "utf-8"
    try:
        return _submit(request, slug)
    except (OperationalError, InterfaceError):
        if request.method != "POST":
            raise
        logger.exception("Un commentaire n’a pas pu être enregistré ; son texte est rendu à son auteur.")
        return _away(request)


def _submit(request: HttpRequest, slug: str) -> HttpResponse:
    article = _article.first(slug=slug)
    has_moved = article is None or not article.was_public()
    if has_moved:
        article = FormerAddress.objects.article_at(slug)
    if article is None:
        raise Http404
    if request.method == "POST":
        return _receive(request, article)
    if not article.is_published():
        return render(request, "410.html", status=410)
    if has_moved:
        query = {"parent": request.GET["parent"]} if "parent" in request.GET else None
        return HttpResponsePermanentRedirect(reverse("comments:submit", args=[article.slug], query=query))
    if "parent" not in request.GET or closing.of(article).is_closed:
        return _see_other(f"{article.get_absolute_url()}#commenter")
    form = CommentForm(action=request.path, parent=request.GET["parent"])
    if _replied_to(article, form) is None:
        raise Http404
    return _form_page(request, article, form)


_article = Prepared(
    lambda slug: Article.objects.filter(slug=slug).only(
        "section_id",
        "slug",
        "display_headline",
        "commenting",
        "commenting_note",
        "published_at",
        "first_published_at",
        "unpublished_at",
    ),
    slug=models.SlugField(),
)


@private_page
@require_safe
def follow_up(request: HttpRequest, key: str) -> HttpResponse:
    """Show its author what became of a comment; whoever has the address may see it."""
    comment = get_object_or_404(Comment.objects.select_related("article", "parent"), follow_up_key=key)
    is_public = comment.is_approved and comment.article.is_published()
    context = {
        "comment": comment,
        "article": comment.article,
        "status_label": comment.get_status_display(),
        "status_sentence": _status_sentence(comment),
        "ground": reasons.of(comment),
        "permalink": threads.permalink(comment, threads.pages([comment])[comment.pk]) if is_public else "",
    }
    response = render(request, "comments/follow_up.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def _receive(request: HttpRequest, article: Article) -> HttpResponse:
    form = CommentForm(request.POST, action=request.path)
    if not article.is_published():
        return _gone(request, article, form)
    if form.names_no_comment or not form.is_valid():
        return _faulty(request, article, form)
    try:
        comment = submission.submit(form.submission(article.pk, client_network(request.META)))
    except submission.ArticleUnavailable:
        return _gone(request, article, form)
    except submission.CommentingClosed as error:
        return _closed(request, article, form, error.standing)
    except submission.ParentUnavailable:
        return _parent_gone(request, article, form)
    except submission.TooManySubmissions as error:
        return _too_many(request, article, form, error.retry_after)
    return _see_other(comment.get_absolute_url())


def _faulty(request: HttpRequest, article: Article, form: CommentForm) -> HttpResponse:
    """Bring back a form that the verb is not asked about; nobody is to correct what would not be taken."""
    standing = closing.of(article)
    if standing.is_closed:
        return _closed(request, article, form, standing)
    if form.names_no_comment:
        return _parent_gone(request, article, form)
    return _form_page(request, article, form, status=422)


def _away(request: HttpRequest) -> HttpResponse:
    """Give the text back, on a page that asks the database nothing."""
    message = _(
        "Votre commentaire n’a pas pu être enregistré : le journal ne répond pas pour le moment. "
        "Votre texte est gardé ci-dessous : renvoyez-le dans un instant."
    )
    context = {"form": CommentForm(request.POST, action=request.path), "parent": None, "status_message": message}
    return HttpResponse(render_to_string("comments/kept.html", context), status=503, headers=AWAY)


def _closed(request: HttpRequest, article: Article, form: CommentForm, standing: closing.Standing) -> HttpResponse:
    message = _(
        "Votre commentaire n’a pas pu être enregistré. %(reason)s Voici votre texte, pour que vous puissiez le garder."
    )
    return _form_page(request, article, form.as_kept(), status=409, message=message % {"reason": standing.reason})


def _gone(request: HttpRequest, article: Article, form: CommentForm) -> HttpResponse:
    message = _(
        "Cet article vient d’être retiré : votre commentaire ne peut plus y être publié. Voici votre texte, pour que vous puissiez le garder."
    )
    return _form_page(request, article, form.as_kept(), status=410, message=message)


def _parent_gone(request: HttpRequest, article: Article, form: CommentForm) -> HttpResponse:
    message = _(
        "Le commentaire auquel vous répondez n’est plus en ligne. Votre texte est gardé ci-dessous : "
        "si vous le renvoyez, il paraîtra comme un nouveau commentaire."
    )
    return _form_page(request, article, form.without_parent(), status=422, message=message)


def _too_many(request: HttpRequest, article: Article, form: CommentForm, retry_after: int) -> HttpResponse:
    minutes = -(-retry_after // 60)
    message = ngettext(
        "Vous avez envoyé plusieurs commentaires en peu de temps. Votre texte est gardé ci-dessous : renvoyez-le dans %(count)s minute.",
        "Vous avez envoyé plusieurs commentaires en peu de temps. Votre texte est gardé ci-dessous : renvoyez-le dans %(count)s minutes.",
        minutes,
    )
    response = _form_page(request, article, form, status=429, message=message % {"count": minutes})
    response["Retry-After"] = str(retry_after)
    return response


def _form_page(
    request: HttpRequest, article: Article, form: CommentForm, status: int = 200, message: str = ""
) -> HttpResponse:
    context = {"article": article, "form": form, "parent": _replied_to(article, form), "status_message": message}
    return render(request, "comments/form_page.html", context, status=status)


def _replied_to(article: Article, form: CommentForm) -> Comment | None:
    return submission.answerable(article.pk).filter(pk=form.parent_id).first() if form.parent_id else None


def _status_sentence(comment: Comment) -> str:
    sentences = {
        Comment.Status.PENDING: _(
            "Merci pour votre commentaire. Il sera visible prochainement sous réserve de validation."
        ),
        Comment.Status.APPROVED: _("Votre commentaire est en ligne."),
        Comment.Status.REJECTED: _("Votre commentaire n’a pas été retenu par la modération."),
        Comment.Status.SPAM: _("Votre commentaire n’a pas été retenu par la modération."),
        Comment.Status.REMOVED: _("Votre commentaire a été retiré après sa parution."),
        Comment.Status.WITHDRAWN: _("Vous avez repris votre commentaire."),
    }
    return sentences[Comment.Status(comment.status)]


def _see_other(path: str) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": path})


def _content_length(request: HttpRequest) -> int:
    """Return the length that Django will read, by Django's own reading of the header."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
