"""The page on which an article is written, and the desk of articles as a whole."""

from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from articles import publishing
from articles.desk.frame import COMMENTS
from articles.desk.listing import Listing
from articles.forms import ArticleForm
from articles.models import Article, Byline

TEXT: tuple[Any, Any] = (None, {"fields": ("section", "kicker", "headline", "standfirst", "body", "footnote")})
APPEARANCE: tuple[Any, Any] = (
    _("Parution"),
    {"fields": ("slug", "embargo_until", "published_at", "unpublished_at")},
)


class BylineInline(admin.TabularInline):
    """The signature, in its order."""

    model = Byline
    fields = ("author", "position")
    autocomplete_fields = ("author",)
    extra = 1


class ArticleAdmin(Listing):
    """Write an article, and decide when it is public."""

    form = ArticleForm
    inlines = (BylineInline,)
    fieldsets = (TEXT, APPEARANCE, COMMENTS)

    class Media:
        css = {"all": ["css/admin.css", "css/desk.css"]}

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Say what one does here."""
        title = _("Modifier un article") if object_id else _("Écrire un article")
        return super().changeform_view(request, object_id, form_url, {"title": title} | (extra_context or {}))

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        """Save by the verb."""
        publishing.save(obj, by=cast(User, request.user))

    def view_on_site(self, obj: Article) -> str | None:
        """Link to the page of an article that has one."""
        return obj.get_absolute_url() if obj.is_published() else None
