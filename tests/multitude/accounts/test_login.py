"""A name and a password: who gets in, and what those learn who do not."""

import re
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth import hashers
from django.contrib.auth.models import User
from django.test import Client

from multitude import clock
from multitude.accounts import forms, throttle
from multitude.models import AccountEvent, Tries
from tests.factories import PASSWORD, logged_in, make_user
from tests.multitude.accounts.entering import LOGIN, is_in, log_in

pytestmark = pytest.mark.django_db


def refused(client: Client, username: str, password: str) -> tuple[int, bytes, int]:
    """Return an answer's status and body without what is one visitor's own, and how many passwords were hashed for it."""
    with patch.object(
        hashers.MD5PasswordHasher, "encode", autospec=True, side_effect=hashers.MD5PasswordHasher.encode
    ) as encode:
        response = log_in(client, username, password)
    body = response.content.replace(f'"{username}"'.encode(), b"")
    token = response.context["csrf_token"]
    return response.status_code, body.replace(str(token).encode(), b""), encode.call_count


def test_one_post_lets_in_who_has_no_second_factor(client: Client, editor: User) -> None:
    response = log_in(client, "redacteur")
    assert (response.status_code, response["Location"]) == (302, "/admin/")
    assert is_in(client)


def test_unknown_names_disabled_accounts_readers_and_wrong_passwords_are_answered_alike(
    client: Client, editor: User
) -> None:
    make_user("partie", is_active=False)
    User.objects.create_user("lectrice", password=PASSWORD)
    wrong = refused(client, "redacteur", "faux")
    assert wrong[0] == 200
    assert wrong[2] == 1
    assert refused(client, "personne", "faux") == wrong
    assert refused(client, "partie", PASSWORD) == wrong
    assert refused(client, "lectrice", PASSWORD) == wrong


def test_a_throttled_account_is_answered_like_a_wrong_password_even_with_the_right_one(
    client: Client, editor: User
) -> None:
    wrong = refused(client, "redacteur", "faux")
    for _ in range(throttle.BOTH.free - 1):
        assert refused(client, "redacteur", "faux") == wrong
    assert refused(client, "redacteur", "faux") == wrong
    assert refused(client, "redacteur", PASSWORD) == wrong
    assert not is_in(client)


def test_a_refusal_is_one_short_sentence_and_the_wait_stands_apart(client: Client) -> None:
    page = log_in(client, "personne", "faux").content.decode()
    [note] = re.findall(r'class="errornote">\s*(.+?)\s*</p>', page)
    assert note == str(forms.REFUSED)
    assert "quart d’heure" not in note
    assert "quart d’heure" in page
    assert "quart d’heure" not in log_in(client, "personne", "").content.decode()


def test_an_unknown_name_is_throttled_like_a_known_one(client: Client, editor: User) -> None:
    for _ in range(throttle.BOTH.free + 1):
        log_in(client, "redacteur", "faux")
        log_in(client, "personne", "faux")
    counts = Tries.objects.filter(
        key__in=[throttle.key("password", name, "127.0.0.1") for name in ("redacteur", "personne")]
    )
    assert len(set(counts.values_list("count", "failures"))) == 1


def test_a_network_that_tries_every_name_is_told_so_and_costs_no_hash(client: Client, editor: User) -> None:
    with patch.object(throttle, "NETWORK", throttle.Rule(free=2, first=60, most=60)):
        for name in ("a", "b"):
            log_in(client, name, "faux")
        with patch.object(hashers.MD5PasswordHasher, "encode") as encode:
            response = log_in(client, "redacteur")
    assert response.status_code == 429
    assert response["Retry-After"] == "300"
    assert str(forms.FROM_HERE) in response.content.decode()
    assert not encode.called


def test_who_refuses_to_wait_for_one_name_costs_no_hash_and_learns_nothing_of_it(client: Client, editor: User) -> None:
    make_user("cheffe")
    with patch.object(throttle, "NETWORK", throttle.Rule(free=8, first=60, most=60)):
        for _ in range(8):
            assert refused(client, "redacteur", "faux")[::2] == (200, 1)
        known, unknown = refused(client, "cheffe", "faux"), refused(client, "personne", "faux")
    assert known == unknown
    assert known[::2] == (429, 0)


