"""One walks the queue by its links: every comment once, whatever others do meanwhile."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from comments.models import Comment
from tests.comments.helpers import QUEUE, links, listed, make_many, page
from tests.factories import decide, make_comment

pytestmark = pytest.mark.django_db

NEXT, PREVIOUS, FIRST, LAST = "Page suivante", "Page précédente", "Première", "Dernière"
MOMENT = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


@pytest.fixture
def waiting(db: None) -> list[int]:
    """Return the keys, oldest first, of 60 comments that wait: thirty-five of them came in one instant."""
    together = make_many(35, status="pending", submitted_at=MOMENT)
    return [comment.pk for comment in (*together, *make_many(25, status="pending"))]


def walk(client: Client, address: str, word: str) -> list[list[int]]:
    """Return the pages met from an address on, along the link with a word."""
    pages = []
    while address:
        response = client.get(address)
        pages.append(listed(response))
        onwards = links(page(response)).get(word, "")
        address = QUEUE + onwards if onwards else ""
    return pages


@pytest.mark.parametrize("order", ["", "o=1", "o=-1", "o=-1.2", "o=7"])
def test_forwards_one_meets_every_comment_once(moderator_client: Client, waiting: list[int], order: str):
    expected = waiting[::-1] if order.startswith("o=-") else waiting

    assert walk(moderator_client, f"{QUEUE}?{order}", NEXT) == [expected[:25], expected[25:50], expected[50:]]


@pytest.mark.parametrize("order", ["", "&o=-1"])
def test_backwards_one_meets_every_comment_once(moderator_client: Client, waiting: list[int], order: str):
    expected = waiting[::-1] if order else waiting
    last = links(page(moderator_client.get(f"{QUEUE}?{order}")))[LAST]

    assert walk(moderator_client, QUEUE + last, PREVIOUS) == [expected[35:], expected[10:35], expected[:10]]


def test_the_first_page_leads_onwards_only(moderator_client: Client, waiting: list[int]):
    assert list(links(page(moderator_client.get(QUEUE)))) == [NEXT, LAST]


def test_a_page_between_leads_everywhere(moderator_client: Client, waiting: list[int]):
    second = moderator_client.get(QUEUE + links(page(moderator_client.get(QUEUE)))[NEXT])

    assert list(links(page(second))) == [FIRST, PREVIOUS, NEXT, LAST]
    assert listed(moderator_client.get(QUEUE + links(page(second))[FIRST])) == waiting[:25]


def test_the_last_page_leads_back_only(moderator_client: Client, waiting: list[int]):
    last = moderator_client.get(QUEUE + links(page(moderator_client.get(QUEUE)))[LAST])

    assert listed(last) == waiting[-25:]
    assert list(links(page(last))) == [FIRST, PREVIOUS]


def test_a_short_list_has_no_links(moderator_client: Client):
    make_many(25, status="pending")

    assert links(page(moderator_client.get(QUEUE))) == {}


def test_what_arrives_during_a_walk_comes_at_its_end(moderator_client: Client, waiting: list[int]):
    second = QUEUE + links(page(moderator_client.get(QUEUE)))[NEXT]
    late = make_comment()

    assert walk(moderator_client, second, NEXT) == [waiting[25:50], [*waiting[50:], late.pk]]


def test_decisions_during_a_walk_skip_and_repeat_nothing(moderator_client: Client, waiting: list[int]):
    second = QUEUE + links(page(moderator_client.get(QUEUE)))[NEXT]
    for key in (waiting[0], waiting[24], waiting[25], waiting[49]):
        decide(Comment.objects.get(pk=key), "approve")
    rest = [*waiting[26:49], *waiting[50:]]

    assert walk(moderator_client, second, NEXT) == [rest[:25], rest[25:]]


def test_what_returns_to_the_queue_behind_one_changes_nothing_ahead(moderator_client: Client, waiting: list[int]):
    old = decide(Comment.objects.get(pk=waiting[3]), "approve")
    first = moderator_client.get(QUEUE)
    second = QUEUE + links(page(first))[NEXT]
    decide(old, "return_to_queue")

    assert listed(first) == [*waiting[:3], *waiting[4:26]]
    assert walk(moderator_client, second, NEXT) == [waiting[26:51], waiting[51:]]


def test_after_a_decision_one_is_where_one_was(moderator_client: Client, waiting: list[int]):
    second = QUEUE + links(page(moderator_client.get(QUEUE)))[NEXT]
    response = moderator_client.post(second, {"action": "mark_as_spam", "_selected_action": waiting[25:45]})

    assert response["Location"] == second
    assert listed(moderator_client.get(second)) == waiting[45:]


def test_filters_search_and_order_stay_on_the_way(moderator_client: Client):
    article = make_many(60)[0].article
    make_many(60, article, status="pending")
    asked = {"status": ["approved"], "q": ["avis"], "o": ["-1"], "article": [str(article.pk)]}
    address = f"{QUEUE}?status=approved&q=avis&o=-1&article={article.pk}"
    for word in (NEXT, PREVIOUS, LAST, FIRST):
        address = QUEUE + links(page(moderator_client.get(address)))[word]
        kept = parse_qs(urlsplit(address).query)
        kept.pop("p", None)
        assert kept == asked


def test_a_new_search_or_filter_begins_at_its_start(moderator_client: Client, waiting: list[int]):
    tree = page(moderator_client.get(QUEUE + links(page(moderator_client.get(QUEUE)))[NEXT]))
    search = next(form for form in tree.iter("form") if form.get("id") == "changelist-search")
    lanes = next(element for element in tree.iter("nav") if element.get("class") == "lanes")

    assert not [field for field in search.iter("input") if field.get("name") == "p"]
    assert not [link for link in lanes.iter("a") if "p=" in str(link.get("href"))]
