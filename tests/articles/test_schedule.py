"""The next instant at which the newspaper changes by itself, past which no list may be kept."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from articles.schedule import next_change
from multitude.caching import tell_listeners
from tests.factories import make_article, make_draft

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def clock():
    """Stop the clock; a test may move it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def test_a_newspaper_with_nothing_to_come_does_not_change_by_itself() -> None:
    make_article()
    make_draft()
    make_article(unpublished_at=NOW - MINUTE)
    assert next_change() is None


def test_it_is_the_first_publication_or_withdrawal_to_come() -> None:
    make_article(published_at=NOW + 3 * MINUTE)
    assert next_change() == NOW + 3 * MINUTE
    make_article(unpublished_at=NOW + 2 * MINUTE)
    assert next_change() == NOW + 2 * MINUTE
    make_article(published_at=NOW + MINUTE, unpublished_at=NOW + 9 * MINUTE)
    assert next_change() == NOW + MINUTE


def test_an_instant_that_has_come_is_past(clock: time_machine.Traveller) -> None:
    make_article(published_at=NOW + MINUTE, unpublished_at=NOW + 2 * MINUTE)
    clock.shift(MINUTE)
    assert next_change() == NOW + 2 * MINUTE
    clock.shift(MINUTE)
    assert next_change() is None


@pytest.mark.usefixtures("in_a_worker")
def test_a_worker_asks_the_database_once_and_still_follows_the_clock(
    clock: time_machine.Traveller, django_assert_num_queries
) -> None:
    for number in range(1, 6):
        make_article(published_at=NOW + timedelta(seconds=number))
    assert next_change() == NOW + timedelta(seconds=1)
    with django_assert_num_queries(0):
        for number in range(1, 5):
            clock.shift(timedelta(seconds=1))
            assert next_change() == NOW + timedelta(seconds=number + 1)


@pytest.mark.usefixtures("in_a_worker")
def test_a_worker_hears_of_what_is_scheduled_meanwhile() -> None:
    assert next_change() is None
    make_article(published_at=NOW + MINUTE)
    tell_listeners(frozenset({"lists"}))
    assert next_change() == NOW + MINUTE


@pytest.mark.usefixtures("in_a_worker")
def test_many_publications_in_one_minute_are_all_seen(clock: time_machine.Traveller) -> None:
    instants = [timezone.now() + timedelta(milliseconds=500 * number) for number in range(1, 60)]
    for instant in instants:
        make_article(published_at=instant)
    seen = []
    while (change := next_change()) is not None:
        seen.append(change)
        clock.move_to(change)
    assert seen == instants
