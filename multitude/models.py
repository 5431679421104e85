"""What the machinery keeps in the database: purges, who does which chore, mail, backups, what went wrong, and who logs in."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from multitude import clock
from multitude.background import processes


class PurgeEvent(models.Model):
    """Pages that changed: written in the act's own transaction, read by every process within a second.

    Rows are added by `caching.purge()`, read by `purging.Reader`, and dropped after a day.
    """

    keys = models.TextField()
    created_at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.keys


class Chore(models.Model):
    """A periodic task that one process at a time does for all: when it was last taken up, and why it failed if it did.

    The task of telling one moderator what waits, «digest» and the account's key, is one each: `comments.notifications` takes
    it up when it writes to them, and it goes once the account has gone.
    """

    name = models.CharField(max_length=40, primary_key=True)
    claimed_at = models.DateTimeField()
    failure = models.TextField(blank=True)

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

    name = models.CharField(max_length=processes.LONGEST_NAME, primary_key=True)
    role = models.CharField(max_length=10, choices=Role)
    seen_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class OutgoingMail(models.Model):
    """A mail to one recipient: written in the transaction of the act that it tells of, and sent by `multitude.mail.delivery`.

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
    written_at = models.DateTimeField(_("écrit"), default=clock.now)
    due_at = models.DateTimeField(_("prochain essai"), default=clock.now)
    attempts = models.PositiveSmallIntegerField(_("essais"), default=0)
    claimed_at = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=processes.LONGEST_NAME, blank=True)
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


class BackupRun(models.Model):
    """A scheduled backup: when it ended, and why it failed where it did. Dropped after ninety days."""

    at = models.DateTimeField(default=clock.now, db_index=True)
    failure = models.TextField(blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.failure}".strip()


class Tries(models.Model):
    """How often somebody has tried to log in, or to give a code, under one name, from one network, or both together.

    Written by `accounts.throttle` alone, and dropped a day after the last try. The key is a digest: what was typed in
    the field of the name may well have been a password.
    """

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    """All tries, those that were not looked at too."""
    failures = models.PositiveIntegerField(default=0)
    """Those that were looked at and failed, as far as is known."""
    last_at = models.DateTimeField(db_index=True)
    until = models.DateTimeField(null=True)
    """No try is looked at before then."""

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.key


class Sitting(models.Model):
    """A session of a member of the staff, as its owner recognises it: the row beside Django's own.

    Written by `accounts.sessions`, which makes and drops it with the session.
    """

    session_key = models.CharField(max_length=40, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    auth_hash = models.CharField(max_length=128)
    """What Django derives from the password: another one, and the session is over."""
    address = models.CharField(max_length=50)
    browser = models.CharField(max_length=80)
    started_at = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(default=clock.now)

    class Meta:
        default_permissions = ()
        verbose_name = _("session")
        verbose_name_plural = _("sessions")

    def __str__(self) -> str:
        return f"{self.browser} · {self.address}"


class AccountEvent(models.Model):
    """What happened to an account: who logged in when and from where, what was refused, what was changed.

    Written by `accounts.record`, shown in admin, and dropped after ninety days.
    """

    class Kind(models.TextChoices):
        LOGIN = "login", _("connexion")
        PASSWORD_GIVEN = "password_given", _("mot de passe juste, second facteur demandé")
        LOGOUT = "logout", _("déconnexion")
        FAILURE = "failure", _("connexion refusée")
        THROTTLE = "throttle", _("essais freinés")
        FACTOR_ADDED = "factor_added", _("second facteur ajouté")
        FACTOR_REMOVED = "factor_removed", _("second facteur retiré")
        FACTOR_RESET = "factor_reset", _("second facteur réinitialisé")
        CODES_SEEN = "codes_seen", _("codes de secours affichés")
        CODES_RENEWED = "codes_renewed", _("codes de secours renouvelés")
        PASSWORD_CHANGED = "password_changed", _("mot de passe changé")
        EMAIL_CHANGED = "email_changed", _("adresse email changée")
        SESSIONS_ENDED = "sessions_ended", _("sessions fermées")

    at = models.DateTimeField(_("date"), default=clock.now, db_index=True)
    kind = models.CharField(_("événement"), max_length=20, choices=Kind)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    username = models.CharField(_("compte"), max_length=150)
    """Empty for a name that no account has: what was typed may have been a password."""
    by = models.CharField(_("par"), max_length=150)
    """Who did it to somebody else's account."""
    address = models.CharField(_("adresse"), max_length=50)
    """Shortened, as people read it."""
    place = models.CharField(max_length=64)
    """A digest of the whole network, by which an account is known there."""
    browser = models.CharField(_("navigateur"), max_length=80)
    detail = models.CharField(_("précision"), max_length=200)

    class Meta:
        default_permissions = ("view",)
        verbose_name = _("événement d’un compte")
        verbose_name_plural = _("journal des comptes")
        indexes = [models.Index(fields=["user", "kind", "-at"], name="event_user_kind_at")]

    def __str__(self) -> str:
        return f"{self.username or '?'} : {self.get_kind_display()}"
