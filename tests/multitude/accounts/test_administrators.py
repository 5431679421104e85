"""What an administrator does for colleagues, and sees of them."""

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db.models import Model
from django.test import Client

from multitude.accounts import sessions
from multitude.models import AccountEvent
from tests.factories import PASSWORD, logged_in, make_comment, make_section, make_user
from tests.multitude.accounts.entering import give_application, is_in, log_in

pytestmark = pytest.mark.django_db
USERS = "/admin/auth/user/"
ODD = ["abc", "0", "-1", "9" * 40, "%00", "1%00", "%ED%A0%80", "%FF", "²", "1.5", "_5F1", "1_2F", "é", "'; --"]


@pytest.fixture
def chief(db: None) -> User:
    """Return an account that may do everything."""
    return make_user("cheffe", is_superuser=True)


@pytest.fixture
def chief_client(chief: User) -> Client:
    """Return a client of the one who may do everything."""
    return logged_in(chief)


@pytest.fixture
def deputy(db: None) -> User:
    """Return an account that may change accounts, and not everything."""
    user = make_user("adjointe")
    user.user_permissions.set(
        Permission.objects.filter(codename__in=["view_user", "change_user", "add_user", "delete_user"])
    )
    return user


def test_a_lost_second_factor_is_reset_with_ones_own_password(chief_client: Client, editor: User) -> None:
    give_application(editor)
    theirs = logged_in(editor)
    page = f"{USERS}{editor.pk}/second-facteur/"
    assert chief_client.get(page).status_code == 200
    chief_client.post(page, {"password": "faux"})
    assert Authenticator.objects.filter(user=editor).exists()
    chief_client.post(page, {"password": PASSWORD})
    assert not Authenticator.objects.filter(user=editor).exists()
    assert not is_in(theirs)
    event = AccountEvent.objects.get(kind="factor_reset")
    assert (event.user, event.by) == (editor, "cheffe")
    assert log_in(Client(), "redacteur")["Location"] == "/admin/"


def test_nobody_without_the_right_resets_one(editor_client: Client, moderator: User) -> None:
    give_application(moderator)
    assert editor_client.post(f"{USERS}{moderator.pk}/second-facteur/", {"password": PASSWORD}).status_code == 403
    assert Authenticator.objects.exists()


@pytest.mark.parametrize("page", ["second-facteur", "password", "change", "delete"])
def test_who_may_not_do_everything_does_nothing_to_who_may(deputy: User, chief: User, page: str) -> None:
    client = logged_in(deputy)
    give_application(chief)
    data = {"password": PASSWORD, "password1": "x", "username": "autre", "post": "yes"}
    assert "/second-facteur/" not in client.get(f"{USERS}{chief.pk}/change/").content.decode()
    assert client.post(f"{USERS}{chief.pk}/{page}/", data).status_code == 403


@pytest.fixture(params=["active", "disabled"])
def moderating(request: pytest.FixtureRequest, deputy: User) -> User:
    """Return a colleague who may what the deputy may not, be it once the account is active again."""
    return make_user("moderatrice", groups=["Modérateurs"], is_active=request.param == "active")


@pytest.mark.parametrize("page", ["second-facteur", "password", "change", "delete"])
def test_who_may_less_does_nothing_to_who_may_more(deputy: User, moderating: User, page: str) -> None:
    give_application(moderating)
    before = User.objects.filter(pk=moderating.pk).values().get()
    data = {"password": PASSWORD, "password1": "x", "username": "autre", "email": "a@exemple.fr", "post": "yes"}
    assert logged_in(deputy).post(f"{USERS}{moderating.pk}/{page}/", data).status_code == 403
    assert User.objects.filter(pk=moderating.pk).values().get() == before
    assert Authenticator.objects.filter(user=moderating, type="totp").exists()


def test_who_may_less_deletes_nobody_from_the_list_who_may_more(deputy: User, moderating: User) -> None:
    data = {"action": "delete_selected", "_selected_action": [moderating.pk], "post": "yes"}
    logged_in(deputy).post(USERS, data)
    assert User.objects.filter(pk=moderating.pk).exists()


def test_who_may_as_much_goes_on_looking_after_colleagues(deputy: User, editor: User) -> None:
    deputy.groups.set(editor.groups.all())
    give_application(editor)
    client = logged_in(deputy)
    assert client.get(f"{USERS}{editor.pk}/change/").context["has_change_permission"]
    client.post(f"{USERS}{editor.pk}/second-facteur/", {"password": PASSWORD})
    assert not Authenticator.objects.exists()
    assert client.get(f"{USERS}{deputy.pk}/change/").context["has_change_permission"]


def test_nobody_makes_themselves_one_who_may_do_everything(deputy: User) -> None:
    client = logged_in(deputy)
    client.post(
        f"{USERS}{deputy.pk}/change/",
        {"username": "adjointe", "is_active": "on", "is_staff": "on", "is_superuser": "on"},
    )
    deputy.refresh_from_db()
    assert not deputy.is_superuser


