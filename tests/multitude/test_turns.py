"""The processes that write to one SQLite file take turns, so that none of them waits by luck."""

import fcntl
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from time import sleep

import pytest
from django.db import OperationalError

from multitude import transactions
from multitude.transactions import turn

pytestmark = pytest.mark.any_database

HOLDER = """
import sys, time
from pathlib import Path
from multitude.transactions import turn
with turn(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Return where the file would lie."""
    return tmp_path / "journal.sqlite3"


def is_locked(path: str) -> bool:
    """Return whether somebody has locked a file."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def test_who_waits_comes_before_who_has_just_had_a_turn(database: Path) -> None:
    order = []

    def wait() -> None:
        with turn(database):
            order.append("second")

    other = threading.Thread(target=wait)
    with turn(database):
        order.append("first")
        other.start()
        while not is_locked(f"{database}-porte"):
            sleep(0.001)
    with turn(database):
        order.append("first again")
    other.join(30)
    assert order == ["first", "second", "first again"]


def test_a_process_that_is_killed_gives_up_its_turn(database: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(database)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        assert is_locked(f"{database}-tour")
        holder.send_signal(signal.SIGKILL)
    with turn(database):
        pass


def test_a_turn_that_does_not_come_is_told(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with turn(database):
        monkeypatch.setattr(transactions, "PATIENCE", 0.01)
        with pytest.raises(OperationalError, match="another process"), turn(database):
            pass
    with turn(database):
        pass


def test_a_command_of_the_administrator_leaves_the_door_open_to_the_service(database: Path) -> None:
    before = os.umask(0o077)
    try:
        with turn(database):
            pass
    finally:
        os.umask(before)
    assert {path.stat().st_mode & 0o777 for path in database.parent.iterdir()} == {0o644}


def test_a_folder_that_takes_no_file_is_a_database_that_is_away(tmp_path: Path) -> None:
    with pytest.raises(OperationalError), turn(tmp_path / "nowhere" / "journal.sqlite3"):
        pass
