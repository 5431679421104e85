"""Readings in memory: who counts once, what a day and an hour are, and how much is held at most."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from pytest_django import Settings

from articles import readings
from articles.readings import Readings
from tests.parallel import together

pytestmark = pytest.mark.usefixtures("in_a_worker")

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _memory(settings: Settings) -> None:
    """Remember in this process, where the stopped clock reigns too."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "lectures"}}


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Stop the clock at noon; a test may move it."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def held() -> Readings:
    """Return a worker's memory, after its first fold."""
    held = Readings()
    held.drain()
    return held


def read(held: Readings, article_id: int = 1, reader: int = 0) -> None:
    """Read an article, from one of many networks."""
    held.take({"REMOTE_ADDR": f"2001:db8:{reader // 65536:x}:{reader % 65536:x}::1"}, article_id)


def test_what_was_handed_over_is_not_handed_over_again(held: Readings) -> None:
    read(held)
    read(held, reader=1)
    assert held.drain() == {(1, NOON.date()): 2}
    assert held.drain() == {}


def test_a_repetition_counts_once_across_folds(held: Readings, clock: time_machine.Traveller) -> None:
    for _minute in range(30):
        read(held)
        clock.shift(timedelta(minutes=1))
    assert held.drain() == {(1, NOON.date()): 1}
    read(held)
    assert held.drain() == {(1, NOON.date()): 1}


def test_eight_requests_of_one_reader_at_once_count_once(held: Readings) -> None:
    together(lambda number: read(held))
    assert sum(held.drain().values()) == 1


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2026-03-28T22:59:59", date(2026, 3, 28)),
        ("2026-03-28T23:00:00", date(2026, 3, 29)),
        ("2026-03-29T21:59:59", date(2026, 3, 29)),
        ("2026-03-29T22:00:00", date(2026, 3, 30)),
        ("2026-10-24T22:00:00", date(2026, 10, 25)),
        ("2026-10-25T22:59:59", date(2026, 10, 25)),
        ("2026-10-25T23:00:00", date(2026, 10, 26)),
    ],
)
def test_a_day_is_paris_s_also_when_the_clocks_change(clock: time_machine.Traveller, instant: str, day: date) -> None:
    at = datetime.fromisoformat(instant).replace(tzinfo=UTC)
    clock.move_to(at - timedelta(hours=1))
    held = Readings()
    read(held, article_id=1)
    clock.move_to(at)
    read(held, article_id=2)
    assert [found for (article_id, found) in held.drain() if article_id == 2] == [day]


def test_a_repetition_across_midnight_counts_once_and_on_its_first_day(
    held: Readings, clock: time_machine.Traveller
) -> None:
    clock.move_to(datetime(2026, 11, 20, 22, 59, tzinfo=UTC))
    read(held)
    clock.shift(timedelta(minutes=2))
    read(held)
    read(held, reader=1)
    assert held.drain() == {(1, date(2026, 11, 20)): 1, (1, date(2026, 11, 21)): 1}


def test_a_network_past_its_ceiling_counts_again_in_the_next_hour(
    held: Readings, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readings, "NETWORK_CEILING", 3)
    for article_id in range(5):
        read(held, article_id)
    read(held, 9, reader=1)
    assert sum(held.drain().values()) == 4
    clock.move_to(NOON + timedelta(days=1, minutes=1))
    for article_id in range(5):
        read(held, article_id)
    assert sum(held.drain().values()) == 3


def test_the_same_hour_of_the_next_day_is_another_one(held: Readings, clock: time_machine.Traveller) -> None:
    read(held)
    clock.move_to(NOON + timedelta(days=1))
    read(held, reader=1)
    assert len(held._of_network) == 1


def test_a_flood_fills_no_memory(held: Readings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readings, "MOST_READINGS", 50)
    monkeypatch.setattr(readings, "MOST_READERS", 80)
    for reader in range(1_000):
        read(held, reader=reader)
        assert len(held._new) <= 50
        assert max(len(held._readers), len(held._of_network)) <= 80
    assert sum(held.drain().values()) == 50


def test_the_oldest_readers_are_forgotten_first(held: Readings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readings, "MOST_READERS", 3)
    for reader in (0, 1, 2, 3):
        read(held, reader=reader)
    read(held, reader=3)
    assert sum(held.drain().values()) == 4
    read(held, reader=0)
    assert sum(held.drain().values()) == 1


def test_what_could_not_be_written_comes_with_the_next(held: Readings) -> None:
    read(held)
    tally = held.drain()
    read(held, reader=1)
    held.put_back(tally)
    assert held.drain() == {(1, NOON.date()): 2}


def test_what_could_never_be_written_fills_no_memory(held: Readings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readings, "MOST_READINGS", 2)
    for article_id in range(5):
        read(held, article_id, reader=article_id)
        held.put_back(held.drain())
    held.put_back(held.drain())
    assert len(held._counted) == 2
