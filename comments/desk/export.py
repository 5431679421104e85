"""The page from which decisions are exported, and what it asks; `manage.py export_decisions` asks the same."""

import re
import tempfile
from datetime import date
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib.admin.helpers import AdminForm
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.options import ModelAdmin
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from articles import naming
from articles.models import Article
from comments import evidence, paging, rights
from comments.desk.changelist import figure
from comments.models import EMAIL_LENGTH, Comment, Decision
from multitude import deskpages
from multitude.sight import journal

# What a page makes while one waits; the command makes more.
MOST = 100_000
CONTENT_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
_EARLIEST, _LATEST = date(1990, 1, 1), date(2199, 12, 31)
_ADDRESS_LENGTH = 500
_COMMENT = re.compile(r"(?:n°\s*|.*#c|.*/comment/)?(?P<number>[0-9]{1,18})(?:/change/?)?")


class ArticleField(forms.CharField):
    """An article, by its number, its slug or the address of its page."""

    def clean(self, value: Any) -> Article | None:
        """Return the article, or None where nothing was typed."""
        typed = super().clean(value)
        if not typed:
            return None
        article = naming.articles(typed).first()
        if article is None:
            raise ValidationError(_("Aucun article n’a ce numéro ni cette adresse."))
        return article


class AuthorField(forms.CharField):
    """A comment, by its number or an address that holds it, for the e-mail of who wrote it."""

    def clean(self, value: Any) -> Comment | None:
        """Return the comment, or None where nothing was typed."""
        typed = super().clean(value)
        if not typed:
            return None
        found = _COMMENT.fullmatch(typed)
        comment = Comment.objects.filter(pk=int(found["number"])).first() if found else None
        if comment is None:
            raise ValidationError(_("Aucun commentaire n’a ce numéro."))
        if not comment.author_email:
            raise ValidationError(
                _(
                    "L’email de ce commentaire a été effacé : son auteur ne peut plus être retrouvé. "
                    "Exportez l’article ou une période."
                )
            )
        return comment