def test_nobody_gives_rights_by_way_of_a_group(deputy: User) -> None:
    group = Group.objects.get(name="Rédacteurs")
    deputy.groups.add(group)
    deputy.user_permissions.add(*Permission.objects.filter(content_type__app_label="auth"))
    before, client = set(group.permissions.all()), logged_in(deputy)
    everything = {"name": "Rédacteurs", "permissions": [str(right.pk) for right in Permission.objects.all()]}
    assert client.post(f"/admin/auth/group/{group.pk}/change/", everything).status_code == 403
    assert client.post("/admin/auth/group/add/", everything | {"name": "Autre"}).status_code == 403
    assert set(group.permissions.all()) == before
    assert client.get("/admin/auth/group/").status_code == 200


@pytest.mark.parametrize("field", ["is_active", "is_staff"])
def test_disabling_an_account_ends_its_sessions_at_once(chief_client: Client, editor: User, field: str) -> None:
    theirs = logged_in(editor)
    kept = {"username": "redacteur", "is_active": "on", "is_staff": "on"}
    del kept[field]
    assert chief_client.post(f"{USERS}{editor.pk}/change/", kept).status_code == 302
    User.objects.filter(pk=editor.pk).update(is_active=True, is_staff=True)
    assert not is_in(theirs)
    assert AccountEvent.objects.get(kind="sessions_ended").by == "cheffe"


def test_another_password_ends_the_colleagues_sessions_and_not_ones_own(
    chief_client: Client, chief: User, editor: User
) -> None:
    theirs = logged_in(editor)
    new = {
        "usable_password": "true",
        "password1": "une phrase entièrement neuve",
        "password2": "une phrase entièrement neuve",
    }
    for user in (editor, chief):
        assert chief_client.post(f"{USERS}{user.pk}/password/", new).status_code == 302
    sessions.sweep()
    assert not is_in(theirs)
    assert is_in(chief_client)
    assert AccountEvent.objects.filter(kind="password_changed", by="cheffe").count() == 2


@pytest.mark.parametrize("key", ODD)
def test_odd_keys_are_nobodys_account(chief_client: Client, key: str) -> None:
    for page in ("password", "second-facteur"):
        for response in (
            chief_client.get(f"{USERS}{key}/{page}/"),
            chief_client.post(f"{USERS}{key}/{page}/", {"x": "1"}),
        ):
            assert response.status_code == 404
    for page in ("change", "delete", "history"):
        assert chief_client.get(f"{USERS}{key}/{page}/").status_code in {302, 404}


def test_an_administrator_sees_who_logged_in_when(chief_client: Client, editor: User) -> None:
    log_in(Client(), "redacteur", REMOTE_ADDR="203.0.113.77")
    page = chief_client.get("/admin/multitude/accountevent/?kind__exact=login").content.decode()
    assert "redacteur" in page
    assert "203.0.113.x" in page
    assert "mot de passe seul" in page


def test_nobody_else_sees_it_and_nobody_changes_it(chief_client: Client, editor_client: Client) -> None:
    assert editor_client.get("/admin/multitude/accountevent/").status_code == 403
    assert chief_client.get("/admin/multitude/accountevent/add/").status_code == 403
    log_in(Client(), "redacteur")
    event = AccountEvent.objects.order_by("pk").last()
    assert chief_client.post(f"/admin/multitude/accountevent/{event.pk}/delete/", {"post": "yes"}).status_code == 403


def test_accounts_are_listed_with_their_second_factor(chief_client: Client, editor: User) -> None:
    give_application(editor)
    assert "icon-yes" in chief_client.get(f"{USERS}?q=redacteur").content.decode()
    page = chief_client.get(f"{USERS}{editor.pk}/change/").content.decode()
    assert "application de codes" in page
    assert f"{USERS}{editor.pk}/second-facteur/" in page


def test_a_command_resets_the_last_administrators(chief: User, chief_client: Client) -> None:
    give_application(chief)
    said = StringIO()
    call_command("reset_second_factor", "cheffe", stdout=said)
    assert "cheffe" in said.getvalue()
    assert not Authenticator.objects.exists()
    assert not is_in(chief_client)
    assert AccountEvent.objects.get(kind="factor_reset").by == "une commande"
    call_command("reset_second_factor", "cheffe", stdout=said)
    assert "n’avait pas" in said.getvalue()


@pytest.mark.parametrize("name", ["personne", "", "\x00", "a" * 5000])
def test_a_command_that_finds_nobody_says_so(db: None, name: str) -> None:
    with pytest.raises(CommandError, match="Aucun compte"):
        call_command("reset_second_factor", name)


def on_site(row: Model) -> str:
    """Return the address at which Django's admin leads to a row's page."""
    return f"/admin/r/{ContentType.objects.get_for_model(row).pk}/{row.pk}/"


def test_one_is_led_to_pages_and_not_to_what_has_a_key_for_an_address(chief_client: Client, editor: User) -> None:
    section, comment = make_section(), make_comment()
    assert chief_client.get(on_site(section))["Location"].endswith(section.get_absolute_url())
    nobody = logged_in(make_user("stagiaire"))
    for client, row in ((chief_client, comment), (logged_in(editor), comment), (nobody, section), (nobody, editor)):
        response = client.get(on_site(row))
        assert (response.status_code, response.headers.get("Location")) == (404, None)


@pytest.mark.parametrize("key", ODD)
def test_odd_keys_lead_to_no_page(chief_client: Client, key: str) -> None:
    for path in (f"/admin/r/{key}/1/", f"/admin/r/1/{key}/", on_site(make_section()).replace("/1/", f"/{key}/")):
        assert chief_client.get(path).status_code in {302, 404}
