"""An address that an article had leads to it for ever: its page, its feed, and what is sent there."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from articles import publishing
from articles.models import Article, Event, FormerAddress
from comments.models import Comment
from multitude.models import PurgeEvent
from tests.articles.test_admin import ADD, change, errors, filled
from tests.factories import make_approved, make_article, make_draft, make_section

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
TYPED = {"author_name": "Ada", "author_email": "ada@exemple.fr", "body": "Un avis assez long.", "website": ""}


def rename(article: Article, slug: str) -> Article:
    """Give an article another address, and return it."""
    article.refresh_from_db()
    article.slug = slug
    return publishing.save(article, by=None)


@pytest.fixture
def moved(db: None) -> Article:
    """Return a public article that was called «un», then «deux», and is called «trois»."""
    return rename(rename(make_article(slug="un"), "deux"), "trois")


@pytest.mark.parametrize("old", ["un", "deux"])
def test_every_former_address_leads_to_the_present_one_in_one_step(client: Client, moved: Article, old: str) -> None:
    response = client.get(f"/articles/{old}/")
    assert (response.status_code, response["Location"]) == (301, "/articles/trois/")
    assert response["Cache-Control"].startswith("public")
    assert f"article:{moved.pk}" in response["Surrogate-Key"].split()
    assert client.get("/articles/trois/").status_code == 200


def test_the_page_of_the_thread_is_kept(client: Client, moved: Article) -> None:
    assert client.get("/articles/un/?page=3&utm=x")["Location"] == "/articles/trois/?page=3"
    assert client.get("/articles/un/?page=1")["Location"] == "/articles/trois/"
    assert client.get("/articles/un/?page=x").status_code == 404


def test_the_feed_follows(client: Client, moved: Article) -> None:
    response = client.get("/articles/un/flux/")
    assert (response.status_code, response["Location"]) == (301, "/articles/trois/flux/")


def test_the_form_follows(client: Client, moved: Article) -> None:
    parent = make_approved(moved)
    response = client.get(f"/articles/un/commentaires/?parent={parent.pk}&x=1")
    assert (response.status_code, response["Location"]) == (301, f"/articles/trois/commentaires/?parent={parent.pk}")
    assert client.get("/articles/un/commentaires/")["Location"] == "/articles/trois/commentaires/"


def test_a_comment_that_was_being_written_is_taken(client: Client, moved: Article) -> None:
    response = client.post("/articles/un/commentaires/", TYPED)
    assert response.status_code == 303
    assert Comment.objects.get().article == moved


def test_a_faulty_comment_comes_back_with_its_text(client: Client, moved: Article) -> None:
    response = client.post("/articles/un/commentaires/", TYPED | {"author_email": ""})
    assert response.status_code == 422
    assert TYPED["body"] in response.content.decode()


def test_a_withdrawn_article_is_gone_by_all_its_addresses(client: Client, moved: Article) -> None:
    publishing.unpublish(article_id=moved.pk)
    assert client.get("/articles/un/").status_code == 410
    assert client.get("/articles/un/flux/").status_code == client.get("/articles/trois/flux/").status_code
    response = client.post("/articles/un/commentaires/", TYPED)
    assert response.status_code == 410
    assert TYPED["body"] in response.content.decode()


@pytest.mark.parametrize("published_at", [None, HOUR])
def test_a_draft_leaves_no_address_behind(client: Client, published_at: timedelta | None) -> None:
    article = make_draft(slug="un")
    if published_at:
        publishing.publish(article_id=article.pk, at=timezone.now() + published_at)
    rename(article, "deux")
    assert not FormerAddress.objects.exists()
    assert client.get("/articles/un/").status_code == 404


def test_an_address_that_leads_to_what_was_never_public_does_not_exist(client: Client) -> None:
    FormerAddress.objects.create(slug="un", article=make_draft(slug="deux"))
    for path in ("/articles/un/", "/articles/un/flux/", "/articles/un/commentaires/"):
        response = client.get(path)
        assert response.status_code == 404
        assert "deux" not in response.content.decode()


def test_an_article_takes_its_own_former_address_back(client: Client, moved: Article) -> None:
    rename(moved, "un")
    assert client.get("/articles/un/").status_code == 200
    assert client.get("/articles/trois/")["Location"] == "/articles/un/"
    assert client.get("/articles/deux/")["Location"] == "/articles/un/"


def test_renaming_is_told_and_purges_what_led_there(moved: Article) -> None:
    PurgeEvent.objects.all().delete()
    rename(moved, "quatre")
    event = moved.events.first()
    assert (event.kind, event.note) == (Event.Kind.RENAMED, "trois → quatre")
    purged = {key for purge in PurgeEvent.objects.all() for key in purge.keys.split()}
    assert {f"article:{moved.pk}", "missing"} <= purged


@pytest.mark.parametrize("slug", ["un", "deux", "trois"])
def test_the_verb_gives_an_address_to_one_article_only(moved: Article, slug: str) -> None:
    with pytest.raises(publishing.AddressTaken):
        rename(make_article(), slug)


@pytest.mark.parametrize("slug", ["un", "trois"])
def test_the_form_refuses_the_address_of_another_with_a_sentence(
    editor_client: Client, moved: Article, slug: str
) -> None:
    response = editor_client.post(ADD, filled(section=make_section().pk, slug=slug))
    assert errors(response, "slug") == ["Un autre article a, ou avait, cette adresse : choisissez-en une autre."]


def test_an_article_keeps_its_address_in_the_form(editor_client: Client, moved: Article) -> None:
    assert editor_client.post(change(moved), filled(moved)).status_code == 302


def test_addresses_drawn_from_titles_are_numbered_past_former_ones(editor_client: Client) -> None:
    rename(make_article(slug="l-ete-des-indiens"), "ailleurs")
    editor_client.post(ADD, filled(section=make_section().pk))
    assert Article.objects.latest("pk").slug == "l-ete-des-indiens-2"
