"""The second factor: an application that counts codes (TOTP, RFC 6238), passkeys, and codes on paper for the day both are lost.

allauth keeps them and computes; here is what an account may have, and what each act leaves in the record.
"""

import base64
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from multitude import clock
from multitude.accounts import record, sessions
from multitude.transactions import act

logger = logging.getLogger(__name__)

Type = Authenticator.Type
# In a session: by what its owner has proven to be there.
PROVEN = "second_factor"
# The last count that a code was taken for: none is taken twice, nor an earlier one after it.
_LAST = "last_counter"


def has_one(user: User) -> bool:
    """Return whether an account is asked for more than its password."""
    return Authenticator.objects.filter(user=user, type__in=[Type.TOTP, Type.WEBAUTHN]).exists()


def is_missing(request: HttpRequest) -> bool:
    """Return whether a session may do nothing yet, as a second factor is required and it has shown none."""
    return settings.SECOND_FACTOR == "required" and not request.session.get(PROVEN)


def get(user: User, kind: str) -> Authenticator | None:
    """Return an account's application, or its codes on paper."""
    return Authenticator.objects.filter(user=user, type=kind).first()


def passkeys(user: User) -> list[Authenticator]:
    """Return an account's passkeys, the oldest first."""
    return list(Authenticator.objects.filter(user=user, type=Type.WEBAUTHN).order_by("pk"))


def new_secret() -> str:
    """Return the secret that an application and this site will share."""
    return totp.generate_totp_secret()


def drawn(user: User, secret: str) -> str:
    """Return the QR code that an application reads, as the address of an image."""
    adapter = get_adapter()
    svg = adapter.build_totp_svg(adapter.build_totp_url(user, secret))
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def add_application(request: HttpRequest, secret: str, code: str) -> bool:
    """Have the account log in with codes from an application that shows this one, and return whether it does so now.

    It does not when the code is wrong, or when it has another application.
    """
    user: Any = request.user
    counter = _counter(secret, code, after=-1)
    if counter is None:
        return False
    data = {"secret": get_adapter().encrypt(secret), _LAST: counter}
    with changing(user):
        found = get(user, Type.TOTP)
        if found is None:
            added(request, Authenticator.objects.create(user=user, type=Type.TOTP, data=data))
        elif _shares(found, secret):
            proven(request, found)
        else:
            return False
    return True


@contextmanager
def changing(user: User) -> Iterator[None]:
    """Add to an account's factors in a transaction, once whoever adds to them is done: two clicks are two requests."""
    with act():
        User.objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)
        yield


def proven(request: HttpRequest, authenticator: Authenticator) -> None:
    """Note in a session, under another key, what its owner has shown: the second of two clicks has lost the first key."""
    request.session[PROVEN] = authenticator.type
    request.session.cycle_key()


def added(request: HttpRequest, authenticator: Authenticator) -> None:
    """Do what follows a new factor: codes on paper, an end to sessions that have not shown it, and a word in the record."""
    user: Any = request.user
    RecoveryCodes.activate(user)
    proven(request, authenticator)
    sessions.end_all(user, but=request.session.session_key)
    record.note(record.Kind.FACTOR_ADDED, user, request, detail=name_of(authenticator))


def takes(user: User, code: str) -> str:
    """Return of what kind a code is that opens an account, once; an empty text when it does not."""
    code = code.strip().replace(" ", "")
    try:
        if _takes_counted(user, code):
            return Type.TOTP.value
        paper = get(user, Type.RECOVERY_CODES)
        return Type.RECOVERY_CODES.value if paper and paper.wrap().validate_code(code) else ""
    except InvalidToken:
        logger.error("Le second facteur de « %s » est chiffré sous une autre SECRET_KEY.", user.get_username())
        return ""


def unused_codes(user: User) -> list[str]:
    """Return the codes on paper that are left; none where they cannot be read any more."""
    paper = get(user, Type.RECOVERY_CODES)
    try:
        return paper.wrap().get_unused_codes() if paper else []
    except InvalidToken:
        return []


def renew_codes(request: HttpRequest) -> None:
    """Have new codes on paper, and the old ones open nothing."""
    user: Any = request.user
    with changing(user):
        Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).delete()
        RecoveryCodes.activate(user)
        record.note(record.Kind.CODES_RENEWED, user, request)


def remove(request: HttpRequest, authenticator: Authenticator) -> None:
    """Take a factor from one's own account; with the last one the codes on paper go, and every other session ends."""
    user: Any = request.user
    with act():
        name = name_of(authenticator)
        authenticator.delete()
        if not has_one(user):
            Authenticator.objects.filter(user=user).delete()
            request.session.pop(PROVEN, None)
        sessions.end_all(user, but=request.session.session_key)
        record.note(record.Kind.FACTOR_REMOVED, user, request, detail=name)


def is_last(authenticator: Authenticator) -> bool:
    """Return whether an account would be left without a second factor."""
    others = Authenticator.objects.filter(user_id=authenticator.user_id).exclude(pk=authenticator.pk)
    return not others.exclude(type=Type.RECOVERY_CODES).exists()


def reset(user: User, *, by: str, request: HttpRequest | None = None) -> bool:
    """Take every factor from an account whose owner has lost them, end its sessions, and return whether it had one."""
    with act():
        had = Authenticator.objects.filter(user=user).delete()[0]
        sessions.end_all(user)
        if had:
            record.note(record.Kind.FACTOR_RESET, user, request, by=by)
    return bool(had)


def name_of(authenticator: Authenticator) -> str:
    """Return what people call a factor."""
    if authenticator.type == Type.WEBAUTHN:
        return _("clé d’accès « %(name)s »") % {"name": authenticator.wrap().name}
    return _("application de codes") if authenticator.type == Type.TOTP else _("codes de secours")


def _shares(application: Authenticator, secret: str) -> bool:
    try:
        return constant_time_compare(get_adapter().decrypt(application.data["secret"]), secret)
    except InvalidToken:
        return False


def _takes_counted(user: User, code: str) -> bool:
    with act():
        found = Authenticator.objects.select_for_update().filter(user=user, type=Type.TOTP).first()
        if found is None:
            return False
        data: dict[str, Any] = found.data
        counter = _counter(get_adapter().decrypt(data["secret"]), code, after=data.get(_LAST, -1))
        if counter is None:
            return False
        data[_LAST] = counter
        found.record_usage()
        found.save(update_fields=["data"])
        return True


def _counter(secret: str, code: str, *, after: int) -> int | None:
    """Return for which half minute a code is right, of those that come later than one."""
    if not (code.isascii() and code.isdigit()):
        return None
    present = int(clock.time()) // app_settings.TOTP_PERIOD
    for counter in range(present - app_settings.TOTP_TOLERANCE, present + app_settings.TOTP_TOLERANCE + 1):
        expected = totp.format_hotp_value(totp.hotp_value(secret, counter))
        if counter > after and totp.compare_user_code(actual=code, expected=expected):
            return counter
    return None
