"""What a process knows of a PostgreSQL that does not answer, without waiting for it."""

import socket
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import nullcontext
from itertools import count
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection

from multitude.postgresql import base
from multitude.postgresql.watch import Watch

pytestmark = pytest.mark.any_database


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """Return a server whose connections are taken by the kernel, and by nobody else."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def test_a_server_that_says_nothing_is_away_until_it_answers(silent: socket.socket) -> None:
    watch = Watch()
    watch.heard(*silent.getsockname())
    assert not watch.ask()

    back = threading.Event()

    def answer() -> None:
        while not back.is_set():
            asking, _address = silent.accept()
            with asking:
                if asking.recv(8):
                    asking.sendall(b"N")
                    back.wait(0.1)

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    assert any(watch.ask() or back.wait(0.1) for _time in range(100))
    back.set()


def test_a_server_that_is_not_there_is_away(silent: socket.socket) -> None:
    watch = Watch()
    watch.heard(*silent.getsockname())
    silent.close()
    assert not watch.ask()
    watch.heard("127.0.0.1", 1)
    assert not watch.is_away


def test_a_server_that_was_never_met_is_given_the_benefit_of_the_doubt() -> None:
    assert Watch().ask()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="Demande DATABASE_URL, l’adresse d’un PostgreSQL.")
@pytest.mark.django_db(transaction=True)
def test_while_it_is_away_nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    connection.close()
    monkeypatch.setattr(base.watch, "is_away", True)
    with pytest.raises(OperationalError, match=base.AWAY):
        connection.ensure_connection()


class Hanging(base.Connection):
    """A connection to one of the server's processes, as far as waiting for it goes."""

    closed = False

    def __init__(self, *, is_for_readers: bool) -> None:
        self.__dict__["is_for_readers"] = is_for_readers

    def __del__(self, *_: Any) -> None:
        """Leave nothing: there is no connection."""

    def close(self) -> None:
        """Note that it was given up."""
        self.__dict__["closed"] = True


@pytest.mark.parametrize("is_for_readers", [True, False])
def test_a_process_of_the_server_that_hangs_is_not_waited_for_for_ever(
    monkeypatch: pytest.MonkeyPatch, is_for_readers: bool
) -> None:
    monkeypatch.setattr(base.watch, "ask", lambda **_how: True)
    seconds = count()
    monkeypatch.setattr(base, "monotonic", lambda: float(next(seconds)))

    def hundred_seconds() -> Iterator[int]:
        for _second in range(100):
            yield 1

    hanging = Hanging(is_for_readers=is_for_readers)
    waiting = hanging._while_there(hundred_seconds())
    next(waiting)
    # Where no reader waits, a statement may well take so long.
    with pytest.raises(psycopg.OperationalError) if is_for_readers else nullcontext():
        deque(iter(lambda: waiting.send(0), None), maxlen=0)
    assert hanging.closed == is_for_readers


@pytest.mark.skipif(connection.vendor != "postgresql", reason="Demande DATABASE_URL, l’adresse d’un PostgreSQL.")
@pytest.mark.django_db(transaction=True)
def test_a_connection_for_readers_is_told_by_its_limit() -> None:
    connection.ensure_connection()
    parameters = {**connection.get_connection_params(), "autocommit": True}
    with base.Connection.connect(**parameters) as ours:
        assert not ours.is_for_readers
    with base.Connection.connect(**parameters | {"options": "-c statement_timeout=15s"}) as ours:
        assert ours.is_for_readers


@pytest.mark.skipif(connection.vendor != "postgresql", reason="Demande DATABASE_URL, l’adresse d’un PostgreSQL.")
@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_server_has_closed_is_not_taken() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [(pid,)] = cursor.fetchall()
    connection.close()
    with psycopg.connect(**{**connection.get_connection_params(), "autocommit": True}) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchall() != [(pid,)]
