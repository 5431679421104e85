"""The charter at the desk: its versions to be read, and a new one to be written; none is ever changed."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from articles.rendering import clean_html, count_words
from comments import charter
from comments.models import Charter
from multitude import deskpages
from multitude.versions import Superseded


class CharterForm(forms.ModelForm):
    """The text of a new version, and the number of the one that its author began from."""

    replaces = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Charter
        fields = ("body",)
        widgets = {"body": forms.Textarea(attrs={"rows": 28, "class": "vLargeTextField"})}

    def clean_body(self) -> str:
        """Refuse a text that cannot be cleaned or of which nothing then remains, and the one in force already."""
        body = self.cleaned_data["body"].replace("\r\n", "\n")
        try:
            html = clean_html(body, illustrated=False)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        if not count_words(html):
            raise ValidationError(_("Ce texte est vide une fois nettoyé : il n’y a que du balisage refusé."))
        last = charter.latest()
        if last and last.body_html == html:
            raise ValidationError(_("Ce texte est celui de la version en vigueur : rien n’a changé."))
        return body

    def clean(self) -> dict[str, Any]:
        """Say who was faster; whoever has read that may save again."""
        cleaned = super().clean() or {}
        try:
            charter.check_latest(cleaned.get("replaces"))
        except Superseded as error:
            self.data = {**self.data.dict(), "replaces": str(error.number)}  # type: ignore[attr-defined]
            raise ValidationError(str(error)) from error
        return cleaned


class CharterAdmin(deskpages.Barred):
    """Read the versions of the charter, and write the next."""

    # A version is never changed: decisions were taken under it, and one writes the next.
    nobody_may = frozenset({"change", "delete"})

    form = CharterForm
    list_display = ("number", "published_at", "author")
    list_select_related = ("author",)
    list_per_page = 50

    class Media:
        css = {"all": ["css/admin.css"]}

    def get_fields(self, request: HttpRequest, obj: Charter | None = None) -> Any:
        """Show a version as readers see it, or ask for the text of the next."""
        return ["number", "published_at", "author", "text"] if obj else ["body", "replaces"]

    def get_readonly_fields(self, request: HttpRequest, obj: Charter | None = None) -> Any:
        """A version is to be read."""
        return self.get_fields(request, obj) if obj else []

    @admin.display(description=_("texte"))
    def text(self, version: Charter) -> SafeString:
        """Show the text as it was cleaned when the version was published."""
        return mark_safe(f'<div class="charter-text">{version.body_html}</div>')  # noqa: S308

    def view_on_site(self, obj: Charter) -> str:
        """Link to the version's own page."""
        return reverse("comments:charter_version", args=[obj.number])

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Name the list."""
        return super().changelist_view(request, {"title": _("Charte des commentaires")} | (extra_context or {}))

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Write the next version; when a colleague publishes at the same instant the form says so, with the text."""
        only_save = {"show_save_and_continue": False, "show_save_and_add_another": False}
        context = {"title": _("Nouvelle version de la charte"), **only_save, **(extra_context or {})}
        try:
            return super().add_view(request, form_url, context)
        except Superseded:
            return super().add_view(request, form_url, context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Name what one reads."""
        context = {"title": _("Charte des commentaires")} | (extra_context or {})
        return super().change_view(request, object_id, form_url, context)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Begin from the text in force."""
        last = charter.latest()
        return {"body": last.body if last else "", "replaces": last.number if last else 0}

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Charter:
        """Publish the version by the verb."""
        super().save_form(request, form, change)
        return charter.publish(
            body=form.cleaned_data["body"],
            author=cast(User, request.user),
            replaces=form.cleaned_data["replaces"],
        )

    def save_model(self, request: HttpRequest, obj: Charter, form: Any, change: bool) -> None:
        """Nothing is left to do: the verb has stored it."""
