"""Backups: one file that holds the whole newspaper, made while it is read and written, and brought back elsewhere.

`manage.py backup` and `manage.py restore` call `making` and `restoring`; `archive` knows the file, `sqlite` and `postgres`
their database. This module says what became of the scheduled ones, and lets the apps mend what they know of after a
restoration.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from multitude import clock
from multitude.health import Grade, State
from multitude.labels import day_label, hour_label
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
    BackupRun.objects.filter(at__lt=clock.now() - KEPT_FOR).delete()
    BackupRun.objects.create(failure=failure)


def last_failure() -> str:
    """Return why the last scheduled backup failed; an empty text where it did not."""
    return BackupRun.objects.order_by("-at", "-pk").values_list("failure", flat=True).first() or ""


def examine() -> State:
    """Say whether scheduled backups are made, where they ever were."""
    at, failure = latest(), last_failure()
    age = (clock.now() - at).total_seconds() if at else None
    if failure:
        sentence = _("La dernière a échoué : %(failure)s Réglez cela, puis relancez-la (docs/how-to/backup.md).")
        return State(Grade.WATCH, sentence % {"failure": failure}, age, "s")
    if at is None or age is None:
        return State(Grade.GOOD, _("Aucune n’est programmée (docs/how-to/backup.md)."))
    words = {"instant": _("%(day)s à %(hour)s") % {"day": day_label(at), "hour": hour_label(at)}}
    if age > LATE.total_seconds():
        sentence = _("La dernière date du %(instant)s. Vérifiez que la minuterie multitude-backup tourne.")
        return State(Grade.WATCH, sentence % words, age, "s")
    return State(Grade.GOOD, _("La dernière date du %(instant)s.") % words, age, "s")


def once_restored(mend: Mend) -> None:
    """Have something done after a restoration, with the names of the files that the backup could not hold."""
    _mends.append(mend)


def mend(missing: list[str]) -> None:
    """Have the apps do what they do after a restoration."""
    for act in _mends:
        act(missing)
