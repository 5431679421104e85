"""The start page of admin: what waits, for each account what it may see."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from articles.desk import waiting
from articles.models import Article
from tests.articles.reading import every, parse, text
from tests.articles.test_admin import ADD, filled
from tests.factories import logged_in, make_article, make_comment, make_draft, make_section, make_user

pytestmark = pytest.mark.django_db

# 13:00 in Paris.
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Stop the clock at NOW."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def piles(client: Client) -> dict[str, str]:
    """Return the text of each part of the page by its heading."""
    sections = every(parse(client.get("/admin/")), ".//h:section[@class='waiting']")
    return {text(section.find(".//{*}h2")): text(section) for section in sections}


def test_it_says_what_waits(editor_client: Client) -> None:
    make_draft(headline="Relecture", ready_at=NOW - HOUR)
    make_article(headline="Ce soir", published_at=NOW + 10 * HOUR)
    make_article(headline="Demain", published_at=NOW + 11 * HOUR)
    make_article(headline="Ce matin", published_at=NOW - 13 * HOUR)
    make_article(headline="Hier", published_at=NOW - 13 * HOUR - timedelta(seconds=1))
    editor_client.post(ADD, filled(section=make_section().pk, headline="À moi"))
    make_draft(headline="À un autre")
    make_comment()
    told = piles(editor_client)
    assert list(told) == [
        "À relire 1",
        "Programmés aujourd’hui 1",
        "Programmés ensuite 1",
        "Parus aujourd’hui 1",
        "Mes brouillons 1",
        "Commentaires",
    ]
    assert "Relecture" in told["À relire 1"]
    assert "Ce soir" in told["Programmés aujourd’hui 1"]
    assert "Demain" in told["Programmés ensuite 1"]
    assert "Hier" not in told["Parus aujourd’hui 1"]
    assert "À un autre" not in told["Mes brouillons 1"]
    assert "À décider 1" in told["Commentaires"]


def test_what_is_empty_says_so(editor_client: Client) -> None:
    assert "Rien n’attend d’être relu." in piles(editor_client)["À relire"]


def test_it_is_called_the_desk(editor_client: Client) -> None:
    assert text(every(parse(editor_client.get("/admin/")), ".//h:h1")[0]) == "Bureau"


def test_its_links_lead_to_the_lists_that_show_all(editor_client: Client) -> None:
    for number in range(waiting.SHOWN + 2):
        make_draft(headline=f"R {number}", ready_at=NOW - HOUR)
        make_article(headline=f"S {number}", published_at=NOW + HOUR)
    page = parse(editor_client.get("/admin/"))
    links = [link.get("href") for link in every(page, ".//h:section[@class='waiting']/h:h2/h:a")]
    numbers = [editor_client.get(link).context["cl"].result_count for link in links]
    assert numbers == [waiting.SHOWN + 2] * 2
    assert list(piles(editor_client))[:2] == ["À relire 7", "Programmés aujourd’hui 7"]


def test_who_sees_no_article_is_told_of_none() -> None:
    make_draft(headline="Secret", ready_at=NOW)
    make_comment()
    assert piles(logged_in(make_user("personne"))) == {}


def test_who_does_not_write_has_no_drafts(moderator_client: Client) -> None:
    told = piles(moderator_client)
    assert "À relire" in told
    assert "Mes brouillons" not in told


def test_who_sees_no_comment_is_told_of_none() -> None:
    make_comment()
    assert "Commentaires" not in piles(logged_in(make_user("journaliste", groups=["Journalistes"])))


def test_the_pages_of_one_app_show_its_models_alone(editor_client: Client) -> None:
    assert every(parse(editor_client.get("/admin/articles/")), ".//h:section[@class='waiting']") == []


@pytest.mark.parametrize("rows", [3, 30])
def test_it_costs_the_same_at_ten_times_the_rows(
    editor: User, editor_client: Client, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    section = make_section()
    for number in range(3):
        editor_client.post(ADD, filled(section=section.pk, headline=f"À moi {number}"))
    instants = {"scheduled": NOW + HOUR, "public": NOW - HOUR}
    Article.objects.bulk_create(
        Article(section=section, slug=f"{name}-{one}", headline=name, published_at=at, first_published_at=at)
        for name, at in instants.items()
        for one in range(rows)
    )
    many = 2 if rows > waiting.SHOWN else 0
    with django_assert_num_queries(11 + many):
        editor_client.get("/admin/")
