"""Logging in as a person does: a name, a password, a code."""

import time
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.models import User
from django.test import Client

from tests.factories import PASSWORD

LOGIN = "/admin/login/"
CODE = "/admin/login/verification/"
ACCOUNT = "/admin/compte/"


def log_in(client: Client, username: str, password: str = PASSWORD, **extra: Any) -> Any:
    """Post a name and a password."""
    return client.post(LOGIN, {"username": username, "password": password}, **extra)


def give_application(user: User) -> str:
    """Give an account an application and codes on paper, and return the application's secret."""
    secret = totp.generate_totp_secret()
    Authenticator.objects.create(
        user=user, type=Authenticator.Type.TOTP, data={"secret": get_adapter().encrypt(secret)}
    )
    RecoveryCodes.activate(user)
    return secret


def code_of(secret: str, *, later: int = 0) -> str:
    """Return what an application shows, so many half minutes from now."""
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + later))


def is_in(client: Client) -> bool:
    """Say whether a client is in the newsroom."""
    return client.get("/admin/").status_code == 200
