"""Each request: a name, a line in the log, a number for Prometheus; and what none of them holds."""

import json
import logging
import re
import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from pytest_django import Settings

from multitude import clients, environment
from multitude.pagecache import PageCache
from multitude.pagekeys import CACHE, ROUTE
from multitude.sight import journal, loglines, metrics
from multitude.sight.observing import Observed


class Site:
    """An application under observation, that answers as it is told, and the lines that it leaves."""

    def __init__(self, log: str = "all") -> None:
        self.status = "200 OK"
        self.notes: dict[str, str] = {}
        self.error: Exception | None = None
        self.writer = loglines.Writer(as_json=True)
        self.observed = Observed(self._answer, log=log, writer=self.writer)
        self.name = ""

    def _answer(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        self.name = journal.request_id()
        environ |= self.notes
        if self.error:
            raise self.error
        start_response(self.status, [("Content-Type", "text/plain")])
        return [b"corps"]

    def ask(self, path: str = "/", method: str = "GET", **environ: str) -> dict[str, str]:
        """Send a request, and return the headers of the answer."""
        headers: list = []
        scope = {"REQUEST_METHOD": method, "PATH_INFO": path, "REMOTE_ADDR": "203.0.113.77"} | environ
        self.observed(scope, lambda status, told, *exc_info: headers.extend(told))
        return dict(headers)

    def lines(self) -> list[dict[str, Any]]:
        """Return the lines that wait to be written."""
        lines = [json.loads(loglines.json_line(request)) for request in self.writer._waiting]
        self.writer._waiting.clear()
        return lines


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture(autouse=True)
def _own_numbers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    rows: dict = {}
    monkeypatch.setattr(metrics, "rows", rows)
    monkeypatch.setattr("multitude.sight.observing.rows_get", rows.get)
    clients.is_trusted.cache_clear()
    yield
    clients.is_trusted.cache_clear()


def test_a_page_from_memory_has_a_line(site: Site) -> None:
    site.notes = {ROUTE: "articles:article", CACHE: "hit"}
    site.ask("/articles/un/")
    [line] = site.lines()
    assert line.pop("ms") >= 0
    assert line.pop("time").endswith("Z")
    assert line == {
        "level": "info",
        "event": "request",
        "request": site.name,
        "method": "GET",
        "route": "articles:article",
        "path": "/articles/un/",
        "status": 200,
        "cache": "hit",
        "client": "203.0.113.0",
    }


def test_the_path_of_a_page_that_is_not_public_stays_out(site: Site) -> None:
    site.notes = {ROUTE: "comments:follow_up"}
    site.ask("/commentaires/clef-secrete/", QUERY_STRING="q=secret")
    [line] = site.lines()
    assert line["route"] == "comments:follow_up"
    assert "secret" not in str(line)


def test_an_address_where_there_is_nothing_stays_out(site: Site) -> None:
    site.notes, site.status = {ROUTE: "articles:article", CACHE: "miss"}, "404 Not Found"
    site.ask("/articles/jean@exemple.fr/")
    [line] = site.lines()
    assert (line["status"], "path" in line) == (404, False)


def test_a_path_with_odd_letters_is_one_line_of_json(site: Site) -> None:
    site.notes = {ROUTE: "r", CACHE: "hit"}
    site.ask('/articles/\u00c3\u00a9"\n\x00/')
    [line] = site.lines()
    assert line["path"] == '/articles/é"\ufffd\ufffd/'


@pytest.mark.parametrize(
    ("log", "notes", "number"),
    [
        ("all", {CACHE: "hit"}, 1),
        ("made", {CACHE: "hit"}, 0),
        ("made", {CACHE: "miss"}, 1),
        ("made", {ROUTE: "health"}, 0),
        ("made", {ROUTE: "admin:index"}, 1),
        ("none", {ROUTE: "admin:index"}, 0),
    ],
)
def test_what_is_served_from_memory_may_be_left_to_the_log_in_front(log: str, notes: dict, number: int) -> None:
    site = Site(log)
    site.notes = notes
    site.ask()
    assert len(site.lines()) == number


def test_a_method_that_is_made_up_is_no_word_of_the_log(site: Site) -> None:
    site.ask(method='X"SECRET')
    assert site.lines()[0]["method"] == "OTHER"


def test_each_request_has_a_name_of_its_own(site: Site) -> None:
    names = set()
    for _number in range(100):
        site.ask()
        names.add(site.name)
    assert len(names) == 100


@pytest.mark.parametrize(
    ("peer", "sent", "is_taken"),
    [
        ("10.0.0.1", "4f2a9c30-aa.b_1", True),
        ("203.0.113.9", "4f2a9c30-aa.b_1", False),
        ("10.0.0.1", "court", False),
        ("10.0.0.1", 'avec"guillemet-----', False),
        ("10.0.0.1", "x" * 65, False),
        ("10.0.0.1", "avec\nretour-------", False),
    ],
)
def test_a_trusted_proxy_names_the_request_in_letters_that_a_log_can_hold(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, peer: str, sent: str, is_taken: bool
) -> None:
    monkeypatch.setenv("MULTITUDE_ESSAI", "10.0.0.0/8")
    settings.TRUSTED_PROXIES = environment.networks("MULTITUDE_ESSAI")
    site = Site()
    site.ask(REMOTE_ADDR=peer, HTTP_X_REQUEST_ID=sent)
    assert (site.name == sent) is is_taken


def test_nobody_names_a_request_where_no_proxy_is_trusted(site: Site) -> None:
    site.ask(HTTP_X_REQUEST_ID="4f2a9c30-aaaa")
    assert site.name != "4f2a9c30-aaaa"


@pytest.mark.parametrize(
    ("status", "notes", "is_told"),
    [
        ("500 Internal Server Error", {}, True),
        ("503 Service Unavailable", {CACHE: "miss"}, True),
        ("403 Forbidden", {}, True),
        ("404 Not Found", {CACHE: "miss"}, False),
        ("200 OK", {}, False),
    ],
)
def test_an_error_says_its_name_where_no_cache_keeps_it(site: Site, status: str, notes: dict, is_told: bool) -> None:
    site.status, site.notes = status, notes
    assert site.ask().get("X-Request-ID", "") == (site.name if is_told else "")


def test_requests_are_counted_by_route_and_status(site: Site) -> None:
    site.notes = {ROUTE: "articles:front_page"}
    for _number in range(3):
        site.ask()
    site.status = "404 Not Found"
    site.ask("/static/css/rien.css")
    counted = {(route, status): sum(row[:-1]) for route, status, row in metrics.numbers()["requests"]}
    assert counted == {("articles:front_page", "200"): 3, ("articles:front_page", "404"): 1}


def test_static_files_are_one_route(site: Site) -> None:
    site.ask("/static/css/base.css")
    assert site.lines()[0]["route"] == "static"


def test_a_fault_is_counted_and_goes_on_to_the_server(site: Site) -> None:
    site.error = ValueError("une faute")
    with pytest.raises(ValueError, match="une faute"):
        site.ask()
    assert site.lines()[0]["status"] == 500


def test_lines_are_written_whole(site: Site, capsys: pytest.CaptureFixture) -> None:
    for number in range(200):
        site.notes = {ROUTE: "articles:article", CACHE: "hit"}
        site.ask(f"/articles/{number}/")
    site.writer.write_all()
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["path"] for line in lines] == [f"/articles/{number}/" for number in range(200)]


