"""`kill -9` of web processes and worker, fifty times, while twenty people write: what was acknowledged is there, once."""

import os
import random
import secrets
import signal
import time
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.faults.sites import Newspaper, copied, newspaper, together
from tests.waiting import until
from tests.workers import Worker

KILLS = 50
PEOPLE = 20
# A person sends again what was not acknowledged, as the browser offers to.
TRIES = 400


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Newspaper]:
    """Return a newspaper on either database."""
    if request.param == "SQLite":
        folder, variables = copied(request.getfixturevalue("sqlite"), tmp_path), {}
    else:
        folder, variables = tmp_path, {"DATABASE_URL": request.getfixturevalue("journal")}
    with newspaper(folder, COMMENT_RATE="off", BACKGROUND="worker", **variables) as site:
        yield site


class Killer(Thread):
    """Kills a process of the site now and then, worker and parent of the others included, and starts them again as systemd would."""

    def __init__(self, site: Newspaper, acknowledged: list[str]) -> None:
        super().__init__()
        self.site = site
        self.acknowledged = acknowledged
        self.worker = self._new_worker()
        self.killed = 0
        self.done = Event()

    def run(self) -> None:
        """Kill until it has been enough."""
        dice = random.Random(11)
        before, patience = -1, time.monotonic()
        while self.killed < KILLS and not self.done.wait(dice.uniform(0.05, 0.25)):
            if self.site.has_ended:
                self.site.start()
                continue
            # Between two kills somebody is answered, or nothing would be at stake.
            if len(self.acknowledged) == before and time.monotonic() < patience:
                continue
            before, patience = len(self.acknowledged), time.monotonic() + 5
            if self.killed % 5 == 3:
                self.worker.kill()
                self.killed += 1
                self.worker = self._new_worker()
                continue
            # One of ten is the parent of the web processes.
            victims = [self.site.pid] if self.killed % 10 == 9 else self.site.workers
            if victims:
                self.killed += _killed(dice.choice(victims))
        while not self.done.wait(0.2):
            if self.site.has_ended:
                self.site.start()
        self.worker.kill()

    def _new_worker(self) -> Worker:
        return Worker(self.site.folder / "worker.log", self.site.variables)


def _killed(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def test_no_acknowledged_comment_is_lost_and_none_is_there_twice(site: Newspaper) -> None:
    acknowledged: list[str] = []
    sent: list[str] = []
    killer = Killer(site, acknowledged)

    def write(number: int) -> None:
        while killer.killed < KILLS:
            body = f"Avis {number}, {secrets.token_hex(4)}."
            sent.append(body)
            for _try in range(TRIES):
                try:
                    answer = site.submit(body, number)
                except (OSError, HTTPException):
                    time.sleep(0.1)
                    continue
                if answer.status == 303:
                    acknowledged.append(body)
                    break
                assert answer.status == 503, answer.text
                time.sleep(0.2)

    killer.start()
    try:
        together(write, PEOPLE)
        until(site.answers, 60)
    finally:
        killer.done.set()
        killer.join()

    stored = site.comments()
    assert killer.killed == KILLS
    assert len(acknowledged) >= PEOPLE
    assert [body for body in acknowledged if stored[body] == 0] == []
    assert [body for body in sent if stored[body] > 1] == []
