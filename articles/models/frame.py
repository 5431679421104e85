"""What surrounds articles: sections and tags, those who sign them, and the months of the archives."""

from datetime import date

from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.models.pictures import Picture
from multitude.addresses import address

BIOGRAPHY_LENGTH = 1_000
# More would say nothing of an article.
MOST_TAGS = 12


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

    @property
    def summary(self) -> str:
        """What the section is about, in a sentence: its description, if it has one."""
        return self.display_description or gettext("Les articles de la rubrique %(name)s.") % {"name": self.name}

    def natural_key(self) -> tuple[str]:
        """Return the slug."""
        return (self.slug,)


class Author(models.Model):
    """A person who signs articles; the credentials say in what capacity."""

    name = models.CharField(_("nom"), max_length=80)
    slug = models.SlugField(_("adresse"), max_length=80, unique=True)
    credentials = models.CharField(_("titres"), max_length=200, blank=True)
    biography = models.TextField(
        _("biographie"),
        max_length=BIOGRAPHY_LENGTH,
        blank=True,
        help_text=_("Quelques phrases, sur la page de l’auteur. Une ligne vide sépare deux paragraphes."),
    )
    portrait = models.ForeignKey(
        Picture, models.PROTECT, verbose_name=_("portrait"), related_name="portrayed", null=True, blank=True
    )
    display_credentials = models.TextField(editable=False, blank=True)
    biography_html = models.TextField(editable=False, blank=True)
    portrait_html = models.TextField(editable=False, blank=True)
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


class Tag(models.Model):
    """What articles of any section are about; it has a page while one of them is public."""

    name = models.CharField(
        _("nom"),
        max_length=60,
        validators=[RegexValidator(r"[,\n]", _("Un thème s’écrit sans virgule."), inverse_match=True)],
    )
    slug = models.SlugField(_("adresse"), max_length=60, unique=True)
    # Two names that a reader would take for one are one.
    folded = models.TextField(unique=True, editable=False)

    objects = SlugManager["Tag"]()

    class Meta:
        verbose_name = _("thème")
        verbose_name_plural = _("thèmes")
        ordering = ("folded",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the tag's page."""
        return address("articles:tag", self.slug)

    def natural_key(self) -> tuple[str]:
        """Return the slug."""
        return (self.slug,)


class Month(models.Model):
    """A month in Paris in which an article has its date, or had; the archives show those that have a public one."""

    begins_at = models.DateTimeField(unique=True)
    ends_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering = ("-begins_at",)

    def __str__(self) -> str:
        return f"{self.first_day:%Y-%m}"

    def get_absolute_url(self) -> str:
        """Return the address of the month's page."""
        return reverse("articles:archive_month", args=[f"{self.first_day:%Y}", f"{self.first_day:%m}"])

    @property
    def first_day(self) -> date:
        """Its first day in Paris."""
        return timezone.localtime(self.begins_at).date()

    @property
    def name(self) -> str:
        """What it is called in its year: «Novembre»."""
        return str(MONTHS[self.first_day.month]).capitalize()

    @property
    def label(self) -> str:
        """What it is called: «Novembre 2026»."""
        return f"{self.name} {self.first_day.year}"
