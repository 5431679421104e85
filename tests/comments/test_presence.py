"""Who else has a comment before their eyes: told by the desk's script, for two minutes, and never a lock."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from comments.models import Comment, Presence
from tests.comments.helpers import QUEUE
from tests.factories import decide, logged_in, make_comment, make_user

pytestmark = pytest.mark.django_db

PRESENCE = f"{QUEUE}presence/"


@pytest.fixture
def colleague_client(db: None) -> Client:
    """Return a client of another moderator."""
    return logged_in(make_user("zoe", first_name="Zoé", last_name="Martin", groups=["Modérateurs"]))


def others(client: Client, *comments: Comment) -> dict[str, list[str]]:
    """Say what one has before one's eyes, and return who else has it."""
    return client.post(PRESENCE, {"comment": [comment.pk for comment in comments]}).json()["others"]


def test_each_is_told_of_the_other(moderator_client: Client, colleague_client: Client):
    first, second = make_comment(), make_comment()

    assert others(colleague_client, first) == {}
    assert others(moderator_client, first, second) == {str(first.pk): ["Zoé Martin"]}


def test_whoever_moved_on_is_no_longer_there(moderator_client: Client, colleague_client: Client):
    first, second = make_comment(), make_comment()
    others(colleague_client, first)
    others(colleague_client, second)

    assert others(moderator_client, first) == {}


def test_it_is_forgotten_after_two_minutes(moderator_client: Client, colleague_client: Client):
    comment = make_comment()
    others(colleague_client, comment)
    with time_machine.travel(timezone.now() + timedelta(seconds=121)):
        client = logged_in(make_user("plus-tard", groups=["Modérateurs"]))
        assert others(client, comment) == {}


def test_it_locks_nothing(moderator_client: Client, colleague_client: Client):
    comment = make_comment()
    others(colleague_client, comment)

    assert decide(comment, "approve").status == "approved"


def test_reading_the_queue_writes_nothing(moderator_client: Client):
    make_comment()
    moderator_client.get(QUEUE)

    assert not Presence.objects.exists()
    assert moderator_client.get(PRESENCE).status_code == 405


@pytest.mark.parametrize("posted", [["x", "-1", "9" * 40, "", "\x00"], [str(number) for number in range(1, 5_000)]])
def test_what_is_no_comment_changes_nothing(moderator_client: Client, posted: list[str]):
    answer = moderator_client.post(PRESENCE, {"comment": posted}).json()
    assert (answer["others"], answer["standing"]) == ({}, {})
    assert len(Presence.objects.get().comment_ids) <= 100


def test_only_those_who_see_the_queue_tell_and_are_told(client: Client):
    assert client.post(PRESENCE, {"comment": "1"}).status_code == 302
    assert logged_in(make_user("stagiaire")).post(PRESENCE, {"comment": "1"}).status_code == 403
    assert not Presence.objects.exists()


def test_one_is_told_how_they_stand_and_how_many_wait(moderator_client: Client):
    comment = decide(make_comment(), "approve")
    make_comment()
    answer = moderator_client.post(PRESENCE, {"comment": comment.pk}).json()

    assert answer["standing"] == {str(comment.pk): {"version": 2, "state": "publié", "waits": False}}
    assert (answer["lanes"]["pending"], answer["lanes"]["approved"]) == (1, 1)


@pytest.mark.parametrize(
    ("actions", "state", "waits"),
    [
        (["escalate"], "transmis à la direction", True),
        (["redact"], "texte modéré", True),
        (["redact", "approve"], "publié", False),
        (["approve", "redact"], "texte modéré", False),
        (["approve", "undo"], "en attente", True),
    ],
)
def test_one_is_told_what_changed(moderator_client: Client, actions: list[str], state: str, waits: bool):
    comment = make_comment(body="Un avis, et un mot de trop.")
    for action in actions:
        decide(comment, action, explanation="Une note.", text="Un avis, et […].")
    answer = moderator_client.post(PRESENCE, {"comment": comment.pk}).json()

    assert answer["standing"][str(comment.pk)] == {"version": 1 + len(actions), "state": state, "waits": waits}
