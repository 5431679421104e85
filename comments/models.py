"""A comment, what the screening found in it, and what moderators decided.

`Comment.objects.approved()` is the one definition of what the public may see. A status changes
through `comments.moderation.decide()` alone; a row is born in `comments.submission.submit()`.
`body_html` is the text as the desk and the feed show it; `public_html` is what the thread shows in
the comment's place, its replies included, or NULL. Both are rendered by `comments.rendering`.
"""

import secrets
from typing import Any, Never, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from comments.constraints import SelfReference
from multitude.addresses import address

NAME_LENGTH = 80
EMAIL_LENGTH = 254
BODY_LENGTH = 5_000
EXPLANATION_LENGTH = 1_000


def new_follow_up_key() -> str:
    """Return 160 random bits as 27 characters that stand in an address."""
    return secrets.token_urlsafe(20)


class CommentQuerySet(models.QuerySet["Comment"]):
    """The questions one asks of comments."""

    def approved(self) -> Self:
        """Keep what the public may see, on an article that it may see."""
        return self.filter(status=Comment.Status.APPROVED, article__in=Article.objects.published().values("pk"))

    def conversations(self) -> Self:
        """Keep the first comments of what threads show: approved, or the place of one with approved replies."""
        return self.filter(parent__isnull=True, public_html__isnull=False)

    def pending(self) -> Self:
        """Keep what waits for a decision, a moderator's or the publication director's."""
        return self.filter(status=Comment.Status.PENDING)

    def oldest_first(self) -> Self:
        """Order as threads and the queue show them."""
        return self.order_by("submitted_at", "pk")


class Comment(models.Model):
    """What one reader wrote under one article, once."""

    class Status(models.TextChoices):
        """Where a comment stands; only APPROVED is public."""

        PENDING = "pending", _("en attente")
        APPROVED = "approved", _("publié")
        REJECTED = "rejected", _("refusé")
        SPAM = "spam", _("indésirable")
        REMOVED = "removed", _("retiré après parution")
        WITHDRAWN = "withdrawn", _("repris par son auteur")

    article = models.ForeignKey(Article, models.PROTECT, verbose_name=_("article"), related_name="comments")
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("en réponse à"), related_name="replies", null=True, blank=True
    )
    author_name = models.CharField(_("nom"), max_length=NAME_LENGTH)
    author_email = models.CharField(_("email"), max_length=EMAIL_LENGTH, blank=True)
    body = models.TextField(_("texte"), max_length=BODY_LENGTH)
    body_html = models.TextField(editable=False)
    public_html = models.TextField(editable=False, null=True)  # noqa: DJ001
    submitted_at = models.DateTimeField(_("reçu"), default=timezone.now)

    status = models.CharField(_("état"), max_length=10, choices=Status, default=Status.PENDING)
    decided_at = models.DateTimeField(_("décidé"), null=True, editable=False)
    first_approved_at = models.DateTimeField(_("publié la première fois"), null=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    escalated_at = models.DateTimeField(_("transmis à la direction"), null=True, editable=False)

    follow_up_key = models.CharField(max_length=40, unique=True, default=new_follow_up_key, editable=False)
    client_network = models.CharField(_("réseau"), max_length=43, blank=True, editable=False)
    submission_digest = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001

    objects = models.Manager.from_queryset(CommentQuerySet)()

    class Meta:
        verbose_name = _("commentaire")
        verbose_name_plural = _("commentaires")
        default_permissions = ("view",)
        permissions = [
            ("decide_comment", _("Peut décider des commentaires")),
            ("decide_escalated_comment", _("Peut décider des commentaires transmis à la direction")),
            ("view_personal_data", _("Peut voir l’email et l’adresse réseau")),
        ]
        constraints = [
            models.CheckConstraint(
                name="comment_status_known",
                condition=Q(status__in=["pending", "approved", "rejected", "spam", "removed", "withdrawn"]),
                violation_error_message=_("Cet état n’existe pas."),
            ),
            models.CheckConstraint(
                name="comment_final_has_its_date",
                condition=Q(status="pending", decided_at__isnull=True)
                | (~Q(status="pending") & Q(decided_at__isnull=False)),
                violation_error_message=_("Un commentaire décidé a sa date, un commentaire en attente n’en a pas."),
            ),
            models.CheckConstraint(
                name="comment_approved_has_first_date",
                condition=~Q(status__in=["approved", "removed"]) | Q(first_approved_at__isnull=False),
                violation_error_message=_("Un commentaire paru a la date de sa première parution."),
            ),
            models.CheckConstraint(
                name="comment_escalated_waits",
                condition=Q(escalated_at__isnull=True) | Q(status="pending"),
                violation_error_message=_("Seul un commentaire en attente est transmis à la direction."),
            ),
            models.CheckConstraint(
                name="comment_html_follows_status",
                condition=Q(status="approved", public_html__isnull=False)
                | (~Q(status="approved") & (Q(public_html__isnull=True) | Q(parent__isnull=True))),
                violation_error_message=_(
                    "Un commentaire publié a son HTML ; une réponse qui ne l’est pas n’en a pas."
                ),
            ),
            models.CheckConstraint(
                name="comment_not_its_own_parent",
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("id")),
                violation_error_message=_("Un commentaire ne répond pas à lui-même."),
            ),
            models.UniqueConstraint(fields=["id", "article"], name="comment_with_article"),
            SelfReference(
                reference="parent",
                shared="article",
                name="comment_reply_same_article",
                violation_error_message=_("Une réponse appartient à l’article du commentaire auquel elle répond."),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "submitted_at", "id"], name="comment_queue"),
            models.Index(fields=["submitted_at", "id"], name="comment_arrival"),
            models.Index(
                fields=["article", "submitted_at", "id"],
                condition=Q(parent__isnull=True, public_html__isnull=False),
                name="comment_thread",
            ),
            models.Index(fields=["article", "-first_approved_at"], condition=Q(status="approved"), name="comment_feed"),
            models.Index(fields=["client_network", "submitted_at"], name="comment_network_rate"),
            models.Index(fields=["author_email", "submitted_at"], name="comment_email_rate"),
        ]

    def __str__(self) -> str:
        return f"{self.author_name}, {timezone.localtime(self.submitted_at):%d/%m/%Y %H:%M}"

    def get_absolute_url(self) -> str:
        """Return the address of the page that follows this comment, for its author alone."""
        return address("comments:follow_up", self.follow_up_key)

    @property
    def is_approved(self) -> bool:
        """Whether the status is the public one; the article has a say too, see `approved()`."""
        return self.status == Comment.Status.APPROVED


