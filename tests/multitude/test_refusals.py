"""What one is told who has no right to a page."""

import pytest
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
