"""Tasks: enqueued with the act, and taken up from workers that died."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import LazySettings
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db import InterfaceError, OperationalError, transaction
from django_tasks_db.management.commands import db_worker as library
from django_tasks_db.models import DBTaskResult

from multitude.background import heartbeats, housekeeping, processes, tasks
from multitude.mail import outbox
from multitude.management.commands import db_worker
from multitude.models import Heartbeat

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
ELSEWHERE = "ailleurs.1.1"


@pytest.fixture(autouse=True)
def _with_a_worker(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave to a worker what waits, of which there is one kind."""
    settings.BACKGROUND = "worker"
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    monkeypatch.setattr(housekeeping, "works", {})
    # A test has one connection, and all of it is one transaction.
    for module in (library, db_worker):
        monkeypatch.setattr(module, "close_old_connections", lambda: None)
    monkeypatch.setattr(db_worker.connections, "close_all", lambda: None)


def work(*, waits: bool = True) -> list[int]:
    """Hand in a kind of work, and return what will have been done of it."""
    done: list[int] = []

    def act() -> int:
        done.append(1)
        return 1

    housekeeping.works["feathers"] = housekeeping.Work(act, lambda: waits)
    return done


def running(worker: str) -> DBTaskResult:
    """Return a task that a worker has in hand."""
    row = DBTaskResult.objects.get(pk=tasks.do.enqueue("feathers").id)
    row.claim(worker)
    return row


def status(row: DBTaskResult) -> str:
    """Return where a task stands once those of dead workers were taken up."""
    tasks.take_up()
    row.refresh_from_db()
    return row.status


def work_off() -> None:
    """Do the tasks that wait, as a worker does."""
    worker = db_worker.Worker(
        queue_names=["default"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=processes.this_one(),
        excluded_queue_names=[],
    )
    worker.run()


def test_what_is_asked_for_is_done_by_the_worker_and_by_nobody_else():
    done = work()
    housekeeping.soon("feathers")
    assert done == []
    work_off()

    assert done == [1]
    assert [row.status for row in DBTaskResult.objects.all()] == ["SUCCESSFUL"]


def test_what_many_asked_for_is_done_once():
    done = work()
    housekeeping.works["other"] = housekeeping.Work(lambda: 0, lambda: False)
    for name in ("feathers", "other", "feathers", "feathers"):
        housekeeping.soon(name)
    work_off()

    assert done == [1]
    assert [row.status for row in DBTaskResult.objects.all()] == ["SUCCESSFUL"] * 2


@pytest.mark.django_db(transaction=True)
def test_a_task_is_enqueued_in_the_transaction_of_the_act(settings: LazySettings):
    housekeeping.works[outbox.WORK] = housekeeping.Work(lambda: 0, lambda: False)
    with suppress(RuntimeError), transaction.atomic():
        outbox.Outbox().send_messages([EmailMessage("Avis", "Texte", to=["zoe@exemple.fr"])])
        assert DBTaskResult.objects.count() == 1
        raise RuntimeError

    assert not DBTaskResult.objects.exists()


def test_work_that_nobody_asked_for_is_found_and_asked_for_once():
    work()
    for _look in range(3):
        tasks.ask_for_what_waits()

    assert DBTaskResult.objects.count() == 1


def test_where_nothing_waits_nothing_is_enqueued():
    work(waits=False)
    tasks.ask_for_what_waits()

    assert not DBTaskResult.objects.exists()


# A worker that dies --------------------------------------------------------------------------


def test_what_a_worker_that_is_gone_had_in_hand_is_taken_up_at_once(monkeypatch: pytest.MonkeyPatch):
    row = running("parti")
    monkeypatch.setattr(processes, "is_gone", lambda name: name == "parti")

    assert status(row) == "READY"


def test_what_a_worker_that_lives_has_in_hand_is_left_to_it():
    assert status(running(processes.this_one())) == "RUNNING"


def test_a_worker_elsewhere_is_gone_a_minute_after_its_last_sign_of_life():
    with time_machine.travel(NOW, tick=False) as clock:
        row = running(ELSEWHERE)
        clock.shift(timedelta(seconds=50))
        heartbeats.beat(ELSEWHERE, heartbeats.Role.WORKER)
        clock.shift(timedelta(seconds=60))
        assert status(row) == "RUNNING"
        clock.shift(timedelta(seconds=1))

        assert status(row) == "READY"


def test_a_worker_outlives_a_database_that_is_away(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture):
    row = running(processes.this_one())
    failures = [OperationalError("partie"), OperationalError("partie"), None]

    def run(worker: library.Worker) -> None:
        if failure := failures.pop(0):
            raise failure

    monkeypatch.setattr(library.Worker, "run", run)
    monkeypatch.setattr(db_worker, "AWAY_SECONDS", 0)
    monkeypatch.setattr(db_worker.Watch, "look", lambda watch: None)
    monkeypatch.setattr(db_worker.Watch, "start", lambda watch: None)
    work_off()
    row.refresh_from_db()

    # What it had in hand then is done again.
    assert (failures, row.status) == ([], "READY")
    told = [record.levelname for record in caplog.records if record.name == db_worker.__name__]
    assert (told[0], told[-1]) == ("ERROR", "INFO")


@pytest.mark.parametrize("error", [OperationalError("partie"), InterfaceError("partie"), ValueError("faute")])
def test_what_fails_in_its_watch_ends_no_worker_and_is_told_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
):
    watch = db_worker.Watch("guetteur")

    def fail() -> None:
        raise error

    monkeypatch.setattr(tasks, "take_up", fail)
    for _look in range(3):
        watch.look()
    monkeypatch.undo()

    assert [record.levelname for record in caplog.records] == ["ERROR"]


# What is kept --------------------------------------------------------------------------------


def test_tasks_that_ended_are_forgotten_and_others_are_not():
    with time_machine.travel(NOW, tick=False) as clock:
        work()
        tasks.do.enqueue("feathers")
        work_off()
        running("quelqu’un")
        clock.shift(timedelta(days=3))
        tasks.forget_old()

    assert [row.status for row in DBTaskResult.objects.all()] == ["RUNNING"]


def test_of_the_workers_that_are_gone_the_last_is_remembered():
    with time_machine.travel(NOW, tick=False) as clock:
        for name in ("ancien", "dernier"):
            heartbeats.beat(name, heartbeats.Role.WORKER)
            clock.shift(timedelta(hours=1))
        heartbeats.beat("chores", heartbeats.Role.TIMER)
        clock.shift(timedelta(days=2))
        heartbeats.drop_old()

    assert set(Heartbeat.objects.values_list("name", flat=True)) == {"dernier", "chores"}


def test_where_web_processes_do_it_a_worker_says_so_and_ends(settings: LazySettings):
    settings.BACKGROUND = "web"
    with pytest.raises(CommandError, match="BACKGROUND=worker"):
        call_command("db_worker")
