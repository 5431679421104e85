"""Pictures as the newsroom uploads them once, and the files that readers get instead."""

import secrets

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from multitude.background import processes


def new_picture_key() -> str:
    """Return 128 random bits as 32 characters that may stand in a file's name."""
    return secrets.token_hex(16)


class Picture(models.Model):
    """One picture: its cleaned original, what a text reader is told of it, and who is to be credited."""

    key = models.CharField(max_length=32, unique=True, default=new_picture_key, editable=False)
    file = models.FileField(_("image"), max_length=200)
    width = models.PositiveIntegerField(_("largeur"), editable=False)
    height = models.PositiveIntegerField(_("hauteur"), editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    alternative_text = models.CharField(
        _("texte de remplacement"),
        max_length=300,
        help_text=_("Ce que l’image montre, pour qui ne la voit pas."),
    )
    credit = models.CharField(_("crédit"), max_length=120)
    caption = models.CharField(_("légende"), max_length=300, blank=True)
    folded = models.TextField(editable=False, blank=True)
    focal_x = models.PositiveSmallIntegerField(_("point focal, de gauche à droite (%)"), default=50)
    focal_y = models.PositiveSmallIntegerField(_("point focal, de haut en bas (%)"), default=50)
    uploaded_by = models.ForeignKey(
        "auth.User", models.SET_NULL, verbose_name=_("ajoutée par"), related_name="+", null=True, editable=False
    )
    uploaded_at = models.DateTimeField(_("ajoutée"), default=timezone.now, editable=False)
    rendered_at = models.DateTimeField(_("déclinée"), null=True, editable=False)
    render_claimed_at = models.DateTimeField(null=True, editable=False)
    render_claimed_by = models.CharField(max_length=processes.LONGEST_NAME, blank=True, editable=False)
    render_attempts = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")
        ordering = ("-uploaded_at", "-pk")
        constraints = [
            models.CheckConstraint(
                name="picture_focal_point_inside",
                condition=Q(focal_x__lte=100, focal_y__lte=100),
                violation_error_message=_("Le point focal est dans l’image : de 0 à 100 %."),
            ),
            models.CheckConstraint(
                name="picture_has_size",
                condition=Q(width__gt=0, height__gt=0),
                violation_error_message=_("Une image a une largeur et une hauteur."),
            ),
        ]
        indexes = [
            models.Index(fields=["uploaded_at"], condition=Q(rendered_at__isnull=True), name="picture_to_render")
        ]

    def __str__(self) -> str:
        return self.alternative_text


class Rendition(models.Model):
    """One file made from a picture: a format at a width, the whole of it or what is cut out of it for sharing."""

    class Format(models.TextChoices):
        """How it is encoded."""

        AVIF = "avif", "AVIF"
        WEBP = "webp", "WebP"
        JPEG = "jpeg", "JPEG"

    picture = models.ForeignKey(Picture, models.CASCADE, verbose_name=_("image"), related_name="renditions")
    format = models.CharField(max_length=4, choices=Format)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    is_cut = models.BooleanField(default=False)
    file = models.FileField(max_length=200)

    class Meta:
        default_permissions = ()
        ordering = ("width", "format")
        constraints = [models.UniqueConstraint(fields=["picture", "format", "width", "is_cut"], name="rendition_once")]

    def __str__(self) -> str:
        return f"{self.picture_id} · {self.format} {self.width}"
