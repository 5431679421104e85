"""Staff accounts in a browser: TOTP without JavaScript, passkeys with Chromium's own virtual authenticator."""

import re

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from multitude.accounts import record
from tests.browser.accessibility import LOOKS, faults
from tests.browser.session import log_in as enter
from tests.factories import PASSWORD, make_user
from tests.multitude.accounts.entering import code_of, give_application

pytestmark = pytest.mark.django_db(transaction=True)
LONGEST_KEY = "W" * 60
LONGEST_NAME = "w" * 150
PARTS = ("change", "password", "history", "delete", "second-facteur")


def log_in(page: Page) -> None:
    """Fill in the form of the login."""
    page.goto("/admin/login/")
    page.get_by_label("Nom d’utilisateur").fill("cheffe")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def log_out(page: Page) -> None:
    """Press the button in the head of each page."""
    page.goto("/admin/compte/")
    page.get_by_role("button", name="Déconnexion").click()
    page.wait_for_url("**/admin/logout/")


def virtual_key(page: Page) -> None:
    """Give the page's browser an authenticator that answers at once."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def on_paper(page: Page) -> None:
    """Look at codes as they are printed: whose they are, and nothing that one presses."""
    page.emulate_media(media="print")
    expect(page.get_by_text(re.compile("Codes de secours de cheffe · Multitude · Rédaction · [0-9]"))).to_be_visible()
    for part in ("#header", "#nav-sidebar", ".breadcrumbs", ".messagelist", "a.button"):
        expect(page.locator(part)).to_be_hidden()
    expect(page.locator(".account-codes li").first).to_be_visible()
    page.emulate_media(media="screen")


def test_a_passkey_is_added_asked_for_and_removed(page: Page) -> None:
    make_user("cheffe", is_superuser=True)
    virtual_key(page)
    log_in(page)
    page.goto("/admin/compte/")
    assert faults(page, looks=LOOKS) == []
    page.get_by_role("link", name="Ajouter une clé d’accès").click()
    assert faults(page, looks=LOOKS) == []
    page.get_by_label("Nom de la clé").fill(LONGEST_KEY)
    page.get_by_label("Votre mot de passe").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".account-codes li")).to_have_count(10)
    assert faults(page, looks=LOOKS) == []
    log_out(page)

    log_in(page)
    page.wait_for_url("**/admin/login/verification/**")
    assert faults(page, looks=LOOKS) == []
    expect(page.get_by_role("button", name="Utiliser une clé d’accès")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/")
    assert Authenticator.objects.get(type="webauthn").last_used_at is not None

    page.goto("/admin/compte/")
    assert faults(page, looks=LOOKS) == []
    page.get_by_role("link", name=f"Retirer la clé « {LONGEST_KEY} »").click()
    assert faults(page, looks=LOOKS) == []
    page.get_by_label("Votre mot de passe").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Vos autres sessions sont fermées.")).to_be_visible()
    assert not Authenticator.objects.exists()


def test_another_browsers_key_does_not_open(page: Page, browser: Browser, live_server: LiveServer) -> None:
    make_user("cheffe", is_superuser=True)
    virtual_key(page)
    log_in(page)
    page.goto("/admin/compte/cle/")
    page.get_by_label("Nom de la clé").fill("téléphone")
    page.get_by_label("Votre mot de passe").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".account-codes li")).to_have_count(10)
    other = browser.new_context(base_url=live_server.url)
    stranger = other.new_page()
    virtual_key(stranger)
    log_in(stranger)
    stranger.get_by_role("button", name="Utiliser une clé d’accès").click()
    expect(stranger.get_by_text("La clé d’accès n’a pas répondu")).to_be_visible()
    stranger.goto("/admin/")
    expect(stranger).to_have_url(re.compile("/admin/login/"))
    other.close()


def test_an_application_works_without_javascript(plain_page: Page) -> None:
    page = plain_page
    make_user("cheffe", is_superuser=True)
    log_in(page)
    page.goto("/admin/compte/application/")
    secret = page.locator(".account-secret").inner_text().replace(" ", "")
    used = code_of(secret)
    page.get_by_label("Code à six chiffres").fill(used)
    page.get_by_label("Votre mot de passe").fill(PASSWORD)
    page.keyboard.press("Enter")
    code = page.locator(".account-codes li").first.inner_text()
    on_paper(page)
    log_out(page)
    log_in(page)
    page.get_by_label("Code").fill(used)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Ce code n’est pas le bon, a déjà servi")).to_be_visible()
    expect(page.get_by_label("Code")).to_be_focused()
    expect(page.get_by_label("Code")).to_have_value("")
    page.get_by_label("Code").fill(code_of(secret, later=1))
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/")
    log_out(page)
    log_in(page)
    page.get_by_label("Code").fill(code)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/")
    page.goto("/admin/compte/cle/")
    # Chromium draws no <noscript> when it is only told to run nothing.
    assert "Les clés d’accès ont besoin de JavaScript" in page.content()


def test_what_administrators_see_of_accounts_is_whole(page: Page) -> None:
    chief = make_user("cheffe", is_superuser=True)
    colleague = make_user("redacteur")
    give_application(colleague)
    enter(page, chief)
    for address in (
        "compte/application/",
        f"auth/user/{colleague.pk}/second-facteur/",
        f"auth/user/{colleague.pk}/change/",
        "multitude/accountevent/",
        "password_change/",
        "login/",
    ):
        if address == "login/":
            log_out(page)
        page.goto(f"/admin/{address}")
        assert (address, faults(page, looks=LOOKS)) == (address, [])


def test_the_longest_name_widens_no_page(page: Page) -> None:
    named = make_user(LONGEST_NAME, is_superuser=True)
    enter(page, named)
    for address in ("", "compte/", "multitude/accountevent/", *(f"auth/user/{named.pk}/{part}/" for part in PARTS)):
        page.goto(f"/admin/{address}")
        assert (address, faults(page, looks=LOOKS)) == (address, [])
    enter(page, make_user(LONGEST_NAME.upper()))
    page.goto("/admin/auth/user/")
    expect(page.get_by_text("Ce droit vous manque").first).to_be_visible()
    assert faults(page, looks=LOOKS) == []


def test_the_record_of_accounts_is_read_whole_on_a_telephone(page: Page) -> None:
    chief = make_user(LONGEST_NAME, is_superuser=True)
    record.note(record.Kind.FACTOR_RESET, chief, by=LONGEST_NAME, detail=LONGEST_KEY)
    enter(page, chief)
    page.goto("/admin/multitude/accountevent/")
    for part in ("at", "name", "kind", "detail", "address", "browser", "by"):
        box = page.locator(f"#result_list .field-{part}").first.bounding_box()
        assert box
        assert box["x"] + box["width"] <= 390


def test_after_a_wrong_password_the_password_is_what_one_types_next(page: Page) -> None:
    page.goto("/admin/login/")
    page.get_by_label("Nom d’utilisateur").fill("cheffe")
    page.get_by_label("Mot de passe").fill("faux")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_label("Mot de passe")).to_be_focused()
    expect(page.get_by_label("Nom d’utilisateur")).to_have_value("cheffe")
    assert faults(page, looks=LOOKS) == []
