"""What the machinery keeps in the database: purges for every process to read, who does which chore, mail, and what went wrong."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PurgeEvent(models.Model):
    """Pages that changed: written in the act's own transaction, read by every process within a second.

    Rows are added by `caching.purge()`, read by `purging.Reader`, and dropped after a day.
    """

    keys = models.TextField()
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.keys


class Chore(models.Model):
    """A periodic task that one process at a time does for all: when it was last taken up."""

    name = models.CharField(max_length=40, primary_key=True)
    claimed_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class Heartbeat(models.Model):
    """A worker, or the timer that runs the chores: when it was last seen."""

    class Role(models.TextChoices):
        """What it does."""

        WORKER = "worker", _("processus de fond")
        TIMER = "timer", _("minuterie")

    name = models.CharField(max_length=64, primary_key=True)
    role = models.CharField(max_length=10, choices=Role)
    seen_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class OutgoingMail(models.Model):
    """A mail to one recipient: written in the transaction of the act that it tells of, and sent by `multitude.delivery`.

    What it says is kept until it has left, or is given up, and no longer: it may hold a link that opens an account.
    """

    class Status(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting", _("à envoyer")
        SENDING = "sending", _("en cours d’envoi")
        SENT = "sent", _("envoyé")
        PARKED = "parked", _("bloqué")
        DROPPED = "dropped", _("abandonné")

    recipient = models.CharField(_("destinataire"), max_length=320)
    subject = models.CharField(_("objet"), max_length=200)
    sender = models.CharField(_("expéditeur"), max_length=320)
    message_id = models.CharField(_("identifiant du message"), max_length=255)
    source = models.BinaryField(null=True, editable=False)
    status = models.CharField(_("état"), max_length=10, choices=Status, default=Status.WAITING)
    written_at = models.DateTimeField(_("écrit"), default=timezone.now)
    due_at = models.DateTimeField(_("prochain essai"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("essais"), default=0)
    claimed_at = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=64, blank=True)
    settled_at = models.DateTimeField(_("depuis"), null=True)
    reason = models.TextField(_("raison"), blank=True)
    is_doubtful = models.BooleanField(_("peut-être déjà reçu"), default=False)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        default_permissions = ()
        permissions = [("handle_outgoingmail", _("Peut voir les mails qui partent, les relancer et les abandonner"))]
        constraints = [
            models.CheckConstraint(
                name="outgoing_mail_settled_or_not",
                condition=Q(status__in=["waiting", "sending"], settled_at__isnull=True)
                | Q(status__in=["sent", "parked", "dropped"], settled_at__isnull=False),
            ),
            models.CheckConstraint(
                name="outgoing_mail_sent_by_somebody",
                condition=Q(status="sending", claimed_at__isnull=False)
                | (~Q(status="sending") & Q(claimed_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="outgoing_mail_kept_until_it_leaves",
                condition=Q(status__in=["sent", "dropped"], source__isnull=True)
                | Q(status__in=["waiting", "sending", "parked"], source__isnull=False),
            ),
        ]
        indexes = [
            # For delivery, which looks every few seconds, however many have left: `_unsettled()` there asks for just this.
            models.Index(fields=["due_at"], condition=Q(settled_at__isnull=True), name="outgoing_mail_to_deliver")
        ]

    def __str__(self) -> str:
        # Admin's log, which is kept, names nobody.
        return str(_("Mail n° %(number)s")) % {"number": self.pk}


class Incident(models.Model):
    """A time in which a probe of `health` was not well, and what it said at first; under way while it has no end.

    Rows are written and dropped by `incidents`.
    """

    probe = models.CharField(max_length=40)
    grade = models.PositiveSmallIntegerField()
    sentence = models.CharField(max_length=500)
    began_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("incident")
        # Whoever may see incidents may see the page of the site's state.
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["probe"], condition=models.Q(ended_at=None), name="one_incident_at_a_time"),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(ended_at__gte=models.F("began_at")),
                name="incidents_end_after_they_began",
            ),
        ]

    def __str__(self) -> str:
        return self.probe
