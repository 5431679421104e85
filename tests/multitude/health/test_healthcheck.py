"""`/sante/`: 200 or 503, for whoever watches, and nothing that a stranger should not know."""

import json
import threading
from collections.abc import Iterator

import pytest
from django.test import Client

from multitude import health
from multitude.health import Grade, State, healthcheck
from multitude.health.healthcheck import HealthCheck

pytestmark = pytest.mark.django_db


@pytest.fixture
def probes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no probes but those of the test."""
    monkeypatch.setattr(health, "_probes", {})
    monkeypatch.setattr(health, "_lanes", {})


@pytest.fixture
def event() -> Iterator[threading.Event]:
    """Give something to wait for, which comes with the end of the test."""
    event = threading.Event()
    yield event
    event.set()


def register(name: str, grade: Grade, *, public: bool = True) -> None:
    health.register(name, name, lambda: State(grade, "Une phrase, 12 lettres.", 12), public=public, lane=name)


def ask(method: str = "GET", **environ: str) -> tuple[str, dict[str, str], bytes]:
    """Ask the layer alone: behind it there is nothing."""
    answer: list = []

    def start_response(status: str, headers: list[tuple[str, str]]) -> None:
        answer.extend([status, dict(headers)])

    layer = HealthCheck(lambda environ, start_response: pytest.fail("Django was asked"))
    body = b"".join(layer({"REQUEST_METHOD": method, "PATH_INFO": "/sante/"} | environ, start_response))
    return answer[0], answer[1], body


def test_it_answers_that_all_is_well(client: Client, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(6):
        response = client.get("/sante/")
    assert (response.status_code, response["Cache-Control"]) == (200, "no-store")
    assert response.json()["checks"]["database"] == "good"
    assert not response.cookies


def test_a_machine_that_asks_by_its_address_is_answered(probes: None) -> None:
    register("database", Grade.GOOD)
    status, headers, body = ask(HTTP_HOST="10.0.0.3")
    assert status == "200 OK"
    assert headers["Content-Type"] == "application/json"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert json.loads(body) == {"status": "good", "checks": {"database": "good"}}


def test_readers_that_are_affected_make_it_503(probes: None) -> None:
    register("database", Grade.DOWN)
    register("cache", Grade.WATCH)
    status, headers, body = ask()
    assert (status, headers["Retry-After"]) == ("503 Service Unavailable", "5")
    assert json.loads(body) == {"status": "down", "checks": {"database": "down", "cache": "watch"}}


def test_what_the_newsroom_must_look_at_leaves_it_at_200(probes: None) -> None:
    register("mail", Grade.WATCH)
    assert ask()[0] == "200 OK"


def test_strangers_learn_grades_alone(probes: None) -> None:
    register("disk", Grade.WATCH)
    register("backup", Grade.WATCH, public=False)
    body = ask()[2].decode()
    assert "phrase" not in body
    assert "12" not in body
    assert "backup" not in body


def test_the_private_address_tells_all_and_decides_the_same(probes: None) -> None:
    register("database", Grade.GOOD)
    register("backup", Grade.DOWN, public=False)
    status, body = healthcheck.report(public=False)
    assert status == 200
    assert json.loads(body)["checks"]["backup"]["sentence"] == "Une phrase, 12 lettres."


def test_head_has_no_body(probes: None) -> None:
    register("database", Grade.GOOD)
    status, headers, body = ask("HEAD")
    assert (status, body) == ("200 OK", b"")
    assert int(headers["Content-Length"]) > 0


def test_it_takes_nothing(client: Client) -> None:
    assert client.post("/sante/").status_code == 405


def test_a_database_that_hangs_makes_it_503_in_time(
    probes: None, in_a_worker: None, event: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "PATIENCE", 0.2)
    health.register(
        "database",
        "base",
        lambda: event.wait() and State(Grade.GOOD, ""),
        public=True,
        unanswered=Grade.DOWN,
    )
    assert ask()[0] == "503 Service Unavailable"
