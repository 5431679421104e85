"""Backups: one file that holds the whole newspaper, made while it is read and written, and brought back elsewhere.

`manage.py backup` and `manage.py restore` call `making` and `restoring`; `archive` knows the file, `sqlite` and `postgres`
their database. This module says what became of the scheduled ones, and lets the apps mend what they know of after a
restoration.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

from multitude.models import BackupRun

KEPT_FOR = timedelta(days=90)
# A timer that runs every day may once be late, or fail once, without being broken.
LATE = timedelta(days=2)

type Mend = Callable[[list[str]], object]

_mends: list[Mend] = []


class BackupFailed(Exception):
    """No backup was made and nothing is left of it; the text says why, in French."""


def latest() -> datetime | None:
    """Return when the last scheduled backup was finished; None where there has never been one."""
    return BackupRun.objects.filter(failure="").order_by("-at").values_list("at", flat=True).first()


def note(failure: str = "") -> None:
    """Keep what became of a scheduled backup: finished now, or failed for a reason."""
    BackupRun.objects.filter(at__lt=timezone.now() - KEPT_FOR).delete()
    BackupRun.objects.create(failure=failure)


def last_failure() -> str:
    """Return why the last scheduled backup failed; an empty text where it did not."""
    return BackupRun.objects.order_by("-at", "-pk").values_list("failure", flat=True).first() or ""


def once_restored(mend: Mend) -> None:
    """Have something done after a restoration, with the names of the files that the backup could not hold."""
    _mends.append(mend)


def mend(missing: list[str]) -> None:
    """Have the apps do what they do after a restoration."""
    for act in _mends:
        act(missing)
