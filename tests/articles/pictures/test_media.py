"""Who gets a picture's file: everybody while a published article shows it, the newsroom always, nobody else."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from articles import figures, pictures, previews
from articles.media import MOST_KEYS
from articles.models import Article, Picture
from multitude.caching import LISTS
from tests.articles.pictures.making import make_picture
from tests.articles.reading import bulk_articles
from tests.factories import logged_in, make_article, make_author, make_draft, make_section, make_user

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def original(picture: Picture) -> str:
    """Return the address of a picture's original."""
    return figures.address_of(str(picture.file))


def every_address(picture: Picture) -> list[str]:
    """Return the addresses of all of a picture's files."""
    return [figures.address_of(name) for name in pictures.files_of(picture)]


def showing(picture: Picture, place: str, **values: Any) -> Article:
    """Return an article that shows a picture at its head or in its text."""
    if place == "lead":
        return make_article(lead_picture=picture, **values)
    return make_article(body=f'<p>a</p><figure data-picture="{picture.pk}"></figure>', **values)


@pytest.mark.parametrize("place", ["lead", "text"])
def test_everybody_gets_the_files_of_a_published_picture(client: Client, place: str) -> None:
    picture = make_picture(made=True)
    showing(picture, place)
    types = {client.get(address)["Content-Type"] for address in every_address(picture)}
    assert types == {"image/jpeg", "image/avif", "image/webp"}
    response = client.get(original(picture))
    with default_storage.open(str(picture.file)) as file:
        assert response.content == file.read()
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == 'inline; filename="originale.jpg"'
    assert response["Content-Length"] == str(len(response.content))
    assert response["Cache-Control"] == "public, max-age=2592000, s-maxage=3600, immutable"


@pytest.mark.parametrize("place", ["lead", "text"])
@pytest.mark.parametrize(
    "hidden",
    [
        {"published_at": None},
        {"published_at": timezone.now() + HOUR},
        {"unpublished_at": timezone.now() - HOUR},
    ],
    ids=["draft", "future", "withdrawn"],
)
def test_nobody_gets_what_no_published_article_shows(client: Client, place: str, hidden: dict[str, Any]) -> None:
    picture = make_picture(made=True)
    showing(picture, place, **hidden)
    assert not pictures.shown_by(picture.pk)
    for address in every_address(picture):
        response = client.get(address)
        assert (response.status_code, response["Cache-Control"]) == (404, "no-store")


def test_a_picture_that_nobody_uses_is_nobodys(client: Client) -> None:
    assert client.get(original(make_picture())).status_code == 404


def test_one_published_article_is_enough(client: Client) -> None:
    picture = make_picture()
    showing(picture, "lead", published_at=None)
    showing(picture, "text")
    assert client.get(original(picture)).status_code == 200


def test_an_article_that_comes_and_goes_by_itself_takes_its_pictures_along(client: Client) -> None:
    picture = make_picture()
    article = showing(picture, "text", unpublished_at=timezone.now() + timedelta(seconds=90))
    policy = client.get(original(picture))["Cache-Control"]
    assert policy in {f"public, max-age={left}, s-maxage={left}, immutable" for left in (88, 89, 90)}
    Article.objects.filter(pk=article.pk).update(unpublished_at=timezone.now())
    assert client.get(original(picture)).status_code == 404


def test_the_newsroom_gets_what_is_not_published_and_no_cache_keeps_it(editor_client: Client) -> None:
    picture = make_picture(made=True)
    for address in every_address(picture):
        response = editor_client.get(address)
        assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")


def test_of_the_staff_it_gets_who_may_see_pictures_or_articles() -> None:
    address = original(make_picture())
    groups = {"Journalistes": 200, "Modérateurs": 200, None: 404}
    for name, status in groups.items():
        client = logged_in(make_user(f"du-groupe-{name}", groups=[name] if name else []))
        assert client.get(address).status_code == status


@pytest.mark.parametrize("who", [{"is_staff": False}, {"is_staff": True, "is_active": False}])
def test_an_account_of_nobody_in_the_newsroom_does_not(client: Client, who: dict[str, bool]) -> None:
    user = User.objects.create_user("lectrice", **who | {"is_active": True})
    client.force_login(user)
    User.objects.filter(pk=user.pk).update(**who)
    assert client.get(original(make_picture())).status_code == 404


