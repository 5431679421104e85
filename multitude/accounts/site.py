"""Our admin site: Django's, with its login replaced, one's own account, and nothing for whoever lacks a second factor that is required."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

# What whoever has no second factor yet may do all the same.
_BEFORE = {"account", "add_application", "add_passkey", "logout", "jsi18n"}


class Newsroom(AdminSite):
    """Django's admin as the newsroom enters it. It is made before the apps' models are there, hence the imports inside."""

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Put login and accounts before what would catch their addresses."""
        from multitude.accounts import pages, passkey_pages
        from multitude.accounts.login import SecondFactor

        pages_of_accounts: list[tuple[str, str, Callable[..., HttpResponse]]] = [
            ("compte/", "account", pages.account),
            ("compte/sessions/", "end_sessions", pages.end_sessions),
            ("compte/application/", "add_application", pages.add_application),
            ("compte/application/retirer/", "remove_application", pages.remove_application),
            ("compte/codes/", "codes", pages.codes),
            ("compte/cle/", "add_passkey", passkey_pages.add_passkey),
            ("compte/cle/<int:pk>/retirer/", "remove_passkey", passkey_pages.remove_passkey),
        ]
        return [
            path("login/verification/", SecondFactor.as_view(), name="second_factor"),
            *(path(address, self.admin_view(view), name=name) for address, name, view in pages_of_accounts),
            path("r/<int:content_type_id>/<int:object_id>/", self.admin_view(self.lead_to_site), name="view_on_site"),
            path("r/<path:anything>", self.admin_view(_nothing)),
            *super().get_urls(),
        ]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Have a page end a session that is over, and wait for a second factor that is required."""
        from multitude.accounts import factors, sessions

        page = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            sessions.follow(request)
            if self.has_permission(request) and factors.is_missing(request):
                if factors.has_one(request.user):  # type: ignore[arg-type]
                    logout(request)
                elif _name(request) not in _BEFORE:
                    return HttpResponseRedirect(reverse("admin:account"))
            return page(request, *args, **kwargs)

        return update_wrapper(inner, page)

    @method_decorator([never_cache, sensitive_post_parameters()])
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Ask for a name and a password."""
        from multitude.accounts.forms import LoginForm
        from multitude.accounts.login import Login, within

        address = within(Login(request=request).get_redirect_url() or reverse("admin:index"))
        if request.method == "GET" and self.has_permission(request):
            return HttpResponseRedirect(address)
        context = {
            **self.each_context(request),
            "title": _("Log in"),
            "subtitle": None,
            "app_path": request.get_full_path(),
            "username": request.user.get_username(),
            REDIRECT_FIELD_NAME: address,
            **(extra_context or {}),
        }
        request.current_app = self.name
        return Login.as_view(
            extra_context=context,
            authentication_form=LoginForm,
            template_name="admin/login.html",
            next_page=reverse("admin:index"),
        )(request)

    def lead_to_site(self, request: HttpRequest, content_type_id: int, object_id: int) -> HttpResponse:
        """Lead to what a form offers to show on the site, for whoever may see it here: Django leads to any row, and some
        addresses are keys.
        """
        from django.contrib.contenttypes.models import ContentType
        from django.contrib.contenttypes.views import shortcut

        for model, model_admin in self._registry.items():
            if ContentType.objects.get_for_model(model).pk == content_type_id and object_id < 2**63:
                if model_admin.view_on_site is True and model_admin.has_view_permission(request):
                    return shortcut(request, content_type_id, object_id)
                break
        raise Http404

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Log out, and record it."""
        from multitude.accounts import record

        user = request.user
        response = super().logout(request, extra_context)
        if user.is_authenticated and not request.user.is_authenticated:
            record.note(record.Kind.LOGOUT, user, request)
        return response

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Change one's own password: every other session ends."""
        from multitude.accounts.pages import OwnPassword

        request.current_app = self.name
        context = {**self.each_context(request), **(extra_context or {})}
        return OwnPassword.as_view(extra_context=context)(request)


def _nothing(request: HttpRequest, anything: str) -> HttpResponse:
    raise Http404


def _name(request: HttpRequest) -> str:
    match = request.resolver_match
    return match.url_name or "" if match else ""
