"""What surrounds articles: the sections in which they appear, and those who sign them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from multitude.addresses import address


class Commenting(models.TextChoices):
    """Whether readers may comment, as the newsroom decided it; who enforces it is not the articles' affair."""

    AUTO = "auto", _("selon les règles du journal")
    OPEN = "open", _("ouverts, quel que soit l’âge de l’article")
    CLOSED = "closed", _("fermés")


class SlugManager[M: models.Model](models.Manager[M]):
    """Finds a row by its slug, which is its natural key in fixtures."""

    def get_by_natural_key(self, slug: str) -> M:
        """Return the row whose slug is given."""
        return self.get(slug=slug)


class Section(models.Model):
    """A heading of the newspaper under which articles appear."""

    name = models.CharField(_("nom"), max_length=60)
    slug = models.SlugField(_("adresse"), max_length=60, unique=True)
    description = models.CharField(_("description"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(_("rang dans le menu"), default=0)
    commenting = models.CharField(_("commentaires"), max_length=6, choices=Commenting, default=Commenting.AUTO)
    commenting_note = models.CharField(
        _("raison de la fermeture"), max_length=200, blank=True, help_text=_("Les lecteurs la voient.")
    )
    display_description = models.TextField(editable=False, blank=True)

    objects = SlugManager["Section"]()

    class Meta:
        verbose_name = _("rubrique")
        verbose_name_plural = _("rubriques")
        ordering = ("position", "name")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the section's page."""
        return address("articles:section", self.slug)

    def natural_key(self) -> tuple[str]:
        """Return the slug."""
        return (self.slug,)


class Author(models.Model):
    """A person who signs articles; the credentials say in what capacity."""

    name = models.CharField(_("nom"), max_length=80)
    slug = models.SlugField(_("adresse"), max_length=80, unique=True)
    credentials = models.CharField(_("titres"), max_length=200, blank=True)
    display_credentials = models.TextField(editable=False, blank=True)
    folded = models.TextField(editable=False, blank=True)

    objects = SlugManager["Author"]()

    class Meta:
        verbose_name = _("auteur")
        verbose_name_plural = _("auteurs")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the author's page."""
        return address("articles:author", self.slug)

    def natural_key(self) -> tuple[str]:
        """Return the slug."""
        return (self.slug,)
