"""Tags: one for all spellings of a name, a page while something public has it, and links under each article."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from articles import moving, publishing, structured_data, tags
from articles.models import Article, Tag, Tagging
from articles.paging import PAGE_LENGTH
from tests.articles.reading import bulk_articles, every, headlines, one, parse, text
from tests.articles.test_freshness import purged
from tests.factories import make_article, make_author, make_draft, make_section, make_tag

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def linked(client: Client, article: Article) -> dict[str, str]:
    """Return the tags under an article: their names and the addresses to which they lead."""
    links = every(parse(client.get(article.get_absolute_url())), ".//h:nav[@class='tags']//h:a")
    return {text(link): link.get("href") for link in links}


@pytest.mark.parametrize("spelling", ["Élections", "élections", "ELECTIONS", "  e\u0301lections ", "élec\u200btions"])
def test_a_name_is_one_tag_however_it_is_spelled(spelling: str) -> None:
    tag = tags.get_or_add("Élections")
    assert tags.get_or_add(tags.names_in(spelling)[0]) == tag
    assert tag.slug == "elections"


def test_an_apostrophe_is_one_whichever_is_typed() -> None:
    assert tags.get_or_add("L'eau") == tags.get_or_add("L’eau")


def test_the_database_refuses_a_second_spelling() -> None:
    make_tag("Œuvre")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_tag("oeuvre")


@pytest.mark.parametrize("names", [("C", "C++", "C#"), ("日本", "中国"), ("été", "ete 2")])
def test_names_that_give_one_address_get_different_ones(names: tuple[str, ...]) -> None:
    assert len({tags.get_or_add(name).slug for name in names}) == len(names)


@pytest.mark.parametrize("name", ["", " ", "\u200b", "a" * 61, "un, deux", "un\ndeux"])
def test_no_tag_has_a_name_that_could_not_be_one(name: str) -> None:
    with pytest.raises(ValidationError):
        tags.get_or_add(name)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("", []),
        (" , ,, ", []),
        ("Eau", ["Eau"]),
        ("Eau,  École  publique ,", ["Eau", "École publique"]),
        ("Eau ; eau\nEAU, Œuvre, oeuvre", ["Eau", "Œuvre"]),
        ("Eau\x00\ud800", ["Eau"]),
    ],
)
def test_names_are_read_between_commas(typed: str, names: list[str]) -> None:
    assert tags.names_in(typed) == names


def test_an_article_leads_to_its_tags_by_their_names(client: Client) -> None:
    article = make_article(tags=[make_tag("Zones humides", slug="zones"), make_tag("École", slug="ecole")])
    assert list(linked(client, article).items()) == [("École", "/themes/ecole/"), ("Zones humides", "/themes/zones/")]


def test_machines_are_told_of_the_tags() -> None:
    article = make_article(tags=[make_tag("Eau"), make_tag("Sel")])
    article.refresh_from_db()
    assert structured_data.news_article(article)["keywords"] == ["Eau", "Sel"]


def test_an_article_without_a_tag_shows_no_place_for_them(client: Client) -> None:
    assert linked(client, make_article()) == {}


def test_a_tag_lists_what_has_it_newest_first(client: Client) -> None:
    tag, now = make_tag("Eau", slug="eau"), timezone.now()
    for name, age in (("Hier", 1), ("Avant-hier", 2), ("Aujourd’hui", 0)):
        make_article(headline=name, published_at=now - age * DAY, tags=[tag])
    make_article(headline="Autre chose")
    response = client.get("/themes/eau/")
    assert headlines(response) == ["Aujourd’hui", "Hier", "Avant-hier"]
    assert text(one(parse(response), ".//h:h1")) == "Eau"


def test_a_tag_goes_on_from_page_to_page(client: Client) -> None:
    bulk_articles(PAGE_LENGTH + 1, make_section(), make_author(), make_tag(slug="eau"))
    pages = [headlines(client.get(f"/themes/eau/{query}")) for query in ("", "?page=2")]
    assert pages == [[f"Série {number}" for number in range(PAGE_LENGTH)], [f"Série {PAGE_LENGTH}"]]
    assert client.get("/themes/eau/?page=3").status_code == 404


def test_a_tag_of_which_nothing_is_public_has_no_page(client: Client) -> None:
    tag = make_tag(slug="eau")
    make_draft(tags=[tag])
    make_article(tags=[tag], published_at=timezone.now() + DAY)
    make_article(tags=[tag], unpublished_at=timezone.now() - DAY)
    response = client.get("/themes/eau/")
    assert response.status_code == 404
    assert response["Cache-Control"] == "no-store"


def test_a_draft_that_is_published_comes_to_its_place_in_the_tag(client: Client) -> None:
    tag = make_tag(slug="eau")
    make_article(headline="Ancien", tags=[tag])
    draft = make_draft(headline="Nouveau", tags=[tag])
    publishing.publish(article_id=draft.pk)
    assert headlines(client.get("/themes/eau/")) == ["Nouveau", "Ancien"]


def test_an_article_that_gets_another_date_comes_to_another_place(client: Client) -> None:
    tag, author = make_tag(slug="eau"), make_author(slug="elle")
    make_article(headline="Ancien", tags=[tag], authors=[author])
    moved = make_article(headline="Déplacé", tags=[tag], authors=[author])
    publishing.publish(article_id=moved.pk, at=timezone.now() - 9 * DAY)
    for path in ("/themes/eau/", "/auteurs/elle/"):
        assert headlines(client.get(path)) == ["Ancien", "Déplacé"]


@pytest.mark.parametrize("far_side", [False, True])
def test_tags_given_from_either_side_are_shown(client: Client, far_side: bool) -> None:
    tag, article = make_tag("Eau", slug="eau"), make_article()
    if far_side:
        tag.articles.add(article)
    else:
        article.tags.add(tag)
    assert linked(client, article) == {"Eau": "/themes/eau/"}
    assert len(headlines(client.get("/themes/eau/"))) == 1
    article.tags.remove(tag)
    assert linked(client, article) == {}


def test_another_name_is_shown_under_the_articles_and_the_old_address_leads_to_the_new(client: Client) -> None:
    tag = make_tag("Eau", slug="eau")
    article = make_article(tags=[tag])
    tag.name, tag.slug = "Eaux", "eaux"
    moving.rename(tag)
    assert linked(client, article) == {"Eaux": "/themes/eaux/"}
    moved = client.get("/themes/eau/")
    assert (moved.status_code, moved["Location"]) == (301, "/themes/eaux/")


def test_an_address_that_is_taken_up_again_leads_to_itself(client: Client) -> None:
    tag = make_tag("Eau", slug="eau")
    make_article(tags=[tag])
    for slug in ("eaux", "rivieres", "eau"):
        tag.slug = slug
        moving.rename(tag)
    assert client.get("/themes/eau/").status_code == 200
    assert {client.get(f"/themes/{slug}/")["Location"] for slug in ("eaux", "rivieres")} == {"/themes/eau/"}


def test_two_tags_become_one(client: Client) -> None:
    water, river = make_tag("Eau", slug="eau"), make_tag("Rivière", slug="riviere")
    both, alone = make_article(tags=[water, river]), make_article(tags=[river])
    assert tags.merge(river, water) == 2
    assert linked(client, both) == linked(client, alone) == {"Eau": "/themes/eau/"}
    assert len(headlines(client.get("/themes/eau/"))) == 2
    assert not Tag.objects.filter(slug="riviere").exists()
    moved = client.get("/themes/riviere/")
    assert (moved.status_code, moved["Location"]) == (301, "/themes/eau/")


def test_a_tag_does_not_become_itself() -> None:
    tag = make_tag()
    with pytest.raises(tags.TagRefused):
        tags.merge(tag, tag)


def test_a_tag_that_is_deleted_leaves_its_articles(client: Client) -> None:
    tag = make_tag("Eau", slug="eau")
    article = make_article(tags=[tag])
    tags.delete(tag)
    assert linked(client, article) == {}
    assert client.get("/themes/eau/").status_code == 404


@pytest.mark.parametrize("count", [4, 40])
def test_merging_costs_the_same_at_ten_times_the_articles(
    django_assert_max_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    old, new = make_tag(), make_tag()
    bulk_articles(count, make_section(), make_author(), old)
    with django_assert_max_num_queries(37):
        assert tags.merge(old, new) == count
    assert Tagging.objects.filter(tag=new).count() == count


def test_what_changes_a_tag_purges_the_pages_that_show_it() -> None:
    tag, article = make_tag(), make_article()
    purged()
    article.tags.set([tag])
    assert purged() == {f"article:{article.pk}", "lists", "missing"}
    tag.name = "Autre nom"
    tag.save()
    assert purged() == {f"article:{article.pk}", "lists", "missing"}
    make_tag()
    assert purged() == set()


@pytest.mark.parametrize("slug", ["rien", "%00", "é", "x" * 300])
def test_what_is_no_tag_is_a_404(client: Client, slug: str) -> None:
    assert client.get(f"/themes/{slug}/").status_code == 404


def test_words_that_look_like_html_are_shown_as_words(client: Client) -> None:
    article = make_article(tags=[make_tag("<b>Eau</b> & sel", slug="eau")])
    for path in (article.get_absolute_url(), "/themes/eau/"):
        html = client.get(path).content.decode()
        assert "<b>Eau" not in html
        assert "&lt;b&gt;Eau&lt;/b&gt; &amp; sel" in html
