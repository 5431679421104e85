"""What the pages of the newsroom's desk share: the frame of those that Django has not, and the titles of those that it has."""

from typing import Any

from django.contrib.admin.options import ModelAdmin
from django.http import HttpRequest, HttpResponse


def context(model_admin: ModelAdmin, request: HttpRequest, title: Any) -> dict[str, Any]:
    """Return the context of a page that `admin/desk_page.html` frames."""
    return {
        **model_admin.admin_site.each_context(request),
        "title": title,
        "opts": model_admin.opts,
        "media": model_admin.media,
    }


class Barred(ModelAdmin):
    """A desk on which some acts are nobody's, whatever an account may do: verbs do them, or time, or nothing does."""

    nobody_may: frozenset[str]
    """Of `add`, `change` and `delete`."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return whether one may add something."""
        return "add" not in self.nobody_may and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether one may change something."""
        return "change" not in self.nobody_may and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether one may delete something."""
        return "delete" not in self.nobody_may and super().has_delete_permission(request, obj)


class Titled(ModelAdmin):
    """A list and a form that say what one does there, rather than what they show."""

    list_title: Any
    adding_title: Any
    changing_title: Any

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Name the list."""
        return super().changelist_view(request, {"title": self.list_title} | (extra_context or {}))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Say what one does here."""
        return super().changeform_view(request, object_id, form_url, self.titled(object_id, extra_context))

    def titled(self, object_id: str | None, extra_context: dict[str, Any] | None) -> dict[str, Any]:
        """Return the context of the form, with its title unless it has one."""
        return {"title": self.changing_title if object_id else self.adding_title} | (extra_context or {})
