"""An article's history at the desk: acts, versions, what changed, and the way back."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import library, publishing
from articles.figures import keys_in
from articles.models import Article, Commenting, Event, Version
from comments import closing
from tests.articles.pictures.making import body, make_picture
from tests.articles.test_admin import change
from tests.articles.writing import sent
from tests.factories import logged_in, make_article, make_draft, make_user

pytestmark = pytest.mark.django_db


def history(article: Article) -> str:
    """Return the address of an article's history."""
    return f"/admin/articles/article/{article.pk}/history/"


def rewrite(article: Article, **values: str) -> Article:
    """Save an article with other texts, and return it."""
    for name, value in values.items():
        setattr(article, name, value)
    return publishing.save(article, by=None)


def page(client: Client, address: str) -> str:
    """Return a page that is there."""
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_it_tells_who_did_what(editor_client: Client) -> None:
    article = make_draft()
    publishing.publish(article_id=article.pk, by=make_user("anne", first_name="Anne", last_name="Roy"))
    publishing.unpublish(article_id=article.pk)
    html = page(editor_client, history(article))
    assert html.index("Dépublié") < html.index("Mis en ligne")
    assert "Anne Roy" in html
    assert "une commande" in html


def test_it_tells_what_other_desks_noted(editor: User, editor_client: Client) -> None:
    article = make_article()
    closing.choose(article_id=article.pk, commenting=Commenting.CLOSED, note="Assez <dit>.", moderator=editor)
    assert "Assez &lt;dit&gt;." in page(editor_client, history(article))


def test_the_journal_names_the_fields_that_somebody_changed_and_none_of_the_form_s_own(editor_client: Client) -> None:
    article = make_draft()
    rewrite(article, headline="Deux fois")
    editor_client.post(change(article), sent(article, slug="ailleurs", commenting=article.commenting))
    [entry] = LogEntry.objects.all()
    assert entry.get_change_message() == "Modification de Adresse."


def test_what_was_noted_is_escaped(editor_client: Client) -> None:
    article = make_draft()
    publishing.send_for_review(article_id=article.pk)
    publishing.send_back(article_id=article.pk, note="<b>Trop long</b>")
    assert "&lt;b&gt;Trop long&lt;/b&gt;" in page(editor_client, history(article))


def test_an_article_that_nothing_was_done_to_has_an_empty_one(editor_client: Client) -> None:
    assert "Rien n’est noté ici." in page(editor_client, history(make_article()))


def test_every_version_is_listed_the_first_text_included(editor_client: Client) -> None:
    article = make_article(headline="Avant")
    rewrite(article, headline="Après")
    html = page(editor_client, history(article))
    assert "Avant" in html
    assert f"{history(article)}1/" in html


def test_a_version_shows_what_it_changed_and_what_changed_since(editor_client: Client) -> None:
    article = make_article(body="<p>Un texte bref.</p>")
    rewrite(article, body="<p>Un texte long.</p>")
    rewrite(article, body="<p>Un livre long.</p>")
    html = page(editor_client, f"{history(article)}1/")
    assert "<p>Un texte <del>bref</del> <ins>long</ins>.</p>" in html
    assert "<p>Un <del>texte</del> <ins>livre</ins> long.</p>" in html


def test_the_version_that_stands_needs_no_way_back(editor_client: Client) -> None:
    article = make_article()
    rewrite(article, headline="Autre")
    html = page(editor_client, f"{history(article)}1/")
    assert "C’est le texte d’aujourd’hui." in html
    assert "Rétablir" not in html


def test_a_version_is_shown_clean(editor_client: Client) -> None:
    article = make_article(body="<p onclick=x>Un<script>alert(1)</script></p>")
    rewrite(article, body="<p>Deux</p>")
    html = page(editor_client, f"{history(article)}0/")
    assert "alert(1)" not in html
    assert "onclick" not in html


