"""What one is told who has no right to a page, asks for one that is not there, or sends a form that has had its time."""

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client

from tests.factories import logged_in, make_draft, make_user

pytestmark = pytest.mark.django_db


def test_at_the_desk_it_is_told_in_the_desk_s_own_frame() -> None:
    client = logged_in(make_user("moderatrice", groups=["Modérateurs"]))
    response = client.get("/admin/articles/article/add/")
    html = response.content.decode()
    assert response.status_code == 403
    assert "Le compte « moderatrice » n’a pas le droit" in html
    assert 'id="nav-sidebar"' in html
    assert 'href="/admin/"' in html


def test_so_is_what_was_sent() -> None:
    client = logged_in(make_user("journaliste", groups=["Journalistes"]))
    draft = make_draft()
    response = client.post(f"/admin/articles/article/{draft.pk}/change/", {"_publish": "1"})
    assert (response.status_code, "Rien n’a changé" in response.content.decode()) == (403, True)


def test_readers_are_told_on_a_readers_page(client: Client) -> None:
    draft = make_draft()
    response = client.post(f"/articles/{draft.slug}/commentaires/", headers={"sec-fetch-site": "cross-site"})
    assert response.status_code == 403
    assert "Cette action n’est pas permise" in response.content.decode()


def test_at_the_desk_a_wrong_address_keeps_the_desk_s_frame() -> None:
    response = logged_in(make_user("moderatrice", groups=["Modérateurs"])).get("/admin/inconnu/")
    html = response.content.decode()
    assert response.status_code == 404
    assert "Cette page n’existe pas" in html
    assert 'id="nav-sidebar"' in html


def test_whoever_is_not_at_the_desk_sees_nothing_of_it(client: Client) -> None:
    reader = User.objects.create_user("lectrice", password="x")
    for asking in (client, logged_in(reader)):
        response = asking.get("/admin/r/inconnu/")
        assert "nav-sidebar" not in response.content.decode()
        assert response.headers.get("Location", "/admin/login/").startswith("/admin/login/")


def test_a_wrong_address_of_readers_stays_a_readers_page_for_whoever_is_at_the_desk() -> None:
    html = logged_in(make_user("moderatrice")).get("/inconnu/").content.decode()
    assert 'class="masthead"' in html
    assert "nav-sidebar" not in html


def from_an_old_tab(user: User | None, path: str) -> HttpResponse:
    """Send a form whose token is none of the session's."""
    client = Client(enforce_csrf_checks=True)
    if user:
        client.force_login(user)
    return client.post(path, {"username": "x", "password": "y", "csrfmiddlewaretoken": "a" * 64})


def test_a_form_from_an_old_tab_is_told_what_to_do_in_french() -> None:
    response = from_an_old_tab(make_user("redacteur", groups=["Rédacteurs"]), "/admin/articles/article/add/")
    html = response.content.decode()
    assert (response.status_code, response["Cache-Control"]) == (403, "no-store")
    assert "Revenez en arrière et copiez ce que vous aviez écrit" in html
    assert 'href="/admin/"' in html


def test_so_is_whoever_is_not_logged_in_any_more() -> None:
    response = from_an_old_tab(None, "/admin/login/?next=/admin/")
    assert (response.status_code, "Votre session a changé" in response.content.decode()) == (403, True)


def test_whoever_has_logged_in_in_another_tab_is_led_on_from_the_form_that_asks_for_it() -> None:
    user = make_user("redacteur", groups=["Rédacteurs"])
    response = from_an_old_tab(user, "/admin/login/?next=/admin/articles/article/add/")
    assert (response.status_code, response["Location"]) == (302, "/admin/login/?next=/admin/articles/article/add/")
    assert logged_in(user).get(response["Location"])["Location"] == "/admin/articles/article/add/"


def test_readers_pages_speak_of_no_session() -> None:
    response = from_an_old_tab(None, "/commentaires/inconnue/")
    assert response.status_code == 403
    assert "Cette action n’est pas permise" in response.content.decode()


TITLES = {
    "400.html": "Cette demande n’est pas lisible",
    "403_csrf.html": "Cette page est restée ouverte trop longtemps",
    "405.html": "Rien à lire ici",
    "413.html": "Ce texte est trop long",
    "admin/413.html": "Ce fichier est trop lourd",
    "500.html": "Une erreur est survenue",
    "503.html": "Un instant",
}


@pytest.mark.parametrize("template", TITLES)
def test_a_page_that_stands_alone_is_called_what_it_says(template: str) -> None:
    html = render_to_string(template, {"megabytes": 30})
    assert f"<title>{TITLES[template]}\N{NO-BREAK SPACE}— Multitude</title>" in html
    assert f"<h1>{TITLES[template]}</h1>" in html
