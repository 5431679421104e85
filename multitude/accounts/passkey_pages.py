"""One's own passkeys: adding one, which the browser does, and taking one away."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from multitude.accounts import factors, passkeys
from multitude.accounts.forms import PasskeyForm
from multitude.accounts.pages import form_page, page, removal, show_codes


@form_page
def add_passkey(request: HttpRequest) -> HttpResponse:
    """Have the browser make a key, and add it."""
    user: Any = request.user
    possible = passkeys.are_possible(request)
    form = PasskeyForm(request, request.POST or None)
    if request.method == "POST" and possible and form.is_valid():
        if passkeys.add(request, form.cleaned_data["name"], form.cleaned_data["credential"]):
            said = _(
                "La clé d’accès est ajoutée ; vos autres sessions sont fermées. "
                "À la prochaine connexion, utilisez-la, ou donnez un code."
            )
            return show_codes(request, said)
        form.add_error(None, _("Le navigateur n’a pas donné de clé d’accès : recommencez."))
    options = passkeys.creation_options(user) if possible else ""
    return page(request, "add_passkey", _("Clé d’accès"), form=form, possible=possible, options=options)


@form_page
def remove_passkey(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the password, and take one of one's own keys away."""
    if pk >= 2**63:
        pk = 0
    found = get_object_or_404(Authenticator, pk=pk, user=request.user, type=factors.Type.WEBAUTHN)
    return removal(request, found)
