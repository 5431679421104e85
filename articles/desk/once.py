"""The form of a new article makes one, however often it is sent: a double click, a retry, the browser's «back»."""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from articles import autosaves, publishing
from articles.desk import bylines
from articles.desk.drafting import RESUME, form_of
from articles.models import Article

# What an article is as soon as it is made.
FIRST_VERSION = 1
# Left empty in the form, and filled in since: the address by itself, the dates by a step.
_FILLED_SINCE = ("slug", "embargo_until", "published_at", "unpublished_at")


class Once(admin.ModelAdmin):
    """Leads from a form that was sent again to the article that it has made."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the article, with what else the form holds now offered to be saved in it."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except publishing.AlreadyWritten as written:
            made = written.article
        if not self.has_view_or_change_permission(request, made):
            raise PermissionDenied
        try:
            return self._lead_to(request, made)
        except autosaves.TooMuch as error:
            # What cannot be kept stays in the page, and is one's own to save as another article.
            self.message_user(request, str(error), messages.ERROR)
            request.POST = _without_key(request)
            return super().changeform_view(request, *args, **kwargs)

    def get_form(
        self, request: HttpRequest, obj: Article | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm]:
        """Ask before anything is validated: the address that was typed is then the article's own."""
        if request.method == "POST" and not change and (made := publishing.made_by(autosaves.key_in(request.POST))):
            raise publishing.AlreadyWritten(made)
        return super().get_form(request, obj, change, **kwargs)

    def _lead_to(self, request: HttpRequest, article: Article) -> HttpResponse:
        user, key, values = cast(User, request.user), autosaves.key_in(request.POST), request.POST.dict()
        if autosaves.digest(values) == article.form_digest:
            self.message_user(request, _("Cet article était déjà enregistré : le voici."), messages.INFO)
            address = form_of(article)
        else:
            autosaves.keep(user=user, article=article, values=_since(values, article), seen_version=FIRST_VERSION)
            said = _("Cet article était déjà enregistré ; ce que vous avez changé depuis ne l’est pas encore.")
            self.message_user(request, said, messages.WARNING)
            address = f"{form_of(article)}?{RESUME}={key}"
        autosaves.drop(user, None, key)
        return redirect(address)


def _since(values: dict[str, Any], article: Article) -> dict[str, Any]:
    """Return what a form of a new article holds as that of the article would: its signature is stored by now."""
    known = {str(byline.author_id): str(byline.pk) for byline in article.bylines.all()}
    stored = {
        f"{bylines.PREFIX}-{name.split('-')[1]}-id": known[value]
        for name, value in values.items()
        if name.startswith(f"{bylines.PREFIX}-") and name.endswith("-author") and value in known
    }
    typed = {name: value for name, value in values.items() if value or not name.startswith(_FILLED_SINCE)}
    return typed | stored


def _without_key(request: HttpRequest) -> Any:
    data = request.POST.copy()
    data["form_key"] = ""
    return data
