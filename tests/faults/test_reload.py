"""A rolling restart while people read and write: not one request fails, and what is served is new."""

import os
import secrets
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.faults.sites import ESSAY, READER, Newspaper, copied, newspaper, unseen
from tests.frontcaches import programs as fronts
from tests.installed import find
from tests.waiting import until

FORM = {"author_name": "Lectrice", "author_email": "lectrice@exemple.fr", "website": ""}


@dataclass
class Crowd:
    """People who read and write until they are told to stop, some over one connection, some over a new one each time.

    Three of twelve need Django, which is as many as one process lets in at once.
    """

    port: int
    answers: Counter[int] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    _done: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Crowd":
        self._threads = [threading.Thread(target=self._live, args=(number,)) for number in range(12)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        for thread in self._threads:
            thread.join()

    def _live(self, number: int) -> None:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        while not self._done.is_set():
            try:
                status = self._write(connection, number) if number in {3, 7} else self._read(connection, number)
                self.answers[status] += 1
            except (OSError, HTTPException) as error:
                self.failures.append(repr(error))
                connection.close()
            # Two of three keep their connection, one of them for as long as a person looks at a page.
            if number % 3 == 0:
                connection.close()
            elif number % 3 == 1:
                time.sleep(0.05)
        connection.close()

    def _read(self, connection: HTTPConnection, number: int) -> int:
        connection.request("GET", unseen() if number == 2 else "/")
        response = connection.getresponse()
        response.read()
        return response.status

    def _write(self, connection: HTTPConnection, number: int) -> int:
        body = f"Pendant le redémarrage : {secrets.token_hex(4)}."
        headers = READER | {"X-Forwarded-For": f"203.0.113.{number}"}
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request("POST", f"{ESSAY}commentaires/", urlencode(FORM | {"body": body}), headers)
        response = connection.getresponse()
        response.read()
        if response.status == 303:
            self.written.append(body)
        return response.status


def reload(site: Newspaper) -> None:
    """Reload a site as `systemctl reload` does, and return when all of its processes are new."""
    before = set(site.workers)
    os.kill(site.pid, signal.SIGHUP)
    wait_for_others(site, before)


def wait_for_others(site: Newspaper, before: set[int]) -> None:
    """Return when other processes stand in the places of those that were there before."""
    until(lambda: len(site.workers) == len(before) and not before & set(site.workers), 60)


@pytest.fixture(scope="module")
def site(sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newspaper]:
    """Return a newspaper on SQLite, which every test leaves running."""
    with newspaper(copied(sqlite, tmp_path_factory.mktemp("site")), COMMENT_RATE="off") as site:
        yield site


@pytest.mark.parametrize("way", ["alone", "behind nginx"])
def test_a_reload_fails_nobody(site: Newspaper, tmp_path: Path, way: str) -> None:
    if way == "alone":
        with Crowd(site.port) as crowd:
            reload(site)
            time.sleep(0.5)
    else:
        find("nginx", "nginx")
        (folder := tmp_path / "nginx").mkdir()
        with fronts.nginx(folder, site.port) as front, Crowd(front.port) as crowd:
            reload(site)
            time.sleep(0.5)

    assert crowd.failures == []
    assert set(crowd.answers) == {200, 303}
    assert crowd.answers.total() > 200
    stored = site.comments()
    assert all(stored[body] == 1 for body in crowd.written)


def test_new_code_that_does_not_start_leaves_the_old_one_at_work(site: Newspaper) -> None:
    before = site.workers
    # What a process of the new code would see first: a data folder that it cannot write to.
    data = site.folder / "data"
    moved = data.rename(site.folder / "elsewhere")
    data.write_text("no folder")
    os.kill(site.pid, signal.SIGHUP)
    until(lambda: "l’ancien continue" in site.output)
    data.unlink()
    moved.rename(data)

    # The new process says why it ends, and then it ends.
    until(lambda: site.workers == before)
    assert site.ask("/").status == 200
    reload(site)
    assert site.ask("/").status == 200


def test_a_worker_that_is_killed_is_replaced_however_often(site: Newspaper) -> None:
    for _time in range(3):
        before = set(site.workers)
        for worker in before:
            os.kill(worker, signal.SIGKILL)
        wait_for_others(site, before)
        until(site.answers)
    assert not site.has_ended


def test_workers_whose_parent_was_killed_leave_the_port(site: Newspaper) -> None:
    workers = site.workers
    os.kill(site.pid, signal.SIGKILL)
    until(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers))
    site.started()
