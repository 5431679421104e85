"""A passkey in place of a code; and bytes that are none, which are refused and recorded whatever they make the library stumble over."""

from unittest.mock import patch

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.db import InterfaceError, OperationalError
from django.test import Client

from multitude.accounts import passkeys
from multitude.models import AccountEvent
from tests.factories import PASSWORD
from tests.multitude.accounts.entering import ACCOUNT, CODE, give_application, is_in, log_in
from tests.multitude.accounts.passkey import HOST, Passkey, assertion, attestation, creation, unsupported

pytestmark = pytest.mark.django_db
PAGE = f"{ACCOUNT}cle/"
# What begins something of CBOR and does not end it: of each of its eight kinds, in each of its lengths.
CUT_SHORT = [bytes([kind << 5 | length]) for kind in range(8) for length in (1, 23, 24, 25, 26, 27, 28, 31)]
# A user is present, and an extension, or a key, follows.
EXTENSION, KEY = bytes(32) + b"\x81" + bytes(4), bytes(32) + b"\x41" + bytes(4) + bytes(16) + bytes(2)


def add(client: Client, credential: str) -> bool:
    """Send a new key, and say whether it is there."""
    data = {"name": "clé", "password": PASSWORD, "credential": credential}
    assert client.post(PAGE, data, HTTP_HOST=HOST).status_code == 200
    return Authenticator.objects.filter(type="webauthn").exists()


def ask(client: Client, page: str) -> Client:
    """Open a page that asks the browser for a key."""
    assert client.get(page, HTTP_HOST=HOST).status_code == 200
    return client


def test_a_key_is_added_and_opens(client: Client, editor: User) -> None:
    key = Passkey()
    log_in(client, "redacteur")
    assert add(client, key.created(ask(client, PAGE)))
    client.logout()
    log_in(client, "redacteur", HTTP_HOST=HOST)
    client.post(CODE, {"credential": key.given(ask(client, CODE))}, HTTP_HOST=HOST)
    assert is_in(client)
    assert AccountEvent.objects.filter(kind="login").last().detail == "avec une clé d’accès"


@pytest.mark.parametrize("end", [b"\xb9", b"\xba"], ids=["b9", "ba"])
def test_an_answer_that_is_cut_short_is_refused_and_recorded(client: Client, editor: User, end: bytes) -> None:
    give_application(editor)
    log_in(client, "redacteur")
    assert client.post(CODE, {"credential": assertion(EXTENSION + end)}).status_code == 200
    assert not is_in(client)
    assert AccountEvent.objects.get(kind="failure").detail == "second facteur"


def test_whatever_is_cut_short_opens_nothing_and_is_no_new_key(editor: User, editor_client: Client) -> None:
    request = ask(editor_client, PAGE).get(PAGE, HTTP_HOST=HOST).wsgi_request
    for end in CUT_SHORT:
        assert not passkeys.opens(editor, assertion(EXTENSION + end))
        assert not passkeys.opens(editor, assertion(KEY + end))
        assert not passkeys.add(request, "clé", creation(editor_client, end))
    assert not Authenticator.objects.exists()


def test_a_new_key_that_is_cut_short_is_none(editor: User, editor_client: Client) -> None:
    ask(editor_client, PAGE)
    assert not add(editor_client, creation(editor_client, b"\xb9"))


def test_a_device_that_has_made_no_key_adds_none(editor: User, editor_client: Client) -> None:
    ask(editor_client, PAGE)
    assert not add(editor_client, creation(editor_client, attestation(None)))


def test_a_key_of_an_unknown_algorithm_opens_nothing(client: Client, editor: User) -> None:
    log_in(client, "redacteur")
    assert add(client, creation(ask(client, PAGE), unsupported()))
    client.logout()
    log_in(client, "redacteur", HTTP_HOST=HOST)
    answer = Passkey().given(ask(client, CODE))
    assert client.post(CODE, {"credential": answer}, HTTP_HOST=HOST).status_code == 200
    assert not is_in(client)
    assert AccountEvent.objects.filter(kind="failure").exists()


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_database_that_is_away_is_no_wrong_key(editor: User, error: type[Exception]) -> None:
    away = patch("multitude.accounts.passkeys.auth.complete_authentication", side_effect=error)
    with away, pytest.raises(error):
        passkeys.opens(editor, assertion(bytes(32) + b"\x01" + bytes(4)))
