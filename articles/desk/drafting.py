"""Writing at the desk: what is typed is kept, offered again, and never overwrites what somebody else has saved."""

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

from django.contrib import admin, messages
from django.contrib.admin.utils import display_for_field, unquote
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

from articles import autosaves, publishing, tags
from articles.desk import bylines
from articles.desk.history import Difference, differences
from articles.models import Article, Autosave
from multitude.numerals import version_in

RESUME = "reprendre"


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
    form_key: str
    resume: str
    abandon: str
    typed: str
    """What was typed, by the names of the fields, as JSON."""


class Remains(NamedTuple):
    """What somebody typed in an article that is no longer theirs to change: its texts, to be copied or given up."""

    form_key: str
    texts: list[tuple[str, str]]
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
        try:
            kept = autosaves.keep(
                user=cast(User, request.user),
                article=article,
                values=request.POST.dict(),
                seen_version=max(version_in(request.POST.get("seen_version") or None) or 0, 0),
            )
        except autosaves.TooMuch as error:
            return JsonResponse({"error": str(error)}, status=413)
        at = timezone.localtime(kept.saved_at)
        return JsonResponse({"said": _("Brouillon gardé à %(hour)s.") % {"hour": f"{at:%H:%M:%S}"}})

    def abandon_view(self, request: HttpRequest, article_id: int | None = None) -> HttpResponse:
        """Forget what was typed and not saved, and show the form as it is stored."""
        article = self._written(request, article_id)
        autosaves.drop(cast(User, request.user), article, autosaves.key_in(request.POST))
        self.message_user(request, _("Ce que vous n’aviez pas enregistré est abandonné."))
        return redirect(form_of(article))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the form again, with all that was typed, when the verb refuses to save it or one may do so no longer."""
        if request.method == "POST" and object_id and (article := self._lost(request, object_id)):
            return self._give_back(request, article)
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
        if request.method == "POST" and obj and change:
            self._look_whether_overtaken(request, obj)
        form.refusal = getattr(request, "refusal", None)  # type: ignore[attr-defined]
        if request.method == "GET" and RESUME in request.GET:
            key = autosaves.key_in(request.GET, RESUME)
            form.resumed = autosaves.of(cast(User, request.user), obj, key)  # type: ignore[attr-defined]
            request.resumed = form.resumed  # type: ignore[attr-defined]
        return form

    def get_formset_kwargs(self, request: HttpRequest, obj: Article, inline: Any, prefix: str) -> dict[str, Any]:
        """Give the signature what is to be taken up again of it."""
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        kept: Autosave | None = getattr(request, "resumed", None)
        return kwargs | {"kept": kept.values} if kept and prefix == bylines.PREFIX else kwargs

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show what somebody else saved, or offer what one has not."""
        article: Article | None = context.get("original")
        form = context["adminform"].form
        own: dict[str, Any] = {
            "draft_url": _address("draft", article),
            "abandon_url": _address("abandon", article),
            "draft_key": f"{request.user.pk}:{article.pk if article else 'nouveau'}",
            "form_page": form_of(article),
            "collision": None,
            "offer": None,
            "remains": None,
            "resumed": False,
        }
        if isinstance(refusal := getattr(request, "refusal", None), publishing.Overtaken):
            own["collision"] = _collision(form, refusal.stored, request.POST.dict())
        elif article and not self.has_change_permission(request, article):
            own["remains"] = _remains(cast(User, request.user), article)
        elif request.method == "GET":
            own["resumed"] = form.resumed is not None
            own["offer"] = self._offer(request, article, type(form))
        return super().render_change_form(request, context | own, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        """Save by the verb, and forget the draft."""
        user, key = cast(User, request.user), autosaves.key_in(request.POST)
        if not change:
            obj.form_key, obj.form_digest = key, autosaves.digest(request.POST.dict())
        publishing.save(obj, by=user, seen_version=form.based_on())
        autosaves.drop(user, obj if change else None, key)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the signature, and tell it in the history where it is another one."""
        before = publishing.signed_by(form.instance.pk)
        super().save_related(request, form, formsets, change)
        publishing.tell_signature(article_id=form.instance.pk, before=before, by=cast(User, request.user))

    def _written(self, request: HttpRequest, article_id: int | None) -> Article | None:
        """Return the article that somebody writes, None for a new one; raises Http404 or PermissionDenied.

        One that got a date meanwhile may be another's to change: what was typed in it is kept all the same.
        """
        article = None if article_id is None else get_object_or_404(Article, pk=article_id)
        if article is None:
            allowed = self.has_add_permission(request)
        else:
            allowed = self.has_change_permission(request) and self.has_view_permission(request, article)
        if not allowed:
            raise PermissionDenied
        return article

    def _lost(self, request: HttpRequest, object_id: str) -> Article | None:
        """Return the article that is sent by somebody who changes articles, but this one no longer."""
        if not self.has_change_permission(request):
            return None
        article = self.get_object(request, unquote(object_id))
        return article if article and not self.has_change_permission(request, article) else None

    def _give_back(self, request: HttpRequest, article: Article) -> HttpResponse:
        """Keep what was typed, and lead to the page that shows it beside what is stored."""
        said = _("Entre-temps, cet article a reçu une date : seuls ceux qui publient le changent.")
        if self._keep(request, article):
            said = f"{said} {_('Ce que vous avez écrit est gardé ci-dessous.')}"
        self.message_user(request, said, messages.WARNING)
        return redirect(form_of(article))

    def _look_whether_overtaken(self, request: HttpRequest, article: Article) -> None:
        """Tell of a collision before anything is validated: what the other did might leave nothing that is valid."""
        typed = request.POST.get("over_version") or request.POST.get("seen_version", "")
        if not hasattr(request, "refusal") and version_in(typed or None) not in {None, article.version}:
            stored = Article.objects.get(pk=article.pk)
            request.refusal = publishing.Overtaken(stored)  # type: ignore[attr-defined]
            self._keep(request, stored)

    def _keep(self, request: HttpRequest, article: Article) -> bool:
        """Keep what was typed, so that it is offered again on the page of what the other saved; return whether it is."""
        typed = version_in(request.POST.get("seen_version") or None)
        version = article.version if typed is None else max(typed, 0)
        user = cast(User, request.user)
        with suppress(autosaves.TooMuch):
            autosaves.keep(user=user, article=article, values=request.POST.dict(), seen_version=version)
            return True
        return False

    def _offer(self, request: HttpRequest, article: Article | None, form: Any) -> Offer | None:
        """Return what may be taken up again: the last that differs from what is stored."""
        if form.resumed is not None:
            return None
        drafts = autosaves.all_of(cast(User, request.user), article)
        kept = next((each for each in drafts if _differs(each, article, form)), None)
        if kept is None:
            return None
        return Offer(
            kept.saved_at,
            _ago(kept.saved_at),
            bool(article and article.version != kept.seen_version),
            kept.form_key,
            f"{form_of(article)}?{RESUME}={kept.form_key}",
            _address("abandon", article),
            json.dumps(kept.values),
        )


def _ago(at: datetime) -> str:
    """Return for how long something has been so, in words."""
    return timesince(at) if timezone.now() - at >= timedelta(minutes=1) else _("moins d’une minute")


def _address(name: str, article: Article | None) -> str:
    if article is None:
        return reverse(f"admin:articles_article_new_{name}")
    return reverse(f"admin:articles_article_{name}", args=[article.pk])


def form_of(article: Article | None) -> str:
    """Return the address of the form of an article, of the empty one without."""
    if article is None:
        return reverse("admin:articles_article_add")
    return reverse("admin:articles_article_change", args=[article.pk])


def _remains(user: User, article: Article) -> Remains | None:
    """Return what somebody typed in an article, where it is something else than what is stored."""
    kept = autosaves.of(user, article)
    if kept is None:
        return None
    typed = {name: str(kept.values[name]) for name in publishing.TEXTS if name in kept.values}
    texts = [
        (str(Article._meta.get_field(name).verbose_name), text)  # type: ignore[union-attr]
        for name, text in typed.items()
        if text.split() != getattr(article, name).split()
    ]
    return Remains(kept.form_key, texts, _address("abandon", article)) if texts else None


def _differs(kept: Autosave, article: Article | None, form: Any) -> bool:
    """Tell whether what was typed is something else than what the form shows anyway."""
    typed = form(kept.values, instance=article)
    return bylines.differ(kept.values, article) or any(
        not typed.fields[name].widget.value_omitted_from_data(kept.values, {}, name) for name in typed.changed_data
    )


def _collision(form: Any, stored: Article, typed: Mapping[str, str]) -> Collision:
    """Compare what is stored with the version from which somebody had started, and with what they have typed."""
    own = {field.name for field in Article._meta.fields} - {*publishing.TEXTS}
    names = [name for name in form.cleaned_data if name in own & {*form._meta.fields}]
    disagreements = []
    for name in names:
        field = cast(Field, Article._meta.get_field(name))
        # As they are shown: a form knows no parts of a second.
        mine, theirs = (
            str(display_for_field(value, field, "—")) for value in (form.cleaned_data[name], getattr(stored, name))
        )
        if mine != theirs:
            disagreements.append(Disagreement(str(field.verbose_name), mine, theirs))
    if (named := form.cleaned_data.get("tag_names")) is not None:
        mine, theirs = (tags.SEPARATOR.join(sorted(each)) for each in (named, [tag.name for tag in stored.tags.all()]))
        if mine != theirs:
            disagreements.append(Disagreement(_("thèmes"), mine or "—", theirs or "—"))
    mine, theirs = bylines.names(typed), ", ".join(str(each) for each in stored.bylines.select_related("author"))
    if mine != theirs:
        disagreements.append(Disagreement(_("signature"), mine or "—", theirs or "—"))
    return Collision(stored, _changed_since(stored, form.based_on() or 0), disagreements)


def _changed_since(stored: Article, seen: int) -> list[Difference]:
    """Return what changed in the texts of an article since one of its versions."""
    versions = stored.versions.all()
    if not versions.filter(number__gt=seen).exists():
        return []
    # What changes no text makes no version: the oldest has the texts of all that was before it.
    base = versions.filter(number__lte=seen).first() or versions.last()
    return differences(base, stored) if base else []
