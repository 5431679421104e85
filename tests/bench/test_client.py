"""The small client, against a server that says what it was asked."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bench import client, load
from bench.http import get, post
from bench.results import Broken


class Echo(BaseHTTPRequestHandler):
    """Answers the method and the path; `/nothing` without a body, `/broken` with an error."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = f"{self.command} {self.path}".encode()
        self.send_response({"/nothing": 204, "/broken": 500}.get(self.path, 200))
        if self.path != "/nothing":
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.path != "/nothing":
            self.wfile.write(body)

    do_POST = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Return the port of a server."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_one_answer_has_its_status_its_headers_and_its_body(port: int) -> None:
    answer = client.ask(port, post("/ici", b"a=1")).expect(200)
    assert (answer.body, answer.headers["content-length"]) == (b"POST /ici", "9")


def test_another_status_than_the_one_expected_breaks_the_measurement(port: int) -> None:
    with pytest.raises(Broken, match="500 au lieu de 200"):
        client.ask(port, get("/broken")).expect(200)


def test_every_request_is_sent_once_and_answered(port: int) -> None:
    sample = client.drive(port, [get("/a"), get("/nothing"), get("/broken")] * 5, connections=4, seconds=20)
    assert sample.statuses == {200: 5, 204: 5, 500: 5}


def test_the_load_ends_when_its_time_is_over(port: int) -> None:
    sample = load.run(port, [get("/a"), get("/b")], connections=2, seconds=0.2, wrk=False)
    assert sample.answers == sample.statuses[200] > 2
    assert sample.by == "client Python"


def test_a_load_with_errors_is_no_measurement(port: int) -> None:
    with pytest.raises(Broken, match="erreurs"):
        load.run(port, [get("/broken")], connections=2, seconds=0.1, wrk=False)


def test_a_crowd_asks_at_once_and_is_answered_whole(port: int) -> None:
    answers = client.burst(port, get("/a"), connections=20)
    assert [answer.body for answer in answers] == [b"GET /a"] * 20
