"""Signs of life of what works apart from the web processes: each worker, and the timer's last run.

A row is renewed while its process lives; the health page says since when nobody was seen.
"""

from datetime import datetime, timedelta

from django.db.models import Max
from django.utils import timezone

from multitude.models import Heartbeat

SECONDS = 10.0
KEPT_FOR = timedelta(days=1)

Role = Heartbeat.Role


def beat(name: str, role: Role) -> None:
    """Note that a process lives, now."""
    now = timezone.now()
    if not Heartbeat.objects.filter(name=name).update(seen_at=now, role=role):
        Heartbeat.objects.update_or_create(name=name, defaults={"seen_at": now, "role": role})


def last_seen(role: Role) -> datetime | None:
    """Return when a process of a role was last seen; None where none was for a day."""
    return Heartbeat.objects.filter(role=role).aggregate(seen_at=Max("seen_at"))["seen_at"]


def drop_old() -> None:
    """Forget workers that have not been seen for a day, all but the last."""
    workers = Heartbeat.objects.filter(role=Role.WORKER)
    last = workers.order_by("-seen_at").values_list("pk", flat=True).first()
    workers.filter(seen_at__lt=timezone.now() - KEPT_FOR).exclude(pk=last).delete()
