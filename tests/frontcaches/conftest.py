"""One nginx and one Varnish in front of a small site, for all tests of this folder; each test uses pages of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.frontcaches import programs
from tests.frontcaches.programs import Program
from tests.frontcaches.site import FakeSite, listening


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep what stands here on one worker, so that each program starts once."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("front caches"))


@pytest.fixture(scope="session")
def _site() -> Iterator[FakeSite]:
    with listening() as site:
        yield site


@pytest.fixture
def site(_site: FakeSite) -> Iterator[FakeSite]:
    """Return the site behind the caches; it is back after a test that sent it away."""
    yield _site
    _site.away = False
    _site.before_leaving = lambda: None


@pytest.fixture(scope="session")
def nginx(_site: FakeSite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """Return nginx in front of the site."""
    with programs.nginx(tmp_path_factory.mktemp("nginx"), _site.port) as program:
        yield program


@pytest.fixture(scope="session")
def varnish(_site: FakeSite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """Return Varnish in front of the site."""
    with programs.varnish(tmp_path_factory.mktemp("varnish"), _site.port) as program:
        yield program


@pytest.fixture(scope="session")
def nginx_and_varnish(varnish: Program, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """Return nginx in front of Varnish in front of the site."""
    with programs.nginx(tmp_path_factory.mktemp("both"), varnish.port) as program:
        yield program


@pytest.fixture
def path(request: pytest.FixtureRequest) -> str:
    """Return the address of an article that no other test asks for."""
    return f"/articles/{abs(hash(request.node.nodeid)):x}/"
