"""A form that is sent twice at once: both answers show the codes on paper, and both leave their sender in the newsroom."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.db import connections
from django.test import Client

from multitude.accounts import factors, passkeys, throttle
from multitude.models import AccountEvent
from tests.factories import PASSWORD
from tests.multitude.accounts.entering import ACCOUNT, code_of, give_application, is_in
from tests.multitude.accounts.passkey import HOST, Passkey
from tests.multitude.accounts.test_own_account import APPLICATION, shown_secret

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def click_twice(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Any]]:
    """Return what sends a form twice: neither does what it asks for before both were found right."""

    def send(client: Client, page: str, data: dict[str, str], module: Any, verb: str, **extra: Any) -> list[Any]:
        barrier, act = Barrier(2, timeout=60), getattr(module, verb)

        def once_both_are_there(*arguments: Any) -> Any:
            barrier.wait()
            return act(*arguments)

        def one(clicking: Client) -> Any:
            try:
                return clicking.post(page, data, **extra)
            finally:
                connections.close_all()

        monkeypatch.setattr(module, verb, once_both_are_there)
        monkeypatch.setattr(throttle, "PATIENCE", 60)
        other = Client()
        other.cookies.load(client.cookies.output(header=""))
        with ThreadPoolExecutor(2) as threads:
            answers = list(threads.map(one, [client, other]))
        assert is_in(client)
        assert is_in(other)
        return answers

    return send


def codes_on(response: Any) -> list[str]:
    """Return the codes on paper that a page shows."""
    return [code.replace(" ", "") for code in re.findall(r"\b\d{4} \d{4}\b", response.content.decode())]


def test_an_application_is_added_once(editor: User, editor_client: Client, click_twice: Any) -> None:
    data = {"code": code_of(shown_secret(editor_client)), "password": PASSWORD}
    answers = click_twice(editor_client, APPLICATION, data, factors, "add_application")
    assert [codes_on(answer) for answer in answers] == [factors.unused_codes(editor)] * 2
    assert Authenticator.objects.filter(type="totp").count() == 1
    assert AccountEvent.objects.filter(kind="factor_added").count() == 1


def test_a_passkey_is_added_once(editor: User, editor_client: Client, click_twice: Any) -> None:
    page = f"{ACCOUNT}cle/"
    editor_client.get(page, HTTP_HOST=HOST)
    data = {"name": "clé", "password": PASSWORD, "credential": Passkey().created(editor_client)}
    answers = click_twice(editor_client, page, data, passkeys, "add", HTTP_HOST=HOST)
    assert [codes_on(answer) for answer in answers] == [factors.unused_codes(editor)] * 2
    assert Authenticator.objects.filter(type="webauthn").count() == 1
    assert AccountEvent.objects.filter(kind="factor_added").count() == 1


def test_codes_are_renewed_in_turn(editor: User, editor_client: Client, click_twice: Any) -> None:
    give_application(editor)
    data = {"password": PASSWORD, "renew": "1"}
    answers = click_twice(editor_client, f"{ACCOUNT}codes/", data, factors, "renew_codes")
    assert factors.unused_codes(editor) in [codes_on(answer) for answer in answers]
    assert {answer.status_code for answer in answers} == {200}


def test_who_has_an_application_is_told_where_its_codes_are(editor: User, editor_client: Client) -> None:
    secret = shown_secret(editor_client)
    give_application(editor)
    for response in (
        editor_client.get(APPLICATION, follow=True),
        editor_client.post(APPLICATION, {"code": code_of(secret), "password": PASSWORD}, follow=True),
    ):
        assert response.redirect_chain == [(ACCOUNT, 302)]
        assert "Ses codes de secours se voient et se renouvellent ici." in response.content.decode()
    assert Authenticator.objects.filter(type="totp").count() == 1
