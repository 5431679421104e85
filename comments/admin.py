"""The moderators' desk: the queue, and the history of each comment."""

import re
from collections.abc import Callable, Iterator
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME, ActionForm
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from comments import moderation, screening, threads
from comments.changelist import MOST_COUNTED, PagedByKey
from comments.models import EXPLANATION_LENGTH, Comment, Decision

PERSONAL_DATA = "comments.view_personal_data"
SHOWN_REFUSALS = 10
# One decides at once about no more than the list counts, so that «all» is always said of a number that one has read;
# and two posted fields for each comment stay below DATA_UPLOAD_MAX_NUMBER_FIELDS.
MOST_AT_ONCE = MOST_COUNTED


class ModerationForm(ActionForm):
    """The action with its reason, and an explanation where the reason is `other`."""

    reason = forms.CharField(
        label=_("Motif :"),
        required=False,
        widget=forms.Select(choices=[("", _("— sans objet —")), *Decision.Reason.choices]),
    )
    explanation = forms.CharField(
        label=_("Explication :"),
        required=False,
        widget=forms.TextInput(attrs={"maxlength": EXPLANATION_LENGTH, "size": 24}),
    )


class StatusFilter(admin.SimpleListFilter):
    """Shows what waits, until one asks for something else."""

    title = _("état")
    parameter_name = "status"
    EVERYTHING = "all"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        """Offer each status, and all together."""
        return [*Comment.Status.choices, (self.EVERYTHING, _("tous"))]

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
        return queryset if self.value() == self.EVERYTHING else queryset.filter(status=self.value())


def _action(action: Decision.Action) -> Callable[..., HttpResponse | None]:
    """Make the admin action of one verb of moderation."""

    @admin.action(description=action.label, permissions=["decide"])
    def decide(model_admin: "CommentAdmin", request: HttpRequest, queryset: QuerySet[Comment]) -> HttpResponse | None:
        return model_admin.decide(request, queryset, action)

    decide.__name__ = action.value
    return decide


