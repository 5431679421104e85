"""`Remembered`: a value read once a minute, never a value from before a purge."""

from collections.abc import Iterator
from threading import Event, Thread

import pytest

from multitude import caching
from multitude.caching import Remembered, tell_listeners

PATIENCE = 30
KEY = frozenset({"menu"})


class Shelf:
    """A value that changes, and how often it was read."""

    def __init__(self) -> None:
        self.value = "avant"
        self.times = 0

    def read(self) -> str:
        """Read the value."""
        self.times += 1
        return self.value


@pytest.fixture(autouse=True)
def _remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remember what a test makes no longer than the test."""
    monkeypatch.setattr(caching, "_remembered", [])
    monkeypatch.setattr(caching, "_listeners", [])


@pytest.fixture
def shelf() -> Shelf:
    """Return a value."""
    return Shelf()


@pytest.fixture
def remembered(shelf: Shelf, in_a_worker: None) -> Iterator[Remembered[str]]:
    """Remember the value in a worker."""
    return Remembered(shelf.read, "menu")


def test_a_worker_reads_it_once(remembered: Remembered[str], shelf: Shelf) -> None:
    assert [remembered.get() for _page in range(5)] == ["avant"] * 5
    assert shelf.times == 1


def test_a_purge_of_its_key_has_it_read_again(remembered: Remembered[str], shelf: Shelf) -> None:
    remembered.get()
    shelf.value = "après"
    tell_listeners(frozenset({"autre"}))
    assert remembered.get() == "avant"
    tell_listeners(frozenset({"autre", "menu"}))
    assert remembered.get() == "après"


def test_it_is_read_again_after_its_time(
    remembered: Remembered[str], shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    remembered.get()
    now = caching.time.monotonic()
    for seconds, times in ((59, 1), (61, 2)):
        monkeypatch.setattr(caching.time, "monotonic", lambda at=now + seconds: at)
        remembered.get()
        assert shelf.times == times


def test_a_process_whose_chores_do_not_run_remembers_nothing(shelf: Shelf) -> None:
    remembered = Remembered(shelf.read, "menu")
    remembered.get()
    remembered.get()
    assert shelf.times == 2


def test_what_was_read_while_it_changed_is_not_kept(shelf: Shelf, in_a_worker: None) -> None:
    def read() -> str:
        value = shelf.read()
        if shelf.times == 1:
            shelf.value = "après"
            tell_listeners(KEY)
        return value

    remembered = Remembered(read, "menu")
    assert [remembered.get() for _page in range(3)] == ["avant", "après", "après"]
    assert shelf.times == 2


def test_a_purge_at_the_instant_of_keeping_wins(remembered: Remembered[str], shelf: Shelf) -> None:
    """Stop a reader between its last look at the purges and the moment at which it keeps what it read."""
    looked, purged = Event(), Event()

    class Number(int):
        __hash__ = int.__hash__

        def __eq__(self, other: object) -> bool:
            looked.set()
            # The purge comes here, or waits until the value is kept and then drops it.
            purged.wait(0.2)
            return self is other

    def purge() -> None:
        assert looked.wait(PATIENCE)
        shelf.value = "après"
        tell_listeners(KEY)
        purged.set()

    remembered._purges = Number()
    thread = Thread(target=purge)
    thread.start()
    assert remembered.get() == "avant"
    thread.join(PATIENCE)
    assert remembered.get() == "après"


def test_pages_are_dropped_after_what_they_were_made_from(remembered: Remembered[str], shelf: Shelf) -> None:
    """A page made between the two would be kept, from the value of before."""
    remembered.get()
    shelf.value = "après"
    made_meanwhile = []
    caching.on_purge(lambda keys: made_meanwhile.append(remembered.get()))
    later: Remembered[str] = Remembered(lambda: shelf.value, "menu")
    later._kept = "avant", caching.time.monotonic() + 60
    caching.on_purge(lambda keys: made_meanwhile.append(later.get()))
    tell_listeners(KEY)
    assert made_meanwhile == ["après", "après"]
