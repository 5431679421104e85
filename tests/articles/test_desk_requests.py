"""What no page of the desk sends, and somebody sends all the same."""

from typing import Any

import pytest
from django.test import Client

from articles.models import Article, Author
from tests.articles.pictures.making import make_picture
from tests.articles.test_admin import ADD, LIST, change, errors, filled
from tests.factories import logged_in, make_article, make_author, make_draft, make_section, make_user

pytestmark = pytest.mark.django_db

AUTHORS = "/admin/articles/author/"
KEYS = ["abc", "", "\x00", "9" * 30, "-1", "1,2", "²"]


@pytest.fixture
def client(db: None) -> Client:
    """Return a client of somebody who may do everything."""
    return logged_in(make_user("directrice", is_superuser=True))


@pytest.mark.parametrize(
    ("place", "action"),
    [
        (LIST, "publish"),
        (LIST, "delete_selected"),
        (AUTHORS, "delete_selected"),
        ("/admin/redirects/redirect/", "delete_selected"),
    ],
)
def test_an_action_passes_over_what_is_no_key(client: Client, place: str, action: str) -> None:
    make_article(authors=[make_author()])
    assert client.post(place, {"action": action, "_selected_action": KEYS}, follow=True).status_code == 200
    assert (Article.objects.count(), Author.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    "place",
    [
        LIST,
        AUTHORS,
        "/admin/redirects/redirect/",
        "/admin/auth/user/",
        "/admin/auth/group/",
        "/admin/multitude/outgoingmail/",
    ],
)
def test_a_search_of_a_thousand_words_is_answered(client: Client, place: str) -> None:
    assert client.get(place, {"q": "a " * 1_500}).status_code == 200


def test_a_list_reads_no_more_rows_than_it_can_show(client: Client) -> None:
    make_section()
    counts = dict.fromkeys(("form-TOTAL_FORMS", "form-INITIAL_FORMS"), "32768")
    page = client.post("/admin/articles/section/", counts | {"_save": "Enregistrer"})
    assert len(page.context["cl"].formset.forms) == 200


def test_what_is_chosen_besides_is_acted_upon(client: Client) -> None:
    draft = make_draft()
    client.post(LIST, {"action": "publish", "_selected_action": [*KEYS, draft.pk]}, follow=True)
    assert Article.objects.published().get() == draft


@pytest.mark.parametrize("value", ["abc", "", "\x00", "2026-13-45", "9" * 400, "<b>"])
def test_the_address_of_an_empty_form_may_hold_anything(client: Client, value: str) -> None:
    names = [*filled(), "section", "lead_picture", "embargo_until", "published_at", "unpublished_at", "bylines", "pk"]
    assert client.get(ADD, dict.fromkeys(names, value)).status_code == 200


@pytest.mark.parametrize("place", ["articles/author", "articles/section", "articles/picture", "redirects/redirect"])
def test_so_may_those_of_other_forms(client: Client, place: str) -> None:
    names = ("name", "slug", "position", "commenting", "focal_x", "file", "uploaded_at", "site", "old_path")
    assert client.get(f"/admin/{place}/add/", dict.fromkeys(names, "abc\x00")).status_code == 200


def test_a_copy_is_no_wish_that_the_form_grants(client: Client) -> None:
    other, article = make_article(slug="prise"), make_article()
    response = client.post(change(article), filled(article, slug=other.slug, _saveasnew="1"))
    assert errors(response, "slug") != []
    client.post(change(article), filled(article, headline="Le même", _saveasnew="1"))
    article.refresh_from_db()
    assert (article.headline, Article.objects.count()) == ("Le même", 2)


@pytest.mark.parametrize(
    "values", [{}, {"alternative_text": "Un quai", "credit": "Zoé", "focal_x": "1", "focal_y": "2"}]
)
def test_nor_that_of_a_picture(client: Client, values: dict[str, Any]) -> None:
    picture = make_picture()
    response = client.post(f"/admin/articles/picture/{picture.pk}/change/", values | {"_saveasnew": "1"})
    assert response.status_code in {200, 302}
