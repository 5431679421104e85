"""What fails here is real: these tests start their own servers, stop and freeze them, and take seconds. `make faults` runs them."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.programs import PostgreSQL, folder_for_all, postgresql
from tests.faults.sites import template

collect_ignore_glob = [] if os.environ.get("FAULTS") else ["test_*.py"]


# Before xdist looks at the groups.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep what stands on one database on one worker, so that its newspaper is written once."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            is_sqlite = "postgresql" not in item.nodeid.lower() and "journal" not in getattr(item, "fixturenames", ())
            item.add_marker(pytest.mark.xdist_group("SQLite" if is_sqlite else "PostgreSQL"))


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data folder of a written demo newspaper, to be copied."""
    return template(tmp_path_factory.mktemp("newspaper"))


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgreSQL]:
    """Return a PostgreSQL server of our own, with a written demo newspaper in the database `journal`."""
    with folder_for_all() as folder, postgresql(folder) as server:
        server.create("journal")
        template(tmp_path_factory.mktemp("postgresql"), DATABASE_URL=server.url("journal"))
        yield server


@pytest.fixture(scope="module")
def journal(cluster: PostgreSQL) -> Iterator[str]:
    """Return the address of a database of a file's own: a copy of the written newspaper."""
    name = cluster.copy("journal")
    yield cluster.url(name)
    cluster.awake()
    cluster.drop(name)
