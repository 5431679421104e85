"""The outbox in Django admin: what is to leave and what could not, to be tried again or given up.

An e-mail address is personal: one right opens the list, and superusers alone have it until it is given. What a mail says is shown
to nobody: it may hold a link that opens somebody's account.
"""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from multitude import clock, deskpages
from multitude.deskrequests import Forbearing
from multitude.labels import day_label, hour_label
from multitude.mail import delivery, outbox
from multitude.models import OutgoingMail

HANDLE = "multitude.handle_outgoingmail"
UNSENT = [OutgoingMail.Status.WAITING, OutgoingMail.Status.SENDING, OutgoingMail.Status.PARKED]
MOST_AT_ONCE = 1_000
CONFIRMED = "confirmed"


class StatusFilter(admin.SimpleListFilter):
    """What has not left is shown first; the rest is kept for some days."""

    title = _("état")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer each state, and all of them."""
        return [*OutgoingMail.Status.choices, ("all", _("tous"))]

    def choices(self, changelist: Any) -> Any:
        """Name the usual list for what it is."""
        [usual, *others] = super().choices(changelist)
        yield {**usual, "display": _("pas encore partis")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[OutgoingMail]) -> QuerySet[OutgoingMail]:
        """Keep the state that is asked for, or what has not left."""
        asked = self.value()
        if asked == "all":
            return queryset
        return queryset.filter(status=asked) if asked else queryset.filter(status__in=UNSENT)


@admin.register(OutgoingMail)
class OutgoingMailAdmin(deskpages.Barred, deskpages.Titled, Forbearing):
    """Read where each mail stands and why, and act on those that have not left."""

    # Acts write mails, and time forgets them.
    nobody_may = frozenset({"add", "change", "delete"})

    list_display = ("number", "state", "told", "written_at", "tries")
    list_display_links = ("number",)
    list_filter = (StatusFilter,)
    list_per_page = 100
    ordering = ("-written_at", "-pk")
    sortable_by = ("written_at",)
    search_fields = ("recipient", "subject")
    show_facets = admin.ShowFacets.NEVER
    actions = ("retry", "give_up")
    fields = (
        "state",
        "recipient",
        "sender",
        "subject",
        "written_at",
        "attempts",
        "next_attempt",
        "settled_at",
        "why",
        "message_id",
    )
    readonly_fields = fields
    list_title = _("Mails")
    changing_title = _("Un mail")
    adding_title = _("Un mail")

    class Media:
        css = {"all": ["css/admin.css"]}

    # What is shown --------------------------------------------------------------------------

    @admin.display(description=_("mail"))
    def number(self, mail: OutgoingMail) -> str:
        """Name it as the log does."""
        return gettext("n°\u00a0%(number)d") % {"number": mail.pk}

    @admin.display(description=_("état"))
    def state(self, mail: OutgoingMail) -> SafeString:
        """Say where it stands in a word."""
        return format_html('<span class="state state-mail-{}">{}</span>', mail.status, mail.get_status_display())

    @admin.display(description=_("à qui, de quoi"))
    def told(self, mail: OutgoingMail) -> SafeString:
        """Say to whom it goes, of what it is, and why it has not left."""
        return format_html(
            '<div class="row-mail"><strong>{}</strong><bdi class="mail-subject">{}</bdi>{}</div>',
            mail.recipient,
            mail.subject,
            _reasons(mail),
        )

    @admin.display(description=_("essais"))
    def tries(self, mail: OutgoingMail) -> str:
        """Say how often it was tried, and when it is again."""
        number = ngettext("%(count)d essai", "%(count)d essais", mail.attempts) % {"count": mail.attempts}
        if mail.status != OutgoingMail.Status.WAITING or not delivery.has_server():
            return number
        return gettext("%(number)s, le prochain %(at)s") % {"number": number, "at": self.next_attempt(mail)}

    @admin.display(description=_("prochain essai"))
    def next_attempt(self, mail: OutgoingMail) -> str:
        """Say when it is tried again, if it is."""
        if mail.status != OutgoingMail.Status.WAITING or not delivery.has_server():
            return "—"
        at = timezone.localtime(mail.due_at)
        words = {"day": day_label(at), "hour": hour_label(at)}
        if at.date() == timezone.localdate(clock.now()):
            return gettext("à %(hour)s") % words
        return gettext("le %(day)s à %(hour)s") % words

    @admin.display(description=_("raison"))
    def why(self, mail: OutgoingMail) -> str:
        """Say why it has not left, where there is something to say."""
        return _reasons(mail) or "—"

    def get_queryset(self, request: HttpRequest) -> QuerySet[OutgoingMail]:
        """Leave what mails say in the database."""
        return super().get_queryset(request).defer("source")

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Narrow the list by its filter alone: by anything else one would learn letter by letter what mails say."""
        return lookup == StatusFilter.parameter_name

    # What is done ---------------------------------------------------------------------------

    @admin.action(description=_("Réessayer maintenant"))
    def retry(self, request: HttpRequest, queryset: QuerySet[OutgoingMail]) -> None:
        """Have them leave now, counting their attempts anew."""
        number = self._act(request, queryset, outbox.retry, _("Relancé."))
        said = ngettext("%(count)s mail va repartir.", "%(count)s mails vont repartir.", number)
        self._tell(request, number, said)

    @admin.action(description=_("Abandonner"))
    def give_up(self, request: HttpRequest, queryset: QuerySet[OutgoingMail]) -> HttpResponse | None:
        """Send them no more, once it is confirmed: what they said is lost by it."""
        if CONFIRMED not in request.POST and (chosen := _chosen(queryset)):
            context = deskpages.context(self, request, _("Abandonner")) | {"mails": chosen, "confirmed": CONFIRMED}
            return TemplateResponse(request, "admin/multitude/outgoingmail/give_up.html", context)
        number = self._act(request, queryset, outbox.give_up, _("Abandonné."))
        said = ngettext("%(count)s mail est abandonné.", "%(count)s mails sont abandonnés.", number)
        self._tell(request, number, said)
        return None

    def _act(
        self,
        request: HttpRequest,
        queryset: QuerySet[OutgoingMail],
        act: Callable[[QuerySet[OutgoingMail]], int],
        noted: Any,
    ) -> int:
        """Act on the chosen mails that wait or are parked, and keep in admin's log who did, which names nobody else."""
        chosen = _chosen(queryset)
        number = act(OutgoingMail.objects.filter(pk__in=[mail.pk for mail in chosen]))
        if number:
            LogEntry.objects.log_actions(cast(Any, request.user.pk), chosen, CHANGE, change_message=str(noted))
        return number

    def _tell(self, request: HttpRequest, number: int, said: str) -> None:
        if number:
            self.message_user(request, said % {"count": number}, messages.SUCCESS)
        else:
            said = gettext("Aucun de ces mails n’attend : ils sont partis, en cours d’envoi ou abandonnés.")
            self.message_user(request, said, messages.WARNING)

    # Who may --------------------------------------------------------------------------------

    def has_view_permission(self, request: HttpRequest, obj: OutgoingMail | None = None) -> bool:
        """Whoever may handle mails may see them."""
        return request.user.has_perm(HANDLE)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """The same for the start page."""
        return request.user.has_perm(HANDLE)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Offer nothing to save."""
        context = {"show_save": False, "show_save_and_continue": False, "subtitle": None}
        return super().changeform_view(request, object_id, form_url, context | (extra_context or {}))


def _chosen(queryset: QuerySet[OutgoingMail]) -> list[OutgoingMail]:
    """Return those of some mails that wait or are parked, as many as are acted on at once."""
    still = queryset.filter(status__in=[OutgoingMail.Status.WAITING, OutgoingMail.Status.PARKED])
    return list(still.order_by("pk").only("recipient", "subject")[:MOST_AT_ONCE])


def _absence(mail: OutgoingMail) -> str:
    is_kept = mail.status == OutgoingMail.Status.WAITING and not delivery.has_server()
    return gettext("EMAIL_URL ne nomme aucun serveur d’envoi : il attend.") if is_kept else ""


def _reasons(mail: OutgoingMail) -> SafeString:
    """Say why a mail has not left, in the server's own words where it had some, and whether it may have arrived."""
    doubt = gettext("Le serveur l’a peut-être déjà pris : il peut arriver deux fois.") if mail.is_doubtful else ""
    said = [sentence for sentence in (_absence(mail) or mail.reason, doubt) if sentence]
    return format_html_join("", '<bdi class="mail-reason">{}</bdi>', ([sentence] for sentence in said))
