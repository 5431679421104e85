"""Since when something is wrong, and what was wrong before: one web process looks every half minute and writes it down.

While the database is away nothing can be written: what began meanwhile is remembered by each process, and written by
the first that claims the chore when the database is back. Every change is a line in the log, of each process that sees it.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from multitude import health
from multitude.background import housekeeping
from multitude.health import Diagnosis, Grade
from multitude.models import Incident
from multitude.sight import journal

logger = logging.getLogger(__name__)

EVERY_SECONDS = 30.0
KEPT_FOR = timedelta(days=30)
_LONGEST = 500
_CHORE = "health"

# What this process saw begin, by probe: the grade, when, and in which words.
_seen: dict[str, tuple[Grade, datetime, str]] = {}
# What ended before it could be written.
_unwritten: list[Incident] = []


def look() -> None:
    """Look at everything; log what changed and, if this process has the turn and the database answers, write it down."""
    now = timezone.now()
    diagnoses = health.states()
    for found in diagnoses:
        _notice(found, now)
    if any(found.probe.name == health.DATABASE and found.state.grade is Grade.DOWN for found in diagnoses):
        return
    if housekeeping.claim(_CHORE, EVERY_SECONDS - 5):
        write(diagnoses, now)
    _unwritten.clear()


def write(diagnoses: list[Diagnosis], now: datetime) -> None:
    """Begin, go on with, or end the incidents of what was found; forget those of long ago."""
    with transaction.atomic():
        open_ones = {incident.probe: incident for incident in Incident.objects.filter(ended_at=None)}
        for missed in _unwritten:
            if missed.probe not in open_ones:
                missed.save()
        for found in diagnoses:
            name, state = found.probe.name, found.state
            known = open_ones.pop(name, None)
            if known is not None and known.grade == state.grade:
                continue
            if known is not None:
                _end(known, now)
            if state.grade is not Grade.GOOD:
                seen = _seen.get(name)
                began_at = seen[1] if seen and known is None else now
                sentence = str(state.sentence)[:_LONGEST]
                Incident.objects.create(probe=name, grade=state.grade, sentence=sentence, began_at=began_at)
        # Nobody looks at those any more: a probe that is gone, or of an app that is.
        for orphan in open_ones.values():
            _end(orphan, now)
        Incident.objects.filter(ended_at__lt=now - KEPT_FOR).delete()


def _end(incident: Incident, now: datetime) -> None:
    incident.ended_at = max(now, incident.began_at)
    incident.save(update_fields=["ended_at"])


def _notice(found: Diagnosis, now: datetime) -> None:
    """Remember what is not well since when, and log it when that changes."""
    name, grade = found.probe.name, found.state.grade
    known = _seen.get(name)
    if (known[0] if known else Grade.GOOD) is grade:
        return
    if known is not None:
        del _seen[name]
        if name == health.DATABASE:
            _unwritten.append(
                Incident(probe=name, grade=known[0], sentence=known[2], began_at=known[1], ended_at=max(now, known[1]))
            )
    if grade is not Grade.GOOD:
        _seen[name] = grade, now, str(found.state.sentence)[:_LONGEST]
    journal.act("health.change", probe=name, grade=grade.name.lower(), sentence=str(found.state.sentence))
