"""What the newsroom sets about comments, and what its desk keeps: settings, block lists, counters, presence."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.comment import EMAIL_LENGTH, NAME_LENGTH, Comment

NOTE_LENGTH = 200


class CommentSettings(models.Model):
    """What holds for the comments of the whole site: one row, or none, which means its defaults."""

    is_paused = models.BooleanField(_("tous les commentaires sont en pause"), default=False)
    pause_note = models.CharField(
        _("raison de la pause"), max_length=NOTE_LENGTH, blank=True, help_text=_("Les lecteurs la voient.")
    )
    closes_after_days = models.PositiveSmallIntegerField(
        _("fermer après (jours)"), null=True, blank=True, default=30, help_text=_("Vide : jamais.")
    )
    newsroom_name = models.CharField(_("signature des réponses"), max_length=NAME_LENGTH, default=_("La rédaction"))
    digest_minutes = models.PositiveSmallIntegerField(
        _("avis aux modérateurs, au plus toutes les (minutes)"),
        null=True,
        blank=True,
        default=60,
        help_text=_("Vide : jamais."),
    )

    class Meta:
        verbose_name = _("réglages des commentaires")
        verbose_name_plural = _("réglages des commentaires")
        default_permissions = ("change", "view")
        constraints = [
            models.CheckConstraint(
                name="settings_are_one_row", condition=Q(id=1), violation_error_message=_("Il n’y a qu’un réglage.")
            )
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class BlockedTerm(models.Model):
    """A word, a domain, an e-mail or a network that the screening labels."""

    class Kind(models.TextChoices):
        """What is compared."""

        WORD = "word", _("mot ou expression")
        DOMAIN = "domain", _("domaine")
        EMAIL = "email", _("email")
        NETWORK = "network", _("adresse réseau")

    kind = models.CharField(_("genre"), max_length=8, choices=Kind, default=Kind.WORD)
    value = models.CharField(_("valeur"), max_length=EMAIL_LENGTH)
    key = models.CharField(max_length=EMAIL_LENGTH, editable=False)
    note = models.CharField(_("note"), max_length=NOTE_LENGTH, blank=True)
    added_by = models.ForeignKey(
        "auth.User", models.SET_NULL, verbose_name=_("ajouté par"), related_name="+", null=True, editable=False
    )
    added_at = models.DateTimeField(_("ajouté"), default=timezone.now, editable=False)
    match_count = models.PositiveIntegerField(_("trouvé"), default=0, editable=False)
    last_matched_at = models.DateTimeField(_("trouvé la dernière fois"), null=True, editable=False)

    class Meta:
        verbose_name = _("terme surveillé")
        verbose_name_plural = _("termes surveillés")
        ordering = ("kind", "value")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"], name="blocked_once", violation_error_message=_("Ce terme est déjà surveillé.")
            )
        ]

    def __str__(self) -> str:
        return self.value


class LaneCount(models.Model):
    """How many comments stand in a lane of the desk; `comments.counters` alone writes it."""

    lane = models.CharField(max_length=10, choices=Comment.Lane, primary_key=True)
    number = models.BigIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.lane}: {self.number}"


class Presence(models.Model):
    """Which comments a moderator had before their eyes when their desk last said so; for information only."""

    moderator = models.OneToOneField("auth.User", models.CASCADE, primary_key=True, related_name="+")
    comment_ids = models.JSONField(default=list)
    seen_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.moderator_id} · {self.seen_at}"
