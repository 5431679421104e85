"""The picture of a page that is shared: cut out of the lead picture around its focal point, as public as that is."""

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image, ImageDraw, ImageStat
from pytest_django import DjangoCaptureOnCommitCallbacks

from articles import figures, intake, library, publishing, renditions
from articles.models import Article, Picture, Rendition
from tests.articles.pictures.making import encoded, make_picture, opened, upload
from tests.articles.reading import every, parse
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def cut_of(picture: Picture) -> Image.Image:
    """Return what is cut out of a picture."""
    with default_storage.open(str(picture.renditions.get(is_cut=True).file)) as file:
        return opened(file.read())


def told(client: Client, article: Article) -> dict[str, str]:
    """Return what the article's page says to whoever shares it."""
    tree = parse(client.get(article.get_absolute_url()))
    return {meta.get("property"): meta.get("content") for meta in every(tree, ".//h:meta[@property]")}


@pytest.mark.parametrize(
    ("size", "cut"),
    [
        ((2400, 1600), (1200, 630)),
        ((1600, 2400), (1200, 630)),
        ((3000, 700), (1200, 630)),
        ((1200, 630), (1200, 630)),
        ((600, 600), (600, 315)),
        ((60, 40), (60, 32)),
        ((2000, 60), (114, 60)),
        ((60, 2000), (60, 32)),
    ],
)
def test_a_card_has_its_proportions_and_is_never_enlarged(size: tuple[int, int], cut: tuple[int, int]) -> None:
    left, upper, right, lower = renditions.frame(size, (50, 50))
    assert 0 <= left < right <= size[0]
    assert 0 <= upper < lower <= size[1]
    assert (right - left) / (lower - upper) == pytest.approx(1200 / 630)
    picture = Picture(width=size[0], height=size[1], key="a" * 32)
    row = renditions._cut(picture, Image.new("RGB", size))
    assert (row.width, row.height) == cut


@pytest.mark.parametrize(
    ("focal_point", "expected"),
    [
        ((50, 50), (0.0, 285.0)),
        ((50, 0), (0.0, 0.0)),
        ((50, 100), (0.0, 570.0)),
        ((0, 30), (0.0, 45.0)),
        ((100, 99), (0.0, 570.0)),
    ],
)
def test_the_focal_point_stands_in_the_middle_as_far_as_the_edges_allow(
    focal_point: tuple[int, int], expected: tuple[float, float]
) -> None:
    assert renditions.frame((1200, 1200), focal_point)[:2] == pytest.approx(expected)


def test_what_is_cut_shows_what_the_focal_point_is_on() -> None:
    tall = Image.new("RGB", (1200, 2400), "white")
    ImageDraw.Draw(tall).rectangle((0, 2000, 1200, 2400), fill="red")
    taken = intake.take(upload(encoded("PNG", size=(1200, 2400))))
    picture, _is_new = library.add(taken, alternative_text="a", credit="b", focal_point=(50, 95))
    card = renditions._cut(picture, tall)
    with default_storage.open(str(card.file)) as file:
        assert ImageStat.Stat(opened(file.read()).crop((500, 450, 700, 550))).mean[1] < 40


def test_a_transparent_picture_is_cut_on_white() -> None:
    sent = upload(encoded("PNG", mode="RGBA", colour=(255, 0, 0, 0)))
    picture, _is_new = library.add(intake.take(sent), alternative_text="a", credit="b")
    renditions.make(picture)
    card = cut_of(picture)
    assert card.format == "JPEG"
    assert min(card.getpixel((5, 5))) > 250


def test_readers_get_the_whole_picture_and_networks_what_is_cut(client: Client) -> None:
    picture = make_picture(size=(900, 600), made=True, alternative_text="Une place")
    article = make_article(lead_picture=picture)
    found = told(client, article)
    assert found["og:image"].endswith(f"/media/{picture.key}/partage.jpg")
    assert (found["og:image:width"], found["og:image:height"]) == ("900", "472")
    assert found["og:image:alt"] == "Une place"
    assert "partage" not in article.lead_html + article.card_html
    response = client.get(figures.address_of(str(picture.renditions.get(is_cut=True).file)))
    assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")


def test_until_it_is_cut_networks_get_the_original(client: Client) -> None:
    picture = make_picture(size=(90, 60))
    found = told(client, make_article(lead_picture=picture))
    assert found["og:image"].endswith(f"/media/{picture.file}")
    assert found["og:image:type"] == "image/jpeg"
    assert (found["og:image:width"], found["og:image:height"]) == ("90", "60")


def test_without_a_lead_picture_the_newspapers_own_stands_in(client: Client) -> None:
    found = told(client, make_article())
    assert found["og:image"].endswith("/static/images/sharing.png")
    assert (found["og:image:width"], found["og:image:height"]) == ("1200", "630")


def test_a_focal_point_that_moves_has_the_card_cut_anew_at_a_new_address(
    client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    picture = make_picture(size=(600, 900), made=True)
    article = make_article(lead_picture=picture)
    before = told(client, article)["og:image"]
    picture.focal_y = 10
    with django_capture_on_commit_callbacks(execute=True):
        library.describe(picture)
    renditions.make_waiting()
    after = told(client, article)["og:image"]
    assert before != after
    assert Rendition.objects.filter(is_cut=True).count() == 1
    assert client.get(after.partition("8000")[2]).status_code == 200


def test_words_that_change_have_nothing_made_anew() -> None:
    picture = make_picture(made=True)
    picture.alternative_text = "Autre chose"
    library.describe(picture)
    picture.refresh_from_db()
    assert picture.rendered_at is not None


def test_what_is_cut_leaves_the_public_with_its_article(
    client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    picture = make_picture(made=True)
    article = make_article(lead_picture=picture)
    before = str(picture.renditions.get(is_cut=True).file)
    with django_capture_on_commit_callbacks(execute=True):
        publishing.unpublish(article_id=article.pk)
    after = str(picture.renditions.get(is_cut=True).file)
    assert after != before
    assert not default_storage.exists(before)
    assert [client.get(figures.address_of(name)).status_code for name in (before, after)] == [404, 404]
    assert publishing.publish(article_id=article.pk).lead_data["shared"]["address"] == figures.address_of(after)
