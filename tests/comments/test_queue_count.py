"""The queue counts up to a thousand, says so, and never decides about more than it said."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comments.desk import changelist, deciding
from comments.models import Comment
from tests.comments.helpers import QUEUE, by_id, links, make_many, named, page, text
from tests.factories import make_article, make_comment
from tests.memory import empty_cache

pytestmark = pytest.mark.django_db

CAPPED = "plus de 1 000 commentaires"
# How far back the newsroom looks at a person, which is no page of the list.
BACK_TO = " OFFSET 20"
QUERIES = ["", "?status=all", "?status=approved&o=-1", "?q=avis", "?p=fin", "?p=apres.1.7", "?p=avant.1.7"]


@pytest.fixture
def at_most_five(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let five stand for the thousand."""
    monkeypatch.setattr(changelist, "MOST_COUNTED", 5)
    monkeypatch.setattr(deciding, "MOST_AT_ONCE", 5)


def statuses(comments: list[Comment]) -> list[str]:
    """Return the statuses that comments now have, oldest first."""
    kept = dict(Comment.objects.filter(pk__in=[comment.pk for comment in comments]).values_list("pk", "status"))
    return [kept[comment.pk] for comment in comments]


def across(client: Client, action: str, query: str = "", **values: str) -> str:
    """Decide about all that the list shows and return what the page then says."""
    chosen = Comment.objects.order_by("pk").values_list("pk", flat=True)[0]
    data = {"action": action, "_selected_action": chosen, "select_across": "1", "index": "0"} | values
    return text(page(client.post(QUEUE + query, data, follow=True)))


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0 commentaire"), (1, "1 commentaire"), (51, "51 commentaires"), (1_000, "1 000 commentaires")],
)
def test_up_to_a_thousand_the_number_is_exact(moderator_client: Client, number: int, words: str):
    make_many(number, status="pending")
    make_many(2)
    tree = page(moderator_client.get(QUEUE))
    beside_search, below = (text(by_id(tree, "changelist-count")), text(by_id(tree, "changelist-form")))

    assert beside_search == words
    assert below.endswith(words)
    assert CAPPED not in below


def test_beyond_a_thousand_what_is_searched_is_not_counted_to_its_end(moderator_client: Client):
    make_many(1_001, status="pending")
    shown = text(page(moderator_client.get(QUEUE, {"q": "avis"})))

    assert shown.count(CAPPED) == 2


def test_the_number_of_a_lane_is_exact_however_large(moderator_client: Client):
    make_many(1_001, status="pending")

    assert text(page(moderator_client.get(QUEUE))).count("1 001 commentaires") == 2


def test_what_is_searched_is_counted(moderator_client: Client):
    make_many(7, status="pending", body="mot rare")
    make_many(9, status="pending")

    assert "7 commentaires" in text(page(moderator_client.get(QUEUE, {"q": "rare"})))


@pytest.mark.parametrize("query", QUERIES)
def test_no_page_skips_rows_or_counts_them_all(moderator_client: Client, query: str):
    make_many(60, status="pending")
    make_many(60)
    with CaptureQueriesContext(connection) as captured:
        assert moderator_client.get(QUEUE + query).status_code == 200
    sqls = [entry["sql"].replace(BACK_TO, "") for entry in captured.captured_queries]
    told = [sql for sql in sqls if 'FROM "comments_comment"' in sql]

    assert 1 <= len(told) <= 4
    assert not [sql for sql in told if "OFFSET" in sql or "LIMIT" not in sql]


@pytest.mark.usefixtures("in_a_worker")
@pytest.mark.parametrize("place", ["", "next", "last"])
def test_600_comments_cost_no_more_queries_than_60(moderator_client: Client, place: str):
    def queries() -> int:
        empty_cache()
        address = moderator_client.get(QUEUE).context["cl"].pages.get(place, "")
        with CaptureQueriesContext(connection) as captured:
            assert moderator_client.get(QUEUE + address).status_code == 200
        return len(captured)

    article = make_article()
    make_many(60, article, status="pending")
    before = queries()
    make_many(540, article, status="pending")

    assert queries() == before
    assert before <= 10