@admin.register(Comment)
class CommentAdmin(PagedByKey):
    """Read comments, and decide; nothing here changes or deletes one otherwise."""

    action_form = ModerationForm
    actions = [_action(action) for action in Decision.Action]
    list_display_links = None
    list_filter = (StatusFilter,)
    list_select_related = ("article", "parent")
    list_per_page = 50
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

    def get_list_display(self, request: HttpRequest) -> Any:
        """Show the e-mail to those who may see it."""
        return ["sender_with_email" if self._sees_personal_data(request) else "sender", "whole_text", "state"]

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        """Search e-mails only for those who may see them."""
        return ["author_name", "body", *(["author_email"] if self._sees_personal_data(request) else [])]

    @admin.display(description=_("lecteur"), ordering="submitted_at")
    def sender(self, comment: Comment) -> SafeString:
        """Show who wrote and how long ago, and carry the version that one judges."""
        return _fragment("_sender.html", {"comment": comment, "email": ""})

    @admin.display(description=_("lecteur"), ordering="submitted_at")
    def sender_with_email(self, comment: Comment) -> SafeString:
        """Show the e-mail too."""
        return _fragment("_sender.html", {"comment": comment, "email": comment.author_email})

    @admin.display(description=_("texte"))
    def whole_text(self, comment: Comment) -> SafeString:
        """Show the whole text as readers would see it, under which article and in answer to whom."""
        return _fragment("_text.html", {"comment": comment})

    @admin.display(description=_("état"))
    def state(self, comment: Comment) -> SafeString:
        """Show the status and what the screening found, in words."""
        findings = [screening.LABELS.get(finding.rule, finding.rule) for finding in comment.findings.all()]
        return _fragment("_state.html", {"comment": comment, "findings": findings})

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

    # Decisions -------------------------------------------------------------------------------

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Comment], *args: Any, **kwargs: Any
    ) -> HttpResponse | None:
        """Let an action reach any comment that is named, whatever the list's filter shows."""
        everything = forms.BooleanField(required=False).to_python(request.POST.get("select_across", "0"))
        if not everything:
            queryset = self.get_queryset(request)
        request.POST = _with_possible_keys(request.POST)  # type: ignore[assignment]
        return super().response_action(request, queryset, *args, **kwargs)

    def decide(self, request: HttpRequest, queryset: QuerySet[Comment], action: Decision.Action) -> HttpResponse | None:
        """Decide on each comment; ask for a reason first when it is missing."""
        reason, explanation = request.POST.get("reason", ""), request.POST.get("explanation", "")
        try:
            moderation.check_reason(action, reason, explanation)
        except moderation.ReasonMissing as error:
            return self._ask_for_reason(request, queryset, action, str(error))
        decided, refused = 0, []
        chosen = list(queryset.values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
        for comment_id in chosen[:MOST_AT_ONCE]:
            try:
                moderation.decide(
                    comment_id=comment_id,
                    action=action,
                    moderator=cast(User, request.user),
                    reason=reason,
                    explanation=explanation,
                    seen_version=_seen_version(request, comment_id),
                )
                decided += 1
            except moderation.DecisionRefused as error:
                refused.append(str(error))
        self._report(request, action, decided, refused)
        if len(chosen) > MOST_AT_ONCE:
            self.message_user(request, _beyond(), messages.WARNING)
        return None

    def _ask_for_reason(
        self, request: HttpRequest, queryset: QuerySet[Comment], action: Decision.Action, error: str
    ) -> TemplateResponse:
        """Show the same choice again with its reason to fill in, so that no selection is lost.

        What was chosen is named one by one, so that nothing that comes meanwhile is decided unread.
        """
        chosen = list(queryset.values_list("pk", "version")[: MOST_AT_ONCE + 1])
        seen = {pk: request.POST.get(f"seen_{pk}", version) for pk, version in chosen[:MOST_AT_ONCE]}
        context = {
            **self.admin_site.each_context(request),
            "title": action.label,
            "opts": self.opts,
            "media": self.media,
            "action": action,
            "error": error,
            "comments": queryset[:SHOWN_REFUSALS],
            "count": len(seen),
            "beyond": _beyond() if len(chosen) > MOST_AT_ONCE else "",
            "seen": seen,
            "reasons": Decision.Reason.choices,
            "reason": request.POST.get("reason", ""),
            "explanation": request.POST.get("explanation", ""),
            "explanation_length": EXPLANATION_LENGTH,
        }
        return TemplateResponse(request, "admin/comments/comment/reason.html", context)

    def _report(self, request: HttpRequest, action: Decision.Action, decided: int, refused: list[str]) -> None:
        if decided:
            sentence = ngettext(
                "« %(action)s » : %(count)s commentaire.", "« %(action)s » : %(count)s commentaires.", decided
            )
            self.message_user(request, sentence % {"action": action.label, "count": decided}, messages.SUCCESS)
        for sentence in refused[:SHOWN_REFUSALS]:
            self.message_user(request, sentence, messages.WARNING)
        if more := max(0, len(refused) - SHOWN_REFUSALS):
            sentence = ngettext("Et %(count)s autre, sans changement.", "Et %(count)s autres, sans changement.", more)
            self.message_user(request, sentence % {"count": more}, messages.WARNING)


@admin.register(Decision)
class DecisionAdmin(PagedByKey):
    """The journal of decisions, to be read."""

    list_display = ("decided_at", "comment_link", "action", "reason", "moderator")
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

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Name the journal."""
        return super().changelist_view(request, {"title": _("Journal des décisions")} | (extra_context or {}))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Decisions are taken in the queue."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Decision | None = None) -> bool:
        """A decision is never changed."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Decision | None = None) -> bool:
        """A decision is never deleted."""
        return False


def _fragment(template: str, context: dict[str, Any]) -> SafeString:
    """Render a part of the desk; templates escape what readers typed."""
    return mark_safe(render_to_string(f"admin/comments/comment/{template}", context))  # noqa: S308


def _beyond() -> str:
    """Say what becomes of comments that were chosen beyond what one decides at once."""
    most = number_format(MOST_AT_ONCE, force_grouping=True)
    return _("Une action porte sur %(count)s commentaires au plus : les suivants ne changent pas.") % {"count": most}


def _with_possible_keys(data: QueryDict) -> QueryDict:
    """Return the posted data without chosen keys that no comment can have."""
    data = data.copy()
    chosen = data.getlist(ACTION_CHECKBOX_NAME)
    data.setlist(ACTION_CHECKBOX_NAME, [key for key in chosen if re.fullmatch(r"[0-9]{1,18}", key)])
    return data


def _seen_version(request: HttpRequest, comment_id: int) -> int | None:
    """Return the version that the list showed; something unreadable is no version at all, and stale."""
    value = request.POST.get(f"seen_{comment_id}")
    if value is None:
        return None
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 9 else -1
