"""The corrections of an article at the desk: a right of its own, a sentence for every refusal, nothing lost."""

import pytest
from django.test import Client

from articles import publishing
from articles.models import Article, Correction
from tests.factories import logged_in, make_article, make_draft, make_user

pytestmark = pytest.mark.django_db


def desk(article: Article) -> str:
    """Return the address of the page."""
    return f"/admin/articles/article/{article.pk}/rectificatifs/"


def change(article: Article) -> str:
    """Return the address of the page on which an article is changed."""
    return f"/admin/articles/article/{article.pk}/change/"


def test_an_editor_publishes_one(editor_client: Client) -> None:
    article = make_article()
    response = editor_client.post(desk(article), {"body": "Il fallait lire 12."}, follow=True)
    assert "Le rectificatif est publié." in response.content.decode()
    correction = Correction.objects.get()
    assert (correction.body, correction.by.username) == ("Il fallait lire 12.", "redacteur")
    assert "Il fallait lire 12." in Client().get(article.get_absolute_url()).content.decode()
    assert "Il fallait lire 12." in editor_client.get(change(article)).content.decode()


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("", "Écrivez ce qui est rectifié."),
        ("  \n ", "Écrivez ce qui est rectifié."),
        ("é" * 1_001, "Le rectificatif ne peut dépasser 1000 caractères (il en a 1001)."),
    ],
)
def test_what_is_refused_comes_back_with_a_sentence(editor_client: Client, body: str, sentence: str) -> None:
    response = editor_client.post(desk(make_article()), {"body": body})
    html = response.content.decode()
    assert response.status_code == 422
    assert sentence in html
    assert body.strip() in html
    assert not Correction.objects.exists()


def test_what_was_never_public_is_not_corrected_and_the_text_is_kept(editor_client: Client) -> None:
    draft = make_draft()
    assert "corrigez-le sans rectificatif" in editor_client.get(desk(draft)).content.decode()
    html = editor_client.post(desk(draft), {"body": "Une phrase à garder."}).content.decode()
    assert "n’a jamais été en ligne" in html
    assert "Une phrase à garder." in html
    assert "Rectificatifs" not in editor_client.get(change(draft)).content.decode()


def test_a_withdrawn_article_is_corrected_before_it_comes_back(editor_client: Client) -> None:
    article = make_article()
    publishing.unpublish(article_id=article.pk)
    assert editor_client.post(desk(article), {"body": "Il fallait lire 12."}).status_code == 302


def test_it_is_a_right_of_its_own(moderator_client: Client) -> None:
    article = make_article()
    publishing.correct(article_id=article.pk, body="Il fallait lire 12.")
    html = moderator_client.get(desk(article)).content.decode()
    assert "Il fallait lire 12." in html
    assert "<textarea" not in html
    assert "Publier un rectificatif" not in moderator_client.get(change(article)).content.decode()
    assert moderator_client.post(desk(article), {"body": "Autre."}).status_code == 403
    nobody = logged_in(make_user("personne"))
    assert nobody.get(desk(article)).status_code == 403


def test_nobody_changes_or_deletes_one() -> None:
    publishing.correct(article_id=make_article().pk, body="Il fallait lire 12.")
    chief = logged_in(make_user("cheffe", is_superuser=True))
    address = f"/admin/articles/correction/{Correction.objects.get().pk}/"
    assert chief.get(f"{address}change/").status_code == 404
    assert chief.post(f"{address}delete/", {"post": "yes"}).status_code == 404
    assert Correction.objects.count() == 1


def test_an_unknown_article_is_not_found(editor_client: Client) -> None:
    assert editor_client.get("/admin/articles/article/404/rectificatifs/").status_code == 404