# All that match ----------------------------------------------------------------------------------


def test_all_are_offered_with_their_number(moderator_client: Client, at_most_five: None):
    make_many(4, status="pending")

    assert "premiers commentaires" not in text(page(moderator_client.get(QUEUE)))


def test_beyond_the_limit_the_first_ones_are_offered(moderator_client: Client, at_most_five: None):
    make_many(60, status="pending")
    first = page(moderator_client.get(QUEUE))

    assert "Sélectionner les 5 premiers commentaires" in text(first)
    assert named(first, "select_across").get("value") == "0"


def test_where_the_first_ones_are_not_seen_they_are_not_offered(moderator_client: Client, at_most_five: None):
    make_many(60, status="pending")
    second = page(moderator_client.get(QUEUE + links(page(moderator_client.get(QUEUE)))["Page suivante"]))

    assert "premiers commentaires" not in text(second)


@pytest.mark.parametrize("query", ["", "?o=-1", "?p=fin"])
def test_the_first_ones_of_the_list_are_decided_and_the_rest_is_named(
    moderator_client: Client, at_most_five: None, query: str
):
    comments = make_many(8, status="pending")
    shown = across(moderator_client, "mark_as_spam", query)

    expected = ["spam"] * 5 + ["pending"] * 3
    assert statuses(comments) == (expected[::-1] if query == "?o=-1" else expected)
    assert "« Marquer comme indésirable » : 5 commentaires." in shown
    assert "Une action porte sur 5 commentaires au plus : les suivants ne changent pas." in shown


def test_all_that_can_be_decided_at_once_are(moderator_client: Client, at_most_five: None):
    comments = make_many(5, status="pending")
    shown = across(moderator_client, "approve")

    assert statuses(comments) == ["approved"] * 5
    assert "Une action porte sur" not in shown


def test_the_page_that_asks_for_a_reason_says_how_many_it_is_for(moderator_client: Client, at_most_five: None):
    make_many(8, status="pending")
    shown = across(moderator_client, "reject")

    assert "5 commentaires concernés." in shown
    assert "Une action porte sur 5 commentaires au plus" in shown


def test_what_comes_after_the_page_was_made_is_not_among_all(moderator_client: Client):
    make_many(3, status="pending")
    asked_at = named(page(moderator_client.get(QUEUE)), "asked_at").get("value")
    late = make_comment()
    across(moderator_client, "approve", asked_at=asked_at)

    assert list(Comment.objects.filter(status="pending")) == [late]


def test_what_came_later_and_is_ticked_is_among_all(moderator_client: Client):
    make_many(3, status="pending")
    asked_at = named(page(moderator_client.get(QUEUE)), "asked_at").get("value")
    ticked, late = make_comment(), make_comment()
    chosen = {"_selected_action": [str(ticked.pk), "x", "9" * 40]}
    data = {"action": "approve", "select_across": "1", "index": "0", "asked_at": asked_at}
    moderator_client.post(QUEUE, data | chosen)

    assert list(Comment.objects.filter(status="pending")) == [late]


@pytest.mark.parametrize(("number", "noun"), [(0, "commentaire"), (1, "commentaire"), (2, "commentaires")])
def test_a_script_finds_the_figure_and_its_noun_apart(moderator_client: Client, number: int, noun: str):
    make_many(number, status="pending")
    figure, words = by_id(page(moderator_client.get(QUEUE)), "changelist-count")

    assert (figure.get("data-number-of"), text(figure)) == ("pending", str(number))
    assert (words.get("data-noun-of"), text(words)) == ("pending", noun)
    assert (words.get("data-one"), words.get("data-many")) == ("commentaire", "commentaires")


def test_all_that_match_can_be_chosen_where_no_script_runs(moderator_client: Client):
    make_many(30, status="pending")
    shown = text(
        page(moderator_client.post(QUEUE, {"action": "approve", "index": "0", "everything": "1"}, follow=True))
    )

    assert "« Publier » : 30 commentaires." in shown
