"""The picture library in Django admin: what there is and where it is used, a new picture, and what is said of one."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from articles import figures, library, pictures, rights
from articles.desk.picture_forms import DescriptionForm, UploadForm
from articles.desk.picture_picking import Picking
from articles.models import Article, Author, Picture
from multitude.deskfaults import Telling
from multitude.deskpages import Titled
from multitude.deskrequests import Forbearing

_SHOWN_USES = 3
_KNOWN = "picture_is_known"


class UseFilter(admin.SimpleListFilter):
    """Whether some article or author shows the picture."""

    title = _("emploi")
    parameter_name = "emploi"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer both."""
        return [("oui", _("utilisées")), ("non", _("inutilisées"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Picture]) -> QuerySet[Picture]:
        """Keep those that an article shows at its head or in its text, and portraits, or the others."""
        leading = Article.objects.filter(lead_picture__isnull=False).values("lead_picture")
        portraits = Author.objects.filter(portrait__isnull=False).values("portrait")
        inside = Article.pictures.through.objects.values("picture")
        used = Q(pk__in=leading) | Q(pk__in=inside) | Q(pk__in=portraits)
        match self.value():
            case "oui":
                return queryset.filter(used)
            case "non":
                return queryset.exclude(used)
        return queryset


class PictureAdmin(Titled, Picking, Forbearing, Telling):
    """Add pictures and describe them; rights are Django's own. One that is in use is not deleted."""

    list_title = _("Photothèque")
    adding_title = _("Ajouter une image")
    changing_title = _("Décrire une image")
    list_display = ("thumbnail", "alternative_text", "credit", "uses", "uploaded_at")
    list_display_links = ("alternative_text",)
    list_filter = (UseFilter,)
    list_per_page = 30
    search_fields = ("alternative_text", "credit", "caption")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None

    class Media:
        css = {"all": ["css/admin.css", "css/pictures-desk.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Picture]:
        """Bring each picture's small file along, its authors, the newest articles that show it, and how many do."""
        titles = Article.objects.only("headline", "lead_picture").order_by("-pk")[:_SHOWN_USES]
        users = Prefetch("led", titles, to_attr="led_last"), Prefetch("illustrated", titles, to_attr="illustrated_last")
        found = figures.with_renditions().prefetch_related(*users, "portrayed").annotate(use_count=_use_count())
        return found.order_by("-uploaded_at", "-pk")

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """A picture is drawn before the database is written to, so that nobody waits for it."""
        context = self.titled(object_id, extra_context)
        try:
            return self._changeform_view(request, object_id, form_url, context)
        except library.Overtaken:
            # Read again, the form says who was faster.
            return self._changeform_view(request, object_id, form_url, context)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Take a file when adding, none when changing."""
        return super().get_form(request, obj, change, **{"form": DescriptionForm if obj else UploadForm} | kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Picture | None = None) -> Any:
        """Show the picture itself where it is known, and where it is used."""
        may_change = obj is not None and self.has_change_permission(request, obj)
        words = (None, {"fields": ("alternative_text", "credit", "caption", *(["seen"] if may_change else []))})
        told = _("Ce qui reste visible quand l’image est recadrée : cliquez dessus, ou donnez deux nombres.")
        focal_point = (None, {"fields": ("preview" if obj else "file", ("focal_x", "focal_y")), "description": told})
        if obj is None:
            return [focal_point, words]
        return [focal_point, words, (None, {"fields": ("uses", "size", "uploaded_by", "uploaded_at")})]

    def get_readonly_fields(self, request: HttpRequest, obj: Picture | None = None) -> Any:
        """Keep what is not said but is so."""
        return ["preview", "uses", "size", "uploaded_by", "uploaded_at"] if obj else []

    def has_change_permission(self, request: HttpRequest, obj: Picture | None = None) -> bool:
        """What an article with a date shows is the affair of those who publish, as that article is; portraits are as well."""
        if not super().has_change_permission(request, obj):
            return False
        if obj is None or request.user.has_perm(rights.PUBLISH):
            return True
        return not (pictures.users_of([obj.pk]).filter(published_at__isnull=False).exists() or obj.portrayed.exists())

    def has_delete_permission(self, request: HttpRequest, obj: Picture | None = None) -> bool:
        """One that an article or an author shows stays."""
        if not super().has_delete_permission(request, obj):
            return False
        return obj is None or not (pictures.users_of([obj.pk]).exists() or obj.portrayed.exists())

    def delete_model(self, request: HttpRequest, obj: Picture) -> None:
        """Delete by the verb."""
        library.delete(obj)

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        """Store a new picture by the verb, before Django asks what it is about."""
        if change:
            return super().save_form(request, form, change)
        picture, is_new = form.add(request.user)
        vars(request)[_KNOWN] = not is_new
        return picture

    def save_model(self, request: HttpRequest, obj: Picture, form: Any, change: bool) -> None:
        """Store what is said by the verb."""
        if change:
            library.describe(obj, seen=form.cleaned_data["seen"])

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """A picture has no rows that hang on it in this form."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Log a picture that is new."""
        return None if vars(request).get(_KNOWN) else super().log_addition(request, obj, message)

    def response_add(self, request: HttpRequest, obj: Picture, post_url_continue: str | None = None) -> HttpResponse:
        """Show a picture that was there already as it is described, and say so."""
        if not vars(request).get(_KNOWN) or IS_POPUP_VAR in request.POST:
            return super().response_add(request, obj, post_url_continue)
        told = _("Ce fichier est déjà dans la photothèque : voici comment il y est décrit. Rien n’a changé.")
        self.message_user(request, str(told), messages.WARNING)
        return redirect("admin:articles_picture_change", obj.pk)

    @admin.display(description=_("image"))
    def thumbnail(self, picture: Picture) -> SafeString:
        """Show the picture, small; the words beside it say what it shows."""
        return format_html('<img class="thumbnail" src="{}" alt="" loading="lazy">', figures.thumbnail(picture))

    @admin.display(description=_("image"))
    def preview(self, picture: Picture) -> SafeString:
        """Show the picture, large; its focal point is chosen on it."""
        return format_html(
            '<span class="focal" data-focal><img src="{}" width="{}" height="{}" alt="{}"></span>',
            figures.plain_address(picture),
            picture.width,
            picture.height,
            picture.alternative_text,
        )

    @admin.display(description=_("dimensions"))
    def size(self, picture: Picture) -> str:
        """Say how many pixels it has."""
        return f"{picture.width} × {picture.height}"

    @admin.display(description=_("emploi"))
    def uses(self, picture: Any) -> str | SafeString:
        """Name the authors and the articles that show the picture, the newest first."""
        users = {each.pk: each for each in (*picture.led_last, *picture.illustrated_last)}
        authors = list(picture.portrayed.all())
        if not users and not authors:
            return gettext("aucun article")
        newest = [*authors, *sorted(users.values(), key=lambda each: -each.pk)]
        links = [
            (reverse(f"admin:articles_{each._meta.model_name}_change", args=[each.pk]), each)
            for each in newest[:_SHOWN_USES]
        ]
        left = len(authors) + picture.use_count - _SHOWN_USES
        more = ngettext(", %(count)s autre", ", %(count)s autres", left) % {"count": left} if left > 0 else ""
        return format_html("{}{}", format_html_join(", ", '<a href="{}">{}</a>', links), more)


def _use_count() -> Combinable:
    """Return how many articles show a picture, at their head or in their text, as a column of the query for pictures."""
    inside = Article.pictures.through.objects.filter(picture=OuterRef("pk"))
    also_inside = Article.pictures.through.objects.filter(article=OuterRef("pk"), picture=OuterRef("lead_picture"))
    leading = Article.objects.filter(~Exists(also_inside), lead_picture=OuterRef("pk"))
    return _count(inside, "picture") + _count(leading, "lead_picture")


def _count(rows: QuerySet[Any], of: str) -> Combinable:
    return Coalesce(Subquery(rows.order_by().values(of).annotate(count=Count("pk")).values("count")), 0)
