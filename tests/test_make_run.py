"""`make run`, as a newcomer meets it: real processes, a free port, a folder of its own."""

import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import psycopg
import pytest

ROOT = Path(__file__).resolve().parent.parent
IN_OUR_VENV = Path(sys.prefix) == ROOT / ".venv" and (ROOT / ".venv" / ".installe").exists()
COMMAND = ["make", "run"] if IN_OUR_VENV else [sys.executable, "manage.py", "serve"]

pytestmark = pytest.mark.xdist_group("make run")


@dataclass
class Site:
    """A started site: where it listens, how long it took to answer, and the file that it prints to."""

    port: int
    seconds: float
    log: Path

    @property
    def output(self) -> str:
        """All that the process has printed."""
        return self.log.read_text()

    def request(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, str, SimpleCookie]:
        """Return the status, the text and the cookies of one answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            cookies = SimpleCookie()
            for value in response.headers.get_all("Set-Cookie", []):
                cookies.load(value)
            return response.status, response.read().decode(), cookies
        finally:
            connection.close()

    def log_in(self, password: str) -> int:
        """Send the admin's login form; 302 says that the password was right."""
        _, page, cookies = self.request("GET", "/admin/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token
        form = {"csrfmiddlewaretoken": token[1], "username": "redaction", "password": password, "next": "/admin/"}
        return self.request(
            "POST",
            "/admin/login/",
            urlencode(form),
            **{
                "Content-Type": "application/x-www-form-urlencoded",
                "Cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items()),
                "Origin": f"http://127.0.0.1:{self.port}",
            },
        )[0]


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(**variables: str) -> dict[str, str]:
    """Return this process's environment without what would configure the site or an outer make."""
    ours = ("ALLOWED_HOSTS", "CACHE_URL", "DATABASE_URL", "DEBUG", "DJANGO_SETTINGS_MODULE", "SECRET_KEY", "SITE_URL")
    make = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "WEB_WORKERS")
    return {name: value for name, value in os.environ.items() if name not in {*ours, *make}} | variables


def front_page_status(site: Site) -> int | None:
    """Return the front page's status, or None while nobody listens."""
    try:
        return site.request("GET", "/")[0]
    except OSError:
        return None


@contextmanager
def running(log: Path, variables: dict[str, str]) -> Iterator[Site]:
    """Start the site, wait for its front page, and press Ctrl-C at the end."""
    port = int(variables["PORT"])
    start = time.monotonic()
    with (
        log.open("w") as output,
        subprocess.Popen(
            COMMAND, cwd=ROOT, env=environment(**variables), stdout=output, stderr=output, start_new_session=True
        ) as process,
    ):
        site = Site(port, 0, log)
        try:
            while (status := front_page_status(site)) is None:
                assert process.poll() is None, site.output
                assert time.monotonic() - start < 120, site.output
                time.sleep(0.05)
            site.seconds = time.monotonic() - start
            assert status == 200, site.output
            yield site
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGINT)
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                raise


def assert_calm(output: str) -> None:
    """Fail if a start, some pages and Ctrl-C left anything to worry about."""
    assert not re.search("Traceback|ERROR|WARNING", output), output


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
    """Give an empty database of the kind under test: SQLite in DATA_DIR, or a PostgreSQL database of its own."""
    url = os.environ.get("DATABASE_URL", "")
    cache = {"CACHE_URL": os.environ["CACHE_URL"]} if os.environ.get("CACHE_URL") else {}
    if not url.startswith("postgres"):
        yield cache
        return
    name = f"multitude_run_{secrets.token_hex(4)}"
    with psycopg.connect(urlsplit(url)._replace(path="/postgres").geturl(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield cache | {"DATABASE_URL": urlsplit(url)._replace(path=f"/{name}").geturl()}
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_the_first_start_makes_everything_and_the_second_keeps_it(tmp_path: Path, stores: dict[str, str]) -> None:
    variables = {"DATA_DIR": str(tmp_path / "data"), "PORT": str(free_port())} | stores
    article = "/articles/les-dirigeants-et-les-attentes-de-la-multitude/"

    with running(tmp_path / "first.log", variables) as first:
        assert f"http://127.0.0.1:{first.port}/" in first.output
        passwords = re.findall(r"Mot de passe\s:\s+(\S+)", first.output)
        assert len(passwords) == 1
        assert len(passwords[0]) >= 16
        assert first.output.count(passwords[0]) == 1
        assert first.log_in(passwords[0]) == 302
        assert first.log_in("multitude") == 200
        front = first.request("GET", "/")[1]
        assert first.request("GET", article)[0] == 200
        stylesheet = re.search(r'href="(/static/[^"]+\.css)"', front)
        assert stylesheet
        assert first.request("GET", stylesheet[1])[0] == 200
    assert_calm(first.output)

    with running(tmp_path / "second.log", variables) as second:
        assert second.seconds < 5
        assert passwords[0] not in second.output
        assert "changepassword redaction" in second.output
        assert second.log_in(passwords[0]) == 302
        assert second.request("GET", article)[0] == 200
        slugs = re.compile(r'href="(/articles/[^"]+/)"')
        assert set(slugs.findall(second.request("GET", "/")[1])) == set(slugs.findall(front))

        message = refused(**variables)
        assert message.count("\n") == 0
        assert f"Le port {second.port} est déjà pris" in message
    assert_calm(second.output)


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
