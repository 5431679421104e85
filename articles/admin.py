"""The newsroom's desk for articles, in Django admin."""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.contrib.redirects.models import Redirect
from django.contrib.sites.models import Site
from django.db.models import QuerySet
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from articles import publishing
from articles.desk.corrections import Corrections
from articles.desk.drafting import Drafting
from articles.desk.history import History
from articles.desk.previews import Previews
from articles.desk.redirects import RedirectAdmin
from articles.forms import ArticleForm, SectionForm
from articles.models import Article, Author, Byline, Section

admin.site.site_header = _("Multitude · Rédaction")
admin.site.site_title = _("Rédaction")
admin.site.index_title = _("Bureau")


# There is one site, and its row follows SITE_URL.
admin.site.unregister([Redirect, Site])
admin.site.register(Redirect, RedirectAdmin)

COMMENTS: tuple[Any, Any] = (_("Commentaires"), {"fields": ("commenting", "commenting_note")})


class BylineInline(admin.StackedInline):
    """The signature, in its order."""

    model = Byline
    fields = ("author", "position")
    autocomplete_fields = ("author",)
    extra = 1


@admin.register(Article)
class ArticleAdmin(Drafting, History, Previews, Corrections):
    """Write an article, and decide when it is public."""

    form = ArticleForm
    inlines = (BylineInline,)
    list_display = ("headline", "state", "section", "signature", "published_at", "comment_count", "view_count")
    list_filter = ("section",)
    list_select_related = ("section",)
    list_per_page = 50
    search_fields = ("headline", "standfirst", "bylines__author__name")
    date_hierarchy = "published_at"
    ordering = ("-published_at", "-pk")
    actions = ("publish", "unpublish")
    show_full_result_count = False
    fieldsets = (
        (None, {"fields": ("kicker", "headline", "standfirst", "body", "footnote"), "classes": ("writing",)}),
        (_("Parution"), {"fields": ("section", "slug", "published_at", "unpublished_at")}),
        COMMENTS,
    )

    class Media:
        css = {"all": ["css/admin.css"]}
        js = (Script("js/writing/saved.js", type="module"),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        """Bring each article's signature along."""
        return Article.objects.with_signature().order_by(*self.ordering)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Name the list."""
        return super().changelist_view(request, {"title": _("Articles")} | (extra_context or {}))

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

    def has_publish_permission(self, request: HttpRequest) -> bool:
        """Publishing is a right of its own."""
        return request.user.has_perm("articles.publish_article")

    def view_on_site(self, obj: Article) -> str | None:
        """Link to the page of an article that has one."""
        return obj.get_absolute_url() if obj.is_published() else None

    @admin.display(description=_("état"))
    def state(self, article: Article) -> str:
        """Say in a word where the article stands."""
        return str(article.state().label)

    @admin.display(description=_("signature"))
    def signature(self, article: Article) -> str:
        """Name the authors in their order."""
        return ", ".join(byline.author.name for byline in article.bylines.all())

    @admin.action(description=_("Mettre en ligne maintenant"), permissions=["publish"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        """Publish the chosen articles."""
        now = timezone.now()
        chosen = list(queryset.exclude(pk__in=Article.objects.published(now)).values_list("pk", flat=True))
        for article_id in chosen:
            article = publishing.publish(article_id=article_id, by=cast(User, request.user))
            self.log_change(request, article, gettext("Mis en ligne."))
        self._report(
            request, ngettext("%(count)s article en ligne.", "%(count)s articles en ligne.", len(chosen)), len(chosen)
        )

    @admin.action(description=_("Dépublier"), permissions=["publish"])
    def unpublish(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        """Withdraw the chosen articles from the public."""
        chosen = list(
            queryset.filter(published_at__isnull=False, unpublished_at__isnull=True).values_list("pk", flat=True)
        )
        for article_id in chosen:
            article = publishing.unpublish(article_id=article_id, by=cast(User, request.user))
            self.log_change(request, article, gettext("Dépublié."))
        self._report(
            request,
            ngettext("%(count)s article dépublié.", "%(count)s articles dépubliés.", len(chosen)),
            len(chosen),
        )

    def _report(self, request: HttpRequest, sentence: str, count: int) -> None:
        self.message_user(request, sentence % {"count": count}, messages.SUCCESS)


@admin.register(Author)
class AuthorAdmin(admin.ModelAdmin):
    """Who signs, and with what credentials."""

    list_display = ("name", "credentials")
    search_fields = ("name",)
    prepopulated_fields = {"slug": ("name",)}


@admin.register(Section)
class SectionAdmin(admin.ModelAdmin):
    """The newspaper's headings."""

    form = SectionForm
    fieldsets = ((None, {"fields": ("name", "slug", "description", "position")}), COMMENTS)
    list_display = ("name", "position", "description")
    prepopulated_fields = {"slug": ("name",)}
