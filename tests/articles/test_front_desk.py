"""The page on which the front page is arranged."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from articles import frontpage
from articles.models import Article
from tests.articles.desk import FRONT, said
from tests.factories import logged_in, make_article, make_author, make_draft, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def chosen() -> list[Article]:
    """Return three articles that are chosen in this order."""
    articles = [make_article(headline=name) for name in "ABC"]
    frontpage.arrange([article.pk for article in articles], seen=[])
    return articles


def order() -> str:
    """Return the headlines of the places in their order."""
    return "".join(article.headline for article in frontpage.chosen())


def seen() -> str:
    """Return what the page shows, as it sends it back."""
    return ",".join(map(str, frontpage.chosen_keys()))


def gesture(client: Client, verb: str, article: Article, shown: str | None = None) -> HttpResponse:
    """Press one of an article's buttons."""
    values = {"gesture": f"{verb}.{article.pk}", "seen": seen() if shown is None else shown}
    return client.post(FRONT, values, follow=True)


@pytest.mark.parametrize(
    ("verb", "at", "then"),
    [
        ("up", 2, "ACB"),
        ("up", 0, "ABC"),
        ("down", 0, "BAC"),
        ("down", 2, "ABC"),
        ("lead", 2, "CAB"),
        ("remove", 1, "AC"),
    ],
)
def test_a_button_changes_the_order(
    editor_client: Client, chosen: list[Article], verb: str, at: int, then: str
) -> None:
    response = gesture(editor_client, verb, chosen[at])
    assert order() == then
    expected = "Rien n’a changé." if then == "ABC" else f"«\u202f{chosen[at].headline}\u202f»"
    assert expected in said(response)


@pytest.mark.parametrize(
    "words", ["rivière", "{0.pk}", "/articles/{0.slug}/", "https://exemple.fr/articles/{0.slug}/#c1", "Anna"]
)
def test_an_article_is_found_and_chosen(editor_client: Client, chosen: list[Article], words: str) -> None:
    article = make_article(headline="D rivière", authors=[make_author(name="Anna")])
    make_article(headline="Autre")
    page = editor_client.get(FRONT, {"q": words.format(article)})
    assert [one["article"] for one in page.context["found"]] == [article]
    assert "est à la une" in said(gesture(editor_client, "add", article))
    assert order() == "ABCD rivière"


def test_before_one_types_the_newest_are_proposed_that_have_no_place(
    editor_client: Client, chosen: list[Article]
) -> None:
    make_draft(headline="Brouillon")
    make_article(headline="À venir", published_at=timezone.now() + timedelta(hours=1))
    make_article(headline="Paru", published_at=timezone.now() - timedelta(hours=1))
    found = editor_client.get(FRONT).context["found"]
    assert [one["article"].headline for one in found] == ["À venir", "Paru", "Brouillon"]


@pytest.mark.parametrize("words", ["rien", "\x00", "a" * 5_000, "/", "9" * 30, "<script>"])
def test_words_that_name_nothing_break_nothing(editor_client: Client, chosen: list[Article], words: str) -> None:
    page = editor_client.get(FRONT, {"q": words})
    assert page.status_code == 200
    assert "<script>" not in page.content.decode()


def test_an_article_that_does_not_exist_is_not_chosen(editor_client: Client, chosen: list[Article]) -> None:
    response = editor_client.post(FRONT, {"gesture": "add.404404", "seen": seen()}, follow=True)
    assert "Cet article n’existe pas, ou plus." in said(response)
    assert order() == "ABC"


def test_an_article_that_has_its_place_keeps_it(editor_client: Client, chosen: list[Article]) -> None:
    response = gesture(editor_client, "add", chosen[1])
    assert "a déjà sa place" in said(response)
    assert order() == "ABC"


def test_a_full_front_page_says_so(editor_client: Client) -> None:
    articles = [make_article() for _ in range(frontpage.MOST_PLACES)]
    frontpage.arrange([article.pk for article in articles], seen=[])
    response = gesture(editor_client, "add", make_article())
    assert "retirez-en une d’abord" in said(response)
    assert "Toutes les places sont prises" in response.content.decode()


def test_the_second_editor_is_told_what_stands_and_who_did_it(editor_client: Client, chosen: list[Article]) -> None:
    shown = seen()
    other = logged_in(make_user("cheffe", groups=["Rédacteurs"], first_name="Zoé", last_name="Ixe"))
    gesture(other, "lead", chosen[2])
    response = gesture(editor_client, "remove", chosen[0], shown)
    assert order() == "CAB"
    assert "La une a changé" in said(response)
    assert "Zoé Ixe" in said(response)
    assert "fait l’ouverture" in said(response)


@pytest.mark.parametrize("shown", ["", "1", "a", "9" * 2_000, "-1", "\x00"])
def test_an_order_that_was_never_shown_changes_nothing(
    editor_client: Client, chosen: list[Article], shown: str
) -> None:
    assert gesture(editor_client, "remove", chosen[0], shown).status_code == 200
    assert order() == "ABC"


@pytest.mark.parametrize("word", ["fly.1", "up.", "up.x", "up.404404"])
def test_a_gesture_that_does_not_exist_changes_nothing(editor_client: Client, chosen: list[Article], word: str) -> None:
    assert editor_client.post(FRONT, {"gesture": word, "seen": seen()}, follow=True).status_code in {200, 400}
    assert order() == "ABC"


def test_what_readers_do_not_see_is_marked(editor_client: Client) -> None:
    later = make_article(published_at=timezone.now() + timedelta(hours=1))
    frontpage.arrange([later.pk], seen=[])
    html = editor_client.get(FRONT).content.decode()
    assert "Passé pour le moment" in html
    assert "Programmé pour le" in html


@pytest.mark.parametrize("group", ["Journalistes", "Modérateurs"])
def test_who_may_not_does_not(chosen: list[Article], group: str) -> None:
    client = logged_in(make_user("autre", groups=[group]))
    assert client.get(FRONT).status_code == 403
    assert gesture(client, "remove", chosen[0]).status_code == 403
    assert order() == "ABC"


def test_another_site_does_not(chosen: list[Article]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("cheffe", groups=["Rédacteurs"]))
    assert gesture(client, "remove", chosen[0]).status_code == 403
    assert order() == "ABC"


@pytest.mark.parametrize("number", [1, 6])
def test_the_page_costs_the_same_at_any_length(
    editor_client: Client, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    frontpage.arrange([make_article().pk for _ in range(number)], seen=[])
    with django_assert_num_queries(7):
        editor_client.get(FRONT)
