"""The page on which an article is written, and the desk of articles as a whole."""

from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.forms import ModelForm
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from articles import rights, tags
from articles.desk.bylines import MOST, BylineFormSet
from articles.desk.choosing import KeySelect
from articles.desk.corrections import Corrections
from articles.desk.deleting import Deleting
from articles.desk.drafting import Drafting
from articles.desk.frame import COMMENTS
from articles.desk.history import History
from articles.desk.listing import Listing
from articles.desk.once import Once
from articles.desk.picture_field import PictureSelect
from articles.desk.previews import Previews
from articles.desk.reading import Reading
from articles.forms import ArticleForm
from articles.models import Article, Byline
from multitude.deskfaults import Telling
from multitude.deskpages import Titled
from multitude.deskrequests import Forbearing

TEXT: tuple[Any, Any] = (
    None,
    {"fields": ("kicker", "headline", "standfirst", "lead_picture", "body", "footnote"), "classes": ("writing",)},
)
APPEARANCE: tuple[Any, Any] = (
    _("Parution"),
    {"fields": ("section", "tag_names", "slug", "embargo_until", "published_at", "unpublished_at")},
)


class BylineInline(admin.StackedInline):
    """The signature, in its order."""

    model = Byline
    formset = BylineFormSet
    fields = ("author", "position")
    autocomplete_fields = ("author",)
    extra = 1
    max_num = MOST

    def get_formset(self, request: HttpRequest, obj: Article | None = None, **kwargs: Any) -> Any:
        """Read no more rows than an article has: Django reads two thousand, whoever made them up, and says so of the rest."""
        return super().get_formset(request, obj, **kwargs | {"absolute_max": self.max_num})

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Find an author by name; whatever was sent in place of one comes back with the form."""
        if db_field.name == "author":
            kwargs["widget"] = KeySelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Byline]:
        """Bring the authors along: each row names its own."""
        return super().get_queryset(request).select_related("author")


class ArticleAdmin(
    Forbearing, Telling, Titled, Once, Drafting, History, Previews, Corrections, Reading, Deleting, Listing
):
    """Write an article, and decide when it is public."""

    form = ArticleForm
    inlines = (BylineInline,)
    autocomplete_fields = ("lead_picture",)
    list_title = _("Articles")
    adding_title = _("Écrire un article")
    changing_title = _("Modifier un article")
    fieldsets = (TEXT, APPEARANCE, COMMENTS)

    class Media:
        css = {"all": ["css/admin.css", "css/criteria.css", "css/tags-desk.css", "css/desk.css"]}
        js = (Script("js/writing/saved.js", type="module"), Script("js/tag-names.js", type="module"))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Show the lead picture that is chosen."""
        if db_field.name == "lead_picture":
            kwargs["widget"] = PictureSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=_("thèmes"))
    def tag_names(self, article: Article) -> str:
        """Name the tags to whom the form is closed."""
        return tags.SEPARATOR.join(tag.name for tag in article.tags.all())

    def get_form(
        self, request: HttpRequest, obj: Article | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm]:
        """Tell the form who may add tags."""
        form = super().get_form(request, obj, change, **kwargs)
        form.may_add_tags = request.user.has_perm(rights.ADD_TAGS)  # type: ignore[attr-defined]
        return form

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Store the tags beside the signature, by their verb."""
        super().save_related(request, form, formsets, change)
        if (names := form.cleaned_data.get("tag_names")) is not None:
            tags.give(form.instance, names, by=cast(User, request.user))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Tell of the article as it is stored: a form that is refused has changed the one in memory all the same."""
        if request.method == "POST" and (known := context.get("original")):
            stored = Article.objects.select_related("section").filter(pk=known.pk).first() or known
            context |= {"original": stored, "subtitle": str(stored)}
            kwargs["obj"] = stored
        return super().render_change_form(request, context, *args, **kwargs)

    def view_on_site(self, obj: Article) -> str | None:
        """Link to the page of an article that has one."""
        return obj.get_absolute_url() if obj.is_published() else None
