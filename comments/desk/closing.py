"""The page of the desk on which an article's comments are closed, or opened again, for a reason that readers read."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import AdminForm
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from articles.models import Article, Commenting
from comments import closing, rendering, rights
from comments.models import Comment
from multitude import deskpages


class ClosingForm(forms.ModelForm):
    """What is chosen for an article's comments, and why."""

    class Meta:
        model = Article
        fields = ("commenting", "commenting_note")
        widgets = {
            "commenting": forms.RadioSelect,
            "commenting_note": forms.TextInput(attrs={"class": "vLargeTextField"}),
        }

    def clean_commenting_note(self) -> str:
        """Return the note on one line."""
        return rendering.plain_line(self.cleaned_data["commenting_note"])


class ClosingDesk(admin.ModelAdmin):
    """Adds to the desk of comments the page on which those of an article are closed."""

    def get_urls(self) -> list[URLPattern]:
        """Add the page's address."""
        view = self.admin_site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(self.closing_view))
        return [path("fermeture/<int:article_id>/", view, name="comments_comment_closing"), *super().get_urls()]

    def may_close(self, request: HttpRequest) -> bool:
        """Return whether this member of the staff closes comments."""
        return request.user.has_perm(rights.CLOSE)

    def closing_view(self, request: HttpRequest, article_id: int) -> HttpResponse:
        """Show where an article's comments stand (GET), or take what is chosen (POST)."""
        if not self.may_close(request):
            raise PermissionDenied
        article = get_object_or_404(Article.objects.select_related("section"), pk=article_id)
        standing = closing.of(article)
        form = ClosingForm(request.POST if request.method == "POST" else None, instance=article)
        if form.is_valid():
            self._choose(request, article_id, form)
            return HttpResponseRedirect(request.path)
        fields = [(None, {"fields": ["commenting", "commenting_note"]})]
        context = {
            **deskpages.context(self, request, _("Fermer ou rouvrir les commentaires")),
            "media": self.media + form.media,
            "article": article,
            "standing": standing,
            "form": form,
            "adminform": AdminForm(form, fields, {}, model_admin=self),
        }
        return TemplateResponse(request, "admin/comments/comment/closing.html", context)

    def _choose(self, request: HttpRequest, article_id: int, form: ClosingForm) -> None:
        changed = closing.choose(
            article_id=article_id,
            commenting=Commenting(form.cleaned_data["commenting"]),
            note=form.cleaned_data["commenting_note"],
            moderator=cast(User, request.user),
        )
        if changed:
            self.message_user(request, _("C’est noté : la page de l’article suit aussitôt."), messages.SUCCESS)
        else:
            self.message_user(request, _("Rien n’a changé."), messages.INFO)

    @admin.display(description=_("commentaires de l’article"))
    def commenting(self, comment: Comment) -> SafeString:
        """Say whether the article takes comments, and lead to where that is changed."""
        context: dict[str, Any] = {"article": comment.article, "standing": closing.of(comment.article)}
        return mark_safe(render_to_string("admin/comments/comment/_commenting.html", context))  # noqa: S308