def test_a_version_is_brought_back(editor_client: Client) -> None:
    article = make_article(headline="Avant")
    rewrite(article, headline="Après")
    response = editor_client.post(f"{history(article)}0/", {"seen_version": "1"}, follow=True)
    article.refresh_from_db()
    assert (article.headline, article.version) == ("Avant", 2)
    assert "La version 0 est rétablie" in response.content.decode()
    assert article.events.first().kind == Event.Kind.RESTORED
    assert article.versions.count() == 3


def test_a_version_is_not_brought_back_over_what_one_has_not_seen(editor_client: Client) -> None:
    article = make_article(headline="Avant")
    rewrite(article, headline="Après")
    rewrite(article, headline="Encore")
    response = editor_client.post(f"{history(article)}0/", {"seen_version": "1"}, follow=True)
    article.refresh_from_db()
    assert article.headline == "Encore"
    assert "a enregistré cet article entre-temps" in response.content.decode()


@pytest.mark.parametrize("name", ["0", "9", "99999999999999999999"])
def test_what_is_no_version_is_not_found(editor_client: Client, name: str) -> None:
    assert editor_client.get(f"{history(make_article())}{name}/").status_code == 404


@pytest.mark.parametrize(
    "query", ["?actes=x", "?actes=99", "?versions=-1", "?versions=", "?actes=9999999999999999999", "?journal=x"]
)
def test_what_is_no_page_is_not_found(editor_client: Client, query: str) -> None:
    assert editor_client.get(f"{history(make_article())}{query}").status_code == 404


def test_who_reads_articles_reads_their_history_and_brings_nothing_back(moderator_client: Client) -> None:
    article = make_article()
    rewrite(article, headline="Après")
    assert "Rétablir" not in page(moderator_client, f"{history(article)}0/")
    assert moderator_client.post(f"{history(article)}0/").status_code == 403
    article.refresh_from_db()
    assert article.headline == "Après"


def test_it_is_for_those_who_see_articles() -> None:
    article = make_article()
    rewrite(article, headline="Après")
    client = logged_in(make_user("personne"))
    assert client.get(history(article)).status_code == 403
    assert client.get(f"{history(article)}0/").status_code == 403
    assert client.post(f"{history(article)}0/").status_code == 403
    assert Client().get(history(article)).status_code == 302


def test_a_long_one_comes_in_pages_and_costs_the_same(editor_client: Client) -> None:
    article = make_draft()
    by = make_user("anne")
    texts = {"headline": "Un", "body": "<p>Un</p>"}
    Version.objects.bulk_create(Version(article=article, number=n, saved_by=by, **texts) for n in range(1, 121))
    Event.objects.bulk_create(
        Event(article=article, kind=Event.Kind.SAVED, by=by, version=version)
        for version in article.versions.order_by("number")
    )
    with CaptureQueriesContext(connection) as queries:
        html = page(editor_client, history(article))
    assert len(queries) <= 10
    assert html.count("<li>\n            <time") == 100
    last = article.events.all()[49].pk
    assert f"?actes={last}" in html
    assert "?versions=71" in html
    assert "Version 70" in page(editor_client, f"{history(article)}?versions=71")
    older = page(editor_client, f"{history(article)}?actes={article.events.all()[99].pk}")
    assert older.count("version 20<") == 1
    assert "?actes=" not in older


def test_a_version_whose_picture_is_deleted_says_so_before_it_comes_back_and_after(editor_client: Client) -> None:
    gone, kept = make_picture(), make_picture()
    article = rewrite(make_draft(), body=body(gone, kept))
    shown = article.version
    rewrite(article, body="<p>Sans image</p>")
    version = f"{history(article)}{shown}/"
    assert "photothèque" not in page(editor_client, version)
    library.delete(gone)
    assert "Cette version montre 1 image qui n’est plus dans la photothèque" in page(editor_client, version)
    told = editor_client.post(version, {"seen_version": article.version}, follow=True).content.decode()
    assert "1 image de cette version n’est plus dans la photothèque" in told
    assert keys_in(Article.objects.get(pk=article.pk).body_html) == {kept.pk}
