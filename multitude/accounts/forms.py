"""The forms by which one proves who one is. A try that may not be looked at costs and says what a wrong one does."""

from typing import Any

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm, AdminPasswordChangeForm
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from multitude.accounts import factors, passkeys, record, throttle
from multitude.sight import metrics

# Longer than any password or passphrase; each one costs a tenth of a second to look at.
LONGEST_PASSWORD = 1_024

REFUSED = _("Ce nom et ce mot de passe n’ouvrent pas la rédaction.")
FROM_HERE = _("Trop d’essais viennent de votre réseau : attendez jusqu’à cinq minutes avant de recommencer.")
BUSY = _("Trop de personnes se connectent à la fois : réessayez dans quelques secondes.")
WRONG_PASSWORD = _(
    "Ce mot de passe n’est pas le vôtre, ou il y a eu trop d’essais : attendez un peu avant de recommencer."
)
WRONG_CODE = _(
    "Ce code n’est pas le bon, a déjà servi, ou il y a eu trop d’essais : attendez le prochain, ou un peu plus longtemps."
)
WRONG_KEY = _("Cette clé d’accès n’a pas été reconnue, ou il y a eu trop d’essais : recommencez dans un moment.")


class CodeInput(forms.TextInput):
    """A field for a code: one that was wrong is not right later, so it comes back empty."""

    def format_value(self, value: Any) -> None:
        """Show nothing."""


class LoginForm(AdminAuthenticationForm):
    """A name and a password, as Django's admin asks for them."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    request: HttpRequest
    answer: throttle.Answer | None = None

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        """Let staff in; whoever else, and whatever else is wrong, gets one answer, after the same work.

        What comes back has the name in it: the password is what is to be typed.
        """
        username, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if username:
            self.fields["username"].widget.attrs.pop("autofocus", None)
            self.fields["password"].widget.attrs["autofocus"] = True
        if username is None or not password:
            return self.cleaned_data
        user, self.answer = check(self.request, username, password)
        if self.answer is throttle.Answer.NOT_FROM_HERE:
            raise ValidationError(FROM_HERE, code="throttled")
        if self.answer is throttle.Answer.BUSY:
            raise ValidationError(BUSY, code="busy")
        if user is None:
            raise ValidationError(REFUSED, code="invalid_login")
        self.user_cache = user
        return self.cleaned_data


@sensitive_variables()
def check(request: HttpRequest, username: str, password: str) -> tuple[User | None, throttle.Answer]:
    """Return the member of the staff whose name and password these are, unless there were too many tries.

    The password is looked at whether that may succeed or not, save for a network that has tried too often under any name.
    While too many ask, nothing is looked at, and nothing counts.
    """
    if throttle.is_shut_out("password", request.META):
        return None, throttle.Answer.NOT_FROM_HERE
    with throttle.turn() as has_come:
        if not has_come:
            metrics.count("refused_logins")
            return None, throttle.Answer.BUSY
        tried = throttle.count("password", username, request.META)
        if tried.answer is throttle.Answer.NOT_FROM_HERE:
            return None, tried.answer
        user = authenticate(request, username=username, password=password)
    if tried.admitted and isinstance(user, User) and user.is_staff:
        throttle.forgive(tried)
        return user, tried.answer
    account = User.objects.filter(username=username).first()
    note_failure(request, account, tried, _("mot de passe"))
    return None, tried.answer


@sensitive_variables()
def confirm(request: HttpRequest, password: str) -> None:
    """Raise ValidationError unless this is the password of whoever asks."""
    user, answer = check(request, request.user.get_username(), password)
    if answer is throttle.Answer.BUSY:
        raise ValidationError(BUSY, code="busy")
    if user is None or user.pk != request.user.pk:
        raise ValidationError(WRONG_PASSWORD, code="password_incorrect")


def note_failure(request: HttpRequest, account: User | None, tried: throttle.Try, detail: Any) -> None:
    """Record a failed try, if it was looked at, and the wait that follows it."""
    if tried.admitted:
        record.note(record.Kind.FAILURE, account, request, detail=str(detail))
    if tried.wait:
        record.note(record.Kind.THROTTLE, account, request, detail=_("%(seconds)s secondes") % {"seconds": tried.wait})


class PasswordForm(forms.Form):
    """One's own password once more, before something that a stranger at an open screen should not do."""

    password = forms.CharField(
        label=_("Votre mot de passe"),
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    @sensitive_variables()
    def clean_password(self) -> str:
        """Check it, as often as one may log in."""
        password = self.cleaned_data["password"]
        confirm(self.request, password)
        return password


class ApplicationForm(PasswordForm):
    """The first code that an application shows."""

    code = forms.CharField(
        label=_("Code à six chiffres"),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "spellcheck": "false",
                "autocapitalize": "off",
            }
        ),
    )
    field_order = ("code", "password")


class PasskeyForm(PasswordForm):
    """What one calls a new key, and what the browser says of it."""

    name = forms.CharField(
        label=_("Nom de la clé"),
        max_length=60,
        help_text=_("Pour la reconnaître : « téléphone », « clé du bureau »."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    credential = forms.CharField(required=False, max_length=passkeys.LONGEST, widget=forms.HiddenInput)
    field_order = ("name", "password", "credential")


class CodeForm(forms.Form):
    """A code of the application or on paper, or what a passkey says."""

    code = forms.CharField(
        label=_("Code"),
        required=False,
        max_length=20,
        help_text=_("Les six chiffres de votre application, ou un code de secours."),
        widget=CodeInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "spellcheck": "false",
                "autocapitalize": "off",
            }
        ),
    )
    credential = forms.CharField(required=False, max_length=passkeys.LONGEST, widget=forms.HiddenInput)
    proven = ""

    def __init__(self, request: HttpRequest, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.user = request, user

    def clean(self) -> dict[str, Any]:
        """Check what was given, as often as one may try a password."""
        code, credential = self.cleaned_data.get("code"), self.cleaned_data.get("credential")
        if self.errors:
            return self.cleaned_data
        if not (code or credential):
            raise ValidationError({"code": _("Donnez un code.")})
        tried = throttle.count("code", self.user.get_username(), self.request.META)
        if tried.admitted:
            self.proven = self._proven(code, credential)
        if self.proven:
            throttle.forgive(tried)
            return self.cleaned_data
        note_failure(self.request, self.user, tried, _("second facteur"))
        raise ValidationError(WRONG_KEY) if credential else ValidationError({"code": WRONG_CODE})

    def _proven(self, code: str | None, credential: str | None) -> str:
        if credential:
            return factors.Type.WEBAUTHN.value if passkeys.opens(self.user, credential) else ""
        return factors.takes(self.user, code or "")


class OwnPasswordForm(AdminPasswordChangeForm):
    """A new password for one's own account, after the present one, which is not to be guessed here either."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.fields["old_password"].max_length = LONGEST_PASSWORD  # type: ignore[attr-defined]

    @sensitive_variables()
    def clean_old_password(self) -> str:
        """Check the present one, as often as one may log in."""
        password = self.cleaned_data["old_password"]
        confirm(self.request, password)
        return password
