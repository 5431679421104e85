"""The second factor at the door: codes that count, codes on paper, and what a password alone opens no more."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.db import connections
from django.test import Client

from multitude.accounts import factors, record, throttle
from multitude.models import AccountEvent
from tests.multitude.accounts.entering import CODE, code_of, give_application, is_in, log_in

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, 0, 5, tzinfo=UTC)


@pytest.fixture
def secret(editor: User) -> str:
    """Return the secret of the editor's application."""
    return give_application(editor)


def test_the_password_alone_leads_to_the_second_factor_and_no_further(client: Client, secret: str) -> None:
    response = client.post(
        "/admin/login/?next=/admin/articles/article/", {"username": "redacteur", "password": "un mot de passe d’essai"}
    )
    assert response["Location"] == f"{CODE}?next=%2Fadmin%2Farticles%2Farticle%2F"
    assert not is_in(client)
    response = client.post(response["Location"], {"code": code_of(secret)})
    assert response["Location"] == "/admin/articles/article/"
    assert is_in(client)


def test_a_code_is_asked_of_nobody_who_has_not_given_the_password(client: Client, secret: str) -> None:
    assert client.get(CODE)["Location"] == "/admin/login/"
    assert client.post(CODE, {"code": code_of(secret)})["Location"] == "/admin/login/"


def test_a_code_opens_once(client: Client, secret: str) -> None:
    code = code_of(secret)
    log_in(client, "redacteur")
    assert client.post(CODE, {"code": code}).status_code == 302
    other = Client()
    log_in(other, "redacteur")
    assert other.post(CODE, {"code": code}).status_code == 200
    assert not is_in(other)


def test_after_a_later_code_an_earlier_one_opens_nothing(editor: User, secret: str) -> None:
    with time_machine.travel(NOW, tick=False):
        assert factors.takes(editor, code_of(secret, later=1)) == "totp"
        assert factors.takes(editor, code_of(secret)) == ""


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_give_the_same_code_at_once_one_gets_in(editor: User, secret: str) -> None:
    def one(code: str) -> str:
        try:
            return factors.takes(editor, code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(one, [code_of(secret)] * 8)) == [""] * 7 + ["totp"]
        paper = factors.unused_codes(editor)[0]
        assert sorted(threads.map(one, [paper] * 8)) == [""] * 7 + ["recovery_codes"]


@pytest.mark.parametrize(("later", "taken"), [(-2, ""), (-1, "totp"), (0, "totp"), (1, "totp"), (2, "")])
def test_a_clock_may_be_half_a_minute_wrong(editor: User, secret: str, later: int, taken: str) -> None:
    with time_machine.travel(NOW, tick=False):
        assert factors.takes(editor, code_of(secret, later=later)) == taken


@pytest.mark.parametrize("code", ["", "abc", "１２３４５６", "\x00", "²²²²²²", "9" * 20, "9" * 4000, "{{7*7}}"])
def test_odd_codes_are_refused_in_good_order(client: Client, secret: str, code: str) -> None:
    log_in(client, "redacteur")
    assert client.post(CODE, {"code": code}).status_code == 200
    assert not is_in(client)


@pytest.mark.parametrize(
    "credential",
    [
        "{",
        "[]",
        "null",
        "{}",
        "9" * 5000,
        "[" * 9000,
        '{"id": "a", "rawId": "a", "type": "public-key", "response": {}}',
        json.dumps(
            {
                "id": "YQ",
                "rawId": "YQ",
                "type": "public-key",
                "response": {"clientDataJSON": "YQ", "authenticatorData": "YQ", "signature": "YQ"},
            }
        ),
        json.dumps(
            {
                "id": 1,
                "rawId": None,
                "type": [],
                "response": {"clientDataJSON": {}, "authenticatorData": 2, "signature": []},
            }
        ),
        "\x00",
        "é" * 30000,
    ],
)
def test_odd_passkeys_are_refused_in_good_order(client: Client, secret: str, credential: str) -> None:
    log_in(client, "redacteur")
    assert client.post(CODE, {"credential": credential}).status_code == 200
    assert not is_in(client)


