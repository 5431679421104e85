"""One's own account at /admin/compte/: the second factor and its codes on paper, the sessions, the password.

What a stranger at an open screen should not do asks for the password again, in the form itself.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.adapter import get_adapter
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.views import PasswordChangeView
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from multitude import clock
from multitude.accounts import factors, passkeys, record, sessions
from multitude.accounts.forms import ApplicationForm, OwnPasswordForm, PasswordForm
from multitude.models import AccountEvent, Sitting
from multitude.numerals import number_in

_SECRET = "application_secret"  # noqa: S105  the name of a place in the session
_RECENT = 10

type View = Callable[..., HttpResponse]


def form_page(view: View) -> View:
    """Mark a view that shows a form and takes it, with a password in it."""
    return wraps(view)(require_http_methods(["GET", "HEAD", "POST"])(sensitive_post_parameters()(view)))


def page(request: HttpRequest, template: str, title: str, **context: Any) -> TemplateResponse:
    """Return a page about one's own account; before a required second factor is there, without ways to elsewhere."""
    missing = factors.is_missing(request)
    frame = admin.site.each_context(request) | {"missing": missing, "is_nav_sidebar_enabled": not missing}
    return TemplateResponse(request, f"admin/account/{template}.html", frame | {"title": title} | context)


@require_http_methods(["GET", "HEAD"])
def account(request: HttpRequest) -> HttpResponse:
    """Show the second factors, the sessions, and what happened lately."""
    user: Any = request.user
    rows = [(row, row.session_key == request.session.session_key) for row in sessions.of(user)]
    return page(
        request,
        "account",
        _("Votre compte"),
        required=settings.SECOND_FACTOR == "required",
        application=factors.get(user, factors.Type.TOTP),
        passkeys=factors.passkeys(user),
        passkeys_possible=passkeys.are_possible(request),
        codes_left=len(factors.unused_codes(user)),
        sittings=rows,
        events=AccountEvent.objects.filter(user=user).order_by("-at", "-pk")[:_RECENT],
    )


@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """End one of one's own sessions, or all but this one."""
    user: Any = request.user
    own = request.session.session_key
    rows = Sitting.objects.filter(user=user).exclude(session_key=own)
    if (which := request.POST.get("session", "")) != "others":
        rows = rows.none() if (key := number_in(which)) is None else rows.filter(pk=key)
    if ended := sessions.end(list(rows)):
        record.note(record.Kind.SESSIONS_ENDED, user, request, detail=str(ended))
    said = ngettext("%(count)s session fermée.", "%(count)s sessions fermées.", ended) % {"count": ended}
    messages.success(request, said)
    return HttpResponseRedirect(f"{reverse('admin:account')}#sessions")


@form_page
def add_application(request: HttpRequest) -> HttpResponse:
    """Show the secret to an application, and add it once it shows a right code."""
    user: Any = request.user
    secret = _secret(request)
    form = ApplicationForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        if factors.add_application(request, secret, form.cleaned_data["code"]):
            request.session.pop(_SECRET, None)
            said = _(
                "L’application est ajoutée ; vos autres sessions sont fermées. "
                "À la prochaine connexion, donnez un code, ou votre clé d’accès si vous en avez une."
            )
            return show_codes(request, said)
        form.add_error(
            "code",
            _(
                "Ce code n’est pas celui que l’application devrait montrer : l’heure de votre téléphone est-elle juste ?"
            ),
        )
    if factors.get(user, factors.Type.TOTP):
        said = _("Vous avez déjà une application de codes. Ses codes de secours se voient et se renouvellent ici.")
        messages.info(request, said)
        return HttpResponseRedirect(reverse("admin:account"))
    spaced = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    drawing = factors.drawn(user, secret)
    return page(request, "add_application", _("Application de codes"), form=form, secret=spaced, drawing=drawing)


@form_page
def remove_application(request: HttpRequest) -> HttpResponse:
    """Ask for the password, and take the application away."""
    found = factors.get(request.user, factors.Type.TOTP)  # type: ignore[arg-type]
    if found is None:
        raise Http404
    return removal(request, found)


def removal(request: HttpRequest, factor: Any) -> HttpResponse:
    """Ask for the password, and take a factor away; the last one stays where one is required."""
    kept = settings.SECOND_FACTOR == "required" and factors.is_last(factor)
    form = PasswordForm(request, request.POST or None)
    if request.method == "POST" and not kept and form.is_valid():
        factors.remove(request, factor)
        messages.success(request, _("C’est retiré. Vos autres sessions sont fermées."))
        return HttpResponseRedirect(reverse("admin:account"))
    last = factors.is_last(factor)
    name = factors.name_of(factor)
    return page(request, "remove", _("Retirer un second facteur"), form=form, name=name, last=last, kept=kept)


@form_page
def codes(request: HttpRequest) -> HttpResponse:
    """Ask for the password, then show the codes on paper, or new ones."""
    user: Any = request.user
    if factors.get(user, factors.Type.RECOVERY_CODES) is None:
        raise Http404
    form = PasswordForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        if "renew" in request.POST:
            factors.renew_codes(request)
            return show_codes(request, _("Les anciens codes n’ouvrent plus rien."))
        record.note(record.Kind.CODES_SEEN, user, request)
        return show_codes(request)
    left = len(factors.unused_codes(user))
    return page(request, "ask_codes", _("Codes de secours"), form=form, left=left)


def show_codes(request: HttpRequest, said: str = "") -> HttpResponse:
    """Show the codes on paper; the page comes from a form, so that going back or reloading it shows none."""
    if said:
        messages.success(request, said)
    user: Any = request.user
    return page(
        request, "codes", _("Codes de secours"), codes=factors.unused_codes(user), today=clock.now(), form=Form()
    )


class OwnPassword(PasswordChangeView):
    """A new password for one's own account: the other sessions end, this one goes on under another key."""

    form_class = OwnPasswordForm
    template_name = "registration/password_change_form.html"
    success_url = reverse_lazy("admin:password_change_done")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form who asks from where."""
        return super().get_form_kwargs() | {"request": self.request}

    def form_valid(self, form: Any) -> HttpResponse:
        """Change it, and end the other sessions."""
        response = super().form_valid(form)
        user: Any = self.request.user
        sessions.end_all(user, but=self.request.session.session_key)
        record.note(record.Kind.PASSWORD_CHANGED, user, self.request)
        return response


def _secret(request: HttpRequest) -> str:
    """Return the secret that this session shows to an application: the same until it is added, wherever the form fails."""
    adapter = get_adapter()
    try:
        return adapter.decrypt(request.session[_SECRET])
    except (KeyError, InvalidToken):
        secret = factors.new_secret()
        request.session[_SECRET] = adapter.encrypt(secret)
        return secret
