"""Two editors on one article: the second to save is told, sees what the first saved, and loses nothing."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from articles import publishing
from articles.models import Article, Autosave, FormerAddress
from tests.articles.test_admin import ADD, change, errors, filled
from tests.articles.writing import sent
from tests.factories import logged_in, make_article, make_draft, make_section, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def other() -> Client:
    """Return a client of another editor."""
    return logged_in(make_user("paul", groups=["Rédacteurs"], first_name="Paul", last_name="Durand"))


@pytest.fixture
def article(editor_client: Client) -> Article:
    """Return an article with a version of its own."""
    article = make_draft(body="<p>Le maire a signé hier.</p>")
    publishing.save(article, by=None)
    return article


def overtaken(editor_client: Client, other: Client, article: Article, **values: Any) -> HttpResponse:
    """Have another save the article that an editor has before their eyes, then the editor."""
    form = sent(article)
    assert other.post(change(article), form | {"body": "<p>Le maire a démenti hier.</p>"}).status_code == 302
    return editor_client.post(change(article), form | {"body": "<p>Le maire a signé ce matin.</p>"} | values)


def test_the_second_to_save_is_told(editor_client: Client, other: Client, article: Article) -> None:
    response = overtaken(editor_client, other, article)
    assert response.status_code == 200
    [error] = errors(response, "__all__")
    assert error.startswith("Paul Durand a enregistré cet article entre-temps")
    article.refresh_from_db()
    assert article.body == "<p>Le maire a démenti hier.</p>"


def test_all_that_was_typed_comes_back_with_what_the_other_saved(
    editor_client: Client, other: Client, article: Article
) -> None:
    page = overtaken(editor_client, other, article, kicker="Ville").content.decode()
    assert "&lt;p&gt;Le maire a signé ce matin.&lt;/p&gt;" in page
    assert 'value="Ville"' in page
    assert "<del>signé</del> <ins>démenti</ins>" in page


def test_what_was_typed_is_kept_as_a_draft_too(editor_client: Client, other: Client, article: Article) -> None:
    overtaken(editor_client, other, article)
    assert Autosave.objects.get().values["body"] == "<p>Le maire a signé ce matin.</p>"
    assert "Reprendre ce que vous n’aviez pas enregistré" in editor_client.get(change(article)).content.decode()


def test_one_saves_over_it_knowingly(editor_client: Client, other: Client, article: Article) -> None:
    overtaken(editor_client, other, article)
    stored = Article.objects.get()
    mine = sent(article, body="<p>Le maire a signé ce matin.</p>", over_version=str(stored.version))
    assert editor_client.post(change(article), mine).status_code == 302
    article.refresh_from_db()
    assert article.body == "<p>Le maire a signé ce matin.</p>"
    bodies = article.versions.order_by("number").values_list("body", flat=True)
    assert "<p>Le maire a démenti hier.</p>" in bodies
    assert not Autosave.objects.exists()


def test_saving_over_one_version_does_not_overwrite_the_next(
    editor_client: Client, other: Client, article: Article
) -> None:
    overtaken(editor_client, other, article)
    seen = Article.objects.get().version
    other.post(change(article), sent(Article.objects.get(), body="<p>Le maire se tait.</p>"))
    mine = sent(article, body="<p>Le mien.</p>", over_version=str(seen))
    assert "Paul Durand a enregistré" in editor_client.post(change(article), mine).content.decode()


def test_settings_that_differ_are_shown(editor_client: Client, other: Client, article: Article) -> None:
    form = sent(article, commenting="auto")
    other.post(change(article), form | {"commenting": "closed"})
    page = editor_client.post(change(article), form | {"headline": "Autre"}).content.decode()
    assert "Les textes n’ont pas changé." in page
    assert "<td>fermés</td>" in page


def test_a_publication_meanwhile_is_not_undone(editor_client: Client, article: Article) -> None:
    form = sent(article)
    publishing.publish(article_id=article.pk)
    assert editor_client.post(change(article), form).status_code == 200
    assert Article.objects.published().exists()


@pytest.mark.parametrize("version", ["-1", "x", "9" * 40, "²"])
def test_an_unreadable_version_is_stale(editor_client: Client, article: Article, version: str) -> None:
    response = editor_client.post(change(article), sent(article, headline="Autre", seen_version=version))
    assert response.status_code == 200
    assert "a enregistré cet article entre-temps" in response.content.decode()


def test_whoever_sends_no_version_writes_over_what_is_stored(editor_client: Client, article: Article) -> None:
    values = filled(article, headline="Autre")
    assert editor_client.post(change(article), values).status_code == 302


def test_an_address_that_another_article_had_is_refused_at_its_field(editor_client: Client) -> None:
    article = make_draft()
    FormerAddress.objects.create(slug="ancienne", article=make_article())
    response = editor_client.post(change(article), sent(article, slug="ancienne", headline="Gardé"))
    assert errors(response, "slug") == ["Un autre article a, ou avait, cette adresse : choisissez-en une autre."]
    assert "Gardé" in response.content.decode()


def test_an_address_drawn_from_the_title_avoids_those_of_the_past(editor_client: Client) -> None:
    FormerAddress.objects.create(slug="l-ete-des-indiens", article=make_article())
    assert editor_client.post(ADD, filled(section=make_section().pk)).status_code == 302
    assert Article.objects.filter(slug="l-ete-des-indiens-2").exists()


def test_an_embargo_is_said_and_what_was_typed_stays(editor_client: Client) -> None:
    article = make_draft()
    dates = {"published_at_0": "01/01/2027", "published_at_1": "08:00:00"}
    dates |= {"embargo_until_0": "01/02/2028", "embargo_until_1": "08:00:00"}
    response = editor_client.post(change(article), sent(article, headline="Gardé", **dates))
    assert "embargo" in " ".join(errors(response, "published_at"))
    assert "Gardé" in response.content.decode()
    assert Article.objects.get().published_at is None


def test_a_title_and_a_standfirst_that_are_too_long_say_by_how_much_and_stay(editor_client: Client) -> None:
    values = filled(section=make_section().pk, headline="é" * 111, standfirst="è" * 301)
    response = editor_client.post(ADD, values)
    assert errors(response, "headline") == ["Le titre dépasse 110 caractères : il en a 111."]
    assert errors(response, "standfirst") == ["Le chapô dépasse 300 caractères : il en a 301."]
    assert "é" * 111 in response.content.decode()


def test_a_text_pasted_from_word_is_stored_clean(editor_client: Client) -> None:
    body = '<p class=MsoNormal style="margin:0">Un <b>mot</b><o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p>'
    editor_client.post(ADD, filled(section=make_section().pk, body=body))
    assert Article.objects.get().body == "<p>Un <strong>mot</strong></p>"
