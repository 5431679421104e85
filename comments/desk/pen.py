"""The moderator's pen at the desk: a page on which passages of one comment are masked."""

from typing import Any, cast
from urllib.parse import urlsplit

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from comments import moderation, rights
from comments.forms import BodyField
from comments.models import BODY_LENGTH, EXPLANATION_LENGTH, Comment, Decision
from multitude import deskpages
from multitude.numerals import version_in
from multitude.transactions import act

# What the longest text can become when every other letter of it is masked, by marks of five signs.
MOST_TYPED = 3 * BODY_LENGTH
MOST_OF_AN_ADDRESS = 2_000
PUBLISH = "publish"


class PenForm(forms.Form):
    """The text with passages replaced, why, and which version of it one had before one's eyes."""

    text = BodyField(
        label=_("Texte"),
        max_length=MOST_TYPED,
        required=False,
        help_text=_("Remplacez par […] chaque passage à masquer ; le reste ne peut pas changer."),
        widget=forms.Textarea(attrs={"rows": 12, "class": "vLargeTextField"}),
    )
    explanation = forms.CharField(
        label=_("Explication"),
        max_length=EXPLANATION_LENGTH,
        required=False,
        help_text=_("Facultative ; elle reste à la rédaction, avec le texte d’origine."),
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    place = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_seen(self) -> int | None:
        """Return the version that the page showed; something unreadable is no version at all, and stale."""
        return version_in(self.cleaned_data["seen"])

    def clean_place(self) -> str:
        """Return it as Django writes addresses, so that it leads nowhere but into the queue."""
        return QueryDict(self.cleaned_data["place"][:MOST_OF_AN_ADDRESS]).urlencode()

    def of_version(self, version: int) -> "PenForm":
        """Return the form as it was typed, about the version that is now shown beside it."""
        form = PenForm({name: self.data[name] for name in self.data} | {"seen": str(version)})
        form.full_clean()
        return form


class Pen(admin.ModelAdmin):
    """What the desk of comments has of the pen."""

    def get_urls(self) -> list[URLPattern]:
        """Put the pen's page before what Django takes for the key of a comment."""
        view = self.admin_site.admin_view(require_http_methods(["GET", "POST"])(self.pen_view))
        return [path("<int:comment_id>/stylo/", view, name="comments_comment_pen"), *super().get_urls()]

    def pen_view(self, request: HttpRequest, comment_id: int) -> HttpResponse:
        """Show the text to mask passages of (GET), and mask them (POST); what is refused comes back as it was typed."""
        if not (self.has_view_permission(request) and request.user.has_perm(rights.DECIDE)):
            raise PermissionDenied
        comment = get_object_or_404(Comment.objects.select_related("article", "parent"), pk=comment_id)
        if request.method == "GET":
            shown = {"text": comment.body, "seen": comment.version, "place": _place(request)}
            return self._pen_page(request, comment, PenForm(initial=shown))
        form = PenForm(request.POST)
        if not form.is_valid():
            return self._pen_page(request, comment, form, status=422)
        is_published = PUBLISH in request.POST
        try:
            _mask(comment_id, cast(User, request.user), form.cleaned_data, publish=is_published)
        except moderation.AlreadyDecided as error:
            comment.refresh_from_db()
            return self._pen_page(request, comment, form.of_version(comment.version), error=str(error), status=409)
        except moderation.TextRefused as error:
            form.add_error("text", str(error))
            return self._pen_page(request, comment, form, status=422)
        except moderation.DecisionRefused as error:
            return self._pen_page(request, comment, form, error=str(error), status=422)
        done = gettext("Passages masqués, commentaire publié.") if is_published else gettext("Passages masqués.")
        self.message_user(request, done, messages.SUCCESS)
        place = form.cleaned_data["place"]
        if place or comment.status == Comment.Status.PENDING:
            return redirect(reverse("admin:comments_comment_changelist", query=QueryDict(place)))
        return redirect("admin:comments_comment_change", comment_id)

    def _pen_page(
        self, request: HttpRequest, comment: Comment, form: PenForm, *, error: str = "", status: int = 200
    ) -> TemplateResponse:
        context: dict[str, Any] = {
            **deskpages.context(self, request, gettext("Masquer des passages")),
            "comment": comment,
            "form": form,
            "error": error,
            "is_open": Decision.Action.REDACT in moderation.open_to(comment),
            "can_publish": Decision.Action.APPROVE in moderation.open_to(comment),
        }
        return TemplateResponse(request, "admin/comments/comment/pen.html", context, status=status)


def _place(request: HttpRequest) -> str:
    """Return where in the queue one came from: its lane, its criteria and its page, as the address has them."""
    origin = urlsplit(request.headers.get("Referer", ""))
    return origin.query if origin.path == reverse("admin:comments_comment_changelist") else ""


@act()
def _mask(comment_id: int, moderator: User, typed: dict[str, Any], *, publish: bool) -> None:
    """Mask passages, and publish what is left where that is asked too: both, or neither."""
    moderation.decide(
        comment_id=comment_id,
        action=Decision.Action.REDACT,
        moderator=moderator,
        text=typed["text"],
        explanation=typed["explanation"],
        seen_version=typed["seen"],
    )
    if publish:
        moderation.decide(
            comment_id=comment_id,
            action=Decision.Action.APPROVE,
            moderator=moderator,
            seen_version=typed["seen"] + 1,
        )
