"""What the newsroom sets beside the articles: the front page, and what somebody is typing."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article


class FrontPlace(models.Model):
    """One place that the newsroom fills on the front page: 1 is the lead; the latest articles follow the others."""

    rank = models.PositiveSmallIntegerField(_("rang"), unique=True)
    article = models.OneToOneField(Article, models.CASCADE, verbose_name=_("article"), related_name="front_place")

    class Meta:
        verbose_name = _("place à la une")
        verbose_name_plural = _("une")
        default_permissions = ("change", "view")
        ordering = ("rank",)

    def __str__(self) -> str:
        return f"{self.rank} · {self.article_id}"


class Autosave(models.Model):
    """What somebody has typed in the form of an article, or of a new one, and not saved: one row for each form."""

    user = models.ForeignKey("auth.User", models.CASCADE, related_name="+")
    article = models.ForeignKey(Article, models.CASCADE, related_name="autosaves", null=True)
    # Each form that is opened has its own, so that none overwrites what was typed in another.
    form_key = models.CharField(max_length=32, blank=True)
    values = models.JSONField()
    seen_version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("texte non enregistré")
        verbose_name_plural = _("textes non enregistrés")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["user", "article", "form_key"],
                condition=Q(article__isnull=False),
                name="autosave_once_per_form",
            ),
            models.UniqueConstraint(
                fields=["user", "form_key"], condition=Q(article__isnull=True), name="autosave_once_per_new_form"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.article_id}"
