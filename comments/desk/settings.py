"""What the newsroom sets about comments, as one form: there is one row, or none yet, and the list leads to it."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comments import house, rendering
from comments.models import CommentSettings
from multitude import deskpages

MOST_DAYS = 3_650
MOST_MINUTES = 10_080


class SettingsForm(forms.ModelForm):
    """The settings, with sentences for what they cannot be."""

    closes_after_days = forms.IntegerField(
        label=_("Fermer après (jours)"),
        required=False,
        help_text=_("Comptés depuis la première mise en ligne. Vide : jamais."),
        validators=[
            MinValueValidator(1, _("Indiquez au moins un jour, ou laissez vide pour ne jamais fermer.")),
            MaxValueValidator(MOST_DAYS, _("Indiquez au plus 3 650 jours, ou laissez vide pour ne jamais fermer.")),
        ],
        widget=forms.NumberInput(attrs={"min": 1, "max": MOST_DAYS}),
    )
    digest_minutes = forms.IntegerField(
        label=_("Avis aux modérateurs, au plus toutes les (minutes)"),
        required=False,
        help_text=_("Vide : jamais."),
        validators=[
            MinValueValidator(1, _("Indiquez au moins une minute, ou laissez vide pour n’en jamais envoyer.")),
            MaxValueValidator(
                MOST_MINUTES,
                _("Indiquez au plus 10 080 minutes (une semaine), ou laissez vide pour n’en jamais envoyer."),
            ),
        ],
        widget=forms.NumberInput(attrs={"min": 1, "max": MOST_MINUTES}),
    )

    class Meta:
        model = CommentSettings
        fields = ("is_paused", "pause_note", "closes_after_days", "newsroom_name", "digest_minutes")
        widgets = {
            "pause_note": forms.TextInput(attrs={"class": "vLargeTextField"}),
            "newsroom_name": forms.TextInput(attrs={"class": "vTextField"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What changed is what differs from what the page showed: a colleague may have set something else since.
        for field in self.fields.values():
            field.show_hidden_initial = True

    def clean_pause_note(self) -> str:
        """Return the note on one line."""
        return rendering.plain_line(self.cleaned_data["pause_note"])

    def clean_newsroom_name(self) -> str:
        """Return the name on one line; what signs replies must be visible."""
        name = rendering.plain_line(self.cleaned_data["newsroom_name"])
        if not rendering.has_words(name):
            raise forms.ValidationError(_("Indiquez le nom dont la rédaction signe ses réponses."))
        return name


class SettingsAdmin(deskpages.Barred):
    """One form: nothing to list, to add or to delete."""

    # There is always one row.
    nobody_may = frozenset({"add", "delete"})

    form = SettingsForm
    fieldsets = (
        (_("Pause"), {"fields": ("is_paused", "pause_note")}),
        (_("Fermeture"), {"fields": ("closes_after_days",)}),
        (_("Rédaction"), {"fields": ("newsroom_name", "digest_minutes")}),
    )

    class Media:
        css = {"all": ["css/admin.css"]}

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> CommentSettings | None:
        """Return the settings, the defaults where nobody has set anything yet."""
        return house.stored() if object_id == str(house.THE_ROW) else None

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead straight to the form."""
        return HttpResponseRedirect(reverse("admin:comments_commentsettings_change", args=[house.THE_ROW]))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Name the form for what it is, the only one."""
        context = {"title": _("Réglages des commentaires"), "subtitle": None, "show_save_and_continue": False}
        return super().changeform_view(request, object_id, form_url, context | (extra_context or {}))

    def save_model(self, request: HttpRequest, obj: CommentSettings, form: Any, change: bool) -> None:
        """Store what was changed by the verb, and have pages follow."""
        house.keep(obj, form.changed_data)
