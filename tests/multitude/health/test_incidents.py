"""Since when something is wrong, written down by one process for all."""

from datetime import UTC, datetime, timedelta

import pytest

from multitude import health
from multitude.background import housekeeping
from multitude.health import Grade, State, incidents
from multitude.models import Incident

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Probe:
    """A probe that finds what a test says."""

    def __init__(self, name: str) -> None:
        self.grade = Grade.GOOD
        health.register(name, name, lambda: State(self.grade, f"{name} : {self.grade.name}"))


@pytest.fixture(autouse=True)
def _own_probes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_probes", {})
    monkeypatch.setattr(incidents, "_seen", {})
    monkeypatch.setattr(incidents, "_unwritten", [])
    monkeypatch.setattr(housekeeping, "claim", lambda name, seconds: True)


def look(monkeypatch: pytest.MonkeyPatch, minutes: int) -> None:
    monkeypatch.setattr(incidents.timezone, "now", lambda: NOW + timedelta(minutes=minutes))
    incidents.look()


def stored() -> list[tuple]:
    """Return the incidents: probe, grade, and the minutes at which they began and ended."""
    return [
        (
            incident.probe,
            incident.grade,
            round((incident.began_at - NOW).total_seconds() / 60),
            incident.ended_at and round((incident.ended_at - NOW).total_seconds() / 60),
        )
        for incident in Incident.objects.order_by("began_at", "pk")
    ]


def test_what_goes_wrong_is_an_incident_until_it_is_well(monkeypatch: pytest.MonkeyPatch) -> None:
    disk = Probe("disk")
    look(monkeypatch, 0)
    assert stored() == []
    disk.grade = Grade.WATCH
    for minute in (1, 2, 3):
        look(monkeypatch, minute)
    assert stored() == [("disk", 1, 1, None)]
    disk.grade = Grade.GOOD
    look(monkeypatch, 9)
    assert stored() == [("disk", 1, 1, 9)]


def test_what_grows_worse_is_another_incident(monkeypatch: pytest.MonkeyPatch) -> None:
    disk = Probe("disk")
    disk.grade = Grade.WATCH
    look(monkeypatch, 0)
    disk.grade = Grade.DOWN
    look(monkeypatch, 5)
    assert stored() == [("disk", 1, 0, 5), ("disk", 2, 5, None)]


def test_while_the_database_was_away_is_told_when_it_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    database = Probe("database")
    database.grade = Grade.DOWN
    with monkeypatch.context() as away:
        away.setattr(housekeeping, "claim", lambda name, seconds: pytest.fail("the database was asked"))
        for minute in (0, 1, 2):
            look(monkeypatch, minute)
    assert stored() == []
    database.grade = Grade.GOOD
    look(monkeypatch, 3)
    look(monkeypatch, 4)
    assert stored() == [("database", 2, 0, 3)]


def test_one_process_writes_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    Probe("disk").grade = Grade.WATCH
    monkeypatch.setattr(housekeeping, "claim", lambda name, seconds: False)
    look(monkeypatch, 0)
    assert stored() == []


def test_what_nobody_looks_at_any_more_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    Incident.objects.create(probe="autrefois", grade=1, sentence="…", began_at=NOW)
    look(monkeypatch, 7)
    assert stored() == [("autrefois", 1, 0, 7)]


def test_incidents_are_kept_for_thirty_days(monkeypatch: pytest.MonkeyPatch) -> None:
    for days in (29, 31):
        at = NOW - timedelta(days=days)
        Incident.objects.create(probe=f"{days}", grade=1, sentence="…", began_at=at, ended_at=at)
    look(monkeypatch, 0)
    assert [probe for probe, *_rest in stored()] == ["29"]


@pytest.mark.django_db(transaction=True)
def test_each_change_is_a_line_in_the_log(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    disk = Probe("disk")
    disk.grade = Grade.WATCH
    for minute in (0, 1):
        look(monkeypatch, minute)
    disk.grade = Grade.GOOD
    look(monkeypatch, 2)
    grades = [
        vars(record)["facts"]["grade"] for record in caplog.records if getattr(record, "act", "") == "health.change"
    ]
    assert grades == ["watch", "good"]
