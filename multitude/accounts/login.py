"""Logging in: a name and a password at /admin/login/, and where the account has a second factor, that too.

Between the two the session belongs to nobody: it holds who is expected, for ten minutes. It gets another key at each step.
"""

from typing import Any

from django.contrib import admin
from django.contrib.auth import SESSION_KEY
from django.contrib.auth import login as django_login
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView, RedirectURLMixin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View

from multitude import clock
from multitude.accounts import factors, passkeys, record, sessions, throttle
from multitude.accounts.forms import CodeForm

PATIENCE = 600
_EXPECTED = "expected"
_LONGEST_ADDRESS = 1_000
# The status of what is not looked at, and after how many seconds it will be.
_LATER = {throttle.Answer.NOT_FROM_HERE: (429, "300"), throttle.Answer.BUSY: (503, "5")}


class Login(LoginView):
    """Django's login in admin, which asks for the second factor before it lets in."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Let in, or ask for the second factor: who goes no further may have stolen the password, and stands in the record."""
        user, address = form.get_user(), within(self.get_success_url())
        if not factors.has_one(user):
            return enter(self.request, user, address)
        _leave_other_account(self.request)
        self.request.session.cycle_key()
        self.request.session[_EXPECTED] = {
            "user": user.pk,
            "hash": user.get_session_auth_hash(),
            "until": clock.time() + PATIENCE,
        }
        record.note(record.Kind.PASSWORD_GIVEN, user, self.request)
        return HttpResponseRedirect(f"{reverse('admin:second_factor')}?{urlencode({'next': address})}")

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say what is wrong; to machines too, where trying again later is all that helps."""
        response = super().form_invalid(form)
        if form.answer in _LATER:
            response.status_code, response.headers["Retry-After"] = _LATER[form.answer]
        return response


@method_decorator([sensitive_post_parameters(), csrf_protect, never_cache], name="dispatch")
class SecondFactor(RedirectURLMixin, View):
    """The page between password and newsroom: a code, or a passkey."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask."""
        user = _expected(request)
        return self._page(CodeForm(request, user), user) if user else _begin_again()

    def post(self, request: HttpRequest) -> HttpResponse:
        """Let in whoever has it."""
        user = _expected(request)
        if user is None:
            return _begin_again()
        form = CodeForm(request, user, request.POST)
        if not form.is_valid():
            return self._page(form, user)
        del request.session[_EXPECTED]
        return enter(request, user, within(self.get_success_url()), proven=form.proven)

    def get_default_redirect_url(self) -> str:
        """Return where one goes who comes from nowhere."""
        return reverse("admin:index")

    def _page(self, form: CodeForm, user: User) -> HttpResponse:
        keys = passkeys.are_possible(self.request) and bool(factors.passkeys(user))
        if not keys or form["code"].errors:
            form.fields["code"].widget.attrs["autofocus"] = True
        context = {
            **admin.site.each_context(self.request),
            "title": _("Second facteur"),
            "form": form,
            "next": self.get_redirect_url(),
            "options": passkeys.request_options(user) if keys else "",
            "has_application": factors.get(user, factors.Type.TOTP) is not None,
        }
        return TemplateResponse(self.request, "admin/account/second_factor.html", context)


def enter(request: HttpRequest, user: User, address: str, *, proven: str = "") -> HttpResponse:
    """Log in, under a new session key, and go on to an address of this site."""
    _leave_other_account(request)
    django_login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    sessions.begin(request)
    if proven:
        request.session[factors.PROVEN] = proven
    detail = {factors.Type.TOTP: _("avec un code"), factors.Type.WEBAUTHN: _("avec une clé d’accès")}
    detail[factors.Type.RECOVERY_CODES] = _("avec un code de secours")
    record.note(record.Kind.LOGIN, user, request, detail=str(detail.get(proven, _("avec le mot de passe seul"))))
    return HttpResponseRedirect(address)


def within(address: str) -> str:
    """Return an address of this site that is short enough for a header, or the newsroom's."""
    return address if len(address) <= _LONGEST_ADDRESS else reverse("admin:index")


def _expected(request: HttpRequest) -> User | None:
    """Return who has given the right password here within ten minutes, while it is still theirs."""
    found = request.session.get(_EXPECTED)
    if not found or found["until"] < clock.time():
        return None
    user = User.objects.filter(pk=found["user"], is_active=True, is_staff=True).first()
    return user if user and constant_time_compare(found["hash"], user.get_session_auth_hash()) else None


def _begin_again() -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:login"))


def _leave_other_account(request: HttpRequest) -> None:
    """End the session that is there already, under whatever name."""
    if SESSION_KEY in request.session:
        request.session.flush()
