"""Tries are counted, whoever makes them at the same instant; nobody is kept out for long by others."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connections
from django.test import Client

from multitude.accounts import throttle
from multitude.models import Tries
from tests.multitude.accounts.entering import is_in, log_in

HERE = {"REMOTE_ADDR": "203.0.113.7"}
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def count(name: str = "redacteur", address: str = "203.0.113.7") -> throttle.Try:
    """Count a try at a password."""
    return throttle.count("password", name, {"REMOTE_ADDR": address})


@pytest.mark.django_db(transaction=True)
def test_fifty_tries_at_once_count_fifty() -> None:
    def one(_number: int) -> bool:
        try:
            return count().admitted
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as threads:
        admitted = list(threads.map(one, range(50)))
    row = Tries.objects.get(key=throttle.key("password", "redacteur", "203.0.113.7"))
    assert row.count == 50
    assert sum(admitted) == row.failures == throttle.BOTH.free


@pytest.mark.django_db
def test_the_wait_grows_to_a_quarter_of_an_hour_and_no_further() -> None:
    waits = [throttle.BOTH.wait(failures) for failures in (4, 5, 6, 7, 40)]
    assert waits == [0, 10, 20, 40, 900]


@pytest.mark.django_db
def test_after_the_wait_one_may_try_again() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(throttle.BOTH.free):
            assert count().admitted
        assert not count().admitted
        clock.shift(timedelta(seconds=throttle.BOTH.first + 1))
        assert count().admitted
        assert not count().admitted


@pytest.mark.django_db
def test_after_an_hour_one_begins_anew() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(throttle.BOTH.free):
            count()
        clock.shift(throttle.FORGOTTEN + timedelta(seconds=1))
        assert [count().admitted for _ in range(throttle.BOTH.free)] == [True] * throttle.BOTH.free


@pytest.mark.django_db
def test_who_guesses_elsewhere_does_not_hold_up_a_colleague() -> None:
    for _ in range(throttle.BOTH.free + 3):
        count()
    assert count(address="198.51.100.4").admitted


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["password", "code"])
def test_a_network_that_tries_one_name_for_ever_is_looked_at_no_more(kind: str) -> None:
    def answer() -> throttle.Answer:
        return throttle.count(kind, "redacteur", {"REMOTE_ADDR": "203.0.113.7"}).answer

    with time_machine.travel(NOW, tick=False) as clock:
        answers = [answer() for _ in range(throttle.NETWORK.free)]
        assert answers.count(throttle.Answer.YES) == throttle.BOTH.free
        assert answers.count(throttle.Answer.NO) == throttle.NETWORK.free - throttle.BOTH.free
        assert answer() is throttle.Answer.NOT_FROM_HERE
        clock.shift(timedelta(seconds=throttle.NETWORK.most + 1))
        assert count("cheffe").admitted


def test_one_looks_at_a_password_one_waits_and_the_others_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    waits = threading.Event()

    class Watched:
        """A lock that tells when somebody waits for it."""

        def __init__(self) -> None:
            self.lock = threading.Lock()
            self.release = self.lock.release

        def acquire(self, timeout: float) -> bool:
            if self.lock.acquire(blocking=False):
                return True
            waits.set()
            return self.lock.acquire(timeout=60)

    def next_one() -> bool:
        with throttle.turn() as has_come:
            return has_come

    monkeypatch.setattr(throttle, "_turn", Watched())
    with ThreadPoolExecutor(1) as threads:
        with throttle.turn() as has_come:
            assert has_come
            waiting = threads.submit(next_one)
            assert waits.wait(timeout=60)
            assert not next_one()
        assert waiting.result(timeout=60)
    assert next_one()


@pytest.mark.django_db
def test_a_name_tried_from_everywhere_is_held_up_for_a_minute_at_most() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        for number in range(throttle.NAME.free):
            count(address=f"198.51.100.{number}")
        assert not count().admitted
        clock.shift(timedelta(seconds=throttle.NAME.most + 1))
        assert count().admitted


@pytest.mark.django_db
def test_codes_that_are_tried_from_everywhere_are_held_up_longer() -> None:
    def code(number: int) -> bool:
        return throttle.count("code", "redacteur", {"REMOTE_ADDR": f"198.51.100.{number}"}).admitted

    with time_machine.travel(NOW, tick=False) as clock:
        admitted = 0
        for number in range(200):
            admitted += code(number)
            clock.shift(timedelta(minutes=1))
    assert admitted <= throttle.CODES.free + 6 + 200 // 15


@pytest.mark.django_db
def test_where_an_account_has_logged_in_others_tries_do_not_count(client: Client, editor: User) -> None:
    log_in(client, "redacteur", **HERE)
    client.logout()
    for number in range(throttle.NAME.free + 2):
        count(address=f"198.51.100.{number}")
    assert not count(address="192.0.2.1").admitted
    log_in(client, "redacteur", **HERE)
    assert is_in(client)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["REDACTEUR", "ｒedacteur"])
def test_a_name_counts_however_it_is_spelt(name: str) -> None:
    for _ in range(throttle.BOTH.free):
        count()
    assert not count(name).admitted


@pytest.mark.django_db
def test_a_household_counts_as_one() -> None:
    for number in range(throttle.BOTH.free):
        count(address=f"2001:db8:1:2::{number}")
    assert not count(address="2001:db8:1:2:ffff::9").admitted
    assert count(address="2001:db8:1:3::9").admitted


@pytest.mark.django_db
def test_a_success_is_not_held_against_anybody() -> None:
    for _ in range(20):
        throttle.forgive(count())
    assert set(Tries.objects.values_list("failures", flat=True)) == {0}


@pytest.mark.django_db
def test_what_nobody_adds_to_is_dropped() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        count()
        clock.shift(throttle.KEPT + timedelta(seconds=1))
        throttle.drop_old()
    assert not Tries.objects.exists()
