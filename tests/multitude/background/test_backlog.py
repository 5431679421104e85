"""What the page of the site's state says of mail, of the worker and of the timer."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import LazySettings
from django.core.mail import send_mail

from multitude import backlog, delivery, health, heartbeats, tasks
from multitude.health import Grade, State
from multitude.heartbeats import Role
from tests.mailserver import MailServer

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Stop the clock."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def with_a_worker(settings: LazySettings) -> None:
    """Charge a worker and a timer."""
    settings.BACKGROUND = "worker"
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def test_a_mail_that_waits_too_long_is_told_and_nobody_is_named(server: MailServer, clock: time_machine.Traveller):
    assert backlog.mail().grade is Grade.GOOD
    send_mail("Avis", "Texte", None, ["zoe@exemple.fr"])
    clock.shift(timedelta(minutes=15))
    assert backlog.mail().grade is Grade.GOOD
    clock.shift(timedelta(minutes=8))
    state = backlog.mail()

    assert (state.grade, state.value, state.unit) == (Grade.WATCH, 23 * 60, "s")
    assert "depuis 23\u00a0min" in state.sentence
    assert "zoe" not in state.sentence


def test_mails_that_are_parked_are_told(server: MailServer):
    assert backlog.parked().grade is Grade.GOOD
    server.answers["RCPT"] = "550 non"
    for name in ("zoe", "bob"):
        send_mail("Avis", "Texte", None, [f"{name}@exemple.fr"])
    delivery.deliver()

    assert (backlog.parked().grade, backlog.parked().value) == (Grade.WATCH, 2)
    assert backlog.mail().grade is Grade.GOOD


@pytest.mark.parametrize(
    ("role", "examine", "late"), [(Role.WORKER, backlog.worker, 1), (Role.TIMER, backlog.chores, 5)]
)
def test_who_is_charged_and_is_not_at_work_is_told(
    with_a_worker: None, clock: time_machine.Traveller, role: Role, examine: Callable[[], State], late: int
):
    assert examine().grade is Grade.WATCH
    heartbeats.beat("quelqu’un", role)
    clock.shift(timedelta(minutes=late))
    assert examine().grade is Grade.GOOD
    clock.shift(timedelta(minutes=12))

    assert examine().grade is Grade.WATCH
    assert f"depuis {12 + late}\u00a0min" in examine().sentence


def test_where_web_processes_are_charged_nobody_is_missed():
    assert {backlog.worker().grade, backlog.chores().grade, backlog.tasks().grade} == {Grade.GOOD}


def test_a_task_that_no_worker_takes_is_told(with_a_worker: None, clock: time_machine.Traveller):
    tasks.do.enqueue("mail")
    assert backlog.tasks().grade is Grade.GOOD
    clock.shift(timedelta(minutes=11))

    assert (backlog.tasks().grade, backlog.tasks().value) == (Grade.WATCH, 11 * 60)


def test_all_of_it_is_looked_at():
    found = {diagnosis.probe.name for diagnosis in health.states()}

    assert {"mail", "mail_parked", "worker", "chores", "tasks"} <= found