def test_a_process_that_ends_writes_what_waits(site: Site, capsys: pytest.CaptureFixture) -> None:
    site.writer.start()
    site.ask()
    site.writer.finish()
    assert capsys.readouterr().err.count("\n") == 1


def test_a_page_from_memory_is_told_and_counted_by_the_page_cache(site: Site) -> None:
    def django(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Cache-Control", "public, s-maxage=60")])
        return [b"corps"]

    cache = PageCache(django, megabytes=8, tell_hit=site.writer.put_hit)
    scope = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "HTTP_HOST": "127.0.0.1", "wsgi.url_scheme": "http"}
    for _time in range(3):
        cache(scope | {"REMOTE_ADDR": "203.0.113.77", "QUERY_STRING": "q=secret"}, lambda status, headers: None)
    lines = [json.loads(line) for line in site.writer.lines()]
    assert len({line.pop("request") for line in lines}) == 2
    assert lines[0].pop("time").endswith("Z")
    assert lines[0] == {
        "level": "info",
        "event": "request",
        "method": "GET",
        "route": "articles:front_page",
        "path": "/",
        "status": 200,
        "cache": "hit",
        "client": "203.0.113.0",
    }
    assert [row[0] for route, _status, row in metrics.numbers()["requests"] if route == "articles:front_page"] == [2]


def test_a_terminal_gets_words() -> None:
    request = (0.0, 10, "GET", "articles:article", "/articles/un/", "200 OK", 0.00042, "hit", "203.0.113.77", "")
    words = loglines.word_line(request).split()
    assert words[1:7] == ["200", "GET", "/articles/un/", "0.4", "ms", "hit"]
    assert words[7] == "203.0.113.0"
    hit = (0.0, loglines.page_words("articles:article", "/articles/un/", "200 OK"), "GET", "203.0.113.77", "")
    assert loglines.word_hit_line(hit, 0.0).split()[1:6] == ["200", "GET", "/articles/un/", "hit", "203.0.113.0"]


def test_lines_that_nobody_takes_are_counted(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loglines, "_MOST_WAITING", 3)
    writer = loglines.Writer(as_json=True)
    for _number in range(5):
        writer.put_hit((0.0, '"route":"x","status":200,', "GET", "127.0.0.1", ""))
    assert writer.counted() == {("log_lines_lost", ""): 2}

    def hang_up(text: str) -> int:
        raise BrokenPipeError

    monkeypatch.setattr("sys.stderr", SimpleNamespace(write=hang_up))
    writer.write_all()
    assert writer.lost == 5


ODD = "avant\r\n\x1b[2J\x9b31m\u2028\u202e\ud800 apr\u00e8s"


@pytest.mark.parametrize("formatter", [loglines.Json(), loglines.Line()])
@pytest.mark.parametrize("extra", [{}, {"act": "essai", "facts": {"name": ODD}}])
def test_nothing_that_was_typed_ends_a_line_or_speaks_to_a_terminal(
    formatter: logging.Formatter, extra: dict[str, object]
) -> None:
    record = logging.makeLogRecord({"name": "essai", "levelname": "ERROR", "msg": "Dit : %s", "args": (ODD,)} | extra)
    try:
        raise ValueError(ODD)
    except ValueError:
        record.exc_info = sys.exc_info()
    text = formatter.format(record)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e\ud800]", text)
    assert "apr\u00e8s" in text
    if isinstance(formatter, loglines.Json):
        assert "\n" not in text
        told = json.loads(text)
        assert ODD in (told["name"] if extra else told["message"])
    else:
        assert len([line for line in text.splitlines() if not line.startswith("  ")]) == 2
