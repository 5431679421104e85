"""What Prometheus is told: the sum of what every process counted, at an address that the public does not reach."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from multitude import environment, health
from multitude.background import processes
from multitude.health import Grade, State
from multitude.sight import exposition, journal, metrics
from tests.factories import decide, make_comment
from tests.servers import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_numbers(monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(metrics, "rows", {})
    monkeypatch.setattr(metrics, "_counts", metrics._counts.__class__(int))
    monkeypatch.setattr(metrics, "_counters", [])


@pytest.fixture
def listening(settings: Settings) -> Iterator[HTTPConnection]:
    """Listen at a private address, and give a connection to it."""
    settings.METRICS_ADDRESS = ("127.0.0.1", free_port())
    exposition.listen_if_nobody_does()
    connection = HTTPConnection("127.0.0.1", settings.METRICS_ADDRESS[1], timeout=30)
    yield connection
    connection.close()
    exposition.leave()


def request(route: str, status: str, *places: int) -> None:
    """Count a request in each of some buckets."""
    for place in places:
        metrics.new_row(route, status)[place] += 1
        metrics.new_row(route, status)[-1] += 0.5


def told() -> dict[tuple[str, ...], float]:
    """Return every sample of what is told by its name and labels, as Prometheus reads it."""
    text = exposition.generate_latest(exposition._registry).decode()
    return {
        (sample.name, *(value for _name, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def left_by_another(tmp_path: Path, found: dict[str, Any], *, pid: int = 1, birth: str = "") -> Path:
    """Leave the numbers of another process; without its true birth it is one that has ended."""
    path = tmp_path / "metrics" / f"{socket.gethostname()}-{pid}-{birth or 'autrefois'}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(found))
    return path


OTHER = {
    "requests": [["articles:article", "200", [0.0] * 14 + [2.0, 9.0]]],
    "counts": [["acts", "login", 5]],
    "process": {"resident_memory_bytes": 7.0},
}


def test_requests_are_told_by_route_status_and_how_long_they_took() -> None:
    request("articles:article", "200 OK", 0, 0, 3)
    request("", "404 Not Found", 14)
    samples = told()
    assert samples["multitude_request_seconds_count", "articles:article", "200"] == 3
    assert samples["multitude_request_seconds_sum", "articles:article", "200"] == 1.5
    assert samples["multitude_request_seconds_bucket", "0.0005", "articles:article", "200"] == 2
    assert samples["multitude_request_seconds_bucket", "0.005", "articles:article", "200"] == 3
    assert samples["multitude_request_seconds_bucket", "10.0", "none", "404"] == 0
    assert samples["multitude_request_seconds_bucket", "+Inf", "none", "404"] == 1


@pytest.mark.django_db(transaction=True)
def test_acts_are_told() -> None:
    decide(make_comment(), "approve")
    journal.act("comment.spam", count=12)
    samples = told()
    assert samples["multitude_acts_total", "comment.submit"] == 1
    assert samples["multitude_acts_total", "comment.approve"] == 1
    assert samples["multitude_acts_total", "comment.spam"] == 12


def test_the_queue_is_told() -> None:
    make_comment()
    samples = told()
    assert samples["multitude_comments_waiting",] == 1
    assert 0 <= samples["multitude_comments_oldest_waiting_seconds",] < 600


def test_the_state_of_the_site_is_told() -> None:
    samples = told()
    assert samples["multitude_health", "database"] == 0
    assert samples["multitude_health_value", "disk", "bytes"] > 0


def test_what_several_processes_counted_is_one_sum(tmp_path: Path) -> None:
    request("articles:article", "200 OK", 0)
    left_by_another(tmp_path, OTHER, pid=1, birth=processes.began(1))
    samples = told()
    assert samples["multitude_request_seconds_count", "articles:article", "200"] == 3
    assert samples["multitude_acts_total", "login"] == 5
    assert samples["multitude_process_resident_memory_bytes", "1"] == 7


def test_a_counter_never_goes_back_when_a_process_ends(tmp_path: Path) -> None:
    path = left_by_another(tmp_path, OTHER)
    for _time in range(3):
        samples = told()
        assert samples["multitude_request_seconds_count", "articles:article", "200"] == 2
        assert ("multitude_process_resident_memory_bytes", "1") not in samples
    assert not path.exists()
    left_by_another(tmp_path, OTHER)
    assert told()["multitude_acts_total", "login"] == 10


def test_whoever_is_killed_while_adding_up_adds_nothing_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = left_by_another(tmp_path, OTHER)
    with monkeypatch.context() as killing:
        killing.setattr(Path, "unlink", killed)
        with pytest.raises(KeyboardInterrupt):
            told()
    assert path.exists()
    for _time in range(2):
        assert told()["multitude_acts_total", "login"] == 5
    assert not path.exists()


def killed(*args: object, **options: object) -> None:
    """End here."""
    raise KeyboardInterrupt


class Meanwhile:
    """What another thread does just before this one does something, once, unless it is made to wait for it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, act: Callable[[], object]) -> None:
        self._threads = [threading.Thread(target=act)]
        self._go_on = getattr(owner, name)
        self.other = self._threads[0]
        monkeypatch.setattr(owner, name, lambda *args: self(*args))

    def __call__(self, *args: Any) -> Any:
        """Give the other thread the time that it would need, then go on."""
        for thread in self._threads[:]:
            self._threads.clear()
            thread.start()
            thread.join(timeout=0.5)
        return self._go_on(*args)