def test_a_made_up_session_is_nobodys(client: Client) -> None:
    client.cookies["sessionid"] = "x" * 32
    assert client.get(original(make_picture())).status_code == 404


def test_a_public_answer_knows_nobody(editor_client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    picture = make_picture()
    showing(picture, "lead")
    with django_assert_num_queries(2):
        response = editor_client.get(original(picture))
    assert not response.cookies
    assert "Vary" not in response
    assert response["Cache-Control"].startswith("public")


def test_what_is_known_already_is_not_sent_again(client: Client) -> None:
    picture = make_picture()
    showing(picture, "lead")
    etag = client.get(original(picture))["ETag"]
    response = client.get(original(picture), headers={"If-None-Match": etag})
    assert (response.status_code, response.content) == (304, b"")
    assert response["Cache-Control"].startswith("public")


@pytest.mark.parametrize(
    "name",
    [
        "../../secret",
        "originale.jpg/../../../etc/passwd",
        "..%2f..%2fsecret.jpg",
        "originale.jpeg",
        "originale.html",
        "480.avif",
        "x" * 500 + ".jpg",
        "originale.jpg%00.html",
        ".jpg",
    ],
)
def test_only_names_that_rows_know_are_answered(editor_client: Client, name: str) -> None:
    picture = make_picture()
    default_storage.save(f"{picture.key}/autre.jpg", default_storage.open(str(picture.file)))
    assert editor_client.get(f"/media/{picture.key}/{name}").status_code == 404
    assert editor_client.get(f"/media/{picture.key}/autre.jpg").status_code == 404


def test_a_key_of_one_picture_opens_no_other(client: Client) -> None:
    shown, hidden = make_picture(), make_picture(made=True)
    showing(shown, "lead")
    assert client.get(f"/media/{shown.key}/60.avif").status_code == 404
    assert client.get(f"/media/{hidden.key}/60.avif").status_code == 404


def test_a_lost_file_is_a_404_and_an_error_in_the_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    picture = make_picture()
    showing(picture, "lead")
    default_storage.delete(str(picture.file))
    response = client.get(original(picture))
    assert (response.status_code, response["Cache-Control"]) == (404, "no-store")
    assert "n’a pas pu être lu" in caplog.text


def test_files_are_only_read(client: Client) -> None:
    picture = make_picture()
    showing(picture, "lead")
    assert client.post(original(picture)).status_code == 405
    assert client.head(original(picture)).status_code == 200


def test_an_answer_depends_on_the_articles_that_show_it(client: Client) -> None:
    picture = make_picture()
    article, draft = showing(picture, "lead"), make_draft(lead_picture=picture)
    keys = client.get(original(picture))["Surrogate-Key"].split()
    assert {*keys} == {f"picture:{picture.pk}", f"headline:{article.pk}"}
    assert f"headline:{draft.pk}" not in keys


def test_a_picture_that_many_articles_show_depends_on_lists_as_a_whole(client: Client) -> None:
    picture = make_picture()
    articles = bulk_articles(MOST_KEYS, make_section(), make_author())
    Article.objects.update(lead_picture=picture)
    assert len(client.get(original(picture))["Surrogate-Key"].split()) == len(articles) + 1
    showing(picture, "lead")
    assert client.get(original(picture))["Surrogate-Key"] == f"{LISTS} picture:{picture.pk}"


@pytest.mark.parametrize("place", ["lead", "text"])
def test_a_token_opens_the_pictures_of_its_article_and_no_others(client: Client, place: str) -> None:
    mine, other = make_picture(), make_picture()
    article = showing(mine, place, published_at=None)
    showing(other, place, published_at=None)
    token = previews.link(article, timedelta(days=1)).path.split("/")[2]
    response = client.get(original(mine), {"apercu": token})
    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")
    assert response["X-Robots-Tag"] == "noindex"
    assert client.get(original(other), {"apercu": token}).status_code == 404
    assert client.get(original(mine), {"apercu": "autre"}).status_code == 404
    assert client.get(original(mine)).status_code == 404
