"""One act, one transaction, one after the other in a process: all of it is kept, or nothing, and nobody waits for ever."""

import threading

import pytest
from django.db import OperationalError, connection, transaction

from articles.models import Section
from multitude import transactions
from multitude.transactions import act
from tests.parallel import THREADS, together

pytestmark = pytest.mark.django_db(transaction=True)

EACH = 20


class Mishap(Exception):
    """Something goes wrong within an act."""


def make_section(name: str) -> Section:
    """Write a row."""
    return Section.objects.create(name=name, slug=name)


def test_an_act_is_kept_whole_or_not_at_all() -> None:
    with act():
        make_section("gardee")

    @act()
    def fail() -> None:
        make_section("perdue")
        raise Mishap

    with pytest.raises(Mishap):
        fail()
    assert list(Section.objects.values_list("slug", flat=True)) == ["gardee"]


def test_an_act_within_a_transaction_is_part_of_it() -> None:
    def both() -> None:
        with transaction.atomic():
            with act():
                make_section("une")
            raise Mishap

    with pytest.raises(Mishap):
        both()
    assert not Section.objects.exists()


def test_what_runs_after_a_commit_may_act_too() -> None:
    with act():
        make_section("premiere")
        transaction.on_commit(act()(lambda: make_section("seconde")))
    assert Section.objects.count() == 2


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL a ses propres attentes.")
def test_a_turn_that_does_not_come_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transactions, "PATIENCE", 0.01)
    held, told = threading.Event(), threading.Event()

    def hold() -> None:
        with act():
            held.set()
            assert told.wait(30)
        connection.close()

    other = threading.Thread(target=hold)
    other.start()
    assert held.wait(30)
    with pytest.raises(OperationalError, match="locked"), act():
        make_section("jamais")
    told.set()
    other.join(30)
    with act():
        make_section("ensuite")
    assert Section.objects.count() == 1


def test_threads_that_act_at_once_lose_nothing() -> None:
    def write(number: int) -> None:
        for turn in range(EACH):
            with act():
                make_section(f"r{number}-{turn}")

    together(write)
    assert Section.objects.count() == THREADS * EACH


def test_whoever_writes_already_does_not_queue_behind_those_who_wait() -> None:
    waiting = threading.Event()

    def wait_and_write() -> None:
        waiting.set()
        with act():
            make_section("seconde")
        connection.close()

    other = threading.Thread(target=wait_and_write)
    with transaction.atomic():
        make_section("premiere")
        other.start()
        assert waiting.wait(30)
        other.join(0.2)
        with act():
            make_section("premiere-encore")
    other.join(30)
    assert Section.objects.count() == 3
