"""A comment, and what the screening found in it.

`Comment.objects.approved()` is the one definition of what the public may see. A status changes
through `comments.moderation.decide()` alone; a row is born in `comments.submission.submit()`.
`body_html` is the text as the desk and the feed show it; `public_html` is what the thread shows in
the comment's place, its replies included, or NULL. Both are rendered by `comments.rendering`.
"""

import secrets
from typing import Self

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from comments.constraints import SelfReference
from multitude.addresses import address

NAME_LENGTH = 80
EMAIL_LENGTH = 254
BODY_LENGTH = 5_000


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

    class Lane(models.TextChoices):
        """In which of the desk's lists a comment stands: its status, what waits being of three kinds."""

        PENDING = "pending", _("à décider")
        SUSPECT = "suspect", _("probablement indésirables")
        ESCALATED = "escalated", _("à la direction")
        APPROVED = "approved", _("publiés")
        REJECTED = "rejected", _("refusés")
        SPAM = "spam", _("indésirables")
        REMOVED = "removed", _("retirés")
        WITHDRAWN = "withdrawn", _("repris")

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
    is_suspect = models.BooleanField(_("probablement indésirable"), default=False, editable=False)
    lane = models.GeneratedField(
        expression=Case(
            When(~Q(status="pending"), then=F("status")),
            When(escalated_at__isnull=False, then=Value("escalated")),
            When(is_suspect=True, then=Value("suspect")),
            default=Value("pending"),
        ),
        output_field=models.CharField(_("file"), max_length=10, choices=Lane),
        db_persist=True,
    )
    is_newsroom = models.BooleanField(_("écrit par la rédaction"), default=False, editable=False)
    redacted_at = models.DateTimeField(_("modéré"), null=True, editable=False)
    selected_rank = models.PositiveSmallIntegerField(_("rang dans la sélection"), null=True, editable=False)

    follow_up_key = models.CharField(max_length=40, unique=True, default=new_follow_up_key, editable=False)
    client_network = models.CharField(_("réseau"), max_length=43, blank=True, editable=False)
    text_digest = models.CharField(max_length=32, blank=True, editable=False)
    submission_digest = models.CharField(max_length=64, null=True, editable=False)  # noqa: DJ001

    objects = models.Manager.from_queryset(CommentQuerySet)()

    class Meta:
        verbose_name = _("commentaire")
        verbose_name_plural = _("commentaires")
        default_permissions = ("view",)
        permissions = [
            ("decide_comment", _("Peut décider des commentaires")),
            ("decide_escalated_comment", _("Peut décider des commentaires transmis à la direction")),
            ("view_personal_data", _("Peut voir l’email et l’adresse réseau")),
            ("speak_for_newsroom", _("Peut répondre et choisir au nom de la rédaction")),
            ("close_commenting", _("Peut fermer les commentaires d’un article ou d’une rubrique")),
            ("export_decision", _("Peut exporter les décisions et les textes jugés")),
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
                name="comment_selected_is_public",
                condition=Q(selected_rank__isnull=True) | Q(status="approved"),
                violation_error_message=_("Seul un commentaire publié est choisi par la rédaction."),
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
            # Partial, so that PostgreSQL takes it for no key: whoever blanks a digest holds up no reply to its comment.
            models.UniqueConstraint(
                fields=["submission_digest"], condition=Q(submission_digest__isnull=False), name="comment_once"
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
            models.Index(fields=["lane", "submitted_at", "id"], name="comment_queue"),
            models.Index(fields=["submitted_at", "id"], name="comment_arrival"),
            models.Index(
                fields=["article", "submitted_at", "id"],
                condition=Q(parent__isnull=True, public_html__isnull=False),
                name="comment_thread",
            ),
            models.Index(fields=["article", "-first_approved_at"], condition=Q(status="approved"), name="comment_feed"),
            models.Index(fields=["client_network", "submitted_at"], name="comment_network_rate"),
            models.Index(fields=["author_email", "submitted_at"], name="comment_email_rate"),
            models.Index(fields=["text_digest"], condition=~Q(text_digest=""), name="comment_text"),
            models.Index(
                fields=["article", "selected_rank"], condition=Q(selected_rank__isnull=False), name="comment_selection"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author_name}, {timezone.localtime(self.submitted_at):%d/%m/%Y %H:%M}"

    def get_absolute_url(self) -> str:
        """Return the address of the page that follows this comment, for its author alone."""
        return address("comments:follow_up", self.follow_up_key)

    @property
    def current_lane(self) -> str:
        """The lane in which the comment stands as it is in memory; `lane` is the database's word of it as it was read."""
        if self.status != Comment.Status.PENDING:
            return self.status
        if self.escalated_at:
            return Comment.Lane.ESCALATED
        return Comment.Lane.SUSPECT if self.is_suspect else Comment.Lane.PENDING

    @property
    def is_approved(self) -> bool:
        """Whether the status is the public one; the article has a say too, see `approved()`."""
        return self.status == Comment.Status.APPROVED


class Finding(models.Model):
    """What one screening rule noticed; it labels a comment and never decides."""

    comment = models.ForeignKey(Comment, models.CASCADE, verbose_name=_("commentaire"), related_name="findings")
    rule = models.CharField(_("règle"), max_length=40)
    detail = models.CharField(_("précision"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("constat automatique")
        verbose_name_plural = _("constats automatiques")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["comment", "rule"], name="finding_once")]

    def __str__(self) -> str:
        return self.rule
