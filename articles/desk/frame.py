"""The newspaper's frame at the desk: who signs, and under which headings articles appear."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles import dated, locks, moving
from articles.desk.picture_field import PictureSelect
from articles.desk.searching import holding
from articles.forms import AuthorForm, SectionForm
from articles.models import Author, Section
from multitude.deskfaults import Telling
from multitude.deskrequests import Forbearing

COMMENTS: tuple[Any, Any] = (_("Commentaires"), {"fields": ("commenting", "commenting_note")})


class AuthorAdmin(Forbearing, Telling):
    """Who signs, and with what credentials."""

    form = AuthorForm
    autocomplete_fields = ("portrait",)
    list_display = ("name", "credentials", "has_biography", "has_portrait")
    search_fields = ("name",)

    class Media:
        css = {"all": ["css/admin.css"]}

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Author], search_term: str
    ) -> tuple[QuerySet[Author], bool]:
        """Find somebody by their name."""
        return holding(queryset, search_term), False

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Show the portrait that is chosen."""
        if db_field.name == "portrait":
            kwargs["widget"] = PictureSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Author, form: Any, change: bool) -> None:
        """Hold the portrait meanwhile, so that its files stay where the author's page says; keep a former address."""
        if obj.portrait_id is not None:
            locks.hold(None, naming=[obj.portrait_id])
        if change:
            moving.rename(obj)
        else:
            obj.save()

    def view_on_site(self, obj: Author) -> str | None:
        """Link to the page of an author who has one."""
        return obj.get_absolute_url() if dated.signed_by(obj)[:1] else None

    @admin.display(description=_("biographie"), boolean=True)
    def has_biography(self, author: Author) -> bool:
        """Tell whether readers learn who this is."""
        return bool(author.biography_html)

    @admin.display(description=_("portrait"), boolean=True)
    def has_portrait(self, author: Author) -> bool:
        """Tell whether readers see who this is."""
        return author.portrait_id is not None


class _PlaceForm(forms.ModelForm):
    """A section's place in the menu, in the list of sections."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = _("Rang de « %(section)s » dans le menu") % {"section": self.instance.name}
        self.fields["position"].widget.attrs["aria-label"] = label


class SectionAdmin(Forbearing, Telling):
    """The newspaper's headings."""

    form = SectionForm
    fieldsets = ((None, {"fields": ("name", "slug", "description", "position")}), COMMENTS)
    list_display = ("name", "position", "description")
    list_editable = ("position",)

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> type[forms.ModelForm]:
        """Name each place by its section, for who hears the page."""
        return super().get_changelist_form(request, **kwargs | {"form": _PlaceForm})

    def get_changelist_formset(self, request: HttpRequest, **kwargs: Any) -> Any:
        """Read no more rows than the list can show: Django reads two thousand, whoever made them up."""
        most = max(self.list_per_page, self.list_max_show_all)
        return super().get_changelist_formset(request, **kwargs | {"max_num": most, "absolute_max": most})

    def save_model(self, request: HttpRequest, obj: Section, form: Any, change: bool) -> None:
        """Keep a former address."""
        if change:
            moving.rename(obj)
        else:
            obj.save()
