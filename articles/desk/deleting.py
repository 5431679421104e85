"""Deleting articles: what nobody has read goes, what readers have seen stays, with its history, corrections and addresses."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Article

MOST_NAMED = 10


class Deleting(admin.ModelAdmin):
    """What the desk of articles has of deleting."""

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """What was public is deleted by nobody."""
        return super().has_delete_permission(request, obj) and not (obj and obj.was_public())

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Say why an article stays."""
        article = self.get_object(request, unquote(object_id))
        if article and article.was_public() and self.has_delete_permission(request):
            self._say_that_it_stays_for_ever(request, article)
            return redirect("admin:articles_article_change", article.pk)
        return super().delete_view(request, object_id, extra_context)

    @admin.action(description=gettext_lazy("Supprimer les brouillons sélectionnés"), permissions=["delete"])
    def delete_selected(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponse | None:
        """Ask whether those are meant that nobody has read, and delete them; say of the others why they stay."""
        chosen = Article.objects.filter(pk__in=queryset.values("pk"))
        kept = Article.objects.ever_public().filter(pk__in=chosen.values("pk"))
        for article in kept[:MOST_NAMED]:
            self._say_that_it_stays_for_ever(request, article)
        unread = chosen.exclude(pk__in=kept.values("pk"))
        return delete_selected(self, request, unread) if unread.exists() else None

    def _say_that_it_stays_for_ever(self, request: HttpRequest, article: Article) -> None:
        said = _(
            "« %(headline)s » — Des lecteurs l’ont lu : cet article ne se supprime pas. "
            "Dépublié, il disparaît du site, et son adresse dit qu’il a été retiré."
        )
        self.message_user(request, said % {"headline": article.headline}, messages.ERROR)
