"""A database that answers and keeps nothing: it is tried again and again, and `/sante/` says so."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from multitude.background import housekeeping
from multitude.health import Grade, probes, writing
from multitude.models import Chore

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _never_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_has_failed", False)


@contextmanager
def refusing(*words: str) -> Iterator[None]:
    """Have the database refuse the statements that hold one of these words."""

    def refuse(execute: Callable, sql: str, *rest: Any) -> Any:
        if any(word in sql for word in words):
            raise OperationalError("could not extend file: No space left on device")
        return execute(sql, *rest)

    with connection.execute_wrapper(refuse):
        yield


def test_a_database_that_keeps_nothing_affects_readers_until_it_does(client: Client) -> None:
    with refusing("UPDATE", "INSERT"):
        with pytest.raises(OperationalError):
            writing.attempt()
        answer = client.get("/sante/")
        assert (answer.status_code, answer.json()["checks"]["database"]) == (503, "down")
        assert "could not extend file: No space left on device)" in probes.database().sentence
    assert client.get("/sante/").status_code == 200
    assert probes.database().grade is Grade.GOOD


def test_a_row_is_written_in_turn() -> None:
    writing.attempt()
    [written_at] = Chore.objects.values_list("claimed_at", flat=True)
    writing.attempt()
    assert list(Chore.objects.values_list("claimed_at", flat=True)) == [written_at]


def test_a_probe_asks_for_no_writing_while_it_succeeds() -> None:
    with refusing("UPDATE", "INSERT"):
        assert probes.database().grade is Grade.GOOD


def test_web_processes_try_every_few_seconds() -> None:
    [chore] = [chore for chore in housekeeping._chores if chore.act == writing.attempt]
    assert chore.seconds <= 10
    assert not chore.is_shared


@pytest.mark.skipif(connection.vendor != "postgresql", reason="Demande DATABASE_URL, l’adresse d’un PostgreSQL.")
class TestRoom:
    """PostgreSQL changes a row in its place on a disk that has no room for another one."""

    def test_a_disk_without_room_is_found_although_a_row_can_be_changed(self) -> None:
        with refusing("multitude_room"), pytest.raises(OperationalError):
            writing.attempt()
        assert not Chore.objects.exists()

    @pytest.mark.django_db(transaction=True)
    def test_what_it_is_asked_for_is_given_back(self) -> None:
        for _time in range(2):
            writing.attempt()
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*), pg_relation_size('multitude_room') FROM multitude_room")
                assert cursor.fetchone() == (0, 0)
