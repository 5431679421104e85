"""Purges that become visible out of order: numbered first and committed last, they are told all the same."""

from threading import Event, Thread

import pytest
from django.db import connection, transaction

from multitude import caching, purging
from multitude.models import PurgeEvent
from multitude.purging import Reader
from tests.multitude.told import Told

pytestmark = pytest.mark.django_db

PATIENCE = 30
START = 1_000_000


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """Collect what this process is told."""
    return Told(monkeypatch)


@pytest.fixture
def reader(told: Told) -> Reader:
    """Return a reader that has read one row."""
    commit(0)
    reader = Reader()
    reader.read()
    told.take()
    return reader


def commit(*numbers: int) -> None:
    """Let rows be seen under their numbers."""
    PurgeEvent.objects.bulk_create(PurgeEvent(pk=START + number, keys=f"key:{number}") for number in numbers)


def read(reader: Reader, told: Told) -> list[int]:
    """Return the numbers of the rows that a reading tells of."""
    reader.read()
    keys = set().union(*told.take())
    return sorted(int(key.removeprefix("key:")) for key in keys)


def test_a_row_that_comes_late_is_told_once(reader: Reader, told: Told) -> None:
    commit(1, 3)
    assert read(reader, told) == [1, 3]
    commit(2)
    assert read(reader, told) == [2]
    assert read(reader, told) == []


def test_a_gap_is_filled_from_any_side(reader: Reader, told: Told) -> None:
    commit(10)
    assert read(reader, told) == [10]
    for late in (5, 1, 9, 6, 4, 11, 3, 7, 2, 8):
        commit(late)
        assert read(reader, told) == [late]
    assert reader._gaps == {}


def test_two_gaps_are_watched_beside_each_other(reader: Reader, told: Told) -> None:
    commit(3, 6)
    read(reader, told)
    commit(1, 2, 4, 5, 8)
    assert read(reader, told) == [1, 2, 4, 5, 8]
    commit(7)
    assert read(reader, told) == [7]


def test_a_long_import_that_commits_after_others_is_told_entirely(reader: Reader, told: Told) -> None:
    commit(2_500, 5_001)
    assert read(reader, told) == [2_500, 5_001]
    late = [number for number in range(1, 5_001) if number != 2_500]
    commit(*late)
    assert read(reader, told) == late


def test_what_was_under_way_when_the_process_started_is_told(told: Told) -> None:
    commit(1, 4)
    reader = Reader()
    reader.read()
    told.take()
    commit(2, 3)
    assert read(reader, told) == [2, 3]


def test_a_process_s_own_purge_that_comes_late_is_not_repeated(reader: Reader, told: Told) -> None:
    commit(2)
    read(reader, told)
    caching.own_events.add(START + 1)
    read(reader, told)
    commit(1)
    assert read(reader, told) == []
    assert not caching.own_events


def test_a_number_that_never_comes_is_given_up(reader: Reader, told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    now = purging.monotonic()
    commit(2)
    read(reader, told)
    for seconds, watched in ((purging.GAP_SECONDS - 60, 1), (purging.GAP_SECONDS + 60, 0)):
        monkeypatch.setattr(purging, "monotonic", lambda at=now + seconds: at)
        read(reader, told)
        assert len(reader._gaps) == watched


def test_thousands_of_numbers_that_never_come_fill_no_memory(reader: Reader, told: Told) -> None:
    commit(*range(2, 6_000, 2))
    read(reader, told)
    assert len(reader._gaps) == purging._MOST_GAPS
    commit(5_997, 6_000)
    assert read(reader, told) == [5_997, 6_000]


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite n’a qu’un écrivain à la fois.")
@pytest.mark.django_db(transaction=True)
def test_two_real_transactions_that_commit_in_the_other_order(told: Told) -> None:
    reader = Reader()
    reader.read()
    told.take()
    numbered, may_commit = Event(), Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                caching.PurgeEvent.objects.create(keys="slow")
                numbered.set()
                assert may_commit.wait(PATIENCE)
        finally:
            connection.close()

    thread = Thread(target=slow)
    thread.start()
    assert numbered.wait(PATIENCE)
    PurgeEvent.objects.create(keys="fast")
    reader.read()
    assert told.take() == [{"fast"}]
    may_commit.set()
    thread.join(PATIENCE)
    reader.read()
    assert told.take() == [{"slow"}]
