"""Every address of the newsroom there is: none opens to a stranger, to a session without its second factor, or to a forged form."""

import pytest
from django.test import Client
from pytest_django import Settings

from tests.factories import logged_in, make_user
from tests.hostile import routes, walk

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
DOORS = {"login", "second_factor"}
# Without a second factor one may add one, log out, and read words.
BEFORE = {"account", "add_application", "add_passkey", "logout", "jsi18n"}


def inside(without: set[str]) -> list[str]:
    """Return the addresses of the newsroom, with the values of rows that there are."""
    return [route.path for route in routes.every() if route.is_inside and route.name not in without]


@pytest.mark.usefixtures("newspaper")
def test_a_stranger_is_led_to_the_login() -> None:
    before, client = walk.rows(), Client()
    for path in inside(DOORS):
        for answer in (client.get(path), client.post(path, {"action": "delete_selected", "_selected_action": "1"})):
            assert answer.status_code == 302, path
            assert answer["Location"].startswith("/admin/login/") or path == "/admin/logout/", path
    assert walk.rows() == before


@pytest.mark.usefixtures("newspaper")
def test_without_a_second_factor_that_is_required_one_gets_no_further(settings: Settings) -> None:
    settings.SECOND_FACTOR = "required"
    client = logged_in(make_user("directrice", is_superuser=True))
    for path in inside(DOORS | BEFORE):
        for answer in (client.get(f"{path}?_popup=1"), client.post(path), client.get(path, HTTP_ACCEPT="image/*")):
            assert (answer.status_code, answer.headers.get("Location")) == (302, "/admin/compte/"), path


@pytest.mark.usefixtures("newspaper")
def test_no_form_is_taken_without_its_token() -> None:
    user = make_user("directrice", is_superuser=True)
    client = Client(enforce_csrf_checks=True)
    client.cookies = logged_in(user).cookies
    before = walk.rows()
    for path in inside(set()):
        # Whoever is inside already is led on from the form that asks for a password.
        expected = 302 if path == "/admin/login/" else 403
        assert client.post(path, {"password": "x"}).status_code == expected, path
    assert walk.rows() == before
