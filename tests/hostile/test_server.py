"""The real server, spoken to in octets: requests that say two things at once, and connections that never come to an end."""

import re
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress

import pytest

from tests.frontcaches import programs
from tests.servers import Site, free_port, running

pytestmark = [pytest.mark.any_database, pytest.mark.xdist_group("hostile server")]

ESSAY = "/articles/les-dirigeants-et-les-attentes-de-la-multitude/"
SUBMIT = f"{ESSAY}commentaires/"
HIDDEN = "GET /charte/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
CHUNKED = f"{len(HIDDEN):x}\r\n{HIDDEN}\r\n0\r\n\r\n"
SLOW = 40


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Return a site that is served as it is for real."""
    folder = tmp_path_factory.mktemp("site")
    variables = {"DATA_DIR": str(folder / "data"), "PORT": str(free_port()), "COMMENT_RATE": "off"}
    with running(folder / "log", variables) as found:
        yield found
        assert not re.search('panicked|Internal Server Error|Traceback|"traceback"', found.output)


@pytest.fixture(scope="module")
def ports(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, int]]:
    """Return where the site is reached: directly, and through nginx."""
    with programs.nginx(tmp_path_factory.mktemp("nginx"), site.port) as nginx:
        yield {"granian": site.port, "nginx": nginx.port}


def said(port: int, octets: bytes, seconds: float = 20) -> bytes:
    """Send octets on one connection and return all that comes back until it is closed, or until nothing comes for so long."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.settimeout(seconds)
        found = b""
        with suppress(ConnectionResetError, BrokenPipeError, TimeoutError):
            connection.sendall(octets)
            while chunk := connection.recv(65_536):
                found += chunk
        return found


def statuses(answer: bytes) -> list[int]:
    """Return the status of each answer on a connection."""
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3})", answer)]


def request(*headers: str, line: str = f"POST {SUBMIT} HTTP/1.1", body: str = "") -> bytes:
    """Return a request with headers as they are written, in Latin-1."""
    return ("\r\n".join([line, "Host: 127.0.0.1", *headers, "", ""]) + body).encode("latin-1")


TWO_MEANINGS = {
    "a length and chunks": request(f"Content-Length: {len(CHUNKED)}", "Transfer-Encoding: chunked", body=CHUNKED),
    "chunks and a length": request("Transfer-Encoding: chunked", "Content-Length: 4", body=CHUNKED),
    "two lengths": request("Content-Length: 0", f"Content-Length: {len(HIDDEN)}", body=HIDDEN),
    "a list of lengths": request(f"Content-Length: 0, {len(HIDDEN)}", body=HIDDEN),
    "a length with a sign": request(f"Content-Length: +{len(HIDDEN)}", body=HIDDEN),
    "a length that is none": request("Content-Length: 0x10", body=HIDDEN),
    "a space before the colon": request(f"Content-Length : {len(HIDDEN)}", body=HIDDEN),
    "chunks behind a space": request("Transfer-Encoding : chunked", body=CHUNKED),
    "a folded line": request("X-A: b", " Transfer-Encoding: chunked", body=CHUNKED),
    "two codings": request("Transfer-Encoding: chunked, identity", body=CHUNKED),
    "an unknown coding": request("Transfer-Encoding: xchunked", body=CHUNKED),
    "a coding in quotes": request('Transfer-Encoding: "chunked"', body=CHUNKED),
    "a coding behind a tab": request("Transfer-Encoding:\x0bchunked", body=CHUNKED),
    "a chunk without end": request("Transfer-Encoding: chunked", body=f"FFFFFFFFFFFFFFFFF\r\n{HIDDEN}"),
    "a chunk of no number": request("Transfer-Encoding: chunked", body=f"x\r\n{HIDDEN}0\r\n\r\n"),
    "a bare line feed": f"POST {SUBMIT} HTTP/1.1\nHost: 127.0.0.1\nContent-Length: {len(HIDDEN)}\n\n{HIDDEN}".encode(),
    "a bare return": f"GET / HTTP/1.1\rHost: 127.0.0.1\r\r{HIDDEN}".encode(),
    "a NUL in a header": request("X-A: \0", line="GET / HTTP/1.1"),
    "two hosts": request("Host: pirate.exemple", line="GET / HTTP/1.1"),
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "a whole address": request(line="GET http://pirate.exemple/ HTTP/1.1"),
    "an old version": request(line="GET / HTTP/0.9"),
    "a version to come": request(line="GET / HTTP/9.9"),
    "no version": b"GET /\r\n\r\n",
    "a tunnel": request(line="CONNECT pirate.exemple:443 HTTP/1.1"),
    "an upgrade": request(
        "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: A", line="GET / HTTP/1.1"
    ),
    "the other protocol": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a body where none is": request(f"Content-Length: {len(HIDDEN)}", line="GET / HTTP/1.1", body=HIDDEN),
    "parameters of two kinds": request("Content-Type: text/plain; x*1*=a; x*=b'c", line="GET /admin/login/ HTTP/1.1"),
    "many headers": request(*(f"X-{number}: a" for number in range(500)), line="GET / HTTP/1.1"),
    "a long header": request("X-A: " + "b" * 500_000, line="GET / HTTP/1.1"),
    "a long address": request(line=f"GET /{'a' * 200_000} HTTP/1.1"),
    "octets in the address": b"GET /\xff\xfe\x80 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "an address overlong": request(line="GET /%c0%ae%c0%ae/%00/%ED%A0%80/%2e%2e/ HTTP/1.1"),
    "up and up": request(line="GET /static/../../multitude/settings.py HTTP/1.1"),
    "up and up, encoded": request(line="GET /static/..%2f..%5c..%252fdata/secret HTTP/1.1"),
    "nothing at all": b"\r\n\r\n\r\n",
    "noise": bytes(range(256)) * 4,
    "another protocol": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(100),
}


