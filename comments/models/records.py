"""What is written once and never changed: decisions, what they judged, and the versions of the charter."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.comment import NAME_LENGTH, Comment
from multitude.append_only import AppendOnly

EXPLANATION_LENGTH = 1_000
CHARTER_LENGTH = 50_000


class Charter(AppendOnly):
    """One version of the rules that readers accept and moderators apply; the highest number is in force."""

    number = models.PositiveIntegerField(_("version"), unique=True)
    body = models.TextField(
        _("texte"),
        max_length=CHARTER_LENGTH,
        help_text=_("HTML simple : paragraphes (p), intertitres (h2), listes, liens."),
    )
    body_html = models.TextField(editable=False)
    author = models.ForeignKey("auth.User", models.PROTECT, verbose_name=_("auteur"), related_name="+", null=True)
    published_at = models.DateTimeField(_("en vigueur depuis"), default=timezone.now)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("version de la charte")
        verbose_name_plural = _("charte des commentaires")
        default_permissions = ("add", "view")
        ordering = ("-number",)

    def __str__(self) -> str:
        return str(_("version %(number)s") % {"number": self.number})


class Decision(AppendOnly):
    """One decision on a comment: who, when, what and why. It holds no personal data."""

    class Action(models.TextChoices):
        """What a moderator can do."""

        APPROVE = "approve", _("Publier")
        REJECT = "reject", _("Refuser")
        MARK_AS_SPAM = "mark_as_spam", _("Marquer comme indésirable")
        REMOVE = "remove", _("Retirer après parution")
        RETURN_TO_QUEUE = "return_to_queue", _("Remettre en attente")
        ESCALATE = "escalate", _("Transmettre à la direction")
        REDACT = "redact", _("Masquer des passages")
        UNDO = "undo", _("Annuler la dernière décision")

    class Reason(models.TextChoices):
        """Why a comment is refused or removed."""

        OFF_TOPIC = "off_topic", _("hors sujet")
        INSULT = "insult", _("injure ou diffamation")
        HATE = "hate", _("discrimination ou haine")
        ADVERTISING = "advertising", _("publicité")
        PERSONAL_DATA = "personal_data", _("données personnelles")
        ILLEGAL = "illegal", _("contenu illicite")
        DUPLICATE = "duplicate", _("doublon")
        OTHER = "other", _("autre motif")

    comment = models.ForeignKey(Comment, models.PROTECT, verbose_name=_("commentaire"), related_name="decisions")
    action = models.CharField(_("décision"), max_length=16, choices=Action)
    reason = models.CharField(_("motif"), max_length=16, choices=Reason, blank=True)
    from_status = models.CharField(_("état avant"), max_length=10, choices=Comment.Status)
    to_status = models.CharField(_("état après"), max_length=10, choices=Comment.Status)
    version = models.PositiveIntegerField(_("version jugée"))
    moderator = models.ForeignKey(
        "auth.User", models.PROTECT, verbose_name=_("modérateur"), related_name="decisions", null=True, blank=True
    )
    rule = models.CharField(_("règle ou commande"), max_length=40, blank=True)
    charter = models.ForeignKey(Charter, models.PROTECT, verbose_name=_("charte"), related_name="+", null=True)
    decided_at = models.DateTimeField(_("date"), default=timezone.now)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("décision")
        verbose_name_plural = _("décisions")
        default_permissions = ("view",)
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                name="decision_refusal_has_reason",
                condition=~Q(action__in=["reject", "remove"])
                | Q(
                    reason__in=[
                        "off_topic",
                        "insult",
                        "hate",
                        "advertising",
                        "personal_data",
                        "illegal",
                        "duplicate",
                        "other",
                    ]
                ),
                violation_error_message=_("Un refus ou un retrait a un motif."),
            ),
            models.CheckConstraint(
                name="decision_changes_status",
                condition=Q(action__in=["escalate", "redact", "undo"]) | ~Q(from_status=models.F("to_status")),
                violation_error_message=_("Une décision change l’état."),
            ),
            models.CheckConstraint(
                name="decision_has_who_decided",
                condition=Q(moderator__isnull=False, rule="") | (Q(moderator__isnull=True) & ~Q(rule="")),
                violation_error_message=_("Une décision a son modérateur, ou la règle qui l’a prise."),
            ),
            models.UniqueConstraint(fields=["comment", "version"], name="decision_once_per_version"),
        ]
        indexes = [
            models.Index(fields=["decided_at", "id"], name="decision_journal"),
            models.Index(fields=["action", "decided_at", "id"], name="decision_journal_by_action"),
            models.Index(fields=["reason", "decided_at", "id"], name="decision_journal_by_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()} · {self.comment_id}"


class Evidence(AppendOnly):
    """What a decision judged, and how it was explained, word for word."""

    decision = models.OneToOneField(Decision, models.PROTECT, verbose_name=_("décision"), related_name="evidence")
    author_name = models.CharField(_("nom jugé"), max_length=NAME_LENGTH)
    body = models.TextField(_("texte jugé"))
    findings = models.JSONField(_("constats"), default=list)
    explanation = models.TextField(_("explication"), max_length=EXPLANATION_LENGTH, blank=True)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("pièce")
        verbose_name_plural = _("pièces")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.decision_id}"
