"""The reader of purges: what any process purged is dropped here, once, whatever happened meanwhile."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from multitude import caching, purging
from multitude.models import PurgeEvent
from multitude.purging import Reader
from tests.multitude.told import Told

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """Collect what this process is told."""
    return Told(monkeypatch)


@pytest.fixture
def reader(told: Told) -> Reader:
    """Return a reader that has read what there was."""
    reader = Reader()
    reader.read()
    told.take()
    return reader


def elsewhere(*keys: str) -> PurgeEvent:
    """Purge as another process does: the row is all that is seen of it here."""
    return PurgeEvent.objects.create(keys=" ".join(keys))


def test_what_another_process_purged_is_told_once(reader: Reader, told: Told) -> None:
    elsewhere("article:1", "lists")
    elsewhere("article:2", "lists")
    reader.read()
    assert told.take() == [{"article:1", "article:2", "lists"}]
    reader.read()
    assert told.take() == []


def test_the_first_reading_drops_everything(told: Told) -> None:
    Reader().read()
    assert {"site"} in told.take()


def test_the_first_reading_tells_what_was_purged_while_the_process_started(told: Told) -> None:
    elsewhere("article:1")
    Reader().read()
    assert set.union(*told.take()) >= {"article:1"}


@pytest.mark.usefixtures("in_a_worker")
def test_what_this_process_purged_is_not_repeated(
    reader: Reader, told: Told, django_capture_on_commit_callbacks: Callable
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        caching.purge("lists")
    assert told.take() == [{"lists"}]
    elsewhere("article:1")
    reader.read()
    assert told.take() == [{"article:1"}]
    assert not caching.own_events


def test_what_was_read_before_it_was_noted_as_ones_own_is_forgotten(reader: Reader, told: Told) -> None:
    event = elsewhere("lists")
    reader.read()
    caching.own_events.add(event.pk)
    caching.own_events.add(event.pk + 5)
    reader.read()
    assert caching.own_events == {event.pk + 5}


@pytest.mark.usefixtures("in_a_worker")
def test_what_follows_a_reading_hears_of_every_purge_once_it_is_dropped_here(
    reader: Reader, told: Told, django_capture_on_commit_callbacks: Callable
) -> None:
    heard: list[tuple[set[str], int]] = []
    reader.then(lambda keys: heard.append((set(keys), len(told.take()))))
    with django_capture_on_commit_callbacks(execute=True):
        caching.purge("lists")
    elsewhere("article:1")
    reader.read()
    reader.read()
    assert heard == [({"article:1", "lists"}, 2)]


def test_after_a_fault_the_next_reading_makes_up_for_it(reader: Reader, told: Told) -> None:
    def away(*args: object) -> object:
        raise OperationalError("la base ne répond pas")

    elsewhere("article:1")
    with connection.execute_wrapper(away), pytest.raises(OperationalError):
        reader.read()
    assert told.take() == []
    reader.read()
    assert told.take() == [{"article:1"}]


def test_a_process_that_was_blind_for_long_drops_everything(
    reader: Reader, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = purging.monotonic()
    monkeypatch.setattr(purging, "monotonic", lambda: now + purging.BLIND_SECONDS - 60)
    reader.read()
    assert told.take() == []
    monkeypatch.setattr(purging, "monotonic", lambda: now + 2 * purging.BLIND_SECONDS)
    elsewhere("article:1")
    reader.read()
    assert set.union(*told.take()) == {"site", "article:1"}


def test_a_reading_is_one_query(reader: Reader, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    first = elsewhere("lists").pk
    PurgeEvent.objects.create(pk=first + 3, keys="lists")
    for _reading in range(2):
        with django_assert_num_queries(1):
            reader.read()


def test_a_reading_comes_often_enough_for_a_second() -> None:
    assert purging.SECONDS <= 0.5


def test_rows_that_everyone_has_read_are_dropped() -> None:
    now = timezone.now()
    old, recent = (
        PurgeEvent.objects.create(keys="lists", created_at=now - age)
        for age in (timedelta(hours=25), timedelta(hours=23))
    )
    purging.drop_old()
    assert list(PurgeEvent.objects.all()) == [recent]
    assert old.pk != recent.pk
