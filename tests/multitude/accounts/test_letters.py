"""A mail to the owner of an account when what opens it changes."""

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from pytest_django import Settings

from multitude.accounts import factors
from multitude.models import AccountEvent, OutgoingMail
from tests.factories import PASSWORD, logged_in, make_user
from tests.multitude.accounts.entering import code_of, give_application, log_in
from tests.multitude.accounts.test_own_account import APPLICATION, shown_secret

pytestmark = pytest.mark.django_db
ADDRESS = "redacteur@exemple.fr"


@pytest.fixture
def owner(editor: User) -> User:
    """Return an account that can be written to."""
    editor.email = ADDRESS
    editor.save()
    return editor


def test_a_new_factor_is_told_to_the_owner_without_what_opens_anything(client: Client, owner: User) -> None:
    log_in(client, "redacteur", REMOTE_ADDR="203.0.113.77")
    secret = shown_secret(client)
    code = code_of(secret)
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0 https://pirate.exemple"
    client.post(APPLICATION, {"code": code, "password": PASSWORD}, REMOTE_ADDR="203.0.113.77", HTTP_USER_AGENT=agent)
    [told] = mail.outbox
    assert told.to == [ADDRESS]
    assert told.subject == "Votre compte à la rédaction\N{NO-BREAK SPACE}: second facteur ajouté"
    assert "Firefox sur Linux, 203.0.113.x" in told.body
    assert "http://127.0.0.1:8000/admin/compte/" in told.body
    for hidden in (secret, code, "pirate", "203.0.113.77", *factors.unused_codes(owner)):
        assert hidden not in told.body


def test_another_password_and_a_factor_taken_away_are_told(owner: User) -> None:
    give_application(owner)
    client, new = logged_in(owner), "une phrase entièrement neuve"
    client.post(f"{APPLICATION}retirer/", {"password": PASSWORD})
    client.post("/admin/password_change/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    said = [told.subject.rpartition("\N{NO-BREAK SPACE}: ")[2] for told in mail.outbox]
    assert said == ["second facteur retiré", "mot de passe changé"]


def test_what_a_colleague_does_is_told_with_their_name(owner: User) -> None:
    give_application(owner)
    chief = logged_in(make_user("cheffe", is_superuser=True))
    chief.post(f"/admin/auth/user/{owner.pk}/second-facteur/", {"password": PASSWORD})
    [told] = mail.outbox
    assert "Par\N{NO-BREAK SPACE}: cheffe." in told.body


@pytest.mark.parametrize("new", ["pirate@exemple.fr", ""])
def test_another_address_is_told_to_the_old_one_and_recorded(owner: User, new: str) -> None:
    chief = logged_in(make_user("cheffe", is_superuser=True))
    kept = {"username": "redacteur", "is_active": "on", "is_staff": "on"}
    for _twice in range(2):
        assert chief.post(f"/admin/auth/user/{owner.pk}/change/", kept | {"email": new}).status_code == 302
    owner.refresh_from_db()
    assert owner.email == new
    [told] = mail.outbox
    assert told.to == [ADDRESS]
    assert told.subject == "Votre compte à la rédaction\N{NO-BREAK SPACE}: adresse email changée"
    assert "Par\N{NO-BREAK SPACE}: cheffe." in told.body
    assert "pirate" not in told.body
    event = AccountEvent.objects.get(kind="email_changed")
    assert (event.user, event.by) == (owner, "cheffe")


def test_a_first_address_is_told_to_nobody(editor: User) -> None:
    chief = logged_in(make_user("cheffe", is_superuser=True))
    kept = {"username": "redacteur", "is_active": "on", "is_staff": "on", "email": ADDRESS}
    assert chief.post(f"/admin/auth/user/{editor.pk}/change/", kept).status_code == 302
    assert AccountEvent.objects.filter(kind="email_changed").exists()
    assert mail.outbox == []


def test_a_login_and_a_failure_are_not(client: Client, owner: User) -> None:
    log_in(client, "redacteur", "faux")
    log_in(client, "redacteur")
    assert mail.outbox == []


@pytest.mark.parametrize("address", ["", "pas une adresse", "a@exemple.fr\nBcc: b@exemple.fr"])
def test_without_an_address_the_change_is_made_all_the_same(owner: User, address: str, settings: Settings) -> None:
    settings.MAILERS = {"default": {"BACKEND": "multitude.mail.outbox.Outbox"}}
    User.objects.update(email=address)
    owner.refresh_from_db()
    give_application(owner)
    assert factors.reset(owner, by="cheffe")
    assert not factors.has_one(owner)
    assert not OutgoingMail.objects.exists()
