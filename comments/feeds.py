"""The feeds of an article's approved comments, in Atom and in RSS, the latest approved first."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from articles import freshness
from articles.models import Article, FormerAddress
from comments import threads
from comments.models import Comment
from multitude import syndication
from multitude.caching import depends_on, public_page
from multitude.syndication import Form

LENGTH = 50
_VIEWS = {Form.ATOM: "comments:feed", Form.RSS: "comments:rss"}


@public_page(fresh=60, hides=True)
def article(request: HttpRequest, slug: str, form: Form) -> HttpResponse:
    """Give the latest approved comments of an article; an address that it had leads to its own."""
    found = Article.objects.published().filter(slug=slug).first()
    has_moved = found is None
    if found is None:
        found = FormerAddress.objects.article_at(slug)
    if found is None or not found.is_published():
        raise Http404
    depends_on(request, freshness.page(found.pk), until=found.next_change())
    if has_moved:
        return HttpResponsePermanentRedirect(reverse(_VIEWS[form], args=[found.slug]))
    approved = Comment.objects.approved().filter(article=found).select_related("article")
    comments = list(approved.order_by("-first_approved_at", "-pk")[:LENGTH])
    pages = threads.pages(comments)
    headline = {"headline": found.display_headline}
    since = found.first_published_at or found.modified_at
    return syndication.respond(
        form,
        title=_("Commentaires : %(headline)s") % headline,
        description=_("Les derniers commentaires publiés sous l’article « %(headline)s ».") % headline,
        identifier=syndication.permanent("comments", found.pk, since),
        page=found.get_absolute_url(),
        feed=request.path,
        empty_since=since,
        entries=[_entry(comment, pages[comment.pk]) for comment in comments],
    )


def _entry(comment: Comment, page: int) -> syndication.Entry:
    title = _("Réponse du journal, signée %(name)s") if comment.is_newsroom else _("Commentaire de %(name)s")
    html = comment.body_html + (render_to_string("comments/_redacted.html") if comment.redacted_at else "")
    return syndication.Entry(
        title=title % {"name": comment.author_name} + (f" ({_('modéré')})" if comment.redacted_at else ""),
        path=threads.permalink(comment, page),
        identifier=syndication.permanent("comment", comment.pk, comment.submitted_at),
        published=comment.submitted_at,
        updated=comment.decided_at or comment.submitted_at,
        authors=[syndication.Person(comment.author_name)],
        content=syndication.portable(html, comment.article.get_absolute_url()),
    )
