"""A worker on the test's own database: what it has in hand when it is killed is taken up by the next."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.mail import send_mail
from django_tasks_db.models import DBTaskResult

from multitude.background import heartbeats
from multitude.models import Heartbeat, OutgoingMail
from tests.mailserver import HANG, MailServer
from tests.waiting import PATIENCE, until
from tests.workers import database_url, workers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _with_a_worker(settings: LazySettings) -> None:
    """Leave to a worker what waits."""
    settings.BACKGROUND = "worker"
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """Return the file that workers print to; none of them fails."""
    path = tmp_path / "log"
    yield path
    assert not re.search("Traceback", path.read_text()), path.read_text()


@pytest.fixture
def variables(server: MailServer, tmp_path: Path) -> dict[str, str]:
    """Return what workers read from the environment."""
    return {"DATABASE_URL": database_url(), "EMAIL_URL": server.url, "DATA_DIR": str(tmp_path)}


def write(name: str = "zoe") -> OutgoingMail:
    """Write a mail to somebody."""
    send_mail("Avis", "Un texte.", None, [f"{name}@exemple.fr"])
    return OutgoingMail.objects.latest("pk")


def statuses() -> set[str]:
    """Return where the mails stand."""
    return set(OutgoingMail.objects.values_list("status", flat=True))


def test_a_worker_that_is_killed_while_it_sends_loses_no_mail_and_no_task(
    server: MailServer, log: Path, variables: dict[str, str]
):
    server.answers["TAKEN"] = HANG
    server.tell_of("TAKEN")
    mail = write()
    with workers(log, 1, variables) as [worker]:
        assert server.reached.acquire(timeout=PATIENCE)
        worker.kill()
    assert (statuses(), DBTaskResult.objects.get().status) == ({"sending"}, "RUNNING")
    server.answers.clear()
    with workers(log, 1, variables) as [worker]:
        until(lambda: statuses() == {"sent"} and not DBTaskResult.objects.exclude(status="SUCCESSFUL").exists())
        assert heartbeats.last_seen(heartbeats.Role.WORKER)
    mail.refresh_from_db()

    # The first server that hung had it already, which nobody could know: both are the same to whoever compares.
    assert mail.is_doubtful
    assert [received.message_id for received in server.received] == [mail.message_id] * 2


def test_two_workers_send_each_mail_once_and_stop_in_good_order(
    server: MailServer, log: Path, variables: dict[str, str]
):
    server.delay = 0.01
    names = [f"lectrice{number}" for number in range(30)]
    with workers(log, 2, variables) as both:
        until(lambda: Heartbeat.objects.count() == 2)
        for name in names:
            write(name)
        until(lambda: statuses() == {"sent"})
        assert [worker.stop() for worker in both] == [0, 0]

    assert sorted(received.recipients[0] for received in server.received) == sorted(
        f"{name}@exemple.fr" for name in names
    )
