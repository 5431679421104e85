"""Writing at the desk: what is typed is kept, offered again, and never overwrites what somebody else has saved."""

import re
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

from django.contrib import admin
from django.contrib.admin.utils import display_for_field
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Field
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles import autosaves, publishing
from articles.desk.history import Difference, differences
from articles.models import Article, Autosave

RESUME = "reprendre"
_VERSION = re.compile("[0-9]{1,9}")


class Disagreement(NamedTuple):
    """A field, other than the texts, of which two people say something else."""

    label: str
    mine: str | SafeString
    theirs: str | SafeString


class Collision(NamedTuple):
    """What somebody else saved while one was writing."""

    stored: Article
    changed: list[Difference]
    disagreements: list[Disagreement]


class Offer(NamedTuple):
    """Something typed and not saved, which its author may take up again or give up."""

    saved_at: datetime
    ago: str
    is_overtaken: bool
    resume: str
    abandon: str


class Drafting(admin.ModelAdmin):
    """What the desk of articles has of writing."""

    def get_urls(self) -> list[URLPattern]:
        """Put what keeps the drafts before what Django takes for the key of an article."""

        def of(view: Any, *methods: str) -> Any:
            return self.admin_site.admin_view(require_http_methods(methods)(view))

        return [
            path("nouveau/brouillon/", of(self.draft_view, "GET", "POST"), name="articles_article_new_draft"),
            path("nouveau/abandon/", of(self.abandon_view, "POST"), name="articles_article_new_abandon"),
            path("<int:article_id>/brouillon/", of(self.draft_view, "GET", "POST"), name="articles_article_draft"),
            path("<int:article_id>/abandon/", of(self.abandon_view, "POST"), name="articles_article_abandon"),
            *super().get_urls(),
        ]

    def draft_view(self, request: HttpRequest, article_id: int | None = None) -> JsonResponse:
        """Keep what is typed (POST), or give a form that has outlived its session the token of the next one (GET)."""
        article = self._written(request, article_id)
        if request.method == "GET":
            return JsonResponse({"token": get_token(request)})
        seen = request.POST.get("seen_version", "")
        try:
            kept = autosaves.keep(
                user=cast(User, request.user),
                article=article,
                values=request.POST.dict(),
                seen_version=int(seen) if _VERSION.fullmatch(seen) else 0,
            )
        except autosaves.TooMuch as error:
            return JsonResponse({"error": str(error)}, status=413)
        at = timezone.localtime(kept.saved_at)
        return JsonResponse({"said": _("Brouillon gardé à %(hour)s.") % {"hour": f"{at:%H:%M:%S}"}})

    def abandon_view(self, request: HttpRequest, article_id: int | None = None) -> HttpResponse:
        """Forget what was typed and not saved, and show the form as it is stored."""
        article = self._written(request, article_id)
        autosaves.drop(cast(User, request.user), article)
        self.message_user(request, _("Ce que vous n’aviez pas enregistré est abandonné."))
        return redirect(_form_of(article))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the form again, with all that was typed, when the verb refuses to save it."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except publishing.PublishingRefused as refusal:
            request.refusal = refusal  # type: ignore[attr-defined]
            if isinstance(refusal, publishing.Overtaken):
                self._keep(request, refusal.stored)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(
        self, request: HttpRequest, obj: Article | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm]:
        """Give the form why the verb refused it, or what is to be taken up again."""
        form = super().get_form(request, obj, change, **kwargs)
        form.refusal = getattr(request, "refusal", None)  # type: ignore[attr-defined]
        if request.method == "GET" and RESUME in request.GET:
            form.resumed = autosaves.of(cast(User, request.user), obj)  # type: ignore[attr-defined]
        return form

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show what somebody else saved, or offer what one has not."""
        article: Article | None = context.get("original")
        form = context["adminform"].form
        own: dict[str, Any] = {
            "draft_url": _address("draft", article),
            "draft_key": f"{request.user.pk}:{article.pk if article else 'nouveau'}",
            "form_page": _form_of(article),
            "collision": None,
            "offer": None,
            "resumed": False,
        }
        if isinstance(refusal := getattr(request, "refusal", None), publishing.Overtaken):
            own["collision"] = _collision(form, refusal.stored)
        elif request.method == "GET":
            own["resumed"] = form.resumed is not None
            own["offer"] = self._offer(request, article, type(form))
        return super().render_change_form(request, context | own, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        """Save by the verb, and forget the draft."""
        user = cast(User, request.user)
        publishing.save(obj, by=user, seen_version=form.based_on())
        autosaves.drop(user, obj if change else None)

    def _written(self, request: HttpRequest, article_id: int | None) -> Article | None:
        """Return the article that somebody writes, None for a new one; raises Http404 or PermissionDenied."""
        article = None if article_id is None else get_object_or_404(Article, pk=article_id)
        allowed = self.has_change_permission(request, article) if article else self.has_add_permission(request)
        if not allowed:
            raise PermissionDenied
        return article

    def _keep(self, request: HttpRequest, article: Article) -> None:
        """Keep what was typed, so that it is offered again on the page of what the other saved."""
        seen = request.POST.get("seen_version", "")
        version = int(seen) if _VERSION.fullmatch(seen) else article.version
        user = cast(User, request.user)
        with suppress(autosaves.TooMuch):
            autosaves.keep(user=user, article=article, values=request.POST.dict(), seen_version=version)

    def _offer(self, request: HttpRequest, article: Article | None, form: Any) -> Offer | None:
        """Return what may be taken up again: what differs from what is stored."""
        kept = autosaves.of(cast(User, request.user), article)
        if kept is None or form.resumed is not None or not _differs(kept, article, form):
            return None
        return Offer(
            kept.saved_at,
            _ago(kept.saved_at),
            bool(article and article.version != kept.seen_version),
            f"{_form_of(article)}?{RESUME}",
            _address("abandon", article),
        )


def _ago(at: datetime) -> str:
    """Return for how long something has been so, in words."""
    return timesince(at) if timezone.now() - at >= timedelta(minutes=1) else _("moins d’une minute")


def _address(name: str, article: Article | None) -> str:
    if article is None:
        return reverse(f"admin:articles_article_new_{name}")
    return reverse(f"admin:articles_article_{name}", args=[article.pk])


def _form_of(article: Article | None) -> str:
    if article is None:
        return reverse("admin:articles_article_add")
    return reverse("admin:articles_article_change", args=[article.pk])


def _differs(kept: Autosave, article: Article | None, form: Any) -> bool:
    """Tell whether what was typed is something else than what the form shows anyway."""
    typed = form(kept.values, instance=article)
    return any(
        not typed.fields[name].widget.value_omitted_from_data(kept.values, {}, name) for name in typed.changed_data
    )


def _collision(form: Any, stored: Article) -> Collision:
    """Compare what is stored with the version from which somebody had started, and with what they have typed."""
    names = [name for name in form.cleaned_data if name in form._meta.fields and name not in publishing.TEXTS]
    disagreements = []
    for name in names:
        field = cast(Field, Article._meta.get_field(name))
        # As they are shown: a form knows no parts of a second.
        mine, theirs = (
            str(display_for_field(value, field, "—")) for value in (form.cleaned_data[name], getattr(stored, name))
        )
        if mine != theirs:
            disagreements.append(Disagreement(str(field.verbose_name), mine, theirs))
    return Collision(stored, _changed_since(stored, form.based_on() or 0), disagreements)


def _changed_since(stored: Article, seen: int) -> list[Difference]:
    """Return what changed in the texts of an article since one of its versions."""
    versions = stored.versions.all()
    if not versions.filter(number__gt=seen).exists():
        return []
    # What changes no text makes no version: the oldest has the texts of all that was before it.
    base = versions.filter(number__lte=seen).first() or versions.last()
    return differences(base, stored) if base else []
