"""The watched terms, in Django admin: listed with how often each matched, added one or many at a time.

E-mails and networks are personal data: whoever may not see those of comments neither lists, finds, adds nor opens theirs.
"""

import copy
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from comments import blocklist, rights, terms
from comments.models import BlockedTerm
from multitude.deskfaults import Telling
from multitude.deskpages import Titled
from multitude.deskrequests import Forbearing

PERSONAL = frozenset({BlockedTerm.Kind.EMAIL, BlockedTerm.Kind.NETWORK})
MOST_AT_ONCE = 1_000
SHOWN_ERRORS = 10


class AddingForm(forms.ModelForm):
    """Terms of one kind, one on each line."""

    values = forms.CharField(
        label=_("Valeurs"),
        widget=forms.Textarea(attrs={"rows": 6, "class": "vLargeTextField"}),
        error_messages={"required": _("Écrivez au moins un terme.")},
        help_text=_(
            "Une par ligne. Un mot est trouvé sous toutes ses formes et sans ses accents (arnaque : arnaques, ARNAQUÉE) ; "
            "entre guillemets, sous cette forme seule. Un domaine l’est avec ses sous-domaines, un email quelle que soit "
            "l’étiquette après le +, un réseau par son adresse ou son préfixe (203.0.113.0/24)."
        ),
    )

    class Meta:
        model = BlockedTerm
        fields = ("kind", "note")

    def clean(self) -> dict[str, Any]:
        """Read each line; a term that is watched already is left as it is, unless nothing else is asked for."""
        data = super().clean() or self.cleaned_data
        if "kind" in data and "values" in data:
            self.terms = self._read(data["kind"], [line for line in data["values"].splitlines() if line.strip()])
        return data

    def _read(self, kind: str, lines: list[str]) -> list[terms.Normal]:
        if len(lines) > MOST_AT_ONCE:
            self.add_error("values", _("Ajoutez mille termes au plus à la fois."))
            return []
        read: dict[str, terms.Normal] = {}
        errors: list[Any] = []
        for line in lines:
            try:
                term = terms.normal(kind, line)
                read[term.key] = term
            except ValidationError as error:
                errors += (
                    error.messages if len(lines) == 1 else [f"«\u202f{line[:60]}\u202f»\u00a0: {error.messages[0]}"]
                )
        for sentence in errors[:SHOWN_ERRORS]:
            self.add_error("values", sentence)
        if more := max(0, len(errors) - SHOWN_ERRORS):
            sentence = ngettext("Et %(count)s autre ligne.", "Et %(count)s autres lignes.", more)
            self.add_error("values", sentence % {"count": more})
        self.known = set(BlockedTerm.objects.filter(kind=kind, key__in=read).values_list("key", flat=True))
        new = [term for key, term in read.items() if key not in self.known]
        if not errors and not new:
            self.add_error(
                "values",
                ngettext("Ce terme est déjà surveillé.", "Ces termes sont déjà surveillés.", len(self.known)),
            )
        return new


class ChangingForm(forms.ModelForm):
    """One term, of the kind that it has, and its note."""

    class Meta:
        model = BlockedTerm
        fields = ("value", "note")

    def clean_value(self) -> str:
        """Read the term; it stands in the list once."""
        value, key = terms.normal(self.instance.kind, self.cleaned_data["value"])
        if BlockedTerm.objects.filter(kind=self.instance.kind, key=key).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Ce terme est déjà surveillé."))
        return value


