"""How decisions come in from the list: on one comment, on some, on all that match; by a page, or by the desk's script.

Every one of them ends in `moderation.decide_all()`. The script asks for JSON and is told of each comment what became of it;
without it the same forms are answered by pages.
"""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME, ActionForm
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from comments import counters, moderation, standing
from comments.desk.changelist import MOST_COUNTED, PagedByKey, figure
from comments.desk.selects import Select
from comments.models import EXPLANATION_LENGTH, Comment, Decision
from multitude import deskpages
from multitude.deskrequests import possible_keys
from multitude.numerals import number_in, version_in

SHOWN_REFUSALS = 10
# One decides at once about no more than the list counts, so that «all» is always said of a number that one has read;
# and two posted fields for each comment stay below DATA_UPLOAD_MAX_NUMBER_FIELDS.
MOST_AT_ONCE = MOST_COUNTED
# The button of a row: the action, the comment, and the version that the row shows.
ONE = "one"
# What stands for Django's «select all» where no script runs.
EVERYTHING = "everything"
# Where one finds again what one has just decided.
LATELY = {"status": "all", "decided": "moi-1h"}
# What a button in a row says, where the action's own name is long.
SHORT = {
    Decision.Action.MARK_AS_SPAM: _("Indésirable"),
    Decision.Action.REMOVE: _("Retirer"),
    Decision.Action.ESCALATE: _("Transmettre"),
}
_ONE = re.compile(r"(?P<action>[a-z_]{1,20})\.(?P<pk>[0-9]{1,18})\.(?P<version>[0-9]{1,9})")


class ModerationForm(ActionForm):
    """The action with its reason, and an explanation where one is needed."""

    action = forms.ChoiceField(label=_("Action :"), widget=Select)
    reason = forms.CharField(
        label=_("Motif :"),
        required=False,
        widget=Select(choices=[("", _("— sans objet —")), *Decision.Reason.choices]),
    )
    explanation = forms.CharField(
        label=_("Explication :"),
        required=False,
        widget=forms.TextInput(attrs={"maxlength": EXPLANATION_LENGTH, "size": 24}),
    )


def action_of(action: Decision.Action) -> Callable[..., HttpResponse | None]:
    """Make the admin action of one verb of moderation."""

    @admin.action(description=action.label, permissions=["decide"])
    def decide(model_admin: "Desk", request: HttpRequest, queryset: QuerySet[Comment]) -> HttpResponse | None:
        return model_admin.decide(request, queryset, action)

    decide.__name__ = action.value
    return decide


def buttons_of(verbs: Iterable[Decision.Action]) -> list[tuple[Decision.Action, Any]]:
    """Return those decisions that a button can begin, each with what it says."""
    return [(verb, SHORT.get(verb, verb.label)) for verb in verbs if verb != Decision.Action.REDACT]


