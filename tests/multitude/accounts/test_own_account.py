"""One's own account: adding and removing factors, codes on paper, sessions; the password is asked for again."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.test import Client

from multitude.accounts import factors, sessions
from multitude.models import AccountEvent, Sitting
from tests.factories import PASSWORD, logged_in
from tests.multitude.accounts.entering import ACCOUNT, CODE, code_of, give_application, is_in, log_in

pytestmark = pytest.mark.django_db
APPLICATION = f"{ACCOUNT}application/"


def shown_secret(client: Client) -> str:
    """Return the secret that the page shows in letters."""
    page = client.get(APPLICATION).content.decode()
    return re.search(r'account-secret">([A-Z2-7 ]+)<', page)[1].replace(" ", "")  # type: ignore[index]


def test_an_application_is_added_with_a_code_and_the_password(client: Client, editor: User) -> None:
    log_in(client, "redacteur")
    secret = shown_secret(client)
    assert secret == shown_secret(client)
    response = client.post(APPLICATION, {"code": code_of(secret), "password": PASSWORD})
    codes = factors.unused_codes(editor)
    assert len(codes) == 10
    assert all(f"{code[:4]} {code[4:]}" in response.content.decode() for code in codes)
    client.logout()
    assert log_in(client, "redacteur")["Location"].startswith(CODE)
    assert client.post(CODE, {"code": code_of(secret)}).status_code == 200
    client.post(CODE, {"code": code_of(secret, later=1)})
    assert is_in(client)


@pytest.mark.parametrize(("code", "password"), [("", PASSWORD), ("000000", PASSWORD), (None, "faux")])
def test_an_application_needs_both(editor_client: Client, code: str | None, password: str) -> None:
    code = code_of(shown_secret(editor_client)) if code is None else code
    assert editor_client.post(APPLICATION, {"code": code, "password": password}).status_code == 200
    assert not Authenticator.objects.exists()


def test_the_secret_that_is_shown_is_encrypted_in_the_session(editor_client: Client) -> None:
    assert shown_secret(editor_client) not in str(dict(editor_client.session))


def test_a_new_factor_ends_sessions_that_have_not_shown_it(editor: User, editor_client: Client) -> None:
    other = logged_in(editor)
    secret = shown_secret(editor_client)
    editor_client.post(APPLICATION, {"code": code_of(secret), "password": PASSWORD})
    assert is_in(editor_client)
    assert not is_in(other)


def test_a_factor_is_removed_with_the_password_and_other_sessions_end(editor: User, editor_client: Client) -> None:
    give_application(editor)
    other = logged_in(editor)
    assert editor_client.get(f"{APPLICATION}retirer/").status_code == 200
    editor_client.post(f"{APPLICATION}retirer/", {"password": "faux"})
    editor_client.post(f"{APPLICATION}retirer/")
    assert factors.has_one(editor)
    editor_client.post(f"{APPLICATION}retirer/", {"password": PASSWORD})
    assert not Authenticator.objects.exists()
    assert is_in(editor_client)
    assert not is_in(other)
    assert AccountEvent.objects.filter(kind="factor_removed", user=editor).count() == 1


def test_codes_on_paper_are_shown_to_who_gives_the_password(editor: User, editor_client: Client) -> None:
    give_application(editor)
    code = factors.unused_codes(editor)[0]
    shown = f"{code[:4]} {code[4:]}"
    assert shown not in editor_client.get(f"{ACCOUNT}codes/").content.decode()
    assert shown not in editor_client.post(f"{ACCOUNT}codes/", {"password": "faux"}).content.decode()
    response = editor_client.post(f"{ACCOUNT}codes/", {"password": PASSWORD})
    assert shown in response.content.decode()
    assert "no-store" in response["Cache-Control"]


def test_renewed_codes_replace_the_old_ones(editor: User, editor_client: Client) -> None:
    give_application(editor)
    old = factors.unused_codes(editor)
    editor_client.post(f"{ACCOUNT}codes/", {"password": PASSWORD, "renew": "1"})
    assert not set(old) & set(factors.unused_codes(editor))
    assert factors.takes(editor, old[0]) == ""


def test_the_account_page_lists_ones_own_sessions_only(client: Client, editor: User, moderator: User) -> None:
    agent = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
    log_in(client, "redacteur", REMOTE_ADDR="203.0.113.77", HTTP_USER_AGENT=agent)
    log_in(Client(), "moderatrice", REMOTE_ADDR="198.51.100.9")
    page = client.get(ACCOUNT).content.decode()
    assert "Chrome sur Windows" in page
    assert "203.0.113.x" in page
    assert "203.0.113.77" not in page
    assert "198.51.100" not in page


def test_one_session_is_ended_or_all_others(editor: User, editor_client: Client) -> None:
    first, second, third = (logged_in(editor) for _ in range(3))
    row = Sitting.objects.get(session_key=first.session.session_key)
    editor_client.post(f"{ACCOUNT}sessions/", {"session": row.pk})
    assert [is_in(client) for client in (editor_client, first, second, third)] == [True, False, True, True]
    editor_client.post(f"{ACCOUNT}sessions/", {"session": "others"})
    assert [is_in(client) for client in (editor_client, second, third)] == [True, False, False]


@pytest.mark.parametrize("which", ["", "abc", "0", "9" * 40, "²", "-1", "\x00"])
def test_nobodys_session_is_ended_by_an_odd_key(editor: User, editor_client: Client, which: str) -> None:
    other = logged_in(editor)
    assert editor_client.post(f"{ACCOUNT}sessions/", {"session": which}).status_code == 302
    assert is_in(other)


def test_nobody_ends_a_colleagues_session(moderator: User, editor_client: Client) -> None:
    other = logged_in(moderator)
    row = Sitting.objects.get(user=moderator)
    editor_client.post(f"{ACCOUNT}sessions/", {"session": row.pk})
    assert is_in(other)


def test_nobody_removes_a_colleagues_key(moderator: User, editor_client: Client) -> None:
    key = Authenticator.objects.create(user=moderator, type="webauthn", data={"name": "clé", "credential": {}})
    for pk in (key.pk, 0, 10**17, 10**40):
        assert editor_client.post(f"{ACCOUNT}cle/{pk}/retirer/", {"password": PASSWORD}).status_code == 404
    assert Authenticator.objects.filter(pk=key.pk).exists()


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "testserver"])
def test_passkeys_are_offered_where_browsers_have_them(editor_client: Client, settings: object, host: str) -> None:
    page = editor_client.get(f"{ACCOUNT}cle/", HTTP_HOST=host).content.decode()
    assert "data-options" not in page
    page = editor_client.get(f"{ACCOUNT}cle/", HTTP_HOST="localhost").content.decode()
    assert "data-options" in page
    assert "<noscript>" in page


def test_a_key_that_no_browser_made_is_refused(editor_client: Client) -> None:
    page = f"{ACCOUNT}cle/"
    editor_client.get(page, HTTP_HOST="localhost")
    for credential in ("", "{}", "null", '{"id": 1}', "[" * 9000, '{"response": {"clientDataJSON": "YQ"}}'):
        data = {"name": "clé", "password": PASSWORD, "credential": credential}
        assert editor_client.post(page, data, HTTP_HOST="localhost").status_code == 200
    assert not Authenticator.objects.exists()


def test_a_new_password_needs_the_old_one_and_ends_the_other_sessions(editor: User, editor_client: Client) -> None:
    other = logged_in(editor)
    new = {"new_password1": "une phrase entièrement neuve", "new_password2": "une phrase entièrement neuve"}
    assert editor_client.post("/admin/password_change/", {"old_password": "faux", **new}).status_code == 200
    assert is_in(other)
    editor_client.post("/admin/password_change/", {"old_password": PASSWORD, **new})
    assert is_in(editor_client)
    assert not is_in(other)
    sessions.sweep()
    assert Sitting.objects.get(user=editor).session_key == editor_client.session.session_key


@pytest.mark.parametrize("page", ["password_change/", "password_change/done/"])
def test_the_pages_of_the_password_lead_back_to_the_account_and_tell_of_other_sessions(
    editor_client: Client, page: str
) -> None:
    said = editor_client.get(f"/admin/{page}").content.decode()
    # In the head, in the breadcrumb, and as the way out.
    assert said.count(f'href="{ACCOUNT}"') == 3
    assert ">Voir le site<" in said
    assert "Vos autres sessions " in said


def test_adding_a_factor_says_that_other_sessions_are_closed(editor_client: Client) -> None:
    code = code_of(shown_secret(editor_client))
    said = editor_client.post(APPLICATION, {"code": code, "password": PASSWORD}).content.decode()
    assert "vos autres sessions sont fermées" in said


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/",
        "/admin/signup/",
        "/accounts/2fa/",
        "/accounts/password/reset/",
        "/admin/mfa/authenticator/",
        "/admin/account/emailaddress/",
    ],
)
def test_allauths_own_pages_are_not_there(admin_client: Client, address: str) -> None:
    assert admin_client.get(address).status_code == 404
