"""The history of an article: who did what when, every text it had, what changed, and the way back to any of them."""

from collections.abc import Callable
from typing import Any, NamedTuple, cast

from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from articles import figures, publishing, rendering
from articles.history import diff
from articles.models import Article, Event, Picture, Version
from multitude import deskpages
from multitude.numerals import number_in, version_in

PAGE_LENGTH = 50


class Difference(NamedTuple):
    """What changed in one of an article's texts."""

    label: str
    html: SafeString


class History(admin.ModelAdmin):
    """What the desk of articles has of their past."""

    def get_urls(self) -> list[URLPattern]:
        """Put the page of a version before what Django takes for the key of an article."""

        def of(view: Callable[..., HttpResponse], *methods: str) -> Callable[..., HttpResponse]:
            return self.admin_site.admin_view(require_http_methods(methods)(view))

        version = "<int:article_id>/history/<int:number>/"
        return [
            path(version, of(self.version_view, "GET", "HEAD", "POST"), name="articles_article_version"),
            *super().get_urls(),
        ]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show what was done to an article, the newest first, and every version of its texts."""
        article = self._past_of(request, object_id)
        events, older_events = _page(_events(article, _key(request, "actes")))
        versions, older_versions = _page(_versions(article, _key(request, "versions")))
        entries, older_entries = _page(_entries(article, _key(request, "journal")))
        context = {
            "article": article,
            **deskpages.context(self, request, _("Historique")),
            "events": events,
            "older_events": older_events.pk if older_events else None,
            "versions": versions,
            "older_versions": older_versions.number if older_versions else None,
            "entries": entries,
            "older_entries": older_entries.pk if older_entries else None,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/articles/article/history.html", context)

    def version_view(self, request: HttpRequest, article_id: int, number: int) -> HttpResponse:
        """Show a version, what it changed and what changed since (GET), or bring it back (POST)."""
        article = self._past_of(request, str(article_id))
        version = get_object_or_404(article.versions.select_related("saved_by"), number=number)
        if request.method == "POST":
            return self._restore(request, article, version)
        if lost := _lost_pictures(version):
            said = ngettext(
                "Cette version montre %(count)s image qui n’est plus dans la photothèque : rétablie, elle serait sans cette image.",
                "Cette version montre %(count)s images qui ne sont plus dans la photothèque : rétablie, elle serait sans ces images.",
                lost,
            )
            self.message_user(request, said % {"count": lost}, messages.WARNING)
        before = article.versions.filter(number__lt=number).first()
        context = {
            "article": article,
            **deskpages.context(self, request, _("Version %(number)s") % {"number": number}),
            "version": version,
            "before": before,
            "after": article.versions.filter(number__gt=number).order_by("number").first(),
            "changed_then": differences(before, version) if before else [],
            "changed_since": differences(version, article),
            "body_html": mark_safe(rendering.clean_html(version.body)),  # noqa: S308  cleaned
            "may_restore": self.has_change_permission(request, article),
        }
        return TemplateResponse(request, "admin/articles/article/version.html", context)

    def _restore(self, request: HttpRequest, article: Article, version: Version) -> HttpResponse:
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        try:
            publishing.restore(
                article_id=article.pk,
                number=version.number,
                by=cast(User, request.user),
                seen_version=version_in(request.POST.get("seen_version") or None),
            )
        except publishing.PublishingRefused as error:
            self.message_user(request, str(error), messages.WARNING)
            return redirect("admin:articles_article_version", article.pk, version.number)
        done = _("La version %(number)s est rétablie ; celle d’avant reste dans l’historique.")
        self.message_user(request, done % {"number": version.number}, messages.SUCCESS)
        if lost := _lost_pictures(version):
            said = ngettext(
                "%(count)s image de cette version n’est plus dans la photothèque : l’article est sans elle.",
                "%(count)s images de cette version ne sont plus dans la photothèque : l’article est sans elles.",
                lost,
            )
            self.message_user(request, said % {"count": lost}, messages.WARNING)
        return redirect("admin:articles_article_history", article.pk)

    def _past_of(self, request: HttpRequest, object_id: str) -> Article:
        """Return an article to somebody who may see it; raises Http404 or PermissionDenied."""
        article = self.get_object(request, object_id)
        if article is None:
            raise Http404
        if not self.has_view_or_change_permission(request, article):
            raise PermissionDenied
        return article


def differences(old: Version | Article, new: Version | Article) -> list[Difference]:
    """Return what changed between two states of an article's texts, one entry for each text that did."""
    labels = {field.name: field.verbose_name for field in Version._meta.fields}
    found = []
    for name in publishing.TEXTS:
        html = diff(getattr(old, name), getattr(new, name), html=name in {"body", "footnote"})
        if html:
            found.append(Difference(str(labels[name]), html))
    return found


def _lost_pictures(version: Version) -> int:
    """Return how many of the pictures that a version shows are deleted."""
    keys = figures.keys_in(version.body)
    return len(keys) - (Picture.objects.filter(pk__in=keys).count() if keys else 0)


def _events(article: Article, key: int | None) -> QuerySet[Event]:
    """Return an article's acts, the newest first, those before one of them where its key is given."""
    events = article.events.select_related("by", "version").defer("version__body")
    if key is None:
        return events
    last = get_object_or_404(Event, article=article, pk=key)
    return events.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk))


def _versions(article: Article, number: int | None) -> QuerySet[Version]:
    versions = article.versions.select_related("saved_by").defer("body", "footnote", "standfirst")
    return versions if number is None else versions.filter(number__lt=number)


def _entries(article: Article, key: int | None) -> QuerySet[LogEntry]:
    """Return what Django's own log has of an article: which fields were changed, and what other desks noted."""
    entries = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Article), object_id=str(article.pk)
    )
    newest_first = entries.select_related("user").order_by("-pk")
    return newest_first if key is None else newest_first.filter(pk__lt=key)


def _page[Row: Event | Version | LogEntry](rows: QuerySet[Row]) -> tuple[list[Row], Row | None]:
    """Return a page of rows, and the last of them where others follow it."""
    found = list(rows[: PAGE_LENGTH + 1])
    shown = found[:PAGE_LENGTH]
    return shown, shown[-1] if len(found) > PAGE_LENGTH else None


def _key(request: HttpRequest, name: str) -> int | None:
    """Return the key after which a page begins, None for the first; raises Http404 for what is no key."""
    value = request.GET.get(name)
    if value is None:
        return None
    if (number := number_in(value)) is None:
        raise Http404
    return number