class DayField(forms.DateField):
    """A day in Paris."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    default_error_messages = {"invalid": _("Cette date n’existe pas : écrivez-la comme 2026-11-25 ou 25/11/2026.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d", "%d/%m/%Y"], **kwargs)

    def validate(self, value: Any) -> None:
        """Refuse what no decision can have been taken on."""
        super().validate(value)
        if value and not _EARLIEST <= value <= _LATEST:
            raise ValidationError(_("Cette date est hors de portée."))


class ExportForm(forms.Form):
    """Which decisions, and in which format; every criterion that is filled in holds."""

    article = ArticleField(
        label=_("Article"),
        required=False,
        max_length=_ADDRESS_LENGTH,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_("Son adresse, le dernier mot de son adresse ou son numéro."),
    )
    author_of = AuthorField(
        label=_("L’auteur du commentaire n°"),
        required=False,
        max_length=_ADDRESS_LENGTH,
        help_text=_("Toutes les décisions sur les commentaires de la même personne, reconnue par son email."),
    )
    email = forms.EmailField(
        label=_("L’auteur dont l’email est"),
        required=False,
        max_length=EMAIL_LENGTH,
        widget=forms.EmailInput(attrs={"class": "vTextField", "autocomplete": "off"}),
        error_messages={"invalid": _("Cet email n’est pas valide : écrivez-le comme nom@exemple.fr.")},
    )
    since = DayField(label=_("Du"), required=False)
    until = DayField(label=_("Au"), required=False, help_text=_("Compris ; les jours sont ceux de Paris."))
    everything = forms.BooleanField(label=_("Toutes les décisions, sans autre critère"), required=False)
    format = forms.ChoiceField(
        label=_("Format"),
        choices=[("csv", _("CSV, pour un tableur")), ("json", _("JSON, au caractère près"))],
        initial="csv",
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choisissez un format."),
            "invalid_choice": _("Choisissez l’un des deux formats."),
        },
    )

    def __init__(self, data: Any = None, *, personal: bool, **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", **kwargs)
        if not personal:
            del self.fields["email"]

    @property
    def fieldsets(self) -> list[tuple[Any, dict[str, Any]]]:
        """How admin lays the form out."""
        criteria = [name for name in self.fields if name != "format"]
        return [(_("Quelles décisions"), {"fields": criteria}), (_("Dans quel fichier"), {"fields": ["format"]})]

    def clean_email(self) -> str:
        """Return the e-mail as comments keep it, if somebody wrote under it."""
        email = self.cleaned_data["email"].lower()
        if email and evidence.person(email) is None:
            raise ValidationError(_("Aucun commentaire n’est de cet email."))
        return email

    def clean(self) -> dict[str, Any]:
        """Check that one criterion at least is given, or that everything is asked for, and that criteria agree."""
        given = self.cleaned_data
        criteria = [name for name in ("article", "author_of", "email", "since", "until") if given.get(name)]
        if criteria and given.get("everything"):
            raise ValidationError(
                _("Vous demandez toutes les décisions et donnez un critère : gardez l’un ou l’autre.")
            )
        if not criteria and not given.get("everything") and not self.errors:
            raise ValidationError(_("Donnez au moins un critère, ou demandez toutes les décisions."))
        if given.get("since") and given.get("until") and given["since"] > given["until"]:
            self.add_error("until", _("La période finit avant de commencer."))
        author_of, email = given.get("author_of"), given.get("email")
        if author_of and email and author_of.author_email != email:
            self.add_error("author_of", _("Ce commentaire n’est pas de cet email."))
        return given

    def scope(self) -> evidence.Scope:
        """Return what a valid form asks for."""
        given = self.cleaned_data
        comment, email = given["author_of"], given.get("email", "")
        return evidence.Scope(
            article=given["article"],
            author_of=comment.pk if comment else evidence.person(email) if email else None,
            email=comment.author_email if comment else email,
            since=given["since"],
            until=given["until"],
        )


def view(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponseBase:
    """Show the form, filled with what the address names, or answer with the file that it asks for.

    The file is made whole before any of it is sent: it is complete, or an error says so, and while it travels it waits
    for no database. An e-mail is only ever posted, so that it stands in no address and no log.
    """
    if not request.user.has_perm(rights.EXPORT):
        raise PermissionDenied
    personal = request.user.has_perm(rights.SEE_PERSONAL_DATA)
    if request.method != "POST":
        known = {name: request.GET[name] for name in ("article", "author_of") if name in request.GET}
        return _page(model_admin, request, ExportForm(personal=personal, initial=known))
    if "email" in request.POST and not personal:
        raise PermissionDenied
    form = ExportForm(request.POST, personal=personal)
    if not form.is_valid():
        return _page(model_admin, request, form)
    scope, extension = form.scope(), form.cleaned_data["format"]
    count = paging.count(scope.decisions(), MOST)
    if count == 0:
        form.add_error(None, _("Aucune décision ne correspond à ces critères."))
    elif count > MOST:
        form.add_error(
            None,
            _(
                "Plus de %(count)s décisions correspondent : réduisez la période, "
                "ou faites-les exporter sur le serveur (manage.py export_decisions)."
            )
            % {"count": figure(MOST)},
        )
    if not form.is_valid():
        return _page(model_admin, request, form)
    answer = _file(scope, extension, personal=personal)
    _note(request, scope, extension, count=count, personal=personal)
    return answer


def _page(model_admin: ModelAdmin, request: HttpRequest, form: ExportForm) -> HttpResponse:
    context = {
        **deskpages.context(model_admin, request, _("Exporter les décisions")),
        "adminform": AdminForm(form, form.fieldsets, {}),  # type: ignore[arg-type]
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "admin/comments/decision/export.html", context, status=status)


def _file(scope: evidence.Scope, extension: str, *, personal: bool) -> FileResponse:
    # On the disk of the data: where temporary files live in memory, a file as large as memory is no temporary file.
    file = tempfile.TemporaryFile(dir=settings.DATA_DIR)  # noqa: SIM115  the answer closes it
    try:
        for piece in evidence.FORMATS[extension](evidence.batches(scope, personal=personal), personal=personal):
            file.write(piece.encode())
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return FileResponse(
        file, as_attachment=True, filename=scope.filename(extension), content_type=CONTENT_TYPES[extension]
    )


def _note(request: HttpRequest, scope: evidence.Scope, extension: str, *, count: int, personal: bool) -> None:
    """Keep in admin's own log who exported what; whose e-mail it was about is told by a comment's number."""
    words = _("Export %(format)s (%(count)d) : %(scope)s") % {
        "format": extension.upper(),
        "count": count,
        "scope": scope,
    }
    LogEntry.objects.create(
        user_id=cast(int, request.user.pk),
        content_type=ContentType.objects.get_for_model(Decision),
        object_repr=words[:200],
        action_flag=CHANGE,
        change_message=str(_("avec emails et adresses réseau") if personal else _("sans données personnelles")),
    )
    journal.act("decisions.export", format=extension, count=count, personal=personal, user=request.user.pk)
