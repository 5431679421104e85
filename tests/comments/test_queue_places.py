"""Places of the queue that are none, or no longer: always a sensible page, never a fault."""

import pytest
from django.test import Client

from comments.models import Comment
from tests.comments.helpers import QUEUE, links, listed, make_many, page, text
from tests.factories import decide, make_comment

pytestmark = pytest.mark.django_db

NOTHING_LEFT = "Il n’y a plus rien à cet endroit de la liste"

HOSTILE = [
    "",
    "0",
    "2",
    "-1",
    "9" * 6_000,
    "apres",
    "apres.1",
    "apres.demain.7",
    "apres.1.7' OR 1=1",
    "apres.2026-11-24T10:00:00Z.7",
    "apres.1.\x00",
    "\x00",
    "\ufffd",
    "apres.١.٢",
    f"apres.{'9' * 18}.7",
    f"avant.-{'9' * 18}.7",
    f"apres.1.{'9' * 30}",
    "avant.0.0.0",
    "FIN",
]


@pytest.fixture
def waiting(db: None) -> list[int]:
    """Return the keys, oldest first, of 35 comments that wait."""
    return [comment.pk for comment in make_many(35, status="pending")]


def test_what_is_no_place_is_the_start(moderator_client: Client, waiting: list[int], subtests: pytest.Subtests):
    for number, place in enumerate(HOSTILE):
        with subtests.test(number=number):
            response = moderator_client.get(QUEUE, {"p": place})

            assert listed(response) == waiting[:25]
            assert NOTHING_LEFT not in text(page(response))


def test_of_two_places_the_last_one_counts(moderator_client: Client, waiting: list[int]):
    assert listed(moderator_client.get(f"{QUEUE}?p=fin&p=rien")) == waiting[:25]


@pytest.mark.parametrize("place", ["apres.1.7", f"avant.{'9' * 17}.7"])
def test_before_and_after_everything_stands_everything(moderator_client: Client, waiting: list[int], place: str):
    assert len(listed(moderator_client.get(QUEUE, {"p": place}))) == 25


def test_after_the_end_stands_the_last_page(moderator_client: Client, waiting: list[int]):
    response = moderator_client.get(QUEUE, {"p": f"apres.{'9' * 17}.{'9' * 18}"})

    assert listed(response) == waiting[-25:]
    assert f"{NOTHING_LEFT} : voici la dernière page." in text(page(response))


def test_before_the_start_stands_the_first_page(moderator_client: Client, waiting: list[int]):
    response = moderator_client.get(QUEUE, {"p": f"avant.-{'9' * 15}.1"})

    assert listed(response) == waiting[:25]
    assert f"{NOTHING_LEFT} : voici la première page." in text(page(response))


def test_when_the_last_page_is_decided_one_comes_to_the_new_last_page(moderator_client: Client, waiting: list[int]):
    second = QUEUE + links(page(moderator_client.get(QUEUE)))["Page suivante"]
    response = moderator_client.post(second, {"action": "approve", "_selected_action": waiting[25:]}, follow=True)

    assert listed(response) == waiting[:25]
    assert "10 commentaires." in text(page(response))
    assert text(page(response)).count(NOTHING_LEFT) == 1


@pytest.mark.parametrize("place", ["", "fin", "apres.1.7", "avant.1.7"])
def test_an_empty_queue_has_nothing_to_explain(moderator_client: Client, place: str):
    response = moderator_client.get(QUEUE, {"p": place})

    assert listed(response) == []
    assert NOTHING_LEFT not in text(page(response))


def test_a_place_holds_when_its_comment_is_decided(moderator_client: Client, waiting: list[int]):
    second = QUEUE + links(page(moderator_client.get(QUEUE)))["Page suivante"]
    decide(Comment.objects.get(pk=waiting[24]), "approve")

    assert listed(moderator_client.get(second)) == waiting[25:]


@pytest.mark.parametrize("place", ["fin", "apres.x", "apres.1.7", "\x00"])
def test_one_can_decide_from_any_place(moderator_client: Client, place: str):
    comment = make_comment()
    data = {"action": "approve", "_selected_action": comment.pk}
    response = moderator_client.post(QUEUE, data, query_params={"p": place}, follow=True)
    comment.refresh_from_db()

    assert response.status_code == 200
    assert comment.status == "approved"


@pytest.mark.parametrize("lookup", ["article__exact", "parent__isnull", "id__lt", "submitted_at__gt", "replies"])
@pytest.mark.parametrize("value", ["7", "", "\x00", "abc"])
def test_a_place_beside_what_nobody_may_ask_for_is_no_fault(moderator_client: Client, lookup: str, value: str):
    response = moderator_client.get(QUEUE, {"p": "avant.1.7", "status": "all", lookup: value})

    assert response.status_code == 400
