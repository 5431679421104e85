"""`make run`, as a newcomer meets it."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import COMMAND, ROOT, Site, empty_stores, environment, free_port, new_address, running

pytestmark = pytest.mark.xdist_group("make run")


def assert_calm(output: str) -> None:
    """Fail if a start, some pages and Ctrl-C left anything to worry about."""
    assert not re.search("Traceback|ERROR|WARNING", output), output


def log_in(site: Site, password: str) -> int:
    """Log in as a new visitor; 302 says that the password was right."""
    with site.visitor() as visitor:
        return visitor.log_in(password)


def refused(**variables: str) -> str:
    """Start a site that cannot start, and return what it says beside make's own lines."""
    done = subprocess.run(
        COMMAND, cwd=ROOT, env=environment(**variables), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode != 0
    lines = (done.stdout + done.stderr).splitlines()
    return "\n".join(line for line in lines if line.strip() and not line.startswith("make"))


@pytest.fixture
def stores() -> Iterator[dict[str, str]]:
    """Give an empty database of the kind under test."""
    with empty_stores() as variables:
        yield variables


def test_the_first_start_makes_everything_and_the_second_keeps_it(tmp_path: Path, stores: dict[str, str]) -> None:
    variables = {"DATA_DIR": str(tmp_path / "data"), "PORT": str(free_port())} | stores
    article = "/articles/les-dirigeants-et-les-attentes-de-la-multitude/"

    with running(tmp_path / "first.log", variables) as first:
        assert f"http://127.0.0.1:{first.port}/" in first.output
        password = first.password
        assert len(password) >= 16
        assert first.output.count(password) == 1
        assert log_in(first, password) == 302
        assert log_in(first, "multitude") == 200
        front = first.ask("GET", "/").text
        assert first.ask("GET", article).status == 200
        stylesheet = re.search(r'href="(/static/[^"]+\.css)"', front)
        assert stylesheet
        assert first.ask("GET", stylesheet[1]).status == 200
    assert_calm(first.output)

    with running(tmp_path / "second.log", variables) as second:
        assert second.seconds < first.seconds / 2
        assert password not in second.output
        assert "changepassword redaction" in second.output
        assert log_in(second, password) == 302
        assert second.ask("GET", article).status == 200
        slugs = re.compile(r'href="(/articles/[^"]+/)"')
        assert set(slugs.findall(second.ask("GET", "/").text)) == set(slugs.findall(front))

        message = refused(**variables)
        assert message.count("\n") == 0
        assert f"Le port {second.port} est déjà pris" in message
    assert_calm(second.output)


def test_a_reading_is_not_lost_when_the_site_stops(tmp_path: Path, stores: dict[str, str]) -> None:
    variables = {"DATA_DIR": str(tmp_path / "data"), "PORT": str(free_port()), "TRUSTED_PROXIES": "127.0.0.1"} | stores
    ranking = "/classements/lus/?periode=toujours"
    readings = re.compile(r"(\d+) lectures?")

    with running(tmp_path / "first.log", variables) as site:
        before = sum(map(int, readings.findall(site.ask("GET", ranking).text.replace("\u202f", ""))))
        for number in range(1, 6):
            headers = {"Sec-Fetch-Site": "same-origin", "User-Agent": "Firefox", "X-Forwarded-For": new_address()}
            assert site.ask("POST", f"/vues/{number}/", **headers).status == 204
    with running(tmp_path / "second.log", variables) as site:
        after = sum(map(int, readings.findall(site.ask("GET", ranking).text.replace("\u202f", ""))))

    assert after == before + 5


def test_a_data_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    message = refused(DATA_DIR=str(tmp_path / "file" / "data"), PORT=str(free_port()))
    assert message.count("\n") == 0
    assert message.startswith("DATA_DIR")


def test_a_database_that_does_not_answer_is_one_sentence(tmp_path: Path) -> None:
    url = f"postgres://nobody@127.0.0.1:{free_port()}/nothing"
    message = refused(DATA_DIR=str(tmp_path), PORT=str(free_port()), DATABASE_URL=url)
    assert message.count("\n") == 0
    assert "La base de données ne répond pas" in message


def test_an_https_site_without_its_proxy_is_one_sentence(tmp_path: Path) -> None:
    message = refused(DATA_DIR=str(tmp_path), PORT=str(free_port()), SITE_URL="https://exemple.fr")
    assert message.count("\n") == 0
    assert "TRUSTED_PROXIES" in message


@pytest.mark.parametrize("port", ["http", "0", "70000"])
def test_a_wrong_port_is_one_sentence(tmp_path: Path, port: str) -> None:
    message = refused(DATA_DIR=str(tmp_path), PORT=port)
    assert message.count("\n") == 0
    assert message.startswith("PORT")