def test_who_leaves_numbers_at_once_with_another_does_not_take_its_draft(monkeypatch: pytest.MonkeyPatch) -> None:
    meanwhile = Meanwhile(monkeypatch, Path, "replace", metrics.save)
    metrics.save()
    meanwhile.other.join()
    assert metrics.saved()[0]["requests"] == []


def test_who_asks_at_once_with_another_is_told_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left_by_another(tmp_path, OTHER)
    meanwhile = Meanwhile(monkeypatch, metrics, "_files", metrics.saved)
    assert metrics.saved()[0]["counts"] == OTHER["counts"]
    meanwhile.other.join()
    assert metrics.saved()[0]["counts"] == OTHER["counts"]


def test_what_cannot_be_read_is_passed_over(tmp_path: Path) -> None:
    left_by_another(tmp_path, {}).write_text("{")
    left_by_another(tmp_path, {}, pid=2).write_text("[]")
    assert told()["multitude_health", "database"] == 0


def test_numbers_of_the_database_are_left_out_while_it_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_probes", {})
    monkeypatch.setattr(metrics, "_gauges", {})
    metrics.gauge("essai", "Un essai.", lambda: pytest.fail("asked"))
    health.register("database", "base", lambda: State(Grade.DOWN, "Ne répond pas."))
    assert told()["multitude_health", "database"] == 2


@pytest.mark.django_db(transaction=True)
def test_the_private_address_answers_two_pages(listening: HTTPConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "_gauges", {})
    monkeypatch.setattr(health, "_probes", {})
    health.register("disk", "disque", lambda: State(Grade.WATCH, "Se remplit.", 5, "o"), public=True)
    answers = {}
    for path in ("/metrics", "/sante/", "/", "/admin/"):
        listening.request("GET", path)
        response = listening.getresponse()
        answers[path] = response.status, response.read().decode()
        listening.close()
    assert [status for status, _body in answers.values()] == [200, 200, 404, 404]
    assert 'multitude_health{probe="disk"} 1.0' in answers["/metrics"][1]
    assert json.loads(answers["/sante/"][1])["checks"]["disk"]["sentence"] == "Se remplit."


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:9108", 200),
        ("10.0.0.2", 200),
        ("[::1]:9108", 200),
        ("LocalHost:9108", 200),
        ("pirate.exemple:9108", 421),
        ("127.0.0.1.pirate.exemple", 421),
        ("localhost.pirate.exemple", 421),
        ("127.0.0.1@pirate.exemple", 421),
        ("[::1", 421),
        ("", 421),
        (None, 200),
    ],
)
def test_no_name_of_a_stranger_leads_to_the_numbers(
    listening: HTTPConnection, monkeypatch: pytest.MonkeyPatch, host: str | None, status: int
) -> None:
    monkeypatch.setattr(health, "_probes", {})
    listening.putrequest("GET", "/sante/", skip_host=True)
    if host is not None:
        listening.putheader("Host", host)
    listening.endheaders()
    response = listening.getresponse()
    is_told = b"checks" in response.read()
    assert (response.status, is_told) == (status, status == 200)


def test_another_process_takes_over_what_one_leaves(listening: HTTPConnection) -> None:
    first, exposition._server = exposition._server, None
    exposition.listen_if_nobody_does()
    assert exposition._server is None
    exposition._server = first
    exposition.leave()
    exposition.listen_if_nobody_does()
    assert exposition._server is not None


@pytest.mark.parametrize("path", ["/metrics", "/metrics/", "/sante/metrics"])
def test_the_public_reaches_no_numbers(client: Any, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", None),
        ("127.0.0.1:9108", ("127.0.0.1", 9108)),
        ("[::1]:9108", ("::1", 9108)),
        ("10.0.0.4:80", ("10.0.0.4", 80)),
    ],
)
def test_the_address_is_private(monkeypatch: pytest.MonkeyPatch, value: str, expected: tuple | None) -> None:
    monkeypatch.setenv("MULTITUDE_ESSAI", value)
    assert environment.private_address("MULTITUDE_ESSAI") == expected


@pytest.mark.parametrize(
    "value", ["0.0.0.0:9108", "8.8.8.8:9108", "[::]:9108", "9108", "127.0.0.1", "127.0.0.1:0", "localhost:9108"]
)
def test_another_address_stops_the_start(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("MULTITUDE_ESSAI", value)
    with pytest.raises(ImproperlyConfigured, match=r"127\.0\.0\.1:9108"):
        environment.private_address("MULTITUDE_ESSAI")
