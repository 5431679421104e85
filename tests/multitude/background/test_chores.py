"""Who does what beside answering: web processes all of it, or a timer and a worker all but what is a process's own."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from multitude.background import heartbeats, housekeeping
from multitude.health import Grade, probes
from tests.parallel import together

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


class Done:
    """Notes how often each thing was done, some of which fail."""

    def __init__(self) -> None:
        self.times: dict[str, int] = {}
        self.failing: set[str] = set()

    def act(self, name: str) -> Callable[[], int]:
        """Return what does something."""

        def act() -> int:
            self.times[name] = self.times.get(name, 0) + 1
            if name in self.failing:
                raise ValueError(name)
            return 1

        return act


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> Done:
    """Hand in one thing of each kind, and return what is done of them."""
    done = Done()
    monkeypatch.setattr(housekeeping, "_chores", [])
    monkeypatch.setattr(housekeeping, "_periodic", {})
    monkeypatch.setattr(housekeeping, "works", {})
    housekeeping.every(0, done.act("own"), thread="purges")
    housekeeping.once_for_all("rankings", "classements", 60, done.act("rankings"))
    housekeeping.once_for_all("autosaves", "brouillons", 86_400, done.act("autosaves"))
    housekeeping.whenever("feathers", done.act("feathers"), waits=lambda: True, seconds=10, thread="feathers")
    return done


def chores(at: datetime = NOW) -> None:
    """Have the timer ring."""
    with time_machine.travel(at, tick=False):
        call_command("chores", verbosity=0)


def threads() -> set[str]:
    """Return the threads that a web process would start."""
    return {chore.thread for chore in housekeeping._chores if housekeeping._is_ours(chore)}


def test_by_default_web_processes_do_everything(done: Done):
    assert threads() == {"purges", "chores", "feathers"}


def test_with_a_worker_they_do_what_is_their_own_and_still_read_purges(done: Done, settings: LazySettings):
    settings.BACKGROUND = "worker"

    assert threads() == {"purges"}


def test_the_timer_does_what_is_due_and_nothing_twice(done: Done, settings: LazySettings):
    settings.BACKGROUND = "worker"
    chores()
    chores(NOW + timedelta(seconds=30))
    assert done.times == {"rankings": 1, "autosaves": 1}
    # A timer of one minute may ring a little early.
    chores(NOW + timedelta(seconds=59))
    assert done.times == {"rankings": 2, "autosaves": 1}
    chores(NOW + timedelta(days=1))
    assert done.times == {"rankings": 3, "autosaves": 2}


def test_without_a_worker_the_command_does_what_waits_too(done: Done):
    chores()

    assert done.times == {"rankings": 1, "autosaves": 1, "feathers": 1}


def test_what_fails_is_said_holds_up_nothing_and_is_tried_again_at_once(done: Done, settings: LazySettings):
    settings.BACKGROUND = "worker"
    done.failing = {"rankings"}
    for minute in range(2):
        with pytest.raises(CommandError, match="rankings"):
            chores(NOW + timedelta(seconds=minute))
    done.failing = set()
    chores(NOW + timedelta(seconds=2))

    assert done.times == {"rankings": 3, "autosaves": 1}


def test_what_fails_in_a_web_process_is_tried_again_before_its_time(done: Done):
    done.failing = {"autosaves"}
    [_own, _rankings, autosaves, _feathers] = housekeeping._chores
    with pytest.raises(ValueError, match="autosaves"):
        autosaves.act()
    done.failing = set()
    autosaves.act()

    assert done.times == {"autosaves": 2}


def test_what_fails_is_named_by_a_probe_until_it_succeeds(done: Done, settings: LazySettings):
    settings.BACKGROUND = "worker"
    done.failing = {"rankings"}
    with pytest.raises(CommandError, match="rankings"):
        chores()
    state = probes.chores()
    assert (state.grade, state.value) == (Grade.WATCH, 1)
    assert "classements (ValueError: rankings)" in state.sentence
    done.failing = set()
    chores(NOW + timedelta(seconds=1))

    assert probes.chores().grade is Grade.GOOD


def test_what_fails_in_a_web_process_is_named_too(done: Done):
    done.failing = {"autosaves"}
    [_own, _rankings, autosaves, _feathers] = housekeeping._chores
    with pytest.raises(ValueError, match="autosaves"):
        autosaves.act()

    assert "brouillons (ValueError: autosaves)" in probes.chores().sentence


def test_the_timer_gives_a_sign_of_life(done: Done):
    chores()

    assert heartbeats.last_seen(heartbeats.Role.TIMER) == NOW


def test_a_worker_that_makes_pictures_lets_a_mail_go_first_and_a_thread_need_not(
    done: Done, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
):
    asked = []
    monkeypatch.setattr(housekeeping, "soon", asked.append)
    housekeeping.whenever("mail", done.act("mail"), waits=lambda: True, seconds=10)
    assert not housekeeping.gives_way("feathers")
    settings.BACKGROUND = "worker"

    assert housekeeping.gives_way("feathers")
    assert asked == ["feathers"]


@pytest.mark.django_db(transaction=True)
def test_timers_that_ring_at_once_share_what_is_due(done: Done, settings: LazySettings):
    settings.BACKGROUND = "worker"
    names = [name for found, _failed in together(lambda _number: housekeeping.do_due()) for name in found]

    assert sorted(names) == ["autosaves", "rankings"]


def test_the_site_hands_in_what_its_pages_and_readers_were_promised():
    assert set(housekeeping.works) == {"mail", "pictures"}
    assert {"rankings", "departures", "digest", "retention", "autosaves", "purges", "outbox", "tasks"} <= set(
        housekeeping._periodic
    )


@pytest.mark.django_db(transaction=True)
def test_the_command_does_all_that_the_site_hands_in():
    call_command("chores", verbosity=0)
