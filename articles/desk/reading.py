"""The page of an article for somebody who may read it and not change it: why, who may, and the text as it reads."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles import rights
from articles.models import Article
from multitude.people import name_of

# As many colleagues as one asks in turn.
MOST_NAMED = 6


def _shown(name: str, rendered: str, *, is_html: bool = False) -> Any:
    """Make what shows a field as readers have it, under the field's own label."""

    @admin.display(description=Article._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    def show(model_admin: "Reading", article: Article) -> str | SafeString:
        value = getattr(article, rendered)
        if not value or not is_html:
            return value or "—"
        # Cleaned, or drawn by a template, when it was stored.
        return format_html('<div class="writing-body"><div class="prose">{}</div></div>', mark_safe(value))  # noqa: S308

    return show


class Reading(admin.ModelAdmin):
    """What the desk of articles has for its readers."""

    read_kicker = _shown("kicker", "display_kicker")
    read_headline = _shown("headline", "display_headline")
    read_standfirst = _shown("standfirst", "display_standfirst")
    read_lead_picture = _shown("lead_picture", "lead_html", is_html=True)
    read_body = _shown("body", "body_html", is_html=True)
    read_footnote = _shown("footnote", "footnote_html", is_html=True)

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        """Show as prose what a form would show as HTML."""
        fieldsets: Any = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        return [
            (name, {**options, "fields": [_shown_as(field) for field in options["fields"]]})
            for name, options in fieldsets
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Say why nothing can be changed here, and who may."""
        article: Article | None = context.get("original")
        is_read_only = article is not None and not self.has_change_permission(request, article)
        own: dict[str, Any] = {"why_read_only": "", "may_change": ""}
        if article and is_read_only:
            own = {"why_read_only": self._reason(request, article), "may_change": _colleagues(article)}
            own["title"] = _("Lire un article")
        return super().render_change_form(request, context | own, *args, **kwargs)

    def _reason(self, request: HttpRequest, article: Article) -> str:
        if article.published_at and self.has_change_permission(request):
            return _("Cet article a une date : seuls ceux qui publient le changent. Vous pouvez le lire.")
        return _("Votre compte lit les articles et n’en change aucun.")


def _shown_as(field: str) -> str:
    return f"read_{field}" if hasattr(Reading, f"read_{field}") else field


def _colleagues(article: Article) -> str:
    """Name those who may change an article, a few of them."""
    asked = ["articles.change_article", *([rights.PUBLISH] if article.published_at else [])]
    able = User.objects.filter(is_staff=True)
    for right in asked:
        able = able.filter(pk__in=User.objects.with_perm(right).values("pk"))
    names = [name_of(user) for user in able.order_by("last_name", "first_name", "username")[: MOST_NAMED + 1]]
    if not names:
        return ""
    told = ", ".join(names[:MOST_NAMED]) + (_(" et d’autres") if len(names) > MOST_NAMED else "")
    return ngettext("Peut le changer : %(names)s.", "Peuvent le changer : %(names)s.", len(names)) % {"names": told}
