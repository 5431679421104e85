"""What is kept of an article's life: every text it had, what was done to it, its corrections and its former addresses."""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.article import FOOTNOTE_LENGTH, HEADLINE_LENGTH, STANDFIRST_LENGTH, Article
from multitude.append_only import AppendOnly
from multitude.sight import journal

CORRECTION_LENGTH = 1_000
NOTE_LENGTH = 300


class Version(AppendOnly):
    """The texts of an article as somebody saved them; `number` is what `Article.version` then was."""

    article = models.ForeignKey(Article, models.CASCADE, verbose_name=_("article"), related_name="versions")
    number = models.PositiveIntegerField(_("numéro"))
    kicker = models.CharField(_("surtitre"), max_length=60, blank=True)
    headline = models.CharField(_("titre"), max_length=HEADLINE_LENGTH)
    standfirst = models.TextField(_("chapô"), max_length=STANDFIRST_LENGTH, blank=True)
    body = models.TextField(_("texte"))
    footnote = models.TextField(_("note de bas d’article"), max_length=FOOTNOTE_LENGTH, blank=True)
    saved_by = models.ForeignKey(
        "auth.User", models.PROTECT, verbose_name=_("enregistrée par"), related_name="+", null=True
    )
    saved_at = models.DateTimeField(_("enregistrée"), default=timezone.now)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        default_permissions = ()
        ordering = ("-number",)
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="version_once")]

    def __str__(self) -> str:
        return str(_("version %(number)s") % {"number": self.number})


class Event(AppendOnly):
    """One act on an article: who did what, when."""

    class Kind(models.TextChoices):
        """What was done."""

        CREATED = "created", _("créé")
        SAVED = "saved", _("enregistré")
        RESTORED = "restored", _("version rétablie")
        SENT_FOR_REVIEW = "sent_for_review", _("envoyé en relecture")
        SENT_BACK = "sent_back", _("rendu à son auteur")
        SCHEDULED = "scheduled", _("programmé")
        PUBLISHED = "published", _("mis en ligne")
        DATED = "dated", _("dates changées")
        UNPUBLISHED = "unpublished", _("dépublié")
        DESCHEDULED = "descheduled", _("déprogrammé")
        EMBARGOED = "embargoed", _("embargo changé")
        SET = "set", _("réglages changés")
        SIGNED = "signed", _("signature changée")
        TAGGED = "tagged", _("thèmes changés")
        CORRECTED = "corrected", _("rectifié")
        RENAMED = "renamed", _("adresse changée")
        PREVIEW_GIVEN = "preview_given", _("lien d’aperçu donné")
        PREVIEWS_REVOKED = "previews_revoked", _("aperçus révoqués")

    article = models.ForeignKey(Article, models.CASCADE, verbose_name=_("article"), related_name="events")
    kind = models.CharField(_("acte"), max_length=20, choices=Kind)
    by = models.ForeignKey("auth.User", models.PROTECT, verbose_name=_("par"), related_name="+", null=True)
    at = models.DateTimeField(_("date"), default=timezone.now)
    note = models.CharField(_("précision"), max_length=NOTE_LENGTH, blank=True)
    version = models.ForeignKey(Version, models.CASCADE, verbose_name=_("version"), related_name="+", null=True)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("acte")
        verbose_name_plural = _("actes")
        default_permissions = ()
        ordering = ("-at", "-pk")
        indexes = [models.Index(fields=["article", "-at", "-id"], name="event_of_article")]

    def save(self, **kwargs: Any) -> None:
        """Store the act, and log it when it is done."""
        super().save(**kwargs)
        journal.act(f"article.{self.kind}", article=self.article_id, user=self.by_id)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.article_id}"


class Correction(AppendOnly):
    """A dated public notice of what was wrong in an article; once public, it is neither changed nor taken back."""

    article = models.ForeignKey(Article, models.CASCADE, verbose_name=_("article"), related_name="corrections")
    body = models.TextField(_("texte"), max_length=CORRECTION_LENGTH)
    body_html = models.TextField(editable=False)
    corrected_at = models.DateTimeField(_("date"), default=timezone.now)
    by = models.ForeignKey("auth.User", models.PROTECT, verbose_name=_("par"), related_name="+", null=True)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("rectificatif")
        verbose_name_plural = _("rectificatifs")
        default_permissions = ("add", "view")
        ordering = ("-corrected_at", "-pk")
        indexes = [models.Index(fields=["-corrected_at", "-id"], name="correction_newest")]

    def __str__(self) -> str:
        return self.body[:60]


class FormerAddressManager(models.Manager["FormerAddress"]):
    """Finds an article by a slug that it had."""

    def article_at(self, slug: str) -> Article | None:
        """Return the article that a former slug leads to, as its present address and its comments need it, or None.

        One that was never public leads nowhere.
        """
        fields = ("slug", "section_id", "display_headline", "commenting", "commenting_note")
        dates = ("published_at", "first_published_at", "unpublished_at")
        return Article.objects.ever_public().filter(former_addresses__slug=slug).only(*fields, *dates).first()


class FormerAddress(models.Model):
    """A slug that an article no longer has, and that leads to it for ever."""

    slug = models.SlugField(_("ancienne adresse"), max_length=120, unique=True)
    article = models.ForeignKey(Article, models.CASCADE, verbose_name=_("article"), related_name="former_addresses")
    left_at = models.DateTimeField(_("quittée"), default=timezone.now)

    objects = FormerAddressManager()

    class Meta:
        verbose_name = _("ancienne adresse")
        verbose_name_plural = _("anciennes adresses")
        default_permissions = ()
        ordering = ("-left_at", "-pk")

    def __str__(self) -> str:
        return self.slug
