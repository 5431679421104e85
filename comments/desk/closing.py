"""The pages of the desk on which comments of an article, or of a section, are closed or opened again, for a reason that readers read."""

from collections.abc import Callable
from functools import partial
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import AdminForm
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from articles.models import Article, Commenting, Section
from comments import closing, rendering, rights
from comments.models import Comment
from multitude import deskpages


class ClosingForm(forms.ModelForm):
    """What is chosen for an article's comments, and why."""

    class Meta:
        model: type[Article | Section] = Article
        fields = ("commenting", "commenting_note")
        widgets = {
            "commenting": forms.RadioSelect,
            "commenting_note": forms.TextInput(attrs={"class": "vLargeTextField"}),
        }

    def clean_commenting_note(self) -> str:
        """Return the note on one line."""
        return rendering.plain_line(self.cleaned_data["commenting_note"])


class SectionClosingForm(ClosingForm):
    """What is chosen for the comments of a section's articles, and why."""

    class Meta(ClosingForm.Meta):
        model = Section


class ClosingDesk(admin.ModelAdmin):
    """Adds to the desk of comments the pages on which those of an article, and of a section, are closed."""

    def get_urls(self) -> list[URLPattern]:
        """Add the pages' addresses."""

        def of(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
            return self.admin_site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(view))

        section = "fermeture/rubrique/<int:section_id>/"
        return [
            path("fermeture/<int:article_id>/", of(self.closing_view), name="comments_comment_closing"),
            path(section, of(self.section_closing_view), name="comments_comment_closing_section"),
            *super().get_urls(),
        ]

    def may_close(self, request: HttpRequest) -> bool:
        """Return whether this member of the staff closes comments."""
        return request.user.has_perm(rights.CLOSE)

    def closing_view(self, request: HttpRequest, article_id: int) -> HttpResponse:
        """Show where an article's comments stand (GET), or take what is chosen (POST)."""
        self._check_closes(request)
        article = get_object_or_404(Article.objects.select_related("section"), pk=article_id)
        shown = {"article": article, "section": article.section, "standing": closing.of(article)}
        form = ClosingForm(_posted(request), instance=article)
        return self._answer(request, form, shown, partial(closing.choose, article_id=article_id))

    def section_closing_view(self, request: HttpRequest, section_id: int) -> HttpResponse:
        """Show where a section's comments stand (GET), or take what is chosen (POST)."""
        self._check_closes(request)
        sections = list(Section.objects.all())
        section = next((one for one in sections if one.pk == section_id), None)
        if section is None:
            raise Http404
        others = [one for one in sections if one is not section]
        shown = {"section": section, "others": others, "standing": closing.of_section(section)}
        form = SectionClosingForm(_posted(request), instance=section)
        return self._answer(request, form, shown, partial(closing.choose_for_section, section_id=section_id))

    def _check_closes(self, request: HttpRequest) -> None:
        if not self.may_close(request):
            raise PermissionDenied

    def _answer(
        self, request: HttpRequest, form: ClosingForm, shown: dict[str, Any], choose: Callable[..., bool]
    ) -> HttpResponse:
        if form.is_valid():
            self._choose(request, form, choose)
            return HttpResponseRedirect(request.path)
        fields = [(None, {"fields": ["commenting", "commenting_note"]})]
        context = {
            **deskpages.context(self, request, _("Fermer ou rouvrir les commentaires")),
            **shown,
            "media": self.media + form.media,
            "form": form,
            "adminform": AdminForm(form, fields, {}, model_admin=self),
        }
        return TemplateResponse(request, "admin/comments/comment/closing.html", context)

    def _choose(self, request: HttpRequest, form: ClosingForm, choose: Callable[..., bool]) -> None:
        changed = choose(
            commenting=Commenting(form.cleaned_data["commenting"]),
            note=form.cleaned_data["commenting_note"],
            moderator=cast(User, request.user),
        )
        if changed:
            self.message_user(request, _("C’est noté : les pages concernées suivent aussitôt."), messages.SUCCESS)
        else:
            self.message_user(request, _("Rien n’a changé."), messages.INFO)

    @admin.display(description=_("commentaires de l’article"))
    def commenting(self, comment: Comment) -> SafeString:
        """Say whether the article takes comments, and lead to where that is changed."""
        context: dict[str, Any] = {"article": comment.article, "standing": closing.of(comment.article)}
        return mark_safe(render_to_string("admin/comments/comment/_commenting.html", context))  # noqa: S308


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None
