"""Web processes on the test's own database: what another one withdraws is gone, what one holds at its end is not lost."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from articles import publishing
from tests.factories import make_article
from tests.waiting import PATIENCE, until
from tests.workers import database_url

pytestmark = pytest.mark.django_db(transaction=True)


class Worker:
    """A web process on the test's database."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.multitude.worker"],
            cwd=Path(__file__).parents[2],
            env=os.environ | {"DATABASE_URL": database_url(), "DEBUG": "1", "PAGE_CACHE_MB": "8"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def ask(self, path: str, method: str = "GET") -> dict[str, Any]:
        """Send a request, and return `status`, `cache` and `body` of the answer."""
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps({"method": method, "path": path}), file=self._process.stdin, flush=True)
        return json.loads(self._process.stdout.readline())

    def holds(self, *paths: str) -> bool:
        """Say whether pages come from its memory."""
        return all(self.ask(path)["cache"] == "hit" for path in paths)

    def has_dropped(self, path: str, word: str) -> bool:
        """Say whether an article is gone, and a word of it from the front page."""
        return self.ask(path)["status"] == 410 and word not in self.ask("/")["body"]

    def end(self) -> None:
        """End it in good order."""
        self._process.communicate(timeout=PATIENCE)


@pytest.fixture
def workers(transactional_db: None) -> Iterator[list[Worker]]:
    """Start two processes, and end them before the database is emptied."""
    started = [Worker() for _number in range(2)]
    yield started
    for worker in started:
        worker.end()


def test_what_is_withdrawn_elsewhere_is_gone_from_every_process(workers: list[Worker]) -> None:
    article = make_article(headline="Le prix des plumes")
    path = article.get_absolute_url()
    for worker in workers:
        until(partial(worker.holds, path, "/"))
        assert "plumes" in worker.ask("/")["body"]
    publishing.unpublish(article_id=article.pk)
    for worker in workers:
        until(partial(worker.has_dropped, path, "plumes"))


def test_a_process_that_ends_in_good_order_loses_no_reading(workers: list[Worker]) -> None:
    article = make_article()
    worker = workers.pop()
    # A process folds with its first request; what comes later waits ten seconds.
    until(partial(worker.holds, "/"))
    assert worker.ask(f"/vues/{article.pk}/", "POST")["status"] == 204
    worker.end()
    article.refresh_from_db()
    assert article.view_count == 1
