"""What a worker is told to do, as `django.tasks` has it, and what becomes of a task whose worker died.

A task names work that waits in rows of its own (`housekeeping.whenever()`): it says that there is some, and holds none of it. One that
is done twice, or late, does what waits then, and a task that is lost loses nothing.
"""

import logging
from datetime import datetime, timedelta

from django.db.models import Min, QuerySet
from django.tasks import TaskResultStatus, task
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from multitude.background import housekeeping, processes
from multitude.models import Heartbeat

logger = logging.getLogger(__name__)

# On another machine, a worker that has given no sign of life for so long is gone.
LEASE = timedelta(minutes=1)
KEPT_FOR = timedelta(days=2)
SWEEP_SECONDS = 6 * 3_600.0


@task()
def do(name: str) -> int:
    """Do the work of a name, and return how much there was."""
    # Whoever else asked for it, and whose transaction is committed, is answered by this.
    _asked(TaskResultStatus.READY).filter(args_kwargs__args__0=name).delete()
    return housekeeping.works[name].act()


def _asked(*statuses: TaskResultStatus) -> QuerySet[DBTaskResult]:
    return DBTaskResult.objects.filter(status__in=statuses, task_path=do.module_path)


def ask_for_what_waits() -> None:
    """Enqueue a task for each work of which some waits and of which no task is on its way: after a delay, or a loss."""
    on_their_way = _asked(TaskResultStatus.READY, TaskResultStatus.RUNNING)
    asked = {arguments["args"][0] for arguments in on_their_way.values_list("args_kwargs", flat=True)}
    for name, work in housekeeping.works.items():
        if name not in asked and work.waits():
            do.enqueue(name)


def oldest_waiting() -> datetime | None:
    """Return when the oldest task was asked for that no worker has taken; None where none waits."""
    return DBTaskResult.objects.ready().order_by().aggregate(oldest=Min("enqueued_at"))["oldest"]


def take_up(*, left_by: str = "") -> int:
    """Give the tasks of workers that are gone to whoever comes next, and return how many there were.

    `left_by` names a worker that has nothing in hand any more, although it lives.
    """
    number = 0
    for row in DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING):
        worker = row.worker_ids[-1] if row.worker_ids else ""
        if worker == left_by or _has_left(worker, row):
            number += _give_back(row)
    return number


def _has_left(worker: str, row: DBTaskResult) -> bool:
    seen_at = Heartbeat.objects.filter(name=worker).values_list("seen_at", flat=True).first()
    return processes.has_left(worker, seen_at or row.started_at or row.enqueued_at, lease=LEASE)


def _give_back(row: DBTaskResult) -> int:
    """Have a task done by another worker: what kills each one counts its own attempts, as a picture does."""
    # Whoever updates the row first does so.
    theirs = DBTaskResult.objects.filter(pk=row.pk, status=TaskResultStatus.RUNNING, started_at=row.started_at)
    number = theirs.update(status=TaskResultStatus.READY)
    if number:
        logger.warning("Une tâche a été laissée par un processus qui n’est plus là : elle est reprise.")
    return number


def forget_old() -> None:
    """Forget the tasks that ended days ago."""
    ended = [TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED]
    DBTaskResult.objects.filter(status__in=ended, finished_at__lt=timezone.now() - KEPT_FOR).delete()
