"""How many comments one network may send: five in ten minutes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from pytest_django.fixtures import Settings
from time_machine import Traveller

from articles.models import Article
from comments.models import Comment
from tests.comments.helpers import page, post, text, value
from tests.factories import make_article

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Iterator[Traveller]:
    """Stop the clock at noon; a test moves it."""
    with time_machine.travel(datetime(2030, 5, 17, 12, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def article(clock: Traveller) -> Article:
    """Return an article that is public at noon."""
    return make_article()


def send(client: Client, article: Article, count: int, **values: str) -> list[HttpResponse]:
    """Send so many different comments."""
    start = Comment.objects.count()
    return [post(client, article, body=f"Avis {start + number}", **values) for number in range(count)]


def test_five_pass_and_the_sixth_waits(client: Client, article: Article):
    assert [response.status_code for response in send(client, article, 6)] == [303] * 5 + [429]
    assert Comment.objects.count() == 5


def test_one_is_told_how_many_seconds_to_wait(client: Client, article: Article, clock: Traveller):
    send(client, article, 1)
    clock.shift(timedelta(minutes=3))
    send(client, article, 4)
    clock.shift(timedelta(seconds=7))

    assert send(client, article, 1)[0]["Retry-After"] == str(600 - 180 - 7)


def test_after_that_wait_the_comment_passes(client: Client, article: Article, clock: Traveller):
    wait = int(send(client, article, 6)[-1]["Retry-After"])
    clock.shift(timedelta(seconds=wait - 1))
    assert post(client, article, body="Trop tôt").status_code == 429
    clock.shift(timedelta(seconds=1))
    assert post(client, article, body="À l’heure").status_code == 303


def test_the_window_slides(client: Client, article: Article, clock: Traveller):
    statuses = []
    for _number in range(6):
        statuses += [response.status_code for response in send(client, article, 1)]
        clock.shift(timedelta(minutes=2))

    assert statuses == [303] * 6


def test_what_was_typed_is_kept(client: Client, article: Article):
    send(client, article, 5)
    tree = page(post(client, article, body="Mon «texte»"))

    assert value(tree, "body") == "Mon «texte»"
    assert "renvoyez-le dans 10 minutes" in text(tree)


def test_a_repetition_is_not_counted(client: Client, article: Article):
    for _number in range(10):
        post(client, article)

    assert [response.status_code for response in send(client, article, 5)] == [303] * 4 + [429]


def test_a_repetition_passes_when_nothing_else_does(client: Client, article: Article):
    location = post(client, article)["Location"]
    send(client, article, 5)

    assert post(client, article)["Location"] == location


def test_what_is_refused_is_not_counted(client: Client, article: Article):
    for _number in range(10):
        post(client, article, author_name="")

    assert send(client, article, 5)[-1].status_code == 303


def test_the_rate_holds_over_all_articles(client: Client, article: Article):
    statuses = [post(client, make_article()).status_code for _number in range(6)]

    assert statuses == [303] * 5 + [429]


def test_other_networks_are_not_concerned(client: Client, article: Article):
    send(client, article, 6)

    assert post(client, article, REMOTE_ADDR="203.0.113.5").status_code == 303


def test_a_household_counts_together(client: Client, article: Article):
    statuses = [send(client, article, 1, REMOTE_ADDR=f"2001:db8:1:2::{number}")[0].status_code for number in range(6)]

    assert statuses == [303] * 5 + [429]
    assert post(client, article, REMOTE_ADDR="2001:db8:1:3::1").status_code == 303


def test_a_header_that_anyone_can_write_opens_no_other_count(client: Client, article: Article):
    statuses = [
        post(client, article, body=f"{number}", headers={"X-Forwarded-For": f"198.51.100.{number}"}).status_code
        for number in range(6)
    ]

    assert statuses == [303] * 5 + [429]


def test_the_rate_can_be_switched_off(client: Client, article: Article, settings: Settings):
    settings.COMMENT_RATE = None

    assert [response.status_code for response in send(client, article, 8)] == [303] * 8


def test_the_rate_is_a_setting(client: Client, article: Article, settings: Settings):
    settings.COMMENT_RATE = (2, 60)
    responses = send(client, article, 3)

    assert [response.status_code for response in responses] == [303, 303, 429]
    assert responses[-1]["Retry-After"] == "60"


@pytest.mark.parametrize("email", ["jeanne@exemple.fr", "Jeanne@exemple.fr"])
def test_one_email_from_many_networks_is_only_noted(client: Client, article: Article, email: str):
    for number in range(5):
        send(client, article, 1, REMOTE_ADDR=f"203.0.113.{number}")

    assert send(client, article, 1, REMOTE_ADDR="203.0.113.9", author_email=email)[0].status_code == 303
    assert list(Comment.objects.latest("pk").findings.values_list("rule", flat=True)) == ["flood"]


def test_comments_from_a_clock_that_was_an_hour_ahead_hold_nobody_up(
    client: Client, article: Article, clock: Traveller
):
    clock.shift(timedelta(hours=1))
    assert [response.status_code for response in send(client, article, 6)] == [303] * 5 + [429]
    clock.shift(timedelta(hours=-1))
    assert post(client, article, body="L’horloge est réglée").status_code == 303


def test_whoever_waited_for_their_turn_counts_those_who_overtook_them(
    client: Client, article: Article, clock: Traveller
):
    clock.shift(timedelta(seconds=20))
    send(client, article, 5)
    clock.shift(timedelta(seconds=-20))
    assert post(client, article, body="Parti le premier, arrivé le dernier").status_code == 429