def test_codes_are_throttled_as_passwords_are(client: Client, secret: str) -> None:
    log_in(client, "redacteur")
    for _ in range(throttle.BOTH.free):
        assert client.post(CODE, {"code": "000000"}).status_code == 200
    assert client.post(CODE, {"code": code_of(secret)}).status_code == 200
    assert not is_in(client)


def test_a_code_on_paper_opens_once(client: Client, editor: User, secret: str) -> None:
    code = factors.unused_codes(editor)[0]
    log_in(client, "redacteur")
    client.post(CODE, {"code": f"{code[:4]} {code[4:]}"})
    assert is_in(client)
    assert code not in factors.unused_codes(editor)
    other = Client()
    log_in(other, "redacteur")
    assert other.post(CODE, {"code": code}).status_code == 200


def test_the_page_waits_ten_minutes(client: Client, secret: str) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        log_in(client, "redacteur")
        clock.shift(timedelta(minutes=10, seconds=1))
        assert client.post(CODE, {"code": code_of(secret)})["Location"] == "/admin/login/"


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}, {"password": "!"}])
def test_an_account_that_changes_meanwhile_begins_again(client: Client, secret: str, change: dict[str, object]) -> None:
    log_in(client, "redacteur")
    User.objects.update(**change)
    assert client.post(CODE, {"code": code_of(secret)})["Location"] == "/admin/login/"


def test_the_session_gets_another_key_at_each_step(client: Client, secret: str) -> None:
    log_in(client, "redacteur")
    between = client.session.session_key
    client.post(CODE, {"code": code_of(secret)})
    assert client.session.session_key != between
    assert not client.session.exists(between)


def test_secrets_are_encrypted_at_rest(editor: User, secret: str) -> None:
    stored = Authenticator.objects.filter(user=editor)
    assert all(secret not in json.dumps(row.data) for row in stored)
    assert {row.data.get("secret", row.data.get("seed"))[:5] for row in stored} == {"gAAAA"}


def test_a_secret_under_another_key_is_refused_and_told(
    editor: User, secret: str, settings: object, caplog: pytest.LogCaptureFixture
) -> None:
    code, old = code_of(secret), settings.SECRET_KEY  # type: ignore[attr-defined]
    settings.SECRET_KEY = "un autre"  # type: ignore[attr-defined]
    assert factors.takes(editor, code) == ""
    assert factors.unused_codes(editor) == []
    assert "SECRET_KEY" in caplog.text
    settings.SECRET_KEY_FALLBACKS = [old]  # type: ignore[attr-defined]
    assert factors.takes(editor, code) == "totp"


def test_failures_and_logins_are_recorded_without_the_code(
    client: Client, secret: str, caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: Any
) -> None:
    caplog.set_level("INFO")
    code = code_of(secret)
    with django_capture_on_commit_callbacks(execute=True):
        log_in(client, "redacteur")
        client.post(CODE, {"code": "000000"})
        client.post(CODE, {"code": code})
    kinds = AccountEvent.objects.order_by("pk").values_list("kind", "detail")
    assert list(kinds) == [("password_given", ""), ("failure", "second facteur"), ("login", "avec un code")]
    assert "account.password_given" in caplog.text
    assert "account.failure" in caplog.text
    assert code not in caplog.text


def test_a_right_password_that_goes_no_further_is_recorded_and_makes_its_network_no_known_one(
    client: Client, editor: User, secret: str
) -> None:
    log_in(client, "redacteur", REMOTE_ADDR="203.0.113.77")
    event = AccountEvent.objects.get()
    assert (event.kind, event.user, event.address) == ("password_given", editor, "203.0.113.x")
    assert not record.is_known("redacteur", "203.0.113.77", event.at)


def test_a_right_password_gives_no_more_tries_at_the_code(client: Client, secret: str) -> None:
    for _ in range(throttle.BOTH.free):
        log_in(client, "redacteur")
        assert client.post(CODE, {"code": "000000"}).status_code == 200
    log_in(client, "redacteur")
    assert client.post(CODE, {"code": code_of(secret)}).status_code == 200
    assert not is_in(client)


def test_a_password_manager_finds_the_field(client: Client, secret: str) -> None:
    log_in(client, "redacteur")
    assert 'autocomplete="one-time-code"' in client.get(CODE).content.decode()
