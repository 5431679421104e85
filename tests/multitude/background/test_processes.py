"""A process has a name of its own, from which another one tells whether it is gone."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from multitude.background import processes

SLEEP = [sys.executable, "-c", "input()"]


@pytest.fixture
def other() -> subprocess.Popen:
    """Return a process that waits until its input ends."""
    return subprocess.Popen(SLEEP, stdin=subprocess.PIPE)


def name_of(process: subprocess.Popen) -> str:
    """Return the name that a process has."""
    return f"{processes._machine()}.{process.pid}.{processes.began(process.pid)}"


def test_a_name_fits_where_it_is_kept_and_says_that_its_process_lives():
    assert len(processes.this_one()) <= processes.LONGEST_NAME
    assert processes.is_gone(processes.this_one()) is False


def test_a_process_that_was_killed_is_gone_before_its_parent_has_looked(other: subprocess.Popen):
    name = name_of(other)
    assert processes.is_gone(name) is False
    other.kill()
    os.waitid(os.P_PID, other.pid, os.WEXITED | os.WNOWAIT)
    assert processes.is_gone(name) is True
    other.communicate()

    assert processes.is_gone(name) is True


def test_a_number_that_was_given_again_names_another_process():
    machine, pid, started = processes.this_one().split(".")

    assert processes.is_gone(f"{machine}.{pid}.{int(started) - 1}") is True


@pytest.mark.parametrize("name", ["", "un-nom", "ailleurs.1.1", f"{processes._machine()}.x.1", "a.b.c.d"])
def test_of_a_process_elsewhere_nothing_is_known(name: str):
    assert processes.is_gone(name) is None


@pytest.mark.parametrize(("minutes", "left"), [(0, False), (4, False), (6, True), (-4, False), (-6, True)])
def test_elsewhere_a_lease_runs_out_and_a_clock_that_was_wrong_gives_none(minutes: int, left: bool):
    assert processes.has_left("ailleurs.1.1", timezone.now() - timedelta(minutes=minutes)) is left


def test_here_what_lives_may_take_an_hour():
    now = timezone.now()

    assert not processes.has_left(processes.this_one(), now - timedelta(minutes=59))
    assert processes.has_left(processes.this_one(), now - timedelta(minutes=61))


def test_two_machines_without_a_name_are_not_taken_for_one(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(processes, "_machine", lambda: processes.UNKNOWN)

    assert processes.is_gone(f"{processes.UNKNOWN}.4194305.1") is None
