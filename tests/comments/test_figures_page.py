"""The page of figures: drawings and a table that say the same, for those who may read decisions."""

from datetime import UTC, datetime
from xml.etree.ElementTree import Element

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from tests.comments.helpers import make_many, page, text
from tests.comments.test_query_counts import queries
from tests.factories import decide, logged_in, make_comment, make_user

pytestmark = pytest.mark.django_db

SVG = "{http://www.w3.org/2000/svg}"
PAGE = "/admin/comments/comment/chiffres/"
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


@pytest.fixture
def tree(moderator_client: Client) -> Element:
    """Return the page on a day of two approvals and a refusal."""
    with time_machine.travel(NOW, tick=False):
        for action, reason in (("approve", ""), ("approve", ""), ("reject", "insult")):
            decide(make_comment(), action, reason=reason)
        make_comment()
        return page(moderator_client.get(PAGE))


def drawing(tree: Element, label: str) -> Element:
    """Return the figure under a name."""
    [found] = [each for each in tree.iter("figure") if text(next(each.iter("span"))) == label]
    return found


def test_each_series_is_drawn_with_its_sum_and_described_in_words(tree: Element):
    published = drawing(tree, "Publiés")
    [svg] = published.iter(f"{SVG}svg")
    [described] = svg.iter(f"{SVG}desc")

    assert text(next(published.iter("strong"))) == "2"
    assert svg.get("role") == "img"
    assert text(described) == "2 en trente jours, au plus 2 le 25 novembre."
    assert [text(bar) for bar in svg.iter(f"{SVG}rect")] == ["25 novembre : 2"]
    assert {text(element) for element in svg if element.get("id") in str(svg.get("aria-labelledby")).split()} == {
        "Publiés, jour par jour",
        text(described),
    }


def test_drawings_that_stand_together_share_their_scale(tree: Element):
    heights = {
        label: [bar.get("height") for bar in drawing(tree, label).iter(f"{SVG}rect")]
        for label in ("Reçus", "Publiés", "Refusés", "Injure ou diffamation")
    }

    assert heights == {"Reçus": ["60"], "Publiés": ["30"], "Refusés": ["15"], "Injure ou diffamation": ["60"]}


def test_what_never_occurred_is_said_too(tree: Element):
    assert text(next(drawing(tree, "Contenu illicite").iter(f"{SVG}desc"))) == "Aucun en trente jours."


def test_the_table_says_the_same(tree: Element):
    [table] = (each for each in tree.iter("div") if each.get("class") == "figures-table")
    rows = [[text(cell) for cell in row] for row in table.iter("tr")]

    assert rows[0][:5] == ["Jour", "Reçus", "Publiés", "Refusés", "Refusés, par motif"]
    assert rows[0][5:] == ["Marqués indésirables", "Retirés après parution"]
    assert rows[1][:2] == ["hors sujet", "injure ou diffamation"]
    assert rows[2] == ["Trente jours", "4", "2", "1", "0", "1", *["0"] * 8]
    assert rows[3] == ["mer 25 novembre", *rows[2][1:]]
    assert len(rows) == 3 + 30
    assert {len(row) for row in rows[2:]} == {14}


def test_every_id_of_the_page_is_there_once(tree: Element):
    ids = [element.get("id") for element in tree.iter() if element.get("id")]

    assert len(ids) == len(set(ids))


def test_it_has_neither_style_nor_script_of_its_own(tree: Element):
    figures = next(element for element in tree.iter("div") if element.get("class") == "figures")

    assert not [element for element in figures.iter() if element.get("style") or element.tag in ("style", "script")]


@pytest.mark.parametrize("rights", [[], ["view_comment"], ["view_decision"], ["decide_comment"]])
def test_it_takes_both_rights(rights: list[str]):
    user = make_user("stagiaire")
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))

    assert logged_in(user).get(PAGE).status_code == 403


def test_a_visitor_is_led_to_the_login(client: Client):
    assert client.get(PAGE).status_code == 302


@pytest.mark.usefixtures("in_a_worker")
def test_it_costs_at_most_ten_queries_whatever_there_is(moderator_client: Client):
    before = queries(moderator_client, reverse("admin:comments_comment_figures"))
    for comment in make_many(30, status="pending"):
        decide(comment, "approve")

    assert queries(moderator_client, PAGE) == before
    assert before <= 5


def test_it_costs_at_most_ten_queries_when_nothing_is_remembered(moderator_client: Client):
    decide(make_comment(), "approve")

    assert queries(moderator_client, PAGE) <= 10
