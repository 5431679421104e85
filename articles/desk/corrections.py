"""The corrections of an article at the desk: read on its page, published from a page of their own, and then left alone."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from articles import publishing, rights
from articles.models import CORRECTION_LENGTH, Article
from multitude import deskpages


class CorrectionForm(forms.Form):
    """What is rectified."""

    body = forms.CharField(
        label=_("Rectificatif"),
        max_length=CORRECTION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5, "class": "vLargeTextField"}),
        help_text=_("Dites ce qui était faux et ce qui est vrai. 1 000 caractères au plus, sans mise en forme."),
        error_messages={
            "required": _("Écrivez ce qui est rectifié."),
            "max_length": _("Le rectificatif ne peut dépasser %(limit_value)d caractères (il en a %(show_value)d)."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A browser would silently cut what one pastes; the server says by how much it is too long.
        del self.fields["body"].widget.attrs["maxlength"]


class Corrections(admin.ModelAdmin):
    """What the desk of articles has of their corrections."""

    def get_urls(self) -> list[URLPattern]:
        """Put the page before what Django takes for the key of an article."""
        view = self.admin_site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(self.corrections_view))
        return [
            path("<int:article_id>/rectificatifs/", view, name="articles_article_corrections"),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show on an article's page what was rectified in it, and lead to where one rectifies."""
        article: Article | None = context.get("original")
        shown = {"corrections": [], "may_correct": False}
        if article is not None and article.was_public():
            shown = {"corrections": _of(article), "may_correct": request.user.has_perm(rights.CORRECT)}
        return super().render_change_form(request, context | shown, *args, **kwargs)

    def corrections_view(self, request: HttpRequest, article_id: int) -> HttpResponse:
        """Show an article's corrections and the form of another one (GET), or publish it (POST)."""
        article = get_object_or_404(Article, pk=article_id)
        may_correct = request.user.has_perm(rights.CORRECT)
        if not self.has_view_or_change_permission(request, article) or (request.method == "POST" and not may_correct):
            raise PermissionDenied
        form = CorrectionForm(request.POST if request.method == "POST" else None, auto_id="correction_%s")
        if form.is_valid():
            try:
                publishing.correct(article_id=article.pk, body=form.cleaned_data["body"], by=cast(User, request.user))
            except publishing.PublishingRefused as error:
                form.add_error("body", str(error))
            else:
                self.message_user(request, gettext("Le rectificatif est publié."), messages.SUCCESS)
                return redirect("admin:articles_article_corrections", article.pk)
        context = {
            **deskpages.context(self, request, gettext("Rectificatifs")),
            "article": article,
            "corrections": _of(article),
            "form": form,
            "may_correct": may_correct and article.was_public(),
            "was_public": article.was_public(),
        }
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, "admin/articles/article/corrections.html", context, status=status)


def _of(article: Article) -> list[Any]:
    return list(article.corrections.select_related("by"))
