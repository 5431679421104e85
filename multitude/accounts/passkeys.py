"""Passkeys as a second factor (WebAuthn, level 2): what is asked of the browser, and what it answers.

Whatever a browser sends that makes no sense is a refusal. The library that reads it says so by whatever the bytes made it stumble
over: struct.error, AssertionError, NotImplementedError. What the database says remains what it is.
"""

import ipaddress
import json
import logging
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.contrib.auth.models import User
from django.db import Error as DatabaseFault
from django.http import HttpRequest
from django.http.request import split_domain_port

from multitude import clock
from multitude.accounts import factors
from multitude.sight import discretion

logger = logging.getLogger(__name__)

LONGEST = 20_000


def are_possible(request: HttpRequest) -> bool:
    """Return whether browsers offer passkeys at this address: over TLS or on this machine, and under a name."""
    host = split_domain_port(request.get_host())[0].strip("[]")
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return request.is_secure() or host == "localhost" or host.endswith(".localhost")
    return False


def creation_options(user: User) -> str:
    """Return what the browser is asked for a new key, as JSON; the session keeps what the answer must match."""
    return json.dumps(auth.begin_registration(user, False))


def request_options(user: User) -> str:
    """Return what the browser is asked for one of an account's keys, as JSON."""
    return json.dumps(auth.begin_authentication(user))


def add(request: HttpRequest, name: str, answer: str) -> bool:
    """Add the key that the browser has made, and return whether it has made one."""
    user: Any = request.user
    try:
        credential = _read(answer)
        auth.parse_registration_response(credential)
        made: Any = auth.complete_registration(credential)
        key = made.credential_data.credential_id
    except DatabaseFault:
        raise
    except Exception as error:
        logger.info("Une réponse de clé d’accès est refusée (%s).", discretion.said(error))
        return False
    with factors.changing(user):
        if found := auth.get_authenticator_by_credential_id(user, key):
            factors.proven(request, found)
        else:
            factors.added(request, auth.WebAuthn.add(user, name, credential).instance)
    return True


def opens(user: User, answer: str) -> bool:
    """Return whether a browser's answer comes from one of an account's keys."""
    try:
        credential = _read(answer)
        auth.parse_authentication_response(credential)
        found = auth.complete_authentication(user, credential)
    except DatabaseFault:
        raise
    except Exception as error:
        logger.info("Une réponse de clé d’accès est refusée (%s).", discretion.said(error))
        return False
    Authenticator.objects.filter(pk=found.pk).update(last_used_at=clock.now())
    return True


def _read(answer: str) -> dict[str, Any]:
    """Return an answer's JSON; raises ValueError for what is none, or too long to be looked at."""
    if len(answer) > LONGEST:
        raise ValueError(len(answer))
    found = json.loads(answer)
    if not isinstance(found, dict):
        raise ValueError(found)
    return found
