"""The queue, and the page of each comment."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from comments import figures, house, rights, screening, threads
from comments.desk import charts, filters, links, past, persons, presence, rows
from comments.desk.closing import ClosingDesk
from comments.desk.deciding import Desk
from comments.desk.pen import Pen
from comments.desk.voice import Voice
from comments.models import Comment
from multitude import deskpages

WAITING = (Comment.Lane.PENDING, Comment.Lane.SUSPECT, Comment.Lane.ESCALATED)


class CommentAdmin(ClosingDesk, Pen, Voice, deskpages.Barred, Desk):
    """Read comments, and decide; nothing here changes or deletes one otherwise."""

    # Readers write comments; one decides about them, and they stay on record.
    nobody_may = frozenset({"add", "change", "delete"})

    # The queue has rows of its own; what it is sorted by is all that Django asks of them.
    list_display = ("submitted_at",)
    list_display_links = None
    list_select_related = ("article", "parent")
    list_per_page = 25
    ordering = ("submitted_at", "pk")

    class Media:
        css = {"all": ["css/criteria.css", "css/queue.css", "css/desk-voice.css"]}

    # Rights ----------------------------------------------------------------------------------

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Moderators decide."""
        return request.user.has_perm(rights.DECIDE)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Let nobody learn by filtering what they may not see: one narrows the list by its criteria, and by nothing else."""
        return lookup in {criterion.parameter_name for criterion in self.get_list_filter(request)}

    def _sees_personal_data(self, request: HttpRequest) -> bool:
        return request.user.has_perm(rights.SEE_PERSONAL_DATA)

    def view_on_site(self, obj: Comment) -> str | None:
        """Link to a public comment under its article; any other is on no page."""
        is_public = obj.is_approved and obj.article.is_published()
        return threads.permalink(obj, threads.pages([obj])[obj.pk]) if is_public else None

    # The list --------------------------------------------------------------------------------

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Name the list for what it shows."""
        waiting = request.GET.get(filters.LaneFilter.parameter_name) in {None, "", *WAITING}
        title = _("Commentaires à décider") if waiting else _("Commentaires")
        context = {"title": title, "figures": figures.header(), "is_paused": house.current().is_paused}
        return super().changelist_view(request, context | (extra_context or {}))

    def get_urls(self) -> Any:
        """Add the page of figures, and where the desk's script says what one has before one's eyes."""
        figures_page = self.admin_site.admin_view(partial(charts.view, self))
        own = [
            path("chiffres/", figures_page, name="comments_comment_figures"),
            path(
                "<int:comment_id>/contexte/",
                self.admin_site.admin_view(self.context_view),
                name="comments_comment_context",
            ),
            path("presence/", self.admin_site.admin_view(self.presence_view), name="comments_comment_presence"),
        ]
        return own + super().get_urls()

    @method_decorator(require_POST)
    def presence_view(self, request: HttpRequest) -> HttpResponse:
        """Tell and be told who has what before their eyes."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return presence.respond(request)

    def context_view(self, request: HttpRequest, comment_id: int) -> HttpResponse:
        """Lead to where a comment stands, or would: its own place, else what it answers, else the thread of its article."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        comment = get_object_or_404(Comment.objects.select_related("article", "parent"), pk=comment_id)
        path_of_article = comment.article.get_absolute_url()
        shown = next((one for one in (comment, comment.parent) if one and one.is_approved), None)
        if shown is None:
            return redirect(f"{path_of_article}#commentaires")
        return redirect(threads.page_url(path_of_article, threads.pages([shown])[shown.pk], f"c{shown.pk}"))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Show lanes and criteria."""
        return filters.QueueChangeList

    def get_list_filter(self, request: HttpRequest) -> Any:
        """Narrow by e-mail only for those who may see e-mails."""
        return [*filters.CRITERIA, *([filters.EmailFilter] if self._sees_personal_data(request) else [])]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        """Load of a list what its rows show, with the findings and, for who may see them, the last decisions."""
        comments = persons.with_reach(super().get_queryset(request)).prefetch_related("findings")
        if _is_of_one(request):
            return comments
        if request.user.has_perm(rights.SEE_DECISIONS):
            comments = past.bring_last(comments)
        return comments.only(*rows.SHOWN)

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        """Search e-mails only for those who may see them."""
        return ["author_name", "body", *(["author_email"] if self._sees_personal_data(request) else [])]

    # One comment -----------------------------------------------------------------------------

    def get_fields(self, request: HttpRequest, obj: Comment | None = None) -> Any:
        """Show the personal fields, and the decisions, to those who may see them."""
        personal = ["author_email", "client_network"] if self._sees_personal_data(request) else []
        article = ["commenting"] if self.may_close(request) else []
        told = "history_to_export" if request.user.has_perm(rights.EXPORT) else "history"
        decisions = [told] if request.user.has_perm(rights.SEE_DECISIONS) else []
        return ["author_name", *personal, "whole_text", "submitted_at", "state", *article, *decisions]

    def get_readonly_fields(self, request: HttpRequest, obj: Comment | None = None) -> list[str]:
        """Everything is to be read."""
        return self.get_fields(request, obj)

    @admin.display(description=_("texte"))
    def whole_text(self, comment: Comment) -> SafeString:
        """Show the whole text as readers would see it, under which article and in answer to whom."""
        return _fragment("_text.html", {"comment": comment, "links": links.targets(comment.body_html)})

    @admin.display(description=_("état"))
    def state(self, comment: Comment) -> SafeString:
        """Show the status and what the screening found, in words."""
        context = {
            "comment": comment,
            "status": Comment.Status(comment.status).label,
            "findings": screening.in_words(comment.findings.all(), with_information=True),
            "is_marked": rows.is_marked(comment),
        }
        return _fragment("_state.html", context)

    @admin.display(description=_("décisions"))
    def history(self, comment: Comment) -> SafeString:
        """Tell every decision: who, when, what, why, and the text judged."""
        return _fragment("_history.html", {"comment": comment, "entries": past.of(comment), "may_export": False})

    @admin.display(description=_("décisions"))
    def history_to_export(self, comment: Comment) -> SafeString:
        """Tell the same, and lead to the export of all that its author wrote, as long as that is known."""
        context = {"comment": comment, "entries": past.of(comment), "may_export": bool(comment.author_email)}
        return _fragment("_history.html", context)


def _is_of_one(request: HttpRequest) -> bool:
    """Return whether the request is for the page of one comment, which tells the whole history."""
    return request.resolver_match is not None and "object_id" in request.resolver_match.kwargs


def _fragment(template: str, context: dict[str, Any]) -> SafeString:
    """Render a part of the desk; templates escape what readers typed."""
    return mark_safe(render_to_string(f"admin/comments/comment/{template}", context))  # noqa: S308
