"""SECOND_FACTOR=required: whoever has none adds one before anything else, and does nothing else."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.test import Client

from tests.articles.pictures.making import make_picture
from tests.factories import PASSWORD, logged_in
from tests.multitude.accounts.entering import ACCOUNT, CODE, code_of, give_application, is_in, log_in
from tests.multitude.accounts.test_own_account import APPLICATION, shown_secret

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _required(settings: object) -> None:
    settings.SECOND_FACTOR = "required"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "address",
    [
        "/admin/",
        "/admin/comments/comment/",
        "/admin/articles/article/add/",
        "/admin/password_change/",
        "/admin/compte/sessions/",
        "/admin/compte/codes/",
        "/admin/articles/picture/choisir/",
        "/admin/autocomplete/",
        "/admin/rien/",
    ],
)
def test_every_page_leads_to_ones_account_until_there_is_one(editor_client: Client, address: str) -> None:
    for response in (editor_client.get(address), editor_client.post(address)):
        assert (response.status_code, response["Location"]) == (302, ACCOUNT)


def test_the_account_page_says_why_and_offers_both(editor_client: Client) -> None:
    page = editor_client.get(ACCOUNT, HTTP_HOST="localhost").content.decode()
    assert "Cette rédaction demande un second facteur." in page
    assert APPLICATION in page
    assert f"{ACCOUNT}cle/" in page
    assert 'id="nav-sidebar"' not in page


@pytest.mark.parametrize("address", [ACCOUNT, APPLICATION, f"{ACCOUNT}cle/"])
def test_until_there_is_one_no_link_leads_back_without_a_word(
    editor_client: Client, settings: object, address: str
) -> None:
    leading_back = (">Modifier le mot de passe<", ">Accueil<")
    page = editor_client.get(address).content.decode()
    assert not any(link in page for link in leading_back)
    assert 'action="/admin/logout/"' in page
    settings.SECOND_FACTOR = "optional"  # type: ignore[attr-defined]
    page = editor_client.get(address).content.decode()
    assert all(link in page for link in leading_back)


def test_once_it_is_added_the_newsroom_opens(client: Client, editor: User) -> None:
    log_in(client, "redacteur")
    client.post(APPLICATION, {"code": code_of(shown_secret(client)), "password": PASSWORD})
    assert is_in(client)


def test_whoever_has_one_logs_in_with_it(client: Client, editor: User) -> None:
    secret = give_application(editor)
    log_in(client, "redacteur")
    client.post(CODE, {"code": code_of(secret)})
    assert is_in(client)


def test_a_session_that_has_not_shown_it_begins_again(editor: User) -> None:
    give_application(editor)
    client = logged_in(editor)
    assert client.get("/admin/")["Location"].startswith("/admin/login/")


def test_the_last_one_is_not_removed(client: Client, editor: User) -> None:
    secret = give_application(editor)
    log_in(client, "redacteur")
    client.post(CODE, {"code": code_of(secret)})
    page = client.post(f"{APPLICATION}retirer/", {"password": PASSWORD}).content.decode()
    assert "ajoutez d’abord l’autre" in page
    assert Authenticator.objects.filter(type="totp").exists()


def test_pictures_that_are_not_public_wait_too(editor_client: Client, settings: object) -> None:
    picture = make_picture()
    assert editor_client.get(f"/media/{picture.file.name}").status_code == 404
    settings.SECOND_FACTOR = "optional"  # type: ignore[attr-defined]
    assert editor_client.get(f"/media/{picture.file.name}").status_code == 200


def test_one_may_always_log_out(editor_client: Client) -> None:
    assert editor_client.post("/admin/logout/").status_code == 200
    assert not is_in(editor_client)
