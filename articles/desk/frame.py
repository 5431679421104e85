"""The newspaper's frame at the desk: who signs, and under which headings articles appear."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.desk.searching import holding
from articles.forms import AuthorForm, SectionForm
from articles.models import Author
from multitude.deskfaults import Telling
from multitude.deskrequests import Forbearing

COMMENTS: tuple[Any, Any] = (_("Commentaires"), {"fields": ("commenting", "commenting_note")})


class AuthorAdmin(Forbearing, Telling):
    """Who signs, and with what credentials."""

    form = AuthorForm
    list_display = ("name", "credentials")
    search_fields = ("name",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Author], search_term: str
    ) -> tuple[QuerySet[Author], bool]:
        """Find somebody by their name."""
        return holding(queryset, search_term), False


class SectionAdmin(Forbearing, Telling):
    """The newspaper's headings."""

    form = SectionForm
    fieldsets = ((None, {"fields": ("name", "slug", "description", "position")}), COMMENTS)
    list_display = ("name", "position", "description")
