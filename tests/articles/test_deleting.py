"""Deleting articles: what nobody has read goes, what readers have seen stays with all that hangs on it."""

from datetime import timedelta

import pytest
from django.db.models import ProtectedError
from django.test import Client
from django.utils import timezone

from articles import autosaves, publishing
from articles.models import Article, Byline, Correction, Event, FormerAddress, SearchEntry, Tagging, Version
from tests.articles.desk import act, said
from tests.factories import logged_in, make_article, make_author, make_draft, make_tag, make_user

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"
STAYS = "Des lecteurs l’ont lu : cet article ne se supprime pas."


@pytest.fixture
def owner_client(db: None) -> Client:
    """Return a client who may do everything."""
    return logged_in(make_user("directrice", is_superuser=True))


@pytest.fixture
def read() -> Article:
    """Return an article that was public, with a correction, a history and a former address."""
    article = make_article(slug="un")
    article.slug, article.headline = "deux", "Deux"
    publishing.save(article, by=None)
    publishing.correct(article_id=article.pk, body="Il fallait lire 12.")
    return publishing.unpublish(article_id=article.pk)


def test_what_was_public_is_deleted_by_nobody_and_says_so_at_its_addresses(client: Client, read: Article) -> None:
    for delete in (read.delete, Article.objects.filter(pk=read.pk).delete, Article.objects.all().delete):
        with pytest.raises(ProtectedError, match="Ce que des lecteurs ont lu ne se supprime pas"):
            delete()
    assert [model.objects.exists() for model in (Correction, Event, Version, FormerAddress)] == [True] * 4
    assert [client.get(f"/articles/{slug}/").status_code for slug in ("un", "deux")] == [410, 410]


def test_what_was_public_and_is_a_draft_again_stays_too(read: Article) -> None:
    read.published_at = read.unpublished_at = None
    publishing.save(read, by=None)
    with pytest.raises(ProtectedError):
        read.delete()


def test_drafts_among_what_was_public_are_not_deleted_either(read: Article) -> None:
    draft = make_draft()
    with pytest.raises(ProtectedError):
        Article.objects.all().delete()
    assert Article.objects.filter(pk=draft.pk).exists()


@pytest.mark.parametrize("hours", [None, 1], ids=["draft", "scheduled"])
def test_what_nobody_has_read_is_deleted(owner_client: Client, hours: int | None) -> None:
    article = make_draft(published_at=hours and timezone.now() + timedelta(hours=hours))
    publishing.send_for_review(article_id=article.pk)
    assert owner_client.post(f"{LIST}{article.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Article.objects.exists()


def test_a_draft_goes_with_its_signature_its_tags_and_its_words() -> None:
    tag = make_tag("Eau")
    for delete in (lambda draft: draft.delete(), lambda draft: Article.objects.filter(pk=draft.pk).delete()):
        draft = make_draft(authors=[make_author()])
        draft.tags.add(tag)
        delete(draft)
    assert [model.objects.exists() for model in (Article, Byline, Tagging, SearchEntry)] == [False] * 4


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_page_that_deletes_says_why_an_article_stays(owner_client: Client, read: Article, method: str) -> None:
    response = getattr(owner_client, method)(f"{LIST}{read.pk}/delete/", {"post": "yes"}, follow=True)
    assert response.redirect_chain == [(f"{LIST}{read.pk}/change/", 302)]
    assert STAYS in said(response)
    assert Article.objects.filter(pk=read.pk).exists()
    assert f'href="{LIST}{read.pk}/delete/"' not in response.content.decode()


def test_of_several_that_are_ticked_those_that_nobody_has_read_are_deleted(owner_client: Client, read: Article) -> None:
    draft, other = make_draft(headline="Un brouillon"), make_draft()
    asked = act(owner_client, "delete_selected", read, draft)
    assert f"« {read.headline} » — {STAYS}" in said(asked)
    assert "Un brouillon" in asked.content.decode()
    chosen = [str(article.pk) for article in (read, draft)]
    owner_client.post(LIST, {"action": "delete_selected", "_selected_action": chosen, "post": "yes"})
    assert {*Article.objects.all()} == {read, other}


def test_what_was_public_alone_is_not_asked_about(owner_client: Client, read: Article) -> None:
    assert STAYS in said(act(owner_client, "delete_selected", read))


def test_an_editor_deletes_nothing(editor_client: Client, read: Article) -> None:
    for article in (read, make_draft()):
        assert editor_client.post(f"{LIST}{article.pk}/delete/", {"post": "yes"}).status_code == 403


def test_what_goes_with_a_draft_is_named_in_french(owner_client: Client) -> None:
    article = make_draft(tags=[make_tag()])
    autosaves.keep(user=make_user("plume"), article=article, values={"headline": "Autre"}, seen_version=1)
    page = owner_client.get(f"{LIST}{article.pk}/delete/").content.decode()
    assert "Thèmes de l’article" in page
    assert "Textes non enregistrés" in page