class Finding(models.Model):
    """What one screening rule noticed; it labels a comment and never decides."""

    comment = models.ForeignKey(Comment, models.CASCADE, verbose_name=_("commentaire"), related_name="findings")
    rule = models.CharField(_("règle"), max_length=40)

    class Meta:
        verbose_name = _("constat automatique")
        verbose_name_plural = _("constats automatiques")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["comment", "rule"], name="finding_once")]

    def __str__(self) -> str:
        return self.rule


class AppendOnlyError(TypeError):
    """Something tried to change or delete what is only ever added to."""


class AppendOnlyQuerySet(models.QuerySet):
    """Rows that are added and read; every way of changing or deleting them raises."""

    def _refuse(self, *args: Any, **kwargs: Any) -> Never:
        raise AppendOnlyError(f"{self.model._meta.verbose_name}: rows are never changed or deleted")

    update = delete = bulk_update = update_or_create = _refuse

    def bulk_create(self, objs: Any, *args: Any, update_conflicts: bool = False, **kwargs: Any) -> Any:
        """Add rows; one that is already there is never updated instead."""
        if update_conflicts:
            self._refuse()
        return super().bulk_create(objs, *args, **kwargs)


class AppendOnly(models.Model):
    """A row that is written once."""

    objects = models.Manager.from_queryset(AppendOnlyQuerySet)()

    class Meta:
        abstract = True

    def save(self, **kwargs: Any) -> None:
        """Insert the row; a row that is already there is left alone and AppendOnlyError raised."""
        if not self._state.adding:
            raise AppendOnlyError(f"{self._meta.verbose_name}: rows are never changed")
        super().save(**kwargs | {"force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        """Raise AppendOnlyError."""
        raise AppendOnlyError(f"{self._meta.verbose_name}: rows are never deleted")


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
                condition=Q(action__in=["escalate", "undo"]) | ~Q(from_status=models.F("to_status")),
                violation_error_message=_("Une décision change l’état."),
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
    explanation = models.TextField(_("explication"), max_length=EXPLANATION_LENGTH, blank=True)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("pièce")
        verbose_name_plural = _("pièces")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.decision_id}"