class KindFilter(admin.SimpleListFilter):
    """The kinds that one may see."""

    title = _("genre")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer no kind whose terms one does not see."""
        return [(kind.value, kind.label) for kind in seen_by(request)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[BlockedTerm]) -> QuerySet[BlockedTerm]:
        """Keep the kind asked for."""
        return queryset.filter(kind=self.value()) if self.value() else queryset


def seen_by(request: HttpRequest) -> list[BlockedTerm.Kind]:
    """Return the kinds whose terms one may see, and add."""
    sees_personal_data = request.user.has_perm(rights.SEE_PERSONAL_DATA)
    return [kind for kind in BlockedTerm.Kind if sees_personal_data or kind not in PERSONAL]


class BlockedTermAdmin(Titled, Forbearing, Telling):
    """Watch words, domains, e-mails and networks; rights are Django's own, and `SEE_PERSONAL_DATA` for the last two."""

    list_display = ("value", "kind", "match_count", "last_matched_at", "note", "added_by")
    list_filter = (KindFilter,)
    list_select_related = ("added_by",)
    list_per_page = 100
    search_fields = ("value", "note")
    show_facets = admin.ShowFacets.NEVER
    list_title = _("Termes surveillés")
    adding_title = _("Surveiller des termes")
    changing_title = _("Modifier un terme surveillé")

    class Media:
        css = {"all": ["css/admin.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[BlockedTerm]:
        """Leave out what one may not see: nothing else here reaches a term."""
        return super().get_queryset(request).filter(kind__in=seen_by(request))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Take many terms when adding, one when changing."""
        return super().get_form(request, obj, change, **{"form": ChangingForm if obj else AddingForm} | kwargs)

    def get_fields(self, request: HttpRequest, obj: BlockedTerm | None = None) -> Any:
        """Show of a stored term how often it matched and who added it."""
        if obj is None:
            return ["kind", "values", "note"]
        return ["kind", "value", "note", "match_count", "last_matched_at", "added_by", "added_at"]

    def get_readonly_fields(self, request: HttpRequest, obj: BlockedTerm | None = None) -> Any:
        """Keep what the term did, and what kind it is."""
        return [] if obj is None else ["kind", "match_count", "last_matched_at", "added_by", "added_at"]

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer, and accept, the kinds that one may see."""
        kwargs["choices"] = [(kind.value, kind.label) for kind in seen_by(request)]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: BlockedTerm, form: Any, change: bool) -> None:
        """Store by the verbs; of several terms, Django's own words and log are about the first."""
        if change:
            blocklist.change(obj)
            return
        added = blocklist.add(
            kind=obj.kind,
            values=[term.value for term in form.terms],
            note=obj.note,
            added_by=cast(User, request.user),
        )
        obj.pk, obj.value, obj.key = added[0].pk, added[0].value, added[0].key
        LogEntry.objects.log_actions(cast(Any, request.user.pk), map(_nameless, added[1:]), ADDITION)
        self._report(request, len(added) - 1, len(form.known))

    def delete_model(self, request: HttpRequest, obj: BlockedTerm) -> None:
        """Delete by the verb."""
        blocklist.delete(BlockedTerm.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[BlockedTerm]) -> None:
        """Delete by the verb."""
        blocklist.delete(queryset)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Log without naming whom nobody may find there once the term is gone."""
        return super().log_addition(request, _nameless(obj), message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Log without naming them."""
        return super().log_change(request, _nameless(obj), message)

    def log_deletions(self, request: HttpRequest, queryset: Iterable[BlockedTerm]) -> Any:
        """Log without naming them."""
        return super().log_deletions(request, cast(Any, [_nameless(term) for term in queryset]))

    def _report(self, request: HttpRequest, others: int, known: int) -> None:
        if others:
            sentence = ngettext("Et %(count)s autre terme.", "Et %(count)s autres termes.", others)
            self.message_user(request, sentence % {"count": others}, messages.SUCCESS)
        if known:
            sentence = ngettext(
                "%(count)s était déjà surveillé : il reste comme il est.",
                "%(count)s étaient déjà surveillés : ils restent comme ils sont.",
                known,
            )
            self.message_user(request, sentence % {"count": known}, messages.INFO)


def _nameless(term: BlockedTerm) -> BlockedTerm:
    """Return a term as the admin's log, which is kept, may name it."""
    if term.kind not in PERSONAL:
        return term
    nameless = copy.copy(term)
    nameless.value = f"{term.get_kind_display()} {term.pk}"
    return nameless
