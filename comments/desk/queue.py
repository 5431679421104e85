"""The queue, and the page of each comment."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from comments import figures, house, moderation, rights, screening, standing, threads
from comments.desk import charts, filters, links, past, persons, presence
from comments.desk.closing import ClosingDesk
from comments.desk.deciding import Desk, buttons_of
from comments.desk.pen import Pen
from comments.desk.voice import Voice
from comments.models import Comment, Decision

# A page has a hundred of them: a template for each would be half of its time.
_BUTTON = (
    '<button type="submit" name="one" value="{verb}.{pk}.{version}" data-action="{verb}" aria-describedby="auteur-{pk}"'
    ' title="{title}">{label}</button>'
)
WAITING = (Comment.Lane.PENDING, Comment.Lane.SUSPECT, Comment.Lane.ESCALATED)


class CommentAdmin(ClosingDesk, Pen, Voice, Desk):
    """Read comments, and decide; nothing here changes or deletes one otherwise."""

    list_display_links = None
    list_select_related = ("article", "parent")
    list_per_page = 25
    ordering = ("submitted_at", "pk")

    class Media:
        css = {"all": ["css/criteria.css", "css/queue.css", "css/desk-voice.css"]}

    # Rights ----------------------------------------------------------------------------------

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Comments come from readers."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Comment | None = None) -> bool:
        """A comment's text and status are never edited; one decides about it."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Comment | None = None) -> bool:
        """A comment is refused or removed, and stays on record."""
        return False

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
        """Bring the findings along, and leave the long texts that nothing here shows in the database."""
        unseen = ("body", "body_html", "footnote", "footnote_html", "card_html", "signature_html")
        comments = persons.with_reach(super().get_queryset(request)).prefetch_related("findings")
        if request.user.has_perm(rights.SEE_DECISIONS) and not _is_of_one(request):
            comments = past.bring_last(comments)
        return comments.defer("public_html", "parent__public_html", *(f"article__{name}" for name in unseen))

    def prepared(self, rows: list[Comment]) -> list[Comment]:
        """Say of each comment what became of the others of who wrote it."""
        known = persons.of(rows)
        for comment in rows:
            comment.person = known.get(comment.pk)  # type: ignore[attr-defined]
        return rows

    @admin.display(description=mark_safe('<input type="checkbox" id="action-toggle">'))
    def action_checkbox(self, comment: Comment) -> SafeString:
        """Return the box of a row, as Django draws it, without a template for each."""
        label = format_html(gettext("Select this object for an action - {}"), str(comment))
        box = '<input type="checkbox" name="{}" value="{}" class="action-select" aria-label="{}">'
        return format_html(box, ACTION_CHECKBOX_NAME, comment.pk, label)

    def get_list_display(self, request: HttpRequest) -> Any:
        """Show the e-mail to those who may see it, and the buttons to those who decide."""
        sender = "sender_with_email" if self._sees_personal_data(request) else "sender"
        return [sender, "whole_text", self._state_for(request)]

    def _state_for(self, request: HttpRequest) -> str:
        """Name the column of states with the buttons of those decisions that are one's own to take."""
        if not self.has_decide_permission(request):
            return "state"
        return "state_with_every_verb" if request.user.has_perm(rights.DIRECT) else "state_with_verbs"

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        """Search e-mails only for those who may see them."""
        return ["author_name", "body", *(["author_email"] if self._sees_personal_data(request) else [])]

    @admin.display(description=_("lecteur"), ordering="submitted_at")
    def sender(self, comment: Comment) -> SafeString:
        """Show who wrote and how long ago, and carry the version that one judges."""
        return self._sender(comment, email="")

    @admin.display(description=_("lecteur"), ordering="submitted_at")
    def sender_with_email(self, comment: Comment) -> SafeString:
        """Show the e-mail too."""
        return self._sender(comment, email=comment.author_email)

    def _sender(self, comment: Comment, *, email: str) -> SafeString:
        context = {"comment": comment, "email": email, "person": getattr(comment, "person", None)}
        return _fragment("_sender.html", context)

    @admin.display(description=_("texte"))
    def whole_text(self, comment: Comment) -> SafeString:
        """Show the whole text as readers would see it, under which article and in answer to whom."""
        return _fragment("_text.html", {"comment": comment, "links": links.targets(comment.body_html)})

    @admin.display(description=_("état"))
    def state(self, comment: Comment) -> SafeString:
        """Show the status and what the screening found, in words."""
        return self._state(comment, [])

    @admin.display(description=_("état"))
    def state_with_verbs(self, comment: Comment) -> SafeString:
        """Show the same, and a button for each decision that can begin from here."""
        last: list[Decision] = getattr(comment, "last_decisions", [])
        is_passed_on = comment.escalated_at or standing.is_passed_on(last)
        return self.state(comment) if is_passed_on else self.state_with_every_verb(comment)

    @admin.display(description=_("état"))
    def state_with_every_verb(self, comment: Comment) -> SafeString:
        """Show the buttons also of what was passed on to the publication director."""
        verbs = buttons_of(comment)
        masks = Decision.Action.REDACT in moderation.open_to(comment)
        return self._state(comment, verbs, masks=masks)

    def _state(self, comment: Comment, verbs: list[tuple[Decision.Action, Any]], *, masks: bool = False) -> SafeString:
        # A row says already whether its person has other comments.
        is_row = hasattr(comment, "person")
        context = {
            "comment": comment,
            "findings": screening.in_words(comment.findings.all(), with_information=not is_row),
            "is_marked": comment.is_newsroom or comment.redacted_at or comment.selected_rank,
            "buttons": format_html_join(" ", _BUTTON, (_button(comment, verb, label) for verb, label in verbs)),
            "masks": masks,
            "past": past.last_of(comment),
        }
        return _fragment("_state.html", context)

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

    @admin.display(description=_("décisions"))
    def history(self, comment: Comment) -> SafeString:
        """Tell every decision: who, when, what, why, and the text judged."""
        return _fragment("_history.html", {"comment": comment, "entries": past.of(comment), "may_export": False})

    @admin.display(description=_("décisions"))
    def history_to_export(self, comment: Comment) -> SafeString:
        """Tell the same, and lead to the export of all that its author wrote, as long as that is known."""
        context = {"comment": comment, "entries": past.of(comment), "may_export": bool(comment.author_email)}
        return _fragment("_history.html", context)


def _button(comment: Comment, verb: Decision.Action, label: Any) -> dict[str, Any]:
    """Return what makes a button of a decision on a comment, as it is seen."""
    return {"verb": verb.value, "pk": comment.pk, "version": comment.version, "title": verb.label, "label": label}


def _is_of_one(request: HttpRequest) -> bool:
    """Return whether the request is for the page of one comment, which tells the whole history."""
    return request.resolver_match is not None and "object_id" in request.resolver_match.kwargs


def _fragment(template: str, context: dict[str, Any]) -> SafeString:
    """Render a part of the desk; templates escape what readers typed."""
    return mark_safe(render_to_string(f"admin/comments/comment/{template}", context))  # noqa: S308
