"""Redis stopped, and Redis frozen: nobody notices."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.programs import RedisServer, redis
from tests.faults.sites import PATIENCE, Newspaper, copied, look, newspaper


@pytest.fixture
def server() -> Iterator[RedisServer]:
    """Return a Redis of our own."""
    with redis() as server:
        yield server


@pytest.fixture
def site(sqlite: Path, tmp_path: Path, server: RedisServer) -> Iterator[Newspaper]:
    """Return a newspaper whose processes share a Redis."""
    with newspaper(copied(sqlite, tmp_path), CACHE_URL=server.url, COMMENT_RATE="off") as site:
        yield site


def test_without_redis_pages_comments_and_beacons_are_as_ever(site: Newspaper, server: RedisServer) -> None:
    for fault in (server.freeze, server.end):
        fault()
        # Redis is for readings, and the processes ask it when they fold them.
        with sqlite3.connect(site.folder / "data" / "multitude.sqlite3") as database:
            database.execute("INSERT INTO multitude_purgeevent (keys, created_at) VALUES ('readings', datetime('now'))")
        database.close()
        seen = look(site, 5)

        assert seen.statuses("kept") == seen.statuses("others") == {200}
        assert seen.statuses("comments") == {303}
        assert seen.statuses("beacons") == {204}
        assert seen.slowest < PATIENCE
    assert "Le cache ne répond pas" in site.output
