"""The newspaper's frame at the desk: who signs, and under which headings articles appear."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from articles.forms import AuthorForm, SectionForm
from multitude.deskrequests import Forbearing

COMMENTS: tuple[Any, Any] = (_("Commentaires"), {"fields": ("commenting", "commenting_note")})


class AuthorAdmin(Forbearing):
    """Who signs, and with what credentials."""

    form = AuthorForm
    list_display = ("name", "credentials")
    search_fields = ("name",)


class SectionAdmin(Forbearing):
    """The newspaper's headings."""

    form = SectionForm
    fieldsets = ((None, {"fields": ("name", "slug", "description", "position")}), COMMENTS)
    list_display = ("name", "position", "description")
