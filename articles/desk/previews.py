"""The page of the desk on which one sees an article as it will appear, and gives or revokes links to it."""

from datetime import timedelta
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.csp import CSP
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods

from articles import previews, publishing, rights
from articles.models import Article
from multitude import deskpages

# What one looks at on the page itself is good for the time one looks at it.
LOOKING = timedelta(hours=1)
_POLICY: dict[str, Any] = {**settings.SECURE_CSP, "frame-src": [CSP.SELF]}


class LinkForm(forms.Form):
    """For how long a link shall be good."""

    days = forms.TypedChoiceField(
        label=_("Valable"),
        choices=previews.Lifetime.choices,
        coerce=int,
        initial=previews.Lifetime.WEEK,
        error_messages={"invalid_choice": _("Choisissez l’une des durées de la liste.")},
    )


class Previews(admin.ModelAdmin):
    """What the desk of articles has of previews."""

    def get_urls(self) -> list[URLPattern]:
        """Put the page before what Django takes for the key of an article."""
        view = csp_override(_POLICY)(require_http_methods(["GET", "HEAD", "POST"])(self.preview_view))
        return [
            path("<int:article_id>/apercu/", self.admin_site.admin_view(view), name="articles_article_preview"),
            *super().get_urls(),
        ]

    def preview_view(self, request: HttpRequest, article_id: int) -> HttpResponse:
        """Show the article at two widths (GET); give a link to it, or revoke those that were given (POST)."""
        article, by = get_object_or_404(Article, pk=article_id), cast(User, request.user)
        if not (self.has_view_or_change_permission(request, article) and request.user.has_perm(rights.PREVIEW)):
            raise PermissionDenied
        if request.method == "POST" and "revoke" in request.POST:
            publishing.revoke_previews(article_id=article.pk, by=by)
            self.message_user(request, gettext("Les liens d’aperçu ne mènent plus nulle part."), messages.SUCCESS)
            return redirect("admin:articles_article_preview", article.pk)
        form = LinkForm(request.POST if request.method == "POST" else None)
        is_public = article.is_published()
        given = None
        if form.is_valid() and not is_public:
            try:
                lifetime = timedelta(days=form.cleaned_data["days"])
                given = publishing.give_preview(article_id=article.pk, lifetime=lifetime, by=by)
            except publishing.PublishingRefused as refusal:
                self.message_user(request, str(refusal), messages.WARNING)
                return redirect("admin:articles_article_preview", article.pk)
        context = {
            "article": article,
            **deskpages.context(self, request, gettext("Aperçu")),
            "is_nav_sidebar_enabled": False,
            "form": form,
            "given": given,
            "is_public": is_public,
            "seen": None if is_public else previews.link(article, LOOKING).path,
        }
        status = 422 if form.is_bound and not form.is_valid() else 200
        return TemplateResponse(request, "admin/articles/article/preview.html", context, status=status)
