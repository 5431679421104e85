"""Real processes of the site, on a free port and in a folder of their own: what tests of a running site stand on."""

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
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import psycopg

from bench import servers

ROOT = Path(__file__).resolve().parent.parent
IN_OUR_VENV = Path(sys.prefix) == ROOT / ".venv" and (ROOT / ".venv" / ".installe").exists()
COMMAND = ["make", "run"] if IN_OUR_VENV else [sys.executable, "manage.py", "serve"]


@dataclass
class Answer:
    """One answer: its status, its text, and its headers by lower-case names."""

    status: int
    text: str
    headers: dict[str, str]


class Visitor:
    """Somebody with cookies and one connection that stays open: every request reaches the same process."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=30)
        self._cookies = SimpleCookie()

    def ask(self, method: str, path: str, form: dict[str, str] | None = None, **headers: str) -> Answer:
        """Send one request, a form if one is given, and return the answer."""
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        return self._ask(method, path, None if form is None else urlencode(form).encode(), headers)

    def send_file(self, path: str, form: dict[str, str], name: str, content: bytes) -> Answer:
        """Send a form with a file in it, as a page of the admin does."""
        parts = [f'--fin\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}' for key, value in form.items()]
        head = f'--fin\r\nContent-Disposition: form-data; name="{name}"; filename="fichier.jpg"\r\n\r\n'
        body = "\r\n".join([*parts, head]).encode() + content + b"\r\n--fin--\r\n"
        origin = f"http://127.0.0.1:{self._connection.port}"
        headers = {"Content-Type": "multipart/form-data; boundary=fin", "Origin": origin}
        return self._ask("POST", path, body, headers)

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        if self._cookies:
            headers["Cookie"] = "; ".join(f"{name}={morsel.value}" for name, morsel in self._cookies.items())
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        for value in response.headers.get_all("Set-Cookie", []):
            self._cookies.load(value)
        return Answer(
            response.status, response.read().decode(), {name.lower(): value for name, value in response.headers.items()}
        )

    def post_form(self, path: str, form: dict[str, str]) -> Answer:
        """Open a page of the admin and send a form with the token that stands in it."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.ask("GET", path).text)
        assert token
        origin = f"http://127.0.0.1:{self._connection.port}"
        return self.ask("POST", path, form | {"csrfmiddlewaretoken": token[1]}, Origin=origin)

    def log_in(self, password: str) -> int:
        """Send the admin's login form; 302 says that the password was right."""
        form = {"username": "redaction", "password": password, "next": "/admin/"}
        return self.post_form("/admin/login/", form).status

    def leave(self) -> None:
        """Close the connection."""
        self._connection.close()


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

    @property
    def password(self) -> str:
        """The editor's password, which a first start prints."""
        found = re.search(r"Mot de passe\s:\s+(\S+)", self.output)
        assert found, self.output
        return found[1]

    @contextmanager
    def visitor(self) -> Iterator[Visitor]:
        """Give a visitor of its own connection."""
        visitor = Visitor(self.port)
        try:
            yield visitor
        finally:
            visitor.leave()

    def ask(self, method: str, path: str, form: dict[str, str] | None = None, **headers: str) -> Answer:
        """Send one request over a connection of its own."""
        with self.visitor() as visitor:
            return visitor.ask(method, path, form, **headers)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(**variables: str) -> dict[str, str]:
    """Return this process's environment without what would configure the site or an outer make."""
    outer = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
    return {name: value for name, value in servers.environment(variables).items() if name not in outer}


def new_address() -> str:
    """Return an address in a network that has read nothing yet: a shared Redis knows those of the last half hour."""
    return f"2001:db8:{secrets.randbits(16):x}:{secrets.randbits(16):x}::1"


def front_page_status(site: Site) -> int | None:
    """Return the front page's status, or None while nobody listens."""
    try:
        return site.ask("GET", "/").status
    except (OSError, HTTPException):
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


@contextmanager
def empty_stores() -> Iterator[dict[str, str]]:
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
