"""The journal of decisions: newest first, by pages that cost the same anywhere."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comments.models import Decision
from tests.comments.helpers import by_id, links, make_many, page

pytestmark = pytest.mark.django_db

JOURNAL = "/admin/comments/decision/"
MOMENT = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


@pytest.fixture
def decided(db: None) -> list[int]:
    """Return the keys of 230 comments, the last decided first, many of them in one instant."""
    comments = make_many(230)
    Decision.objects.bulk_create(
        Decision(
            comment=comment,
            action="approve",
            from_status="pending",
            to_status="approved",
            version=1,
            rule="command",
            decided_at=MOMENT + timedelta(minutes=number // 60),
        )
        for number, comment in enumerate(comments)
    )
    return [comment.pk for comment in reversed(comments)]


def told(response: HttpResponse) -> list[int]:
    """Return the keys of the comments that a page of the journal tells of, in its order."""
    assert response.status_code == 200
    addresses = (str(link.get("href")) for link in by_id(page(response), "result_list").iter("a"))
    return [int(found[1]) for address in addresses if (found := re.search(r"/comment/([0-9]+)/change/", address))]


def walk(client: Client, address: str, word: str) -> list[int]:
    """Return what the pages tell of that one meets from an address on, along the link with a word."""
    met: list[int] = []
    while address:
        response = client.get(address)
        met = met + told(response) if word == "Page suivante" else told(response) + met
        onwards = links(page(response)).get(word, "")
        address = JOURNAL + onwards if onwards else ""
    return met


@pytest.mark.parametrize("order", ["", "?o=-1", "?o=3", "?o=-5.1"])
def test_one_meets_every_decision_once_newest_first(moderator_client: Client, decided: list[int], order: str):

    assert walk(moderator_client, JOURNAL + order, "Page suivante") == decided


def test_one_can_begin_at_its_beginning(moderator_client: Client, decided: list[int]):
    assert walk(moderator_client, f"{JOURNAL}?o=0", "Page suivante") == decided[::-1]


def test_backwards_one_meets_every_decision_once(moderator_client: Client, decided: list[int]):
    last = links(page(moderator_client.get(JOURNAL)))["Dernière"]

    assert walk(moderator_client, JOURNAL + last, "Page précédente") == decided


@pytest.mark.parametrize("query", ["", "?p=fin", "?action__exact=approve", "?_facets=True", "?o=3"])
def test_no_page_skips_rows_or_counts_them_all(moderator_client: Client, decided: list[int], query: str):
    with CaptureQueriesContext(connection) as captured:
        moderator_client.get(JOURNAL + query)
    told = [entry["sql"] for entry in captured.captured_queries if "comments_decision" in entry["sql"]]

    assert told
    assert not [sql for sql in told if "OFFSET" in sql or "LIMIT" not in sql]


@pytest.mark.parametrize("name", ["action", "action__exact", "reason", "p", "q"])
def test_a_nul_is_nothing_that_one_can_ask_for(moderator_client: Client, name: str):
    assert moderator_client.get(JOURNAL, {name: "a\x00b"}, follow=True).status_code in {200, 400}
