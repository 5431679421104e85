"""PostgreSQL stopped, frozen and restarted: what lies in memory is read on, the rest says so soon, and all comes back."""

import secrets
import time
from collections.abc import Callable, Iterator

import pytest

from tests.faults.programs import PostgreSQL
from tests.faults.sites import PATIENCE, Newspaper, Seen, is_apology, keeps_text, look, newspaper, together, unseen
from tests.waiting import until

RECOVERY = 10.0


@pytest.fixture(scope="module")
def newspaper_on_postgresql(journal: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newspaper]:
    """Return a newspaper on a database of its own, which no test starts again."""
    with newspaper(tmp_path_factory.mktemp("site"), DATABASE_URL=journal, COMMENT_RATE="off") as site:
        yield site


@pytest.fixture
def site(newspaper_on_postgresql: Newspaper, cluster: PostgreSQL) -> Iterator[Newspaper]:
    """Return the newspaper with its pages in memory; PostgreSQL runs before a test and after it."""
    newspaper_on_postgresql.fill()
    yield newspaper_on_postgresql
    cluster.awake()


def assert_bearable(seen: Seen) -> None:
    """Fail unless readers were answered as they may expect while the database is away."""
    assert seen.statuses("kept") == {200}
    assert seen.statuses("beacons") == {204}
    assert seen.slowest < PATIENCE
    assert all(map(is_apology, seen.others))
    assert all(is_apology(answer) and keeps_text(answer) for answer in seen.comments)


def assert_recovers(site: Newspaper) -> None:
    """Fail unless every kind of request works again soon, in every process, and then stays so."""
    start = time.monotonic()
    until(lambda: site.ask(unseen()).status == 200, RECOVERY)
    until(lambda: {answer.status for answer in together(lambda _n: site.ask(unseen()), 12)} == {200}, RECOVERY)
    assert time.monotonic() - start < RECOVERY
    assert site.submit("Tout va bien.").status == 303


@pytest.mark.parametrize(
    ("break_it", "mend_it"),
    [
        pytest.param(lambda server: server.stop("fast"), PostgreSQL.start, id="stopped"),
        pytest.param(lambda server: server.stop("immediate"), PostgreSQL.start, id="stopped at once"),
        pytest.param(PostgreSQL.freeze, PostgreSQL.thaw, id="frozen"),
    ],
)
def test_while_postgresql_is_away(
    site: Newspaper,
    cluster: PostgreSQL,
    break_it: Callable[[PostgreSQL], None],
    mend_it: Callable[[PostgreSQL], None],
) -> None:
    bodies = [f"Avant la panne : {secrets.token_hex(4)}." for _number in range(3)]
    before = [site.submit(body) for body in bodies]
    break_it(cluster)
    seen = look(site, 4)
    mend_it(cluster)

    assert {answer.status for answer in before} == {303}
    assert_bearable(seen)
    assert_recovers(site)
    stored = site.comments()
    assert all(stored[body] == 1 for body in bodies)


def test_a_restart_of_postgresql_while_nobody_asks_fails_nobody(site: Newspaper, cluster: PostgreSQL) -> None:
    together(lambda _number: site.ask(unseen()), 12)
    cluster.stop("fast")
    cluster.start()
    time.sleep(3)

    assert {answer.status for answer in together(lambda _number: site.ask(unseen()), 12)} == {200}
    assert site.submit("Après le redémarrage.").status == 303


def test_a_statement_that_is_slow_is_waited_for(site: Newspaper, cluster: PostgreSQL, journal: str) -> None:
    name = journal.rpartition("/")[2]
    locking = "BEGIN; LOCK TABLE comments_comment IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(1.5); COMMIT"

    def act(number: int) -> int:
        if number == 0:
            cluster.ask(name, locking)
            return 303
        time.sleep(0.3)
        return site.submit("Un peu de patience.").status

    assert together(act, 2) == [303, 303]
