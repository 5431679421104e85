"""What is looked at of what is done beside answering: mail that waits or cannot leave, and whether who is charged is at work.

No sentence names anybody: the list of mails does, to those who may see it.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Min
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_tasks_db.models import DBTaskResult

from multitude import delivery, health, heartbeats, housekeeping
from multitude.health import Grade, State
from multitude.heartbeats import Role
from multitude.models import OutgoingMail

# A mail leaves within seconds; a server that asks to be asked again in some minutes is no fault.
MAIL_LATE = timedelta(minutes=15)
# A worker gives a sign of life every ten seconds, a timer rings every minute.
WORKER_LATE = timedelta(minutes=1)
TIMER_LATE = timedelta(minutes=5)
TASK_LATE = timedelta(minutes=10)


def register() -> None:
    """Hand them in."""
    health.register("mail", gettext_lazy("mails à envoyer"), mail, public=True)
    health.register("mail_parked", gettext_lazy("mails bloqués"), parked)
    health.register("worker", gettext_lazy("processus de fond"), worker, public=True)
    health.register("chores", gettext_lazy("minuterie"), chores)
    health.register("tasks", gettext_lazy("tâches de fond"), tasks)


def mail() -> State:
    """Say how long the oldest mail has waited that has not left."""
    oldest = delivery.oldest_due()
    if oldest is None:
        return State(Grade.GOOD, _("Aucun mail n’attend."), 0, "s")
    waited = timezone.now() - oldest
    words = {"waited": _label(waited)}
    if waited <= MAIL_LATE:
        return State(Grade.GOOD, _("Le plus ancien attend depuis %(waited)s.") % words, waited.total_seconds(), "s")
    sentence = _(
        "Le plus ancien attend depuis %(waited)s. Lisez-en la raison sous « Mails » ; vérifiez le serveur de mail et EMAIL_URL."
    )
    return State(Grade.WATCH, sentence % words, waited.total_seconds(), "s")


def parked() -> State:
    """Say how many mails will not leave unless somebody does something."""
    number = OutgoingMail.objects.filter(status=OutgoingMail.Status.PARKED).count()
    if not number:
        return State(Grade.GOOD, _("Aucun mail n’est bloqué."), 0)
    sentence = ngettext(
        "%(count)d mail ne partira pas de lui-même. Lisez-en la raison sous « Mails », puis relancez-le ou abandonnez-le.",
        "%(count)d mails ne partiront pas d’eux-mêmes. Lisez-en la raison sous « Mails », puis relancez-les ou abandonnez-les.",
        number,
    )
    return State(Grade.WATCH, sentence % {"count": number}, number)


def worker() -> State:
    """Say when a worker was last seen, where one is charged."""
    return _seen(
        Role.WORKER,
        WORKER_LATE,
        _("Aucun processus de fond n’a été vu : ni mails ni images ne se font. Lancez « manage.py db_worker »."),
        _(
            "Pas vu depuis %(since)s : ni mails ni images ne se font. Lancez « manage.py db_worker », et lisez son journal."
        ),
    )


def chores() -> State:
    """Say when the timer last rang, where one is charged."""
    return _seen(
        Role.TIMER,
        TIMER_LATE,
        _(
            "La minuterie n’a jamais été vue : classements, départs et avis ne se font pas. Lancez « manage.py chores »."
        ),
        _(
            "Pas vue depuis %(since)s : classements, départs et avis ne se font pas. Vérifiez ce qui lance « manage.py chores »."
        ),
    )


def tasks() -> State:
    """Say how long the oldest task has waited for a worker."""
    oldest = DBTaskResult.objects.ready().order_by().aggregate(oldest=Min("enqueued_at"))["oldest"]
    if oldest is None:
        return State(Grade.GOOD, _("Aucune tâche n’attend."), 0, "s")
    waited = timezone.now() - oldest
    words = {"waited": _label(waited)}
    if waited <= TASK_LATE:
        return State(Grade.GOOD, _("La plus ancienne attend depuis %(waited)s.") % words, waited.total_seconds(), "s")
    sentence = _(
        "La plus ancienne attend depuis %(waited)s. Le processus de fond est arrêté, ou occupé : lisez son journal."
    )
    return State(Grade.WATCH, sentence % words, waited.total_seconds(), "s")


def _seen(role: Role, late: timedelta, never: str, long_ago: str) -> State:
    if settings.BACKGROUND == housekeeping.BY_WEB:
        return State(Grade.GOOD, _("Les processus web s’en chargent."))
    at: datetime | None = heartbeats.last_seen(role)
    if at is None:
        return State(Grade.WATCH, never)
    # A clock that is behind sees it in the future: it is at work all the same.
    since = max(timedelta(0), timezone.now() - at)
    words = {"since": _label(since)}
    if since > late:
        return State(Grade.WATCH, long_ago % words, since.total_seconds(), "s")
    return State(Grade.GOOD, _("Au travail, il y a %(since)s.") % words, since.total_seconds(), "s")


def _label(duration: timedelta) -> str:
    """Say how long something lasts in its largest unit: «12 s», «12 min», «3 h», «4 j»."""
    seconds = int(duration.total_seconds())
    for unit, name in ((86_400, _("j")), (3_600, _("h")), (60, _("min"))):
        if seconds >= unit:
            return f"{number_format(seconds // unit)}\u00a0{name}"
    return f"{seconds}\u00a0{_('s')}"
