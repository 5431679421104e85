"""nginx with deploy/nginx/multitude.conf: static files of the present version, and of the one before."""

import gzip
from pathlib import Path

import pytest

from tests.frontcaches.programs import Program
from tests.frontcaches.site import FakeSite

STYLE = b"body { color: black }\n" * 20


@pytest.fixture
def releases(nginx: Program) -> Path:
    """Return the folder of two versions, each with a style sheet of its own."""
    for link, name in (("current", "base.0123456789ab.css"), ("previous", "base.ba9876543210.css")):
        folder = nginx.folder / "releases" / link / "staticfiles/css"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(STYLE)
        (folder / f"{name}.gz").write_bytes(gzip.compress(STYLE))
        (folder / "plain.css").write_bytes(link.encode())
    return nginx.folder / "releases"


@pytest.mark.usefixtures("releases")
@pytest.mark.parametrize("name", ["base.0123456789ab.css", "base.ba9876543210.css"])
def test_a_file_of_either_version_is_sent_for_ever_and_compressed(site: FakeSite, nginx: Program, name: str) -> None:
    answer = nginx.ask(f"/static/css/{name}", Accept_Encoding="gzip, deflate, br")
    assert gzip.decompress(answer.body) == STYLE
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["cache-control"] == "max-age=315360000, public, immutable"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert nginx.ask(f"/static/css/{name}").body == STYLE
    assert site.asked(f"/static/css/{name}") == []


@pytest.mark.usefixtures("releases")
def test_a_file_without_a_digest_in_its_name_is_the_present_ones_for_an_hour(nginx: Program) -> None:
    answer = nginx.ask("/static/css/plain.css")
    assert (answer.body, answer.headers["cache-control"]) == (b"current", "max-age=3600, public")


@pytest.mark.usefixtures("releases")
def test_a_file_that_is_not_here_is_asked_for_elsewhere(site: FakeSite, nginx: Program) -> None:
    answer = nginx.ask("/static/css/ailleurs.css")
    assert answer.status == 200
    assert len(site.asked("/static/css/ailleurs.css")) == 1


@pytest.mark.usefixtures("releases")
@pytest.mark.parametrize("path", ["/static/../manage.py", "/static/%2e%2e/%2e%2e/manage.py", "/static/css/..%2f..%2fx"])
def test_nothing_beside_the_static_files_is_sent(site: FakeSite, nginx: Program, releases: Path, path: str) -> None:
    (releases / "current/manage.py").write_text("secret")
    (releases / "current/x").write_text("secret")
    assert b"secret" not in nginx.ask(path).body