def test_a_network_that_is_shut_out_takes_nobodys_turn(client: Client, editor: User) -> None:
    with patch.object(throttle, "NETWORK", throttle.Rule(free=1, first=60, most=60)), throttle.turn():
        Tries.objects.create(
            key=throttle.key("password", "", "127.0.0.1"), last_at=clock.now(), until=clock.now() + timedelta(seconds=9)
        )
        assert refused(client, "redacteur", PASSWORD)[::2] == (429, 0)


def test_a_network_that_is_shut_out_by_tries_nobody_looked_at_is_on_record(client: Client, editor: User) -> None:
    with patch.object(throttle, "NETWORK", throttle.Rule(free=8, first=60, most=60)):
        for _ in range(12):
            log_in(client, "redacteur", "faux")
    waits = AccountEvent.objects.filter(kind="throttle").order_by("pk").values_list("detail", flat=True)
    assert waits[len(waits) - 1] == "60 secondes"


@pytest.mark.parametrize("username", ["redacteur", "personne"])
def test_who_comes_while_too_many_log_in_is_asked_to_come_again_and_nothing_counts(
    client: Client, editor: User, monkeypatch: pytest.MonkeyPatch, username: str
) -> None:
    monkeypatch.setattr(throttle, "PATIENCE", 0.01)
    with throttle.turn() as has_come:
        assert has_come
        status, body, hashes = refused(client, username, PASSWORD)
    assert (status, hashes) == (503, 0)
    assert str(forms.BUSY) in body.decode()
    assert not Tries.objects.exists()
    assert not AccountEvent.objects.exists()
    log_in(client, "redacteur")
    assert is_in(client)


def test_ones_own_password_waits_its_turn_too(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    client = logged_in(editor)
    monkeypatch.setattr(throttle, "PATIENCE", 0.01)
    with throttle.turn():
        page = client.post("/admin/password_change/", {"old_password": PASSWORD}).content.decode()
    assert str(forms.BUSY) in page
    assert str(forms.WRONG_PASSWORD) not in page


@pytest.mark.parametrize(
    "address",
    [
        "//ailleurs.exemple/",
        "https://ailleurs.exemple/",
        "\\\\ailleurs.exemple",
        "javascript:alert(1)",
        "/" + "a" * 5000,
    ],
)
def test_one_is_led_nowhere_else(client: Client, editor: User, address: str) -> None:
    response = client.post(LOGIN, {"username": "redacteur", "password": PASSWORD, "next": address})
    assert (response.status_code, response["Location"]) == (302, "/admin/")


def test_one_is_led_to_the_page_that_one_asked_for(client: Client, editor: User) -> None:
    response = client.post(f"{LOGIN}?next=/admin/comments/comment/", {"username": "redacteur", "password": PASSWORD})
    assert response["Location"] == "/admin/comments/comment/"


def test_the_session_gets_another_key(client: Client, editor: User) -> None:
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    log_in(client, "redacteur")
    assert client.session.session_key != planted
    assert not client.session.exists(planted)


def test_a_name_that_nobody_has_is_not_kept(client: Client) -> None:
    log_in(client, "mon mot de passe secret", "faux")
    event = AccountEvent.objects.get()
    assert (event.kind, event.username, event.user) == ("failure", "", None)


def test_a_login_is_recorded_with_browser_and_shortened_address(
    client: Client, editor: User, caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: Any
) -> None:
    caplog.set_level("INFO")
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    with django_capture_on_commit_callbacks(execute=True):
        log_in(client, "redacteur", REMOTE_ADDR="203.0.113.77", HTTP_USER_AGENT=agent)
    event = AccountEvent.objects.get()
    assert (event.kind, event.user, event.address) == ("login", editor, "203.0.113.x")
    assert event.browser == "Firefox sur Linux"
    [line] = [record.getMessage() for record in caplog.records if "account.login" in record.getMessage()]
    assert f"user={editor.pk}" in line
    assert "203.0.113.77" not in caplog.text
    assert PASSWORD not in caplog.text


@pytest.mark.parametrize("username", ["\x00", "a" * 5000, "\ud800", "%s{{7*7}}", "'; --"])
def test_odd_names_are_refused_in_good_order(client: Client, username: str) -> None:
    body = f"username={username}&password=x".encode("utf-8", "surrogatepass")
    response = client.post(LOGIN, body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 200


def test_a_password_manager_finds_the_fields(client: Client) -> None:
    page = client.get(LOGIN).content.decode()
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
