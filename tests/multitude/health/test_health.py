"""The registry of probes: what is well, what is not, and an answer in time whatever hangs."""

import threading
from collections.abc import Iterator

import pytest
from django.db import OperationalError

from multitude import health
from multitude.health import Diagnosis, Grade, State

GOOD = State(Grade.GOOD, "Tout va bien.", 3, "s")


@pytest.fixture(autouse=True)
def _own_probes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_probes", {})
    monkeypatch.setattr(health, "_lanes", {})


@pytest.fixture
def hanging(in_a_worker: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Have a web process's probes waited for a moment; those that wait for the event end with the test."""
    monkeypatch.setattr(health, "PATIENCE", 0.3)
    event = threading.Event()
    yield event
    event.set()


def register(name: str, examine=lambda: GOOD, **options) -> None:
    health.register(name, name.capitalize(), examine, **options)


def found() -> dict[str, State]:
    return {diagnosis.probe.name: diagnosis.state for diagnosis in health.states()}


def raising(error: Exception):
    def fail() -> State:
        raise error

    return fail


def test_probes_are_told_in_the_order_in_which_they_were_registered() -> None:
    for name in ("database", "cache", "disk"):
        register(name)
    assert list(found()) == ["database", "cache", "disk"]
    assert found()["disk"] == GOOD


def test_strangers_are_told_of_public_probes_alone() -> None:
    register("database", public=True)
    register("backup")
    assert [diagnosis.probe.name for diagnosis in health.states(public=True)] == ["database"]


@pytest.mark.parametrize("error", [ValueError("une adresse@exemple.fr"), OperationalError("connection refused")])
@pytest.mark.parametrize("grade", [Grade.WATCH, Grade.DOWN])
def test_a_probe_that_fails_is_a_state_too(error: Exception, grade: Grade) -> None:
    register("disk", raising(error), unanswered=grade)
    state = found()["disk"]
    assert (state.grade, state.value) == (grade, None)
    assert "adresse@exemple.fr" not in state.sentence


def test_the_worst_grade_counts() -> None:
    register("cache", lambda: State(Grade.WATCH, "Le cache est lent."))
    register("database")
    assert health.worst(health.states()) is Grade.WATCH
    assert health.worst([]) is Grade.GOOD


def test_a_probe_that_hangs_holds_up_nobody(hanging: threading.Event) -> None:
    register("database", lambda: hanging.wait() and GOOD, unanswered=Grade.DOWN)
    register("cache", lane="cache")
    states = found()
    assert (states["database"].grade, states["cache"]) == (Grade.DOWN, GOOD)
    assert "Ne répond pas depuis" in states["database"].sentence


def test_what_hangs_is_waited_for_once(hanging: threading.Event, monkeypatch: pytest.MonkeyPatch) -> None:
    register("database", lambda: hanging.wait() and GOOD, unanswered=Grade.DOWN)
    found()
    monkeypatch.setattr(health, "FRESH", 0)
    threads = threading.active_count()
    for _time in range(200):
        assert found()["database"].grade is Grade.DOWN
    assert threading.active_count() == threads


def test_what_hung_is_well_again_when_it_answers(hanging: threading.Event, monkeypatch: pytest.MonkeyPatch) -> None:
    register("database", lambda: hanging.wait() and GOOD, unanswered=Grade.DOWN)
    found()
    hanging.set()
    monkeypatch.setattr(health, "PATIENCE", 30)
    assert found()["database"] == GOOD


def test_a_slow_probe_of_the_newsroom_is_not_waited_for_by_a_public_one(hanging: threading.Event) -> None:
    register("archives", lambda: hanging.wait() and GOOD)
    register("database", public=True, unanswered=Grade.DOWN)
    assert found()["database"] == GOOD


def test_what_waits_behind_a_hanging_probe_says_behind_which(hanging: threading.Event) -> None:
    register("database", lambda: hanging.wait() and GOOD)
    register("mail")
    assert found()["mail"] == State(Grade.WATCH, "Inconnu tant que «\u00a0Database\u00a0» ne répond pas.")


def test_who_asks_often_never_waits(hanging: threading.Event, monkeypatch: pytest.MonkeyPatch) -> None:
    answers, asked_again = [GOOD], threading.Event()

    def answer() -> State:
        if answers:
            return answers.pop()
        asked_again.set()
        hanging.wait()
        return GOOD

    register("database", answer, unanswered=Grade.DOWN)
    assert found()["database"] == GOOD
    monkeypatch.setattr(health, "FRESH", 0)
    monkeypatch.setattr(health, "PATIENCE", 60)
    # Asked again, it hangs: what was found a moment ago is told until that is too long ago to be true.
    assert found()["database"] == GOOD
    assert asked_again.wait(60)
    monkeypatch.setattr(health, "PATIENCE", 0)
    assert found()["database"].grade is Grade.DOWN


def test_an_answer_is_good_for_all_who_ask_within_a_second(in_a_worker: None) -> None:
    asked: list[int] = []

    def count() -> State:
        asked.append(1)
        return GOOD

    register("database", count)
    results: list[list[Diagnosis]] = [health.states() for _time in range(20)]
    assert all(diagnoses[0].state == GOOD for diagnoses in results)
    assert len(asked) < 20