class Desk(PagedByKey):
    """A list from which one decides."""

    action_form = ModerationForm
    # The pen needs a page of its own.
    actions = [action_of(action) for action in Decision.Action if action != Decision.Action.REDACT]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Take the button of a row for the action that it names, on its comment alone."""
        if one := _ONE.fullmatch(request.POST.get(ONE, "")):
            request.POST = _as_action(request.POST, one)  # type: ignore[assignment]
        elif EVERYTHING in request.POST:
            posted = request.POST.copy()
            posted["select_across"] = "1"
            # Django asks for one that is ticked, whichever it is.
            posted.setdefault(ACTION_CHECKBOX_NAME, "0")
            request.POST = posted  # type: ignore[assignment]
        return super().changelist_view(request, extra_context)

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Comment], *args: Any, **kwargs: Any
    ) -> HttpResponse | None:
        """Let an action reach any comment that is named, whatever the list's filter shows."""
        everything = forms.BooleanField(required=False).to_python(request.POST.get("select_across", "0"))
        queryset = _as_shown(request, queryset) if everything else self.get_queryset(request)
        return super().response_action(request, queryset, *args, **kwargs)

    def decide(self, request: HttpRequest, queryset: QuerySet[Comment], action: Decision.Action) -> HttpResponse | None:
        """Decide on each comment; ask for a reason first when it is missing."""
        wants_json = request.get_preferred_type(["text/html", "application/json"]) == "application/json"
        reason, explanation = request.POST.get("reason", ""), request.POST.get("explanation", "")
        try:
            moderation.check_reason(action, reason, explanation)
        except moderation.ReasonMissing as error:
            if wants_json:
                return JsonResponse({"error": str(error)}, status=422)
            return self._ask_for_reason(request, queryset, action, str(error))
        chosen = list(queryset.values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
        outcome = moderation.decide_all(
            {comment_id: _seen_version(request, comment_id) for comment_id in chosen[:MOST_AT_ONCE]},
            action=action,
            moderator=cast(User, request.user),
            reason=reason,
            explanation=explanation,
        )
        if wants_json:
            return JsonResponse(_told(outcome))
        self._report(request, action, outcome)
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
            **deskpages.context(self, request, action.label),
            "action": action,
            "error": error,
            "comments": queryset[:SHOWN_REFUSALS],
            "count": len(seen),
            "beyond": _beyond() if len(chosen) > MOST_AT_ONCE else "",
            "seen": seen,
            "reasons": Decision.Reason.choices if action in standing.NEEDS_REASON else [],
            "reason": request.POST.get("reason", ""),
            "explanation": request.POST.get("explanation", ""),
            "explanation_length": EXPLANATION_LENGTH,
        }
        return TemplateResponse(request, "admin/comments/comment/reason.html", context)

    def _report(self, request: HttpRequest, action: Decision.Action, outcome: moderation.Outcome) -> None:
        if decided := len(outcome.taken):
            sentence = ngettext(
                "« %(action)s » : %(count)s commentaire.", "« %(action)s » : %(count)s commentaires.", decided
            )
            said = sentence % {"action": action.label, "count": decided}
            link = reverse("admin:comments_comment_changelist", query=LATELY)
            look = format_html('{} <a href="{}">{}</a>', said, link, _look_again(action, decided))
            self.message_user(request, look, messages.SUCCESS)
        for refusal in list(outcome.refused.values())[:SHOWN_REFUSALS]:
            self.message_user(request, str(refusal), messages.WARNING)
        if more := max(0, len(outcome.refused) - SHOWN_REFUSALS):
            sentence = ngettext("Et %(count)s autre, sans changement.", "Et %(count)s autres, sans changement.", more)
            self.message_user(request, sentence % {"count": more}, messages.WARNING)


def _told(outcome: moderation.Outcome) -> dict[str, Any]:
    """Return what the script is told: the version in which each decided comment now is, each refusal's sentence, the lanes' numbers."""
    return {
        "taken": {decision.comment_id: decision.version + 1 for decision in outcome.taken},
        "refused": {pk: str(refusal) for pk, refusal in outcome.refused.items()},
        "lanes": counters.numbers(),
    }


def _look_again(action: Decision.Action, number: int) -> str:
    """Say what one can do with what one has just decided: what was undone cannot be undone."""
    if action == Decision.Action.UNDO:
        return ngettext("Le revoir", "Les revoir", number)
    return ngettext("Le revoir, ou annuler", "Les revoir, ou annuler", number)


def _beyond() -> str:
    """Say what becomes of comments that were chosen beyond what one decides at once."""
    most = {"count": figure(MOST_AT_ONCE)}
    return _("Une action porte sur %(count)s commentaires au plus : les suivants ne changent pas.") % most


def _as_action(data: QueryDict, one: re.Match[str]) -> QueryDict:
    """Return what the list would post for one comment alone: its selection stays the page's affair."""
    posted = data.copy()
    posted.setlist(ACTION_CHECKBOX_NAME, [one["pk"]])
    posted["action"], posted[f"seen_{one['pk']}"] = one["action"], one["version"]
    posted["index"] = posted["select_across"] = "0"
    # What the bar of actions holds was meant for the selection.
    posted["reason"] = posted["explanation"] = ""
    return posted


def _as_shown(request: HttpRequest, queryset: QuerySet[Comment]) -> QuerySet[Comment]:
    """Leave out what came after the page was made, unless it is ticked: nobody meant it by «all»."""
    microseconds = number_in(request.POST.get("asked_at", ""), longest=17)
    if microseconds is None:
        return queryset
    was_there = Q(submitted_at__lte=datetime.fromtimestamp(microseconds / 1_000_000, UTC))
    return queryset.filter(was_there | Q(pk__in=possible_keys(request.POST)))


def _seen_version(request: HttpRequest, comment_id: int) -> int | None:
    """Return the version that the list showed; something unreadable is no version at all, and stale."""
    return version_in(request.POST.get(f"seen_{comment_id}"))
