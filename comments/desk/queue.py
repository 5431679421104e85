"""The queue, and the page of each comment."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from comments import moderation, screening, threads
from comments.desk import persons
from comments.desk.deciding import Desk
from comments.models import Comment, Decision

PERSONAL_DATA = "comments.view_personal_data"
# What a button in a row says, where the action's own name is long.
SHORT = {
    Decision.Action.MARK_AS_SPAM: _("Indésirable"),
    Decision.Action.REMOVE: _("Retirer"),
    Decision.Action.ESCALATE: _("Transmettre"),
}


class StatusFilter(admin.SimpleListFilter):
    """Shows what waits, until one asks for something else."""

    title = _("état")
    parameter_name = "status"
    EVERYTHING = "all"
    ESCALATED = "escalated"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        """Offer what waits for moderators, what waits for the director, each other status, and all together."""
        waiting, *others = Comment.Status.choices
        return [waiting, (self.ESCALATED, _("transmis à la direction")), *others, (self.EVERYTHING, _("tous"))]

    def value(self) -> str:
        """Return the status asked for, PENDING when none is."""
        return super().value() or Comment.Status.PENDING

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Leave out Django's «All», which is one of ours."""
        for value, title in self.lookup_choices:
            yield {
                "selected": self.value() == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": title,
            }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Comment]) -> QuerySet[Comment]:
        """Keep the status asked for; an unknown one keeps nothing."""
        match self.value():
            case self.EVERYTHING:
                return queryset
            case self.ESCALATED:
                return queryset.filter(status=Comment.Status.PENDING, escalated_at__isnull=False)
            case Comment.Status.PENDING:
                return queryset.filter(status=Comment.Status.PENDING, escalated_at__isnull=True)
            case status:
                return queryset.filter(status=status)


class CommentAdmin(Desk):
    """Read comments, and decide; nothing here changes or deletes one otherwise."""

    list_display_links = None
    list_filter = (StatusFilter,)
    list_select_related = ("article", "parent")
    list_per_page = 25
    ordering = ("submitted_at", "pk")

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
        return request.user.has_perm("comments.decide_comment")

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Let nobody learn by filtering what they may not see."""
        field = lookup.split("__")[0]
        personal = field in {"author_email", "client_network"} and not self._sees_personal_data(request)
        secret = field in {"follow_up_key", "submission_digest"}
        return not personal and not secret and super().lookup_allowed(lookup, value, request)

    def _sees_personal_data(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERSONAL_DATA)

    def view_on_site(self, obj: Comment) -> str | None:
        """Link to a public comment under its article; any other is on no page."""
        is_public = obj.is_approved and obj.article.is_published()
        return threads.permalink(obj, threads.pages([obj])[obj.pk]) if is_public else None

    # The list --------------------------------------------------------------------------------

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Name the list for what it shows."""
        waiting = request.GET.get(StatusFilter.parameter_name, Comment.Status.PENDING) == Comment.Status.PENDING
        title = _("Commentaires à décider") if waiting else _("Commentaires")
        return super().changelist_view(request, {"title": title} | (extra_context or {}))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        """Bring the findings along, and leave the long texts that nothing here shows in the database."""
        unseen = ("body", "body_html", "footnote", "footnote_html", "card_html", "signature_html")
        comments = super().get_queryset(request).prefetch_related("findings")
        return comments.defer("public_html", "parent__public_html", *(f"article__{name}" for name in unseen))

    def prepared(self, rows: list[Comment]) -> list[Comment]:
        """Say of each comment what became of the others of who wrote it."""
        known = persons.of(rows)
        for comment in rows:
            comment.person = known.get(comment.pk)  # type: ignore[attr-defined]
        return rows

    def get_list_display(self, request: HttpRequest) -> Any:
        """Show the e-mail to those who may see it, and the buttons to those who decide."""
        sender = "sender_with_email" if self._sees_personal_data(request) else "sender"
        return [sender, "whole_text", "state_with_verbs" if self.has_decide_permission(request) else "state"]

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
        return _fragment("_text.html", {"comment": comment})

    @admin.display(description=_("état"))
    def state(self, comment: Comment) -> SafeString:
        """Show the status and what the screening found, in words."""
        return self._state(comment, [])

    @admin.display(description=_("état"))
    def state_with_verbs(self, comment: Comment) -> SafeString:
        """Show the same, and a button for each decision that can begin from here."""
        return self._state(comment, [(verb, SHORT.get(verb, verb.label)) for verb in moderation.open_to(comment)])

    def _state(self, comment: Comment, verbs: list[tuple[Decision.Action, Any]]) -> SafeString:
        # A row says already whether its person has other comments.
        is_row = hasattr(comment, "person")
        findings = screening.in_words(comment.findings.all(), with_information=not is_row)
        return _fragment("_state.html", {"comment": comment, "findings": findings, "verbs": verbs})

    # One comment -----------------------------------------------------------------------------

    def get_fields(self, request: HttpRequest, obj: Comment | None = None) -> Any:
        """Show the personal fields, and the decisions, to those who may see them."""
        personal = ["author_email", "client_network"] if self._sees_personal_data(request) else []
        history = ["history"] if request.user.has_perm("comments.view_decision") else []
        return ["author_name", *personal, "whole_text", "submitted_at", "state", *history]

    def get_readonly_fields(self, request: HttpRequest, obj: Comment | None = None) -> list[str]:
        """Everything is to be read."""
        return self.get_fields(request, obj)

    @admin.display(description=_("décisions"))
    def history(self, comment: Comment) -> SafeString:
        """Tell every decision: who, when, what, why, and the text judged."""
        decisions = comment.decisions.select_related("moderator", "evidence")
        return _fragment("_history.html", {"decisions": decisions})


def _fragment(template: str, context: dict[str, Any]) -> SafeString:
    """Render a part of the desk; templates escape what readers typed."""
    return mark_safe(render_to_string(f"admin/comments/comment/{template}", context))  # noqa: S308
