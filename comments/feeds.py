"""The Atom feed of an article's approved comments, the latest approved first."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from articles import freshness
from articles.models import Article, FormerAddress
from comments import threads
from comments.models import Comment
from multitude import atom
from multitude.caching import depends_on, public_page

LENGTH = 50


@public_page(fresh=60, hides=True)
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the latest approved comments of an article; an address that it had leads to its own."""
    found = Article.objects.published().filter(slug=slug).first()
    has_moved = found is None
    if found is None:
        found = FormerAddress.objects.article_at(slug)
    if found is None or not found.is_published():
        raise Http404
    depends_on(request, freshness.page(found.pk), until=found.next_change())
    if has_moved:
        return HttpResponsePermanentRedirect(reverse("comments:feed", args=[found.slug]))
    approved = Comment.objects.approved().filter(article=found).select_related("article")
    comments = list(approved.order_by("-first_approved_at", "-pk")[:LENGTH])
    pages = threads.pages(comments)
    return atom.respond(
        title=_("Commentaires : %(headline)s") % {"headline": found.display_headline},
        page=found.get_absolute_url(),
        feed=reverse("comments:feed", args=[slug]),
        empty_since=found.first_published_at or found.modified_at,
        entries=[_entry(comment, pages[comment.pk]) for comment in comments],
    )


def _entry(comment: Comment, page: int) -> atom.Entry:
    title = _("Réponse du journal, signée %(name)s") if comment.is_newsroom else _("Commentaire de %(name)s")
    return atom.Entry(
        title=title % {"name": comment.author_name} + (f" ({_('modéré')})" if comment.redacted_at else ""),
        path=threads.permalink(comment, page),
        identifier=f"/#commentaire-{comment.pk}",
        published=comment.submitted_at,
        updated=comment.decided_at or comment.submitted_at,
        author=comment.author_name,
        html=comment.body_html + (render_to_string("comments/_redacted.html") if comment.redacted_at else ""),
    )
