"""Figures in a text: their source, what the cleaner keeps of them, and the HTML that readers get."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from articles import intake, library, rendering
from articles.models import Article
from articles.rendering import clean_html
from tests.articles.pictures.making import encoded, make_picture, upload
from tests.articles.reading import every, one, parse, text
from tests.factories import make_article, make_charter, make_section

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ('<figure data-picture="12"></figure>', '<figure data-picture="12"></figure>'),
        ("<figure data-picture=12 class=x onclick=y></figure>", '<figure data-picture="12"></figure>'),
        (
            '<figure data-picture="12"><figcaption>Une <em>vue</em> !</figcaption></figure>',
            '<figure data-picture="12"><figcaption>Une <em>vue</em>\u202f!</figcaption></figure>',
        ),
        (
            '<figure data-picture="12"><img src=x onerror=y><p>a</p><figcaption><p>b</p><script>c</script></figcaption></figure>',
            '<figure data-picture="12"><figcaption>b</figcaption></figure>',
        ),
        (
            '<figure data-picture="1"><figure data-picture="2"></figure>x</figure><p>y</p>',
            '<figure data-picture="1"></figure><p>y</p>',
        ),
        ('<p>a<figure data-picture="3"></figure>b', '<p>a</p><figure data-picture="3"></figure>b'),
        ("<figure><img src=x><figcaption>d</figcaption></figure>", "<p>d</p>"),
        ('<figure data-picture="0"></figure>', ""),
        ('<figure data-picture="-1"></figure>', ""),
        ('<figure data-picture="1 or 1"></figure>', ""),
        ('<figure data-picture="' + "9" * 30 + '"></figure>', ""),
        ("<figcaption>seule</figcaption>", "seule"),
        ('<figure data-picture="4">', '<figure data-picture="4"></figure>'),
        ('<img src="https://mal.exemple/x.png">', ""),
    ],
)
def test_the_cleaner_keeps_figures_and_nothing_else_of_pictures(source: str, kept: str) -> None:
    assert clean_html(source) == kept
    assert clean_html(kept) == kept


def test_figures_in_each_other_are_one() -> None:
    assert clean_html('<figure data-picture="1">' * 100) == '<figure data-picture="1"></figure>'


def test_a_text_shows_its_pictures_in_every_format(client: Client) -> None:
    picture = make_picture(
        size=(900, 600),
        made=True,
        alternative_text="Un « port »",
        credit="Anna",
        caption="Brest !",
        focal_point=(84, 10),
    )
    article = make_article(body=f'<p>a</p><figure data-picture="{picture.pk}"></figure><p>b</p>')
    figure = one(parse(client.get(article.get_absolute_url())), ".//h:figure")
    avif, webp = every(figure, "./h:picture/h:source")
    assert (avif.get("type"), webp.get("type")) == ("image/avif", "image/webp")
    assert avif.get("srcset") == ", ".join(f"/media/{picture.key}/{width}.avif {width}w" for width in (480, 800, 900))
    assert "34rem" in avif.get("sizes")
    image = one(figure, "./h:picture/h:img")
    assert image.attrib == {
        "src": f"/media/{picture.key}/900.jpg",
        "width": "900",
        "height": "600",
        "alt": "Un «\u202fport\u202f»",
        "class": "focus-x-8 focus-y-1",
        "loading": "lazy",
        "decoding": "async",
    }
    assert text(figure) == "Brest ! Anna"
    assert text(one(figure, ".//h:span[@class='credit']")) == "Anna"


def test_until_its_renditions_are_made_a_picture_is_its_original(client: Client) -> None:
    picture = make_picture()
    article = make_article(body=f'<p>a</p><figure data-picture="{picture.pk}"></figure>')
    tree = parse(client.get(article.get_absolute_url()))
    assert not every(tree, ".//h:figure//h:source")
    assert one(tree, ".//h:figure//h:img").get("src") == f"/media/{picture.key}/originale.jpg"


def test_a_text_gives_a_picture_another_caption() -> None:
    picture = make_picture(caption="La sienne")
    article = make_article(
        body=f'<p>a</p><figure data-picture="{picture.pk}"><figcaption>Celle <em>d\'ici</em></figcaption></figure>'
    )
    assert "Celle <em>d’ici</em> <span" in article.body_html
    assert "La sienne" not in article.body_html


def test_what_is_said_of_a_picture_is_no_markup() -> None:
    evil = '"><script>x</script>'
    picture = make_picture(alternative_text=evil, credit=evil, caption=evil)
    article = make_article(body=f'<figure data-picture="{picture.pk}"></figure><p>a</p>', lead_picture=picture)
    assert "<script" not in article.body_html + article.lead_html + article.card_html


def test_an_unknown_picture_vanishes() -> None:
    article = make_article(body='<p>a</p><figure data-picture="99"><figcaption>b</figcaption></figure>')
    assert article.body_html == "<p>a</p>"
    assert not article.pictures.exists()


def test_an_article_holds_the_pictures_of_its_text() -> None:
    one, two = make_picture(), make_picture()
    article = make_article(body=f'<figure data-picture="{one.pk}"></figure><p>a</p>')
    assert [*article.pictures.all()] == [one]
    article.body = f'<figure data-picture="{two.pk}"></figure>' * 2 + f"<p>data-picture=&quot;{one.pk}&quot;</p>"
    article.save()
    assert [*article.pictures.all()] == [two]


def test_the_lead_picture_stands_first_and_does_not_wait(client: Client) -> None:
    picture = make_picture(size=(900, 600), made=True)
    article = make_article(lead_picture=picture)
    tree = parse(client.get(article.get_absolute_url()))
    image = one(tree, ".//h:figure[@class='picture lead-picture']//h:img")
    assert (image.get("fetchpriority"), image.get("loading")) == ("high", None)


def test_cards_show_the_lead_picture_except_the_small_ones(client: Client) -> None:
    picture = make_picture(size=(900, 600), made=True)
    for _ in range(6):
        make_article(lead_picture=picture)
    images = every(parse(client.get("/")), ".//h:article//h:img")
    assert len(images) == 5
    assert [image.get("fetchpriority") for image in images] == ["high", None, None, None, None]
    assert {image.get("alt") for image in images} == {""}


def test_words_of_captions_count_and_credits_do_not() -> None:
    picture = make_picture(credit="Anna Legrand", caption="")
    body = f'<p>un deux</p><figure data-picture="{picture.pk}"><figcaption>trois</figcaption></figure>'
    assert make_article(body=body).word_count == 3


def test_the_charter_has_no_pictures() -> None:
    picture = make_picture()
    assert make_charter(f'<p>a</p><figure data-picture="{picture.pk}"></figure>').body_html == "<p>a</p>"


def test_rerendering_reads_pictures_once_for_many_articles(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    section = make_section()
    for _ in range(12):
        picture = make_picture()
        make_article(
            section=section, body=f'<p>a</p><figure data-picture="{picture.pk}"></figure>', lead_picture=picture
        )
    before = {article.pk: article.body_html for article in Article.objects.all()}
    Article.objects.update(body_html="vieux", lead_html="vieux", lead_data={"vieux": 1})
    with django_assert_max_num_queries(26):
        assert sum(rendering.rerender()) == 12
    assert {article.pk: article.body_html for article in Article.objects.all()} == before
    assert not Article.objects.filter(lead_html="vieux").exists()


def test_what_is_transparent_lies_on_white_paper() -> None:
    sent = upload(encoded("PNG", mode="RGBA", colour=(0, 0, 0, 9)))
    drawing, _is_new = library.add(intake.take(sent), alternative_text="a", credit="b")
    assert 'class="focus-x-5 focus-y-5 transparent"' in make_article(lead_picture=drawing).lead_html
    assert "transparent" not in make_article(lead_picture=make_picture()).lead_html
