"""`caching.purge()`: a row in the act's own transaction; nothing is forgotten before it commits, or if it never does."""

from contextlib import suppress

import pytest
from django.db import transaction

from multitude import caching, purging
from multitude.models import PurgeEvent
from tests.multitude.told import Told

pytestmark = pytest.mark.django_db(transaction=True)


class Failed(Exception):
    """What goes wrong in these tests."""


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """Collect what this process is told."""
    return Told(monkeypatch)


def rows() -> list[str]:
    """Return the keys of the stored purges."""
    return list(PurgeEvent.objects.order_by("pk").values_list("keys", flat=True))


def test_a_purge_names_each_key_once() -> None:
    caching.purge("lists", "article:12", "lists")
    assert rows() == ["article:12 lists"]


def test_outside_a_transaction_it_is_told_at_once(told: Told) -> None:
    caching.purge("lists")
    assert (told.take(), rows()) == ([{"lists"}], ["lists"])


def test_within_a_transaction_it_is_told_when_that_commits(told: Told) -> None:
    with transaction.atomic():
        caching.purge("lists")
        assert told.take() == []
    assert told.take() == [{"lists"}]


def test_an_act_that_fails_purges_nothing(told: Told) -> None:
    def act() -> None:
        with transaction.atomic():
            caching.purge("lists")
            raise Failed

    with pytest.raises(Failed):
        act()
    assert (told.take(), rows()) == ([], [])


def test_a_part_that_is_undone_purges_nothing_and_the_rest_does(told: Told) -> None:
    with transaction.atomic():
        caching.purge("site")
        with suppress(Failed), transaction.atomic():
            caching.purge("lists")
            raise Failed
    assert (told.take(), rows()) == ([{"site"}], ["site"])


def test_a_neighbour_that_fails_after_the_commit_delays_the_purge_and_loses_nothing(
    told: Told, in_a_worker: None
) -> None:
    def fail() -> None:
        raise Failed

    def act() -> None:
        with transaction.atomic():
            transaction.on_commit(fail)
            caching.purge("lists")

    reader = purging.Reader()
    reader.read()
    told.take()
    with pytest.raises(Failed):
        act()
    assert told.take() == []
    reader.read()
    assert told.take() == [{"lists"}]


@pytest.mark.parametrize("chores_run", [True, False])
def test_only_a_process_that_reads_purges_remembers_its_own(chores_run: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caching.housekeeping, "is_running", lambda: chores_run)
    caching.purge("lists")
    assert len(caching.own_events) == chores_run
