"""The newsroom's voice at the desk: a page to answer a comment, and one to choose and order those on top of a thread."""

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from articles.models import Article
from comments import moderation, newsroom, rights, standing
from comments.desk.deciding import buttons_of
from comments.forms import BodyField, BodyForm
from comments.models import BODY_LENGTH, Comment, Decision
from multitude import deskpages

VERBS: dict[str, Callable[[int, User], None]] = {
    "select": lambda pk, who: newsroom.select(comment_id=pk, moderator=who),
    "unselect": lambda pk, who: newsroom.unselect(comment_id=pk, moderator=who),
    "up": lambda pk, who: newsroom.move(comment_id=pk, by=-1, moderator=who),
    "down": lambda pk, who: newsroom.move(comment_id=pk, by=+1, moderator=who),
}


class AnswerForm(BodyForm):
    """The newsroom's answer, within the limits of readers' comments."""

    body = BodyField(
        label=_("Réponse"),
        max_length=BODY_LENGTH,
        widget=forms.Textarea(attrs={"rows": 10, "class": "vLargeTextField"}),
        error_messages={
            "required": _("Écrivez votre réponse."),
            "max_length": _("La réponse ne peut dépasser %(limit_value)d caractères (elle en a %(show_value)d)."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A browser would silently cut what one pastes; the server says by how much it is too long.
        del self.fields["body"].widget.attrs["maxlength"]


class Voice(admin.ModelAdmin):
    """What the desk of comments has for those who speak for the newsroom."""

    def get_urls(self) -> list[URLPattern]:
        """Put these pages before what Django takes for the key of a comment."""

        def of(view: Callable[..., HttpResponse], *methods: str) -> Callable[..., HttpResponse]:
            return self.admin_site.admin_view(require_http_methods(methods)(view))

        return [
            path("<int:comment_id>/reponse/", of(self.answer_view, "GET", "POST"), name="comments_comment_answer"),
            path("<int:comment_id>/selection/", of(self.select_view, "POST"), name="comments_comment_select"),
            path("selection/<int:article_id>/", of(self.selection_view, "GET"), name="comments_comment_selection"),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Offer on a comment's page what can be done with it there."""
        comment, moderator = context["original"], cast(User, request.user)
        is_moderator, past = moderator.has_perm(rights.DECIDE), list(comment.decisions.order_by("-version"))
        decides = is_moderator and standing.is_theirs(moderator, past)
        voice = {
            "masks": decides and Decision.Action.REDACT in moderation.open_to(comment),
            "speaks": self.speaks(request),
            "verbs": buttons_of(moderation.open_to(comment)) if decides else [],
            "undoes": is_moderator and standing.may_undo(comment, moderator, past),
        }
        return super().render_change_form(request, context | {"voice": any(voice.values()) and voice}, *args, **kwargs)

    def speaks(self, request: HttpRequest) -> bool:
        """Tell whether somebody may answer and choose in the newsroom's name."""
        return self.has_view_permission(request) and request.user.has_perm(rights.SPEAK)

    def answer_view(self, request: HttpRequest, comment_id: int) -> HttpResponse:
        """Show the form of an answer (GET), and publish it (POST); what is refused comes back as it was typed."""
        comment = self._comment(request, comment_id)
        form = AnswerForm(request.POST if request.method == "POST" else None, auto_id="answer_%s")
        if not form.is_bound:
            return self._answer_page(request, comment, form)
        if not form.is_valid():
            return self._answer_page(request, comment, form, status=422)
        try:
            newsroom.answer(comment_id=comment_id, body=form.cleaned_data["body"], moderator=cast(User, request.user))
        except newsroom.NotPublic as error:
            return self._answer_page(request, comment, form, error=str(error), status=409)
        self.message_user(request, gettext("La réponse est en ligne."), messages.SUCCESS)
        return redirect("admin:comments_comment_change", comment_id)

    def _answer_page(
        self, request: HttpRequest, comment: Comment, form: AnswerForm, *, error: str = "", status: int = 200
    ) -> TemplateResponse:
        context = {
            **deskpages.context(self, request, gettext("Répondre au nom du journal")),
            "comment": comment,
            "form": form,
            "signature": newsroom.signature(),
            "error": error,
        }
        return TemplateResponse(request, "admin/comments/comment/answer.html", context, status=status)

    def select_view(self, request: HttpRequest, comment_id: int) -> HttpResponse:
        """Choose a comment, or change its place among the chosen, and show them all."""
        comment = self._comment(request, comment_id)
        verb = VERBS.get(request.POST.get("verb", ""))
        if verb is None:
            raise Http404
        try:
            verb(comment_id, cast(User, request.user))
        except (newsroom.NotPublic, newsroom.SelectionFull) as error:
            self.message_user(request, str(error), messages.WARNING)
        return redirect("admin:comments_comment_selection", comment.article_id)

    def selection_view(self, request: HttpRequest, article_id: int) -> HttpResponse:
        """Show what is chosen of an article, in its order, with the buttons that change it."""
        if not self.speaks(request):
            raise PermissionDenied
        article = get_object_or_404(Article, pk=article_id)
        context = {
            **deskpages.context(self, request, gettext("Sélection de la rédaction")),
            "article": article,
            "comments": [chosen.comment for chosen in newsroom.selection(article)],
            "most": newsroom.MOST_SELECTED,
        }
        return TemplateResponse(request, "admin/comments/comment/selection.html", context)

    def _comment(self, request: HttpRequest, comment_id: int) -> Comment:
        if not self.speaks(request):
            raise PermissionDenied
        return get_object_or_404(Comment.objects.select_related("article", "parent"), pk=comment_id)
