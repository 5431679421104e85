"""An author's page: who this is in words and in a picture, while something of theirs is public."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from articles import figures, library, pictures, publishing, rendering
from articles.models import BIOGRAPHY_LENGTH, Author, Picture
from tests.articles.pictures.making import make_picture
from tests.articles.reading import every, one, parse, text
from tests.factories import logged_in, make_article, make_author, make_draft, make_user

pytestmark = pytest.mark.django_db

AUTHORS = "/admin/articles/author/"
ELLE = "/auteurs/elle/"


def files(picture: Picture) -> list[str]:
    """Return the addresses of a picture's files, as they now are."""
    return [figures.address_of(name) for name in pictures.files_of(Picture.objects.get(pk=picture.pk))]


def statuses(client: Client, addresses: list[str]) -> set[int]:
    """Return how some files are answered."""
    return {client.get(address).status_code for address in addresses}


def test_the_biography_is_typographed_in_its_paragraphs(client: Client) -> None:
    make_article(authors=[make_author(slug="elle", biography='Elle écrit "bien" !\n\nDepuis 2009.')])
    shown = every(parse(client.get(ELLE)), ".//h:div[@class='biography']/h:p")
    assert [paragraph.text for paragraph in shown] == [
        "Elle écrit «\u202fbien\u202f»\u202f!",
        "Depuis 2009.",
    ]


def test_a_biography_that_looks_like_html_is_shown_as_words(client: Client) -> None:
    make_article(authors=[make_author(slug="elle", biography="<script>1</script> & <b>a</b>")])
    page = client.get(ELLE)
    assert "<script>1" not in page.content.decode()
    assert text(one(parse(page), ".//h:div[@class='biography']")) == "<script>1</script> & <b>a</b>"


@pytest.mark.parametrize("biography", ["", "  \n\n "])
def test_an_author_without_words_and_picture_has_a_name(client: Client, biography: str) -> None:
    make_article(authors=[make_author(slug="elle", name="Elle", biography=biography)])
    assert text(one(parse(client.get(ELLE)), ".//h:header[@class='page-head author-head']")) == "Elle"


def test_the_portrait_has_its_words_and_its_credit(client: Client) -> None:
    portrait = make_picture(made=True, alternative_text="Elle, de face", credit="Photo : Anna")
    make_article(authors=[make_author(slug="elle", portrait=portrait)])
    page = parse(client.get(ELLE))
    assert one(page, ".//h:figure//h:img").get("alt") == "Elle, de face"
    assert text(one(page, ".//h:figure/h:figcaption")) == "Photo : Anna"


def test_a_portrait_is_public_while_its_author_has_a_page(client: Client) -> None:
    portrait = make_picture(made=True)
    author = make_author(portrait=portrait)
    make_draft(authors=[author])
    assert statuses(client, files(portrait)) == {404}
    make_article(authors=[author])
    assert statuses(client, files(portrait)) == {200}
    assert "site" in client.get(files(portrait)[0])["Surrogate-Key"].split()


def test_a_portrait_is_not_kept_beyond_the_hour_at_which_the_page_goes(client: Client) -> None:
    portrait = make_picture()
    make_article(authors=[make_author(portrait=portrait)], unpublished_at=timezone.now() + timedelta(seconds=30))
    policy = client.get(files(portrait)[0])["Cache-Control"]
    assert int(policy.partition("s-maxage=")[2].partition(",")[0]) <= 30


def test_withdrawing_an_authors_last_article_gives_the_portrait_another_address(
    client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    portrait = make_picture(made=True)
    author = make_author(slug="elle", portrait=portrait)
    first, last = make_article(authors=[author]), make_article(authors=[author])
    before = files(portrait)
    with django_capture_on_commit_callbacks(execute=True):
        publishing.unpublish(article_id=first.pk)
    assert files(portrait) == before
    with django_capture_on_commit_callbacks(execute=True):
        publishing.unpublish(article_id=last.pk)
    after = files(portrait)
    assert not {*before} & {*after}
    assert statuses(client, [*before, *after]) == {404}
    publishing.publish(article_id=last.pk)
    page = client.get(ELLE).content.decode()
    assert any(address in page for address in after)
    assert statuses(client, after) == {200}


def test_another_portrait_hides_the_first(client: Client) -> None:
    first, second = make_picture(), make_picture()
    author = make_author(portrait=first)
    make_article(authors=[author])
    author.portrait = second
    author.save()
    assert (statuses(client, files(first)), statuses(client, files(second))) == ({404}, {200})


def test_a_picture_that_is_described_anew_is_so_on_the_authors_page(client: Client) -> None:
    portrait = make_picture()
    make_article(authors=[make_author(slug="elle", portrait=portrait)])
    portrait.alternative_text = "Elle, de profil"
    library.describe(portrait)
    assert 'alt="Elle, de profil"' in client.get(ELLE).content.decode()


def test_a_portrait_is_not_deleted() -> None:
    portrait = make_picture()
    make_author(portrait=portrait)
    with pytest.raises(library.PictureInUse):
        library.delete(portrait)
    assert default_storage.exists(str(portrait.file))


def test_rerendering_brings_authors_up_to_date(client: Client) -> None:
    author = make_author(biography="Bonjour !", portrait=make_picture())
    before = Author.objects.values().get(pk=author.pk)
    Author.objects.update(biography_html="", portrait_html="", display_credentials="vieux")
    list(rendering.rerender())
    assert Author.objects.values().get(pk=author.pk) == before


# At the desk -------------------------------------------------------------------------------------


def test_an_editor_says_who_somebody_is(editor_client: Client) -> None:
    portrait = make_picture()
    said = {"name": "Elle", "slug": "elle", "credentials": "", "biography": "Elle écrit.", "portrait": portrait.pk}
    assert editor_client.post(f"{AUTHORS}add/", said).status_code == 302
    author = Author.objects.get()
    assert author.biography_html == "<p>Elle écrit.</p>"
    assert author.portrait == portrait
    assert figures.thumbnail(portrait) in editor_client.get(f"{AUTHORS}{author.pk}/change/").content.decode()


@pytest.mark.parametrize("wrong", [{"biography": "x" * (BIOGRAPHY_LENGTH + 1)}, {"portrait": "404"}, {"portrait": "x"}])
def test_what_cannot_be_is_said_beside_its_field(editor_client: Client, wrong: dict[str, str]) -> None:
    response = editor_client.post(f"{AUTHORS}add/", {"name": "Elle", "slug": "elle"} | wrong)
    assert response.status_code == 200
    assert [*response.context["adminform"].form.errors] == [*wrong]


def test_the_library_names_the_author_of_a_portrait(editor_client: Client) -> None:
    portrait = make_picture()
    author = make_author(name="Elle", portrait=portrait)
    page = editor_client.get("/admin/articles/picture/?emploi=oui").content.decode()
    assert f'<a href="{AUTHORS}{author.pk}/change/">Elle</a>' in page


def test_a_journalist_describes_no_portrait() -> None:
    portrait = make_picture()
    make_author(portrait=portrait)
    journalist = logged_in(make_user("plume", groups=["Journalistes"]))
    page = journalist.get(f"/admin/articles/picture/{portrait.pk}/change/").content.decode()
    assert 'name="credit"' not in page
