"""The journal of decisions."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from comments import rights
from comments.desk import export, past
from comments.desk.changelist import PagedByKey
from comments.models import Decision
from multitude import deskpages


class DecisionAdmin(deskpages.Barred, PagedByKey):
    """The journal of decisions, to be read."""

    # Decisions are taken in the queue, and are never changed.
    nobody_may = frozenset({"add", "change", "delete"})

    list_display = ("decided_at", "comment_link", "action", "reason", "who")
    list_display_links = None
    list_filter = ("action", "reason")
    list_select_related = ("comment", "moderator")
    ordering = ("-decided_at", "-pk")
    sortable_by = ("decided_at",)

    @admin.display(description=_("commentaire"))
    def comment_link(self, decision: Decision) -> SafeString:
        """Lead to the comment, where its whole history stands."""
        address = reverse("admin:comments_comment_change", args=[decision.comment_id])
        return format_html('<a href="{}"><bdi>{}</bdi></a>', address, decision.comment)

    @admin.display(description=_("décidé par"))
    def who(self, decision: Decision) -> str:
        """Name the moderator, or the command."""
        return past.who(decision)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Name the journal, and lead those who may to the export."""
        context = {"title": _("Journal des décisions"), "may_export": request.user.has_perm(rights.EXPORT)}
        return super().changelist_view(request, context | (extra_context or {}))

    def get_urls(self) -> list[URLPattern]:
        """Add the page of the export."""
        page = self.admin_site.admin_view(partial(export.view, self))
        return [path("exporter/", page, name="comments_decision_export"), *super().get_urls()]