LAST = request("Connection: close", line="GET /robots.txt HTTP/1.1")


@pytest.mark.parametrize("way", ["granian", "nginx"])
def test_a_request_of_two_meanings_is_answered_once(ports: dict[str, int], way: str, subtests: pytest.Subtests) -> None:
    for name, octets in TWO_MEANINGS.items():
        with subtests.test(name=name):
            # A server that waits for the rest of a body may take what follows for it.
            answer = said(ports[way], octets + LAST, seconds=0.3)
            found = statuses(answer)
            assert len(found) <= 2, answer[:2_000]
            assert all(status < 500 or status in {501, 505} for status in found), answer[:300]
            # What is hidden in a body is never taken for a request of its own.
            assert not re.search(rb"<title>Charte", answer)
            assert b"SECRET_KEY" not in answer


@pytest.mark.parametrize("way", ["granian", "nginx"])
def test_nothing_of_one_connection_reaches_the_next(ports: dict[str, int], way: str) -> None:
    for octets in TWO_MEANINGS.values():
        with socket.create_connection(("127.0.0.1", ports[way])) as connection, suppress(OSError):
            connection.sendall(octets)
            answer = said(ports[way], LAST)
        assert statuses(answer) == [200]
        assert b"User-agent" in answer


@contextmanager
def held(port: int, octets: bytes, *, small: bool = False) -> Iterator[None]:
    """Hold connections open that have said so much and say no more, and read nothing."""
    with ExitStack() as stack:
        for _ in range(SLOW):
            connection = stack.enter_context(socket.socket())
            if small:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
            connection.connect(("127.0.0.1", port))
            connection.sendall(octets)
        yield


SLOWNESS = {
    "a head that does not end": request("X-A: b", line="GET / HTTP/1.1")[:-2],
    "a body that does not end": request(
        "Content-Length: 500", "Content-Type: application/x-www-form-urlencoded", body="a"
    ),
    "a login that does not end": request("Content-Length: 500", line="POST /admin/login/ HTTP/1.1", body="username="),
    "chunks that do not end": request("Transfer-Encoding: chunked", body="5\r\na"),
    "answers that nobody reads": request(line=f"GET {ESSAY} HTTP/1.1") * 40,
}


@pytest.mark.parametrize("way", ["granian", "nginx"])
@pytest.mark.parametrize("name", SLOWNESS)
def test_others_are_answered_while_somebody_is_slow(ports: dict[str, int], way: str, name: str) -> None:
    with held(ports[way], SLOWNESS[name], small=name.startswith("answers")):
        for path in ("/", f"/recherche/?q={way}{len(name)}", "/admin/login/", "/static/css/rien.css"):
            answer = said(ports[way], request("Connection: close", line=f"GET {path} HTTP/1.1"))
            assert statuses(answer) in ([200], [404]), (path, answer[:200])


@pytest.mark.parametrize("name", ["a body that does not end", "chunks that do not end"])
def test_behind_nginx_a_comment_is_taken_all_the_same(ports: dict[str, int], name: str) -> None:
    form = f"author_name=Jeanne&author_email=j%40exemple.fr&body=Un+avis+{len(name)}"
    headers = ("Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(form)}", "Connection: close")
    with held(ports["nginx"], SLOWNESS[name]):
        assert statuses(said(ports["nginx"], request(*headers, body=form))) == [303]


def test_half_a_form_is_dropped_with_its_connection(site: Site) -> None:
    form = "author_name=Jeanne&author_email=j%40exemple.fr&body=Un+avis+%C3%A0+moiti%C3%A9"
    cut = request("Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(form) + 9}", body=form)
    said(site.port, cut, seconds=0.3)
    database = site.log.parent / "data" / "multitude.sqlite3"
    with closing(sqlite3.connect(database)) as connection:
        found = connection.execute("SELECT COUNT(*) FROM comments_comment WHERE body LIKE 'Un avis à moitié%'")
        assert found.fetchone() == (0,)
