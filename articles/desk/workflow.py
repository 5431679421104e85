"""The way of an article through the newsroom: the buttons under its form, and the pages that ask before a step is taken.

The buttons send the whole form: what was typed is saved first, then the step is taken by its verb, so nothing is lost.
"""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles import locks, rights, standing
from articles.desk import steps
from articles.desk.steps import Step
from articles.models import Article
from articles.publishing import PublishingRefused
from articles.whereabouts import Whereabouts
from multitude import deskpages
from multitude.transactions import act


class Workflow(admin.ModelAdmin):
    """Takes an article from draft to review, to its readers, and back."""

    # Rights ----------------------------------------------------------------------------------

    def has_publish_permission(self, request: HttpRequest) -> bool:
        """Publishing is a right of its own."""
        return request.user.has_perm(rights.PUBLISH)

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """What has a date is the affair of those who publish: whoever changes it changes what readers read."""
        is_theirs = obj is None or obj.published_at is None or self.has_publish_permission(request)
        return is_theirs and super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> tuple[str, ...]:
        """Dates publish: they are to be read only, unless one may."""
        usual = tuple(super().get_readonly_fields(request, obj))
        return usual if self.has_publish_permission(request) else (*usual, "published_at", "unpublished_at")

    def may_take(self, request: HttpRequest, step: Step, article: Article | None) -> bool:
        """Return whether somebody has the right to a step."""
        if step.publishes:
            return self.has_publish_permission(request) and self.has_view_permission(request, article)
        return self.has_change_permission(request, article)

    # The page of an article ------------------------------------------------------------------

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuse a step to which one has no right before anything is saved."""
        if request.method == "POST" and (step := _asked(request)) and not self.may_take(request, step, None):
            raise PermissionDenied
        return super().changeform_view(request, *args, **kwargs)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Say where the article stands, and offer the steps that lead on from there."""
        article: Article | None = context.get("original")
        is_theirs = self.has_change_permission(request, article) if article else self.has_add_permission(request)
        own = {
            "standing": standing.in_words(article) if article else "",
            "whereabouts": Whereabouts(article) if article else None,
            "steps": self._buttons(request, article or Article()) if is_theirs else [],
        }
        return super().render_change_form(request, context | own, *args, **kwargs)

    def _buttons(self, request: HttpRequest, article: Article) -> list[tuple[str, Any]]:
        """Return the name and the words of each button."""
        state = article.state()
        known = None if article._state.adding else article
        open_steps = [step for step in steps.open_to(article) if self.may_take(request, step, known)]
        return [(step.button, step.labels[state]) for step in open_steps]

    def response_add(self, request: HttpRequest, obj: Article, post_url_continue: str | None = None) -> HttpResponse:
        """Take the step for which the button asked, now that the article is saved."""
        if step := _asked(request):
            return self._go_on(request, obj, step)
        response = super().response_add(request, obj, post_url_continue)
        self._say(request, standing.in_words(obj), messages.INFO)
        return response

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        """Take the step for which the button asked, now that what was typed is saved."""
        if step := _asked(request):
            return self._go_on(request, obj, step)
        response = super().response_change(request, obj)
        self._say(request, standing.in_words(obj), messages.INFO)
        return response

    def _go_on(self, request: HttpRequest, article: Article, step: Step) -> HttpResponse:
        """Take a step, or lead to the page that asks first."""
        if step.path:
            return HttpResponseRedirect(reverse(f"admin:articles_article_{step.name}", args=[article.pk]))
        if not self.take(request, article, step, {}):
            self._say(request, _("Ce que vous avez écrit est enregistré."), messages.INFO)
        return HttpResponseRedirect(self._page_of(article))

    def _page_of(self, article: Article) -> str:
        return reverse("admin:articles_article_change", args=[article.pk])

    # Steps -----------------------------------------------------------------------------------

    def take(self, request: HttpRequest, article: Article, step: Step, values: dict[str, Any]) -> bool:
        """Take a step by its verb, say what became of it, and return whether it was taken; what is stored decides."""
        try:
            with act():
                locks.hold(article.pk, leaves=article.is_published())
                stored = Article.objects.select_for_update(no_key=True).get(pk=article.pk)
                if stored.state() not in step.labels:
                    self._say_that_it_stays(request, stored)
                    return False
                taken = step.take(article.pk, cast(User, request.user), values)
        except Article.DoesNotExist:
            gone = _("« %(headline)s » n’existe plus.") % {"headline": article.headline}
            self._say(request, gone, messages.ERROR)
            return False
        except PublishingRefused as refusal:
            said = _("« %(headline)s » — %(refusal)s")
            self._say(request, said % {"headline": article.headline, "refusal": refusal}, messages.ERROR)
            return False
        self.log_change(request, taken, standing.in_words(taken))
        said = _("« %(headline)s » — %(standing)s") % {
            "headline": taken.headline,
            "standing": standing.in_words(taken),
        }
        self._say(request, said, messages.SUCCESS, address=taken.get_absolute_url() if taken.is_published() else "")
        return True

    def _say_that_it_stays(self, request: HttpRequest, article: Article) -> None:
        said = _("« %(headline)s » — Rien n’a changé. %(standing)s")
        words = {"headline": article.headline, "standing": standing.in_words(article)}
        self._say(request, said % words, messages.WARNING)

    def _say(self, request: HttpRequest, said: str, level: int, *, address: str = "") -> None:
        """Give a sentence back, and the way to the page that readers see now."""
        link = format_html('{} <a href="{}">{}</a>', said, address, _("Voir la page")) if address else said
        self.message_user(request, link, level)

    def get_urls(self) -> list[URLPattern]:
        """Add the pages that ask before a step is taken."""
        return [
            *(
                path(
                    f"<int:article_id>/{step.path}/",
                    self.admin_site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(self.step_view)),
                    {"name": step.name},
                    name=f"articles_article_{step.name}",
                )
                for step in steps.STEPS
                if step.path
            ),
            *super().get_urls(),
        ]

    def step_view(self, request: HttpRequest, article_id: int, name: str) -> HttpResponse:
        """Ask what a step needs to know, or whether it is meant (GET), and take it (POST)."""
        article = get_object_or_404(Article.objects.select_related("section"), pk=article_id)
        [step] = [one for one in steps.STEPS if one.name == name]
        if not self.may_take(request, step, article):
            raise PermissionDenied
        if (label := step.labels.get(article.state())) is None:
            self._say_that_it_stays(request, article)
            return HttpResponseRedirect(self._page_of(article))
        form = step.form(request.POST if request.method == "POST" else None, initial={"at": _proposed(article)})
        if form.is_bound and form.is_valid() and self.take(request, article, step, form.cleaned_data):
            return HttpResponseRedirect(self._page_of(article))
        return self._ask(request, article, step, form, label)

    def _ask(self, request: HttpRequest, article: Article, step: Step, form: Form, label: Any) -> TemplateResponse:
        context = {
            **deskpages.context(self, request, str(label).removesuffix("…")),
            "article": article,
            "standing": standing.in_words(article),
            "step": step,
            "form": form,
        }
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, "admin/articles/article/step.html", context, status=status)


def _asked(request: HttpRequest) -> Step | None:
    """Return the step whose button sent the form."""
    return next((step for step in steps.STEPS if step.button in request.POST), None)


def _proposed(article: Article) -> Any:
    """Propose the hour that is set, else the end of the embargo, else nothing."""
    now = timezone.now()
    return next((at for at in (article.published_at, article.embargo_until) if at and at > now), None)
