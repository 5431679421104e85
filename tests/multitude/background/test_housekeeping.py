"""Chores: done in threads of their own, again and again, whatever fails, until the process ends in good order."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from threading import Event, Semaphore
from typing import Any

import pytest
from django.db import OperationalError

from multitude.background import housekeeping

PATIENCE = 30


class Chores:
    """Starts the chores that a test hands in, and ends them with the test."""

    def __init__(self) -> None:
        self.starts: list[list[threading.Thread]] = []

    def note(self, obj: None, stop: Callable[..., None], args: tuple[Any, ...], exitpriority: int) -> None:
        """Stand in for `Finalize`, which would wait for the end of the whole process."""
        self.starts.append(args[0])

    def end(self) -> None:
        """End the process in good order."""
        for threads in self.starts:
            housekeeping.stop(threads)


@pytest.fixture
def chores(monkeypatch: pytest.MonkeyPatch) -> Iterator[Chores]:
    """Hand in no chore but the test's."""
    chores = Chores()
    monkeypatch.setattr(housekeeping, "_chores", [])
    monkeypatch.setattr(housekeeping, "_last_acts", [])
    monkeypatch.setattr(housekeeping, "Finalize", chores.note)
    monkeypatch.setattr(housekeeping, "_SHORTEST_NAP", 0.001)
    monkeypatch.setattr(housekeeping, "_stopping", threading.Event())
    yield chores
    chores.end()


class Act:
    """A chore: `failures` says how it fails, one after the other, before it succeeds."""

    def __init__(self, *failures: Exception) -> None:
        self._failures = list(failures)
        self._done = Semaphore(0)
        self.threads: set[str] = set()

    def __call__(self) -> None:
        """Do it."""
        self.threads.add(threading.current_thread().name)
        self._done.release()
        if self._failures:
            raise self._failures.pop(0)

    def wait_for(self, times: int) -> None:
        """Return when it was done so many more times."""
        for _time in range(times):
            assert self._done.acquire(timeout=PATIENCE)


def test_chores_are_done_again_and_again_each_in_its_thread(chores: Chores) -> None:
    first, second, third = Act(), Act(), Act()
    housekeeping.every(0, first)
    housekeeping.every(0, second, thread="purges")
    housekeeping.every(0, third)
    housekeeping.start()
    for act in (first, second, third):
        act.wait_for(10)
    assert (first.threads, second.threads, third.threads) == ({"chores"}, {"purges"}, {"chores"})


def test_they_are_started_once(chores: Chores) -> None:
    housekeeping.every(60, Act())
    assert not housekeeping.is_running()
    for _request in range(3):
        housekeeping.start()
    assert housekeeping.is_running()
    assert [len(threads) for threads in chores.starts] == [1]


def test_a_forked_process_starts_its_own(chores: Chores) -> None:
    housekeeping.every(60, Act())
    housekeeping.start()
    housekeeping._forget_threads()
    assert not housekeeping.is_running()
    housekeeping.start()
    assert housekeeping.is_running()
    housekeeping.stop([])
    assert len(chores.starts) == 2


def test_a_process_that_ends_waits_for_what_a_long_chore_has_in_hand(chores: Chores) -> None:
    begun, left = threading.Event(), threading.Event()

    def paint() -> None:
        begun.set()
        while not housekeeping.is_stopping():
            time.sleep(0.001)
        left.set()

    housekeeping.every(60, paint)
    housekeeping.start()
    assert begun.wait(PATIENCE)
    chores.end()
    assert left.is_set()


@pytest.mark.parametrize("error", [OperationalError("la base ne répond pas"), ValueError("panne")])
def test_a_chore_that_fails_is_tried_again_and_told_once(
    chores: Chores, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    caplog.set_level(logging.INFO, logger="multitude.background.housekeeping")
    act, after = Act(error, error, error), Act()
    act.__qualname__ = "act"  # type: ignore[attr-defined]
    housekeeping.every(0, act)
    housekeeping.every(0, after)
    housekeeping.start()
    act.wait_for(5)
    after.wait_for(5)
    chores.end()
    assert [record.levelname for record in caplog.records] == ["ERROR", "INFO"]


def test_a_connection_that_cannot_be_closed_ends_no_thread(chores: Chores, monkeypatch: pytest.MonkeyPatch) -> None:
    act = Act()
    act.__qualname__ = "act"  # type: ignore[attr-defined]
    close = Act(*[OperationalError("fermée")] * 4)
    monkeypatch.setattr(housekeeping, "close_old_connections", close)
    housekeeping.every(0, act)
    housekeeping.start()
    act.wait_for(3)


def test_a_chore_that_is_hastened_while_it_is_done_is_done_again(chores: Chores) -> None:
    begun, may_end, again = Event(), Event(), Event()

    def act() -> None:
        if begun.is_set():
            again.set()
        begun.set()
        assert may_end.wait(PATIENCE)

    housekeeping.every(3_600, act)
    housekeeping.start()
    assert begun.wait(PATIENCE)
    housekeeping.hasten(act)
    may_end.set()
    assert again.wait(PATIENCE)


def test_only_the_chore_that_is_named_is_hastened(chores: Chores) -> None:
    one, other = Act(), Act()
    for act in (one, other):
        housekeeping.every(3_600, act)
    housekeeping.start()
    other.wait_for(1)
    one.wait_for(1)
    housekeeping.hasten(one)
    one.wait_for(1)
    assert not other._done.acquire(blocking=False)


def test_a_slow_chore_holds_up_its_own_thread_alone(chores: Chores) -> None:
    may_end, act = Event(), Act()
    housekeeping.every(0, lambda: may_end.wait(PATIENCE), thread="chores")
    housekeeping.every(0, act, thread="purges")
    housekeeping.start()
    act.wait_for(10)
    may_end.set()


def test_at_the_end_threads_stop_and_every_last_act_is_done(chores: Chores, caplog: pytest.LogCaptureFixture) -> None:
    done = []

    def last_act(number: int) -> None:
        done.append(number)
        assert number != 1

    for number in range(3):
        housekeeping.at_shutdown(partial(last_act, number))
    housekeeping.every(0, Act())
    housekeeping.start()
    chores.end()
    assert done == [0, 1, 2]
    assert not any(thread.is_alive() for threads in chores.starts for thread in threads)
    assert not housekeeping.is_running()
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    chores.end()
    assert done == [0, 1, 2]
