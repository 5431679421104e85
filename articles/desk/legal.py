"""The legal pages at the desk: the four of them, what they still have to say, and every version of each."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from articles import legal, rights
from articles.desk.editor import HELP, BodyEditor
from articles.history import diff
from articles.models import LegalPage
from articles.rendering import count_words
from multitude import deskpages, facts
from multitude.numerals import is_key
from multitude.versions import Superseded

_OTHERS_AFFAIR = _("Les pages légales sont l’affaire de la direction de la publication : demandez-lui de les changer.")


class LegalPageForm(forms.ModelForm):
    """The text of the next version, and the number of the one that its author began from."""

    replaces = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = LegalPage
        fields = ("body",)
        widgets = {"body": BodyEditor(illustrated=False)}
        help_texts = {"body": HELP}
        error_messages = {
            "body": {"max_length": _("Le texte dépasse %(limit_value)d caractères : il en a %(show_value)d.")}
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "body" in self.fields:
            self.initial["replaces"] = self.instance.number
            # A browser would cut what is pasted without a word.
            self.fields["body"].widget.attrs.pop("maxlength", None)

    def clean_body(self) -> str:
        """Refuse a text that cannot be cleaned, of which nothing then remains, that names no fact, or that is there already."""
        body = self.cleaned_data["body"].replace("\r\n", "\n")
        try:
            html = legal.render(body)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        if not count_words(html):
            raise ValidationError(_("Ce texte est vide une fois nettoyé : il n’y a que du balisage refusé."))
        if unknown := facts.unknown(html):
            raise ValidationError(
                _("Rien ne remplace %(words)s : écrivez un des mots que donne l’aide, ou retirez les accolades."),
                params={"words": ", ".join(f"{{{word}}}" for word in unknown)},
            )
        if html == self.instance.body_html:
            raise ValidationError(_("Ce texte est celui qui est en ligne : rien n’a changé."))
        return body

    def clean(self) -> dict[str, Any]:
        """Say who was faster; whoever has read that may save again."""
        cleaned = super().clean() or {}
        try:
            legal.check_latest(self.instance.name, cleaned.get("replaces"))
        except Superseded as error:
            self.data = {**self.data.dict(), "replaces": str(error.number)}  # type: ignore[attr-defined]
            raise ValidationError(str(error)) from error
        return cleaned


class OnePerPage(ChangeList):
    """The last version of each page, which is named by the word of its address."""

    def url_for_result(self, result: Any) -> str:
        """Return where one writes the next version."""
        return change_address(result.name)


class LegalPageAdmin(deskpages.Barred):
    """Read the legal pages, complete them, and see what they said before."""

    # There are always four, and what they said stays.
    nobody_may = frozenset({"add", "delete"})

    form = LegalPageForm
    list_display = ("__str__", "state", "published_at", "author")
    list_select_related = ("author",)
    sortable_by = ()
    actions = None
    change_form_template = "admin/articles/legalpage/change_form.html"

    class Media:
        css = {"all": ["css/admin.css", "css/desk.css"]}

    def get_urls(self) -> list[URLPattern]:
        """Put the page of a version before what Django takes for the key of one."""
        version = self.admin_site.admin_view(self.version_view)
        return [
            path("<slug:name>/versions/<int:number>/", version, name="articles_legalpage_version"),
            *super().get_urls(),
        ]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """List pages, not versions."""
        return OnePerPage

    def get_queryset(self, request: HttpRequest) -> QuerySet[LegalPage]:
        """Return the last version of each page."""
        return legal.in_force().order_by("name")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> LegalPage | None:
        """Return the last version of the page that is named, or of which a version is: what was done names versions."""
        if is_key(object_id):
            object_id = LegalPage.objects.filter(pk=object_id).values_list("name", flat=True).first() or ""
        return legal.latest(object_id) if object_id in LegalPage.Name else None

    def get_fieldsets(self, request: HttpRequest, obj: LegalPage | None = None) -> Any:
        """Ask for the text; whoever may only read is shown it by the page."""
        if self.has_change_permission(request, obj):
            return [(None, {"fields": ("body", "replaces"), "classes": ("writing",)})]
        return [(None, {"fields": ("number", "published_at", "author")})]

    @admin.display(description=_("état"))
    def state(self, version: LegalPage) -> str:
        """Say how much is still to be filled in."""
        return state_label(len(legal.missing(version.body_html)))

    def view_on_site(self, obj: LegalPage) -> str:
        """Link to the page."""
        return obj.get_absolute_url()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Say whose affair the pages are to whoever may not see them."""
        self._check(request)
        return super().changelist_view(request, {"title": _("Pages légales")} | (extra_context or {}))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Write the next version; when a colleague does at the same instant the form says so, with the text."""
        self._check(request)
        page = self.get_object(request, object_id or "")
        if page is None:
            raise Http404
        context = {
            "title": str(page),
            "subtitle": None,
            "missing": legal.missing(page.body_html),
            "facts": facts.known(),
            "shown": mark_safe(page.body_html),  # noqa: S308  cleaned
            "versions": versions(page.name),
            "show_save_and_continue": False,
            **(extra_context or {}),
        }
        try:
            return super().changeform_view(request, object_id, form_url, context)
        except Superseded:
            return super().changeform_view(request, object_id, form_url, context)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to the versions, which stand under the form."""
        if object_id not in LegalPage.Name:
            raise Http404
        return HttpResponseRedirect(f"{change_address(object_id)}#versions")

    def version_view(self, request: HttpRequest, name: str, number: int) -> HttpResponse:
        """Show one version, what it changed, and what changed since."""
        self._check(request)
        written = LegalPage.objects.select_related("author").filter(name=name)
        version = get_object_or_404(written, number=number)
        before = written.filter(number=number - 1).first()
        last = legal.latest(name) or version
        context = {
            **deskpages.context(self, request, _("Version %(number)s") % {"number": number}),
            "version": version,
            "before": before,
            "last": last,
            "changed_then": diff(before.body, version.body) if before else SafeString(),
            "changed_since": diff(version.body, last.body),
            "shown": mark_safe(version.body_html),  # noqa: S308  cleaned
        }
        return TemplateResponse(request, "admin/articles/legalpage/version.html", context)

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> LegalPage:
        """Publish the version by the verb."""
        super().save_form(request, form, change)
        return legal.publish(
            name=form.instance.name,
            body=form.cleaned_data["body"],
            author=cast(User, request.user),
            replaces=form.cleaned_data["replaces"],
        )

    def save_model(self, request: HttpRequest, obj: LegalPage, form: Any, change: bool) -> None:
        """Nothing is left to do: the verb has stored it."""

    def _check(self, request: HttpRequest) -> None:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied(_OTHERS_AFFAIR)


def change_address(name: str) -> str:
    """Return where one writes the next version of a page."""
    return reverse("admin:articles_legalpage_change", args=[name])


def state_label(number: int) -> str:
    """Say how many places are still to be filled in."""
    if not number:
        return str(_("complète"))
    return ngettext("%(count)s mention à compléter", "%(count)s mentions à compléter", number) % {"count": number}


def incomplete(user: Any) -> list[tuple[LegalPage, str]]:
    """Return the pages that an account can complete and that have to be, each with how much is missing."""
    if not user.has_perm(rights.CHANGE_LEGAL_PAGES):
        return []
    found = ((page, len(legal.missing(page.body_html))) for page in legal.in_force().order_by("name").defer("body"))
    return [(page, state_label(number)) for page, number in found if number]


def versions(name: str) -> QuerySet[LegalPage]:
    """Return the versions of a page, the newest first, without their texts."""
    return LegalPage.objects.filter(name=name).select_related("author").defer("body", "body_html").order_by("-number")
